"""One's own account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts import services
from contest.accounts.models import User, UserSession
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from tests.accounts.conftest import PASSWORD
from tests.counting import counted
from tests.factories import Make

NEW = "con chó đọc sách"


@pytest.fixture
def me(english: FlaskClient, make: Make, ngan: User, noon: datetime) -> FlaskClient:
    """Kim Ngân's browser."""
    make.sign_in(english, ngan)
    return english


def reload(user: User) -> User:
    db.session.rollback()
    return db.session.scalars(select(User).where(User.id == user.id)).one()


def save(client: FlaskClient, **values: str) -> Any:
    kept = {"name": "Nguyễn Kim Ngân", "email": "ngan@example.vn", "phone": "", "locale": ""}
    return client.post("/account", data={**kept, **values})


def another_device(user: User, now: datetime, device: str = "Mozilla/5.0 (iPhone) Safari/604.1") -> None:
    with unit_of_work():
        services.start_session(user_id=user.id, device=device, now=now)


def running() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(UserSession).where(UserSession.revoked_at.is_(None))).all())


def test_the_page_shows_what_is_known(me: FlaskClient) -> None:
    page = me.get("/account").text
    for words in ('value="Nguyễn Kim Ngân"', 'value="ngan@example.vn"', "This device", 'name="password-current"'):
        assert words in page


def test_particulars_are_saved_in_one_spelling(me: FlaskClient, ngan: User) -> None:
    answer = save(me, name="  Nguyễn  Kim Ngân ", email="NGAN@Example.vn", phone="0903 123 782", locale="en")
    assert (answer.status_code, answer.location) == (303, "/account")
    user = reload(ngan)
    assert (user.name, user.email, user.phone, user.locale) == (
        "Nguyễn Kim Ngân",
        "ngan@example.vn",
        "+84903123782",
        "en",
    )
    assert "locale=en" in answer.headers["Set-Cookie"]


def test_all_contacts_may_be_cleared(me: FlaskClient, ngan: User) -> None:
    assert save(me, email="").status_code == 303
    assert reload(ngan).email is None


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "   ", "Please fill in this field."),
        ("email", "ngan@", "neither an e-mail address"),
        ("phone", "12", "neither an e-mail address"),
        ("locale", "fr", "Language of mails and pages"),
        ("name", "x" * 201, "200"),
    ],
)
def test_what_cannot_be_kept_is_named_and_stays_in_the_form(
    me: FlaskClient, ngan: User, field: str, value: str, words: str
) -> None:
    answer = save(me, **{field: value})
    assert answer.status_code == 422
    assert words in answer.text
    assert reload(ngan).email == "ngan@example.vn"


def test_an_address_of_somebody_else_is_refused(me: FlaskClient, make: Make, ngan: User) -> None:
    make.user(email="taken@example.vn")
    answer = save(me, email="taken@example.vn")
    assert answer.status_code == 422
    assert "already has an account" in answer.text
    assert 'value="taken@example.vn"' in answer.text
    assert reload(ngan).email == "ngan@example.vn"


def test_the_password_changes_with_the_current_one_only(me: FlaskClient, ngan: User, noon: datetime) -> None:
    another_device(ngan, noon)
    wrong = me.post("/account/password", data={"password-current": "sai", "password-new": NEW})
    assert wrong.status_code == 422
    assert "The current password is not right." in wrong.text
    assert running() == 2
    right = me.post("/account/password", data={"password-current": PASSWORD, "password-new": NEW})
    assert right.status_code == 303
    assert running() == 1
    assert me.get("/account").status_code == 200
    assert me.post("/account/password", data={"password-current": PASSWORD, "password-new": NEW}).status_code == 422


@pytest.mark.parametrize(("new", "words"), [("ngắn", "at least 8 characters"), ("matkhau123", "too easy to guess")])
def test_a_weak_password_is_refused_in_words(me: FlaskClient, new: str, words: str) -> None:
    answer = me.post("/account/password", data={"password-current": PASSWORD, "password-new": new})
    assert answer.status_code == 422
    assert words in answer.text
    assert new not in answer.text


def test_an_empty_password_is_named(me: FlaskClient) -> None:
    answer = me.post("/account/password", data={"password-current": PASSWORD, "password-new": ""})
    assert answer.status_code == 422
    assert "Please fill in this field." in answer.text


def test_spaces_at_the_ends_of_a_password_count(me: FlaskClient, app: Flask) -> None:
    me.post("/account/password", data={"password-current": PASSWORD, "password-new": f" {NEW} "})
    client = app.test_client()
    for password, status in ((NEW, 422), (f" {NEW} ", 303)):
        answer = client.post("/sign-in", data={"login": "ngan@example.vn", "password": password})
        assert answer.status_code == status


def test_a_first_password_needs_no_current_one(english: FlaskClient, make: Make, noon: datetime) -> None:
    make.sign_in(english, make.user("Khách", email="khach@example.vn"))
    assert 'name="password-current"' not in english.get("/account").text
    assert english.post("/account/password", data={"password-new": NEW}).status_code == 303
    assert 'name="password-current"' in english.get("/account").text


def test_a_device_that_signed_in_long_ago_sets_no_first_password(
    english: FlaskClient, make: Make, noon: datetime
) -> None:
    make.sign_in(english, make.user("Khách", email="khach@example.vn"))
    with clock.stopped_at(noon + timedelta(minutes=15)):
        assert english.post("/account/password", data={"password-new": "short"}).status_code == 422
    with clock.stopped_at(noon + timedelta(minutes=16)):
        answer = english.post("/account/password", data={"password-new": NEW})
        assert answer.status_code == 422
        assert "Sign in again by a new link before you set a first password." in answer.text
        assert 'name="password-current"' not in english.get("/account").text


def test_guessing_the_current_password_is_slowed(me: FlaskClient) -> None:
    data = {"password-current": "sai", "password-new": NEW}
    answers = [me.post("/account/password", data=data).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_one_device_can_be_signed_out(me: FlaskClient, ngan: User, noon: datetime) -> None:
    another_device(ngan, noon)
    page = me.get("/account").text
    assert "Safari · iPhone" in page
    [row] = db.session.scalars(select(UserSession).where(UserSession.device.contains("iPhone")))
    assert f"/account/devices/{row.id}/end" in page
    assert me.post(f"/account/devices/{row.id}/end").status_code == 303
    assert running() == 1
    assert me.post(f"/account/devices/{row.id}/end").status_code == 404


def test_a_device_of_somebody_else_does_not_exist(me: FlaskClient, make: Make, noon: datetime) -> None:
    other = make.user()
    another_device(other, noon)
    [row] = db.session.scalars(select(UserSession).where(UserSession.user_id == other.id))
    foreign, missing = me.post(f"/account/devices/{row.id}/end"), me.post("/account/devices/9999/end")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.text.replace(f"/devices/{row.id}/", "/devices/9999/") == missing.text
    assert running() == 2


def test_all_others_are_signed_out_and_this_one_stays(me: FlaskClient, ngan: User, noon: datetime) -> None:
    assert "/account/sign-out-others" not in me.get("/account").text  # there is no other
    another_device(ngan, noon)
    another_device(ngan, noon)
    assert 'action="/account/sign-out-others"' in me.get("/account").text
    assert me.post("/account/sign-out-others").status_code == 303
    assert running() == 1
    assert "All other devices are signed out." in me.get("/account").text


def test_signing_out_everywhere_includes_here(me: FlaskClient, ngan: User, noon: datetime) -> None:
    another_device(ngan, noon)
    answer = me.post("/account/sign-out-everywhere")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert running() == 0
    assert me.get("/account").status_code == 303


@pytest.mark.parametrize("more", [0, 2])
def test_the_page_asks_as_often_for_three_devices_as_for_one(
    app: Flask, me: FlaskClient, ngan: User, noon: datetime, more: int
) -> None:
    for _ in range(more):
        another_device(ngan, noon)
    me.get("/account")
    with counted(app) as queries:
        page = me.get("/account")
    assert page.text.count('class="bv-file-text"') == more + 1
    assert len(queries) == 4


@pytest.mark.parametrize(
    "path", ["/account", "/account/password", "/account/devices/1/end", "/account/sign-out-everywhere"]
)
def test_visitors_change_nothing(english: FlaskClient, path: str) -> None:
    assert english.post(path).status_code == 401


def test_a_form_without_the_name_does_not_pass_for_one_with_the_old_name(me: FlaskClient, ngan: User) -> None:
    answer = me.post("/account", data={"email": "new@example.vn"})
    assert answer.status_code == 422
    assert reload(ngan).email == "ngan@example.vn"
