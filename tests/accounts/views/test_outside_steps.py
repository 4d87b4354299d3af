"""A word from outside is a first step: the second one and the fresh proof are asked for as ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.models import User, UserSession
from contest.accounts.roles import Role
from contest.editions.models import Edition
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from tests.accounts.provider import LocalProvider
from tests.accounts.second.conftest import give_app
from tests.accounts.views.test_outside import START, enter, running, school, signed_in
from tests.conftest import NOON
from tests.factories import Make

__all__ = ["running", "school"]  # fixtures of the neighbour
LATER = NOON + timedelta(minutes=20)
AGAIN = "/account/with/school"  # asks for a fresh proof first


@pytest.fixture
def nameless(school: LocalProvider, make: Make) -> User:
    """A person who comes in by the account elsewhere alone."""
    return make.user("Nguyễn Kim Ngân", email="ngan@example.vn", password_hash=None)


@pytest.fixture
def strict(make: Make, nameless: User) -> Edition:
    """An edition whose committee needs a second step; the person is its organiser."""
    edition = make.edition()
    make.member(edition, Role.ORGANISER, nameless)
    with unit_of_work():
        db.session.merge(edition).second_factor_required = True
    return edition


def sessions() -> int:
    db.session.rollback()
    return db.session.query(UserSession).filter(UserSession.revoked_at.is_(None)).count()


def test_who_has_a_second_factor_is_asked_for_it_after_a_word_from_outside(
    app: Flask, english: FlaskClient, school: LocalProvider, nameless: User, strict: Edition
) -> None:
    phone = give_app(app, nameless)
    page = f"/e/{strict.code}/organise/"

    answer = enter(english, school, f"{START}?next={page}")
    assert answer.location.startswith("/sign-in/second-step?next=")
    assert not signed_in(english)
    assert sessions() == 0

    done = english.post(answer.location, data={"code": phone.code()})
    assert (done.status_code, done.location) == (303, page)
    assert english.get(page).status_code == 200


def test_who_has_none_is_led_to_set_one_up_where_the_edition_asks_for_it(
    english: FlaskClient, school: LocalProvider, strict: Edition
) -> None:
    page = f"/e/{strict.code}/organise/"

    assert enter(english, school, f"{START}?next={page}").location == page

    answer = english.get(page)
    assert (answer.status_code, answer.location) == (303, f"/account/second-step?next={page}")
    assert english.post(f"/e/{strict.code}/organise/people", data={"name": "Lê An"}).status_code == 403


def asked_of(away: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(away.location).query)


@pytest.mark.parametrize("says_when", [True, False])
def test_a_fresh_proof_without_a_password_is_to_sign_in_there_anew(
    english: FlaskClient,
    school: LocalProvider,
    nameless: User,
    says_when: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    enter(english, school)
    with clock.stopped_at(LATER):
        school.claims = {"iat": int(LATER.timestamp()), "exp": int(LATER.timestamp()) + 300}
        school.claims |= {"auth_time": int(LATER.timestamp())} if says_when else {}
        assert "Is it you?" in english.get(AGAIN, follow_redirects=True).text
        page = english.get("/account/prove?next=/editions").text
        assert "With your account elsewhere" in page
        assert f"{START}?next=/editions" in page

        away = english.get(f"{START}?next=/editions")
        assert (asked_of(away)["prompt"], asked_of(away)["max_age"]) == (["login"], ["0"])
        back = english.get(school.consent(away.location))

        assert (back.status_code, back.location) == (303, "/editions")
        assert english.get(AGAIN).location.startswith(f"{school.issuer}/authorize?")
    assert sessions() == 1


def test_being_signed_in_there_since_before_is_no_proof(
    english: FlaskClient, school: LocalProvider, nameless: User
) -> None:
    enter(english, school)
    with clock.stopped_at(LATER):
        school.claims = {"iat": int(LATER.timestamp()), "exp": int(LATER.timestamp()) + 300}
        school.claims |= {"auth_time": int(NOON.timestamp())}

        enter(english, school)

        assert "Is it you?" in english.get(AGAIN, follow_redirects=True).text


def test_a_first_sign_in_does_not_ask_there_again(english: FlaskClient, school: LocalProvider, nameless: User) -> None:
    assert "prompt" not in asked_of(english.get(START))


def test_a_form_that_waits_for_the_proof_offers_it_too(
    make: Make, english: FlaskClient, school: LocalProvider, nameless: User
) -> None:
    enter(english, school)
    with clock.stopped_at(LATER):
        values = {"name": "Kim Ngân", "email": "new@example.vn", "phone": "", "locale": ""}
        page = english.post("/account", data=values)
    assert page.status_code == 401
    assert f"{START}?next=" in page.text
