"""Accounts, roles, sessions and one-time links, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from contest.accounts import services
from contest.accounts.models import SignInLink, User
from contest.accounts.queries import identity_of, link_by_token, password_owner
from contest.accounts.roles import Role
from contest.accounts.services import CODE_LIFE, LINK_LIFE, IssuedLink
from contest.editions.models import Edition
from contest.errors import NotFound, Refused, RuleBroken
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from tests.factories import Make

pytestmark = pytest.mark.both_databases
KEY = "test-key"


def do(act: Callable[..., Any], **values: Any) -> Any:
    with unit_of_work():
        return act(**values)


def refusal(act: Callable[..., Any], **values: Any) -> str:
    try:
        do(act, **values)
    except Refused as refused:
        return refused.code
    return ""


def actions(scope: str) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry.action).where(AuditEntry.scope == scope).order_by(AuditEntry.id)))


def issue(user: User, edition: Edition | None, now: datetime, life: timedelta = LINK_LIFE) -> IssuedLink:
    with unit_of_work():
        return services.issue_link(
            user_id=user.id,
            edition_id=edition.id if edition else None,
            secret_key=KEY,
            actor_id=None,
            now=now,
            life=life,
        )


def redeem(link: IssuedLink, now: datetime) -> Any:
    return do(services.redeem_link, token=link.token, now=now).user_id


def session(user: User, now: datetime) -> str:
    return str(do(services.start_session, user_id=user.id, device="test", now=now))


def add(name: str, edition: Edition, now: datetime, **contact: str) -> User:
    with unit_of_work():
        user = services.add_person(name=name, edition_id=edition.id, role=Role.JUDGE, actor_id=None, now=now, **contact)
    db.session.refresh(user)
    return user


# People


def test_a_login_belongs_to_one_account(app: Flask, make: Make, noon: datetime) -> None:
    make.user(email="a@example.vn", phone="+84903123782")
    for contact in ({"email": "a@example.vn"}, {"phone": "+84903123782"}, {"email": "b@x.vn", "phone": "+84903123782"}):
        assert refusal(services.create_user, name="Khác", now=noon, **contact) == "login_taken"
    assert refusal(services.create_user, name="Không có gì", now=noon) == ""
    assert refusal(services.create_user, name="Không có gì", now=noon) == ""


def test_a_weak_password_makes_no_account(app: Flask, noon: datetime) -> None:
    weak = {"name": "Lê Ân", "email": "an@example.vn", "now": noon}
    assert refusal(services.create_user, password="ngắn", **weak) == "password_too_short"
    assert refusal(services.create_user, password="matkhau123", **weak) == "password_too_common"
    assert password_owner("an@example.vn", "matkhau123") is None
    do(services.create_user, password="con mèo đọc báo", **weak)
    assert password_owner("an@example.vn", "con mèo đọc báo") is not None


def test_adding_a_person_twice_finds_the_same_account(app: Flask, make: Make, noon: datetime) -> None:
    edition, next_year = make.edition("mot"), make.edition("hai")
    first = add("Lê Văn Ân", edition, noon, email="an@example.vn")
    again = add("Ân Lê", next_year, noon, email="an@example.vn")
    assert again.id == first.id
    assert again.name == "Lê Văn Ân"
    token = session(first, noon)
    identity = identity_of(token, noon)
    assert identity is not None
    assert identity.roles == {edition.id: {Role.JUDGE}, next_year.id: {Role.JUDGE}}


def test_two_people_without_contact_stay_two(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    assert add("Nguyễn Văn A", edition, noon).id != add("Nguyễn Văn A", edition, noon).id


def test_an_address_and_a_number_of_two_people_are_refused(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    make.user(email="a@example.vn")
    make.user(phone="+84903123782")
    values = {"name": "x", "edition_id": edition.id, "role": Role.JUDGE, "actor_id": None, "now": noon}
    assert refusal(services.add_person, email="a@example.vn", phone="+84903123782", **values) == "login_taken"


def test_a_closed_account_gets_no_role(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    make.user(email="a@example.vn", is_active=False)
    values = {"name": "x", "edition_id": edition.id, "role": Role.JUDGE, "actor_id": None, "now": noon}
    assert refusal(services.add_person, email="a@example.vn", **values) == "account_closed"


def test_changing_ones_particulars(app: Flask, make: Make, noon: datetime) -> None:
    make.user(email="taken@example.vn")
    me = make.user(email="old@example.vn")
    link = issue(me, None, noon)
    values = {"user_id": me.id, "name": me.name, "phone": None, "locale": "en", "now": noon}
    assert refusal(services.change_profile, email="taken@example.vn", **values) == "login_taken"
    do(services.change_profile, email="old@example.vn", **values)
    assert link_by_token(link.token, noon) is not None
    do(services.change_profile, email="new@example.vn", **values)
    assert link_by_token(link.token, noon) is None
    db.session.refresh(me)
    assert (me.email, me.locale) == ("new@example.vn", "en")
    assert actions("accounts") == ["link.issued", "profile.changed", "profile.changed", "links.revoked"]


def test_saving_unchanged_particulars_leaves_no_trace(app: Flask, make: Make, noon: datetime) -> None:
    me = make.user()
    do(services.change_profile, user_id=me.id, name=me.name, email=me.email, phone="", locale="", now=noon)
    assert actions("accounts") == []


def test_a_new_password_ends_other_devices_and_links(app: Flask, make: Make, noon: datetime) -> None:
    me = make.user(email="me@example.vn")
    here, there, link = session(me, noon), session(me, noon), issue(me, None, noon)
    values = {"user_id": me.id, "session": here, "now": noon}
    do(services.change_password, current="", new="con mèo đọc báo", **values)
    assert identity_of(here, noon) is not None
    assert identity_of(there, noon) is None
    assert refusal(services.redeem_link, token=link.token, now=noon) == "link_not_valid"
    assert password_owner("me@example.vn", "con mèo đọc báo") == me.id


def test_the_current_password_is_asked_for(app: Flask, make: Make, noon: datetime) -> None:
    me = make.user(email="me@example.vn")
    values = {"user_id": me.id, "session": session(me, noon), "now": noon}
    do(services.change_password, current="", new="con mèo đọc báo", **values)
    assert refusal(services.change_password, current="", new="con chó đọc sách", **values) == "password_wrong"
    assert refusal(services.change_password, current="con mèo đọc báo", new="ngắn", **values) == "password_too_short"
    assert password_owner("me@example.vn", "con mèo đọc báo") == me.id
    do(services.change_password, current="con mèo đọc báo", new="con chó đọc sách", **values)
    assert password_owner("me@example.vn", "con mèo đọc báo") is None
    assert password_owner("me@example.vn", "con chó đọc sách") == me.id


def test_a_guests_mistyped_address_is_corrected_for_them(app: Flask, make: Make, noon: datetime) -> None:
    make.user(email="taken@example.vn")
    guest = make.user("Lê Ân", email="an@exmaple.vn")
    link = issue(guest, None, noon)
    values = {"user_id": guest.id, "name": "Lê Văn Ân", "phone": None, "actor_id": None, "now": noon}
    assert refusal(services.correct_person, email="taken@example.vn", **values) == "login_taken"
    assert do(services.correct_person, email="an@exmaple.vn", **values) is True
    assert link_by_token(link.token, noon) is not None
    assert do(services.correct_person, email="an@example.vn", **values) is True
    assert link_by_token(link.token, noon) is None
    db.session.refresh(guest)
    assert (guest.name, guest.email) == ("Lê Văn Ân", "an@example.vn")


@pytest.mark.parametrize("owned", [{"password_hash": "x"}, {"is_admin": True}])
def test_an_account_that_belongs_to_its_owner_is_not_corrected(
    app: Flask, make: Make, noon: datetime, owned: dict[str, Any]
) -> None:
    person = make.user("Lê Ân", email="an@example.vn", **owned)
    values = {"name": "x", "email": "evil@example.vn", "phone": None, "actor_id": None, "now": noon}
    assert do(services.correct_person, user_id=person.id, **values) is False
    db.session.refresh(person)
    assert (person.name, person.email) == ("Lê Ân", "an@example.vn")


def test_a_person_who_is_not_there_is_not_found(app: Flask, noon: datetime) -> None:
    assert refusal(services.change_password, user_id=99, current="", new="x", session="", now=noon) == "not_found"


# Roles


def test_a_role_is_given_once_and_noted_once(app: Flask, make: Make, noon: datetime) -> None:
    edition, person = make.edition(), make.user()
    for _ in range(2):
        do(services.grant_role, user_id=person.id, edition_id=edition.id, role=Role.JUDGE, actor_id=None, now=noon)
    assert actions(f"edition:{edition.id}") == ["role.granted"]


def test_the_last_organiser_stays(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    first, second = make.member(edition, Role.ORGANISER), make.member(edition, Role.ORGANISER)
    make.member(edition, Role.SECRETARY)
    make.member(make.edition("khac"), Role.ORGANISER)
    values = {"edition_id": edition.id, "role": Role.ORGANISER, "actor_id": first.id, "now": noon}
    assert refusal(services.revoke_role, user_id=first.id, **values) == ""
    assert refusal(services.revoke_role, user_id=second.id, **values) == "last_organiser"
    assert actions(f"edition:{edition.id}") == ["role.revoked"]


def test_two_organisers_cannot_remove_each_other_at_once(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    people = [make.member(edition, Role.ORGANISER).id for _ in range(2)]
    start = Barrier(2)
    outcomes: list[str] = []

    def remove(user_id: int) -> None:
        with app.app_context():
            start.wait()
            values = {"edition_id": edition_id, "role": Role.ORGANISER, "actor_id": None, "now": noon}
            outcomes.append(refusal(services.revoke_role, user_id=user_id, **values))

    edition_id = edition.id
    db.session.rollback()
    threads = [Thread(target=remove, args=(user_id,)) for user_id in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["", "last_organiser"]


def test_a_role_that_is_not_held_cannot_be_taken(app: Flask, make: Make, noon: datetime) -> None:
    edition, other = make.edition(), make.edition("khac")
    judge = make.member(edition, Role.JUDGE)
    values = {"user_id": judge.id, "actor_id": None, "now": noon}
    assert refusal(services.revoke_role, edition_id=edition.id, role=Role.CHAIR, **values) == "not_found"
    assert refusal(services.revoke_role, edition_id=other.id, role=Role.JUDGE, **values) == "not_found"
    assert refusal(services.revoke_role, edition_id=edition.id, role=Role.ORGANISER, **values) == "not_found"


def test_links_of_the_edition_die_with_the_last_role_only(app: Flask, make: Make, noon: datetime) -> None:
    edition, other = make.edition(), make.edition("khac")
    person = make.member(edition, Role.JUDGE)
    make.member(edition, Role.CHAIR, person)
    here, there = issue(person, edition, noon), issue(person, other, noon)
    values = {"user_id": person.id, "edition_id": edition.id, "actor_id": None, "now": noon}
    do(services.revoke_role, role=Role.CHAIR, **values)
    assert link_by_token(here.token, noon) is not None
    do(services.revoke_role, role=Role.JUDGE, **values)
    assert link_by_token(here.token, noon) is None
    assert link_by_token(there.token, noon) is not None


# Sessions


def test_a_session_lasts_its_time_and_not_longer(app: Flask, make: Make, noon: datetime) -> None:
    me = make.user()
    token = session(me, noon)
    assert identity_of(token, noon + services.SESSION_LIFE - timedelta(seconds=1)) is not None
    assert identity_of(token, noon + services.SESSION_LIFE) is None
    assert identity_of(token + "x", noon) is None


def test_an_ended_session_is_over(app: Flask, make: Make, noon: datetime) -> None:
    me = make.user()
    first, second = session(me, noon), session(me, noon)
    do(services.end_session, token=first, now=noon)
    assert identity_of(first, noon) is None
    assert identity_of(second, noon) is not None


def test_sessions_of_others_cannot_be_ended(app: Flask, make: Make, noon: datetime) -> None:
    me, other = make.user(), make.user()
    token = session(other, noon)
    values = {"session_id": 1, "actor_id": me.id, "now": noon}
    assert refusal(services.end_device, user_id=me.id, **values) == "not_found"
    assert identity_of(token, noon) is not None
    do(services.end_device, user_id=other.id, **values)
    assert identity_of(token, noon) is None
    assert refusal(services.end_device, user_id=other.id, **values) == "not_found"


def test_all_sessions_end_together(app: Flask, make: Make, noon: datetime) -> None:
    me, other = make.user(), make.user()
    mine, theirs = [session(me, noon) for _ in range(2)], session(other, noon)
    do(services.end_all_sessions, user_id=me.id, actor_id=me.id, now=noon)
    assert [identity_of(token, noon) for token in mine] == [None, None]
    assert identity_of(theirs, noon) is not None


def test_a_closed_account_has_no_session(app: Flask, make: Make, noon: datetime) -> None:
    me = make.user()
    token = session(me, noon)
    with unit_of_work() as open_session:
        open_session.merge(me).is_active = False
    assert identity_of(token, noon) is None


# Links and codes


def test_a_link_works_once(app: Flask, make: Make, noon: datetime) -> None:
    person, edition = make.user(), make.edition()
    link = issue(person, edition, noon)
    assert redeem(link, noon) == person.id
    assert refusal(services.redeem_link, token=link.token, now=noon) == "link_not_valid"
    assert actions(f"edition:{edition.id}") == ["link.issued", "link.used"]


def test_a_link_works_until_its_last_second(app: Flask, make: Make, noon: datetime) -> None:
    person = make.user()
    late, in_time = issue(person, None, noon), issue(person, None, noon)
    assert refusal(services.redeem_link, token=late.token, now=noon + LINK_LIFE) == "link_not_valid"
    assert redeem(in_time, noon + LINK_LIFE - timedelta(seconds=1)) == person.id


def test_of_two_uses_at_once_exactly_one_succeeds(app: Flask, make: Make, noon: datetime) -> None:
    link = issue(make.user(), None, noon)
    start = Barrier(4)
    outcomes: list[str] = []

    def use() -> None:
        with app.app_context():
            start.wait()
            outcomes.append(refusal(services.redeem_link, token=link.token, now=noon))

    threads = [Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["", "link_not_valid", "link_not_valid", "link_not_valid"]


def test_a_code_opens_its_own_door_only(app: Flask, make: Make, noon: datetime) -> None:
    edition, other, person = make.edition(), make.edition("khac"), make.user()
    link = issue(person, edition, noon)
    values = {"code": link.code, "secret_key": KEY, "now": noon}
    assert refusal(services.redeem_code, edition_id=other.id, **values) == "code_not_valid"
    assert refusal(services.redeem_code, edition_id=edition.id, **{**values, "secret_key": "x"}) == "code_not_valid"
    assert do(services.redeem_code, edition_id=edition.id, **values) == (person.id, None)
    assert refusal(services.redeem_code, edition_id=edition.id, **values) == "code_not_valid"
    assert refusal(services.redeem_link, token=link.token, now=noon) == "link_not_valid"


def test_a_code_dies_before_its_link(app: Flask, make: Make, noon: datetime) -> None:
    edition, person = make.edition(), make.user()
    link = issue(person, edition, noon)
    assert link.code_expires_at == noon + CODE_LIFE
    late = noon + CODE_LIFE
    values = {"edition_id": edition.id, "code": link.code, "secret_key": KEY}
    assert refusal(services.redeem_code, now=late, **values) == "code_not_valid"
    assert redeem(link, late) == person.id


def test_a_link_without_an_edition_has_no_code(app: Flask, make: Make, noon: datetime) -> None:
    link = issue(make.user(), None, noon, timedelta(minutes=30))
    assert link.code == ""
    assert link.code_expires_at == link.expires_at == noon + timedelta(minutes=30)
    assert db.session.scalars(select(SignInLink.code_hash)).one() is None


def test_many_links_have_different_codes_and_only_hashes_are_kept(app: Flask, make: Make, noon: datetime) -> None:
    edition, person = make.edition(), make.user()
    links = do(
        services.issue_links,
        user_ids=[person.id] * 60,
        edition_id=edition.id,
        secret_key=KEY,
        actor_id=None,
        now=noon,
    )
    assert len({link.code for link in links}) == 60
    assert len({link.token for link in links}) == 60
    kept = {value for row in db.session.execute(select(SignInLink.token_hash, SignInLink.code_hash)) for value in row}
    assert not kept & {secret for link in links for secret in (link.token, link.code)}
    assert actions(f"edition:{edition.id}") == ["link.issued"] * 60


def test_a_code_in_use_is_not_given_out_again(
    app: Flask, make: Make, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = make.edition()
    drawn = iter(["111111", "111111", "222222"])
    monkeypatch.setattr("contest.accounts.services.links.new_code", lambda: next(drawn))
    first, second = issue(make.user(), edition, noon), issue(make.user(), edition, noon)
    assert (first.code, second.code) == ("111111", "222222")


def test_revoking_spares_other_editions_and_used_links(app: Flask, make: Make, noon: datetime) -> None:
    edition, other, person = make.edition(), make.edition("khac"), make.user()
    used, unused, elsewhere = issue(person, edition, noon), issue(person, edition, noon), issue(person, other, noon)
    redeem(used, noon)
    values = {"user_id": person.id, "edition_id": edition.id, "actor_id": None, "now": noon}
    assert do(services.revoke_links, **values) == 1
    assert do(services.revoke_links, **values) == 0
    assert link_by_token(unused.token, noon) is None
    assert link_by_token(elsewhere.token, noon) is not None
    assert actions(f"edition:{edition.id}").count("links.revoked") == 1


def test_a_closed_account_cannot_use_its_link(app: Flask, make: Make, noon: datetime) -> None:
    person = make.user()
    link = issue(person, None, noon)
    with unit_of_work() as open_session:
        open_session.merge(person).is_active = False
    assert link_by_token(link.token, noon) is None
    assert refusal(services.redeem_link, token=link.token, now=noon) == "link_not_valid"


def test_the_errors_are_the_kinds_the_edge_expects(app: Flask, noon: datetime) -> None:
    with pytest.raises(RuleBroken):
        do(services.redeem_link, token="x", now=noon)
    with pytest.raises(NotFound):
        do(services.end_device, session_id=1, user_id=1, actor_id=1, now=noon)


@pytest.mark.parametrize(
    ("new", "verdict"),
    [
        ("Liverpool1", "password_leaked"),
        ("khởi nghiệp trẻ 26", "password_too_common"),
        ("bangvang1", "password_too_common"),
        ("con mèo đọc báo", ""),
    ],
)
def test_a_password_that_leaked_or_names_an_edition_is_refused(
    app: Flask, make: Make, noon: datetime, new: str, verdict: str
) -> None:
    make.edition(name_vi="Khởi nghiệp trẻ 2026")
    person = make.user()
    values = {"user_id": person.id, "current": "", "session": "", "now": noon}
    assert refusal(services.change_password, new=new, **values) == verdict
    assert (password_owner(person.email or "", new) == person.id) == (not verdict)
    made = {"name": "Trần Quốc Đạt", "email": "dat@example.vn", "password": new, "now": noon}
    assert refusal(services.create_user, **made) == verdict
