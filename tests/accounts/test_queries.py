"""Reads about people, sessions and links, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from contest.accounts import services
from contest.accounts.queries import (
    devices_of,
    identity_of,
    link_by_token,
    password_owner,
    people_of,
    person_of,
    user_by_id,
    user_by_login,
)
from contest.accounts.roles import Role
from contest.infra.db import unit_of_work
from contest.infra.hashing import hash_password
from tests.counting import counted
from tests.factories import Make

pytestmark = pytest.mark.both_databases
HOUR = timedelta(hours=1)


def test_people_come_in_vietnamese_name_order(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    for name in ("Trần Quốc Đạt", "Lê Văn Dũng", "Phạm Ân", "Bùi Thị An", "Nguyễn Hoà", "Đỗ Đạt"):
        make.member(edition, Role.JUDGE, make.user(name))
    names = [person.name for person in people_of(edition.id, noon)]
    assert names == ["Bùi Thị An", "Phạm Ân", "Lê Văn Dũng", "Đỗ Đạt", "Trần Quốc Đạt", "Nguyễn Hoà"]


def test_a_person_shows_the_roles_of_every_edition(app: Flask, make: Make, noon: datetime) -> None:
    edition, other = make.edition(), make.edition("khac")
    person = make.member(edition, Role.JUDGE)
    make.member(edition, Role.CHAIR, person)
    make.member(other, Role.ORGANISER, person)
    make.member(other, Role.JUDGE)
    [found] = people_of(edition.id, noon)
    assert found.roles == {edition.id: {Role.JUDGE, Role.CHAIR}, other.id: {Role.ORGANISER}}
    assert found.roles_in(99) == frozenset()
    assert (found.contact, found.link_until, found.last_sign_in) == (person.email, None, None)


def test_a_person_shows_the_live_link_and_the_last_sign_in(app: Flask, make: Make, noon: datetime) -> None:
    edition, other = make.edition(), make.edition("khac")
    person = make.member(edition, Role.JUDGE)
    values: dict[str, Any] = {"user_id": person.id, "secret_key": "k", "actor_id": None}
    with unit_of_work():
        services.issue_link(edition_id=edition.id, now=noon, life=2 * HOUR, **values)
        services.issue_link(edition_id=edition.id, now=noon, life=HOUR, **values)
        services.issue_link(edition_id=other.id, now=noon, life=5 * HOUR, **values)
        services.start_session(user_id=person.id, device="", now=noon - HOUR)
        services.start_session(user_id=person.id, device="", now=noon)
    [found] = people_of(edition.id, noon)
    assert (found.link_until, found.last_sign_in) == (noon + 2 * HOUR, noon)
    [later] = people_of(edition.id, noon + 3 * HOUR)
    assert later.link_until is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_is_one_query_however_many(app: Flask, make: Make, noon: datetime, count: int) -> None:
    edition = make.edition()
    for _ in range(count):
        make.member(edition, Role.JUDGE)
    edition_id = edition.id
    with counted(app) as queries:
        assert len(people_of(edition_id, noon)) == count
    assert len(queries) == 1


def test_one_person_is_found_in_the_right_edition_only(app: Flask, make: Make, noon: datetime) -> None:
    edition, other = make.edition(), make.edition("khac")
    person = make.member(edition, Role.JUDGE)
    found = person_of(edition.id, person.public_id, noon)
    assert found is not None
    assert found.id == person.id
    assert person_of(other.id, person.public_id, noon) is None
    assert person_of(edition.id, "khong-co", noon) is None


def test_closed_accounts_are_not_listed(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    make.member(edition, Role.JUDGE, make.user(is_active=False))
    assert people_of(edition.id, noon) == []


def test_a_login_finds_its_active_account(app: Flask, make: Make) -> None:
    person = make.user(email="a@example.vn", phone="+84903123782")
    make.user(email="closed@example.vn", is_active=False)
    for login in ("a@example.vn", "+84903123782"):
        found = user_by_login(login)
        assert found is not None
        assert found.id == person.id
    assert user_by_login("closed@example.vn") is None
    assert user_by_login("") is None
    assert user_by_id(99) is None


def test_a_password_belongs_to_its_owner(app: Flask, make: Make) -> None:
    person = make.user(email="a@example.vn", password_hash=hash_password("con mèo đọc báo"))
    make.user(email="b@example.vn")
    assert password_owner("a@example.vn", "con mèo đọc báo") == person.id
    assert password_owner("a@example.vn", "con mèo đọc bá") is None
    assert password_owner("b@example.vn", "") is None
    assert password_owner("nobody@example.vn", "no account has this password") is None


def test_an_identity_is_one_query_with_all_roles(app: Flask, make: Make, noon: datetime) -> None:
    person = make.user("Lê Ân", locale="en", is_admin=True)
    for number in range(3):
        make.member(make.edition(f"e{number}"), Role.JUDGE, person)
    with unit_of_work():
        token = services.start_session(user_id=person.id, device="", now=noon)
    with counted(app) as queries:
        identity = identity_of(token, noon)
    assert len(queries) == 1
    assert identity is not None
    assert (identity.name, identity.locale, identity.is_admin, len(identity.roles)) == ("Lê Ân", "en", True, 3)


def test_looking_at_a_link_does_not_use_it(app: Flask, make: Make, noon: datetime) -> None:
    person = make.user("Lê Ân")
    with unit_of_work():
        link = services.issue_link(user_id=person.id, edition_id=None, secret_key="k", actor_id=None, now=noon)
    for _ in range(3):
        facts = link_by_token(link.token, noon)
        assert facts is not None
        assert (facts.user_id, facts.name, facts.expires_at) == (person.id, "Lê Ân", link.expires_at)
    assert link_by_token("unknown", noon) is None
    assert link_by_token(link.token, link.expires_at) is None


def test_devices_are_the_running_sessions_newest_first(app: Flask, make: Make, noon: datetime) -> None:
    me, other = make.user(), make.user()
    with unit_of_work():
        old = services.start_session(user_id=me.id, device="old", now=noon - timedelta(days=15))
        first = services.start_session(user_id=me.id, device="first", now=noon - HOUR)
        here = services.start_session(user_id=me.id, device="here", now=noon)
        ended = services.start_session(user_id=me.id, device="ended", now=noon)
        services.start_session(user_id=other.id, device="other", now=noon)
        services.end_session(token=ended, now=noon)
    assert old != first
    assert [(device.device, device.here) for device in devices_of(me.id, here, noon)] == [
        ("here", True),
        ("first", False),
    ]
