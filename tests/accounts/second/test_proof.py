"""A fresh proof: by password, by app, by passkey; it renews the session and holds for a quarter of an hour."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.models import User, UserSession
from contest.infra import clock
from contest.infra.db import db
from tests.accounts.conftest import PASSWORD
from tests.accounts.second.conftest import Phone, give_app, give_passkey
from tests.factories import Make

PROVE = "/account/prove"


@pytest.fixture
def later(english: FlaskClient, make: Make, ngan: User, noon: datetime) -> Iterator[FlaskClient]:
    """Kim Ngân's browser an hour after signing in."""
    make.sign_in(english, ngan)
    with clock.stopped_at(noon + timedelta(hours=1)):
        yield english


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie(client.application.config["SESSION_COOKIE_NAME"])
    assert found is not None
    return found.value


def token(client: FlaskClient) -> str:
    with client.session_transaction() as session:
        return str(session["_user_id"])


def is_fresh(client: FlaskClient) -> bool:
    return client.get(PROVE).status_code == 303


def test_who_has_just_signed_in_is_not_asked(english: FlaskClient, make: Make, ngan: User, noon: datetime) -> None:
    make.sign_in(english, ngan)
    answer = english.get(PROVE, query_string={"next": "/account"})
    assert (answer.status_code, answer.location) == (303, "/account")


@pytest.mark.parametrize("next_page", ["//evil.example", "https://evil.example"])
def test_the_way_stays_inside_the_site(later: FlaskClient, next_page: str) -> None:
    answer = later.post(PROVE, query_string={"next": next_page}, data={"password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")


def test_the_password_proves_and_renews_the_session(app: Flask, later: FlaskClient, noon: datetime) -> None:
    old = cookie(later)
    answer = later.post(PROVE, query_string={"next": "/account"}, data={"password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/account")
    copy = app.test_client()
    copy.set_cookie(app.config["SESSION_COOKIE_NAME"], old)
    assert copy.get("/account").status_code == 303
    assert is_fresh(later)
    row = db.session.scalars(select(UserSession)).one()
    assert (row.created_at, row.proved_at) == (noon, noon + timedelta(hours=1))
    with clock.stopped_at(noon + timedelta(hours=1, minutes=16)):
        assert not is_fresh(later)


def test_a_wrong_password_proves_nothing(later: FlaskClient) -> None:
    old = token(later)
    answer = later.post(PROVE, data={"password": "sai"})
    assert answer.status_code == 422
    assert "This is not your password." in answer.text
    assert token(later) == old
    assert not is_fresh(later)


def test_who_has_an_app_proves_with_it_and_not_with_the_password(app: Flask, later: FlaskClient, ngan: User) -> None:
    phone = give_app(app, ngan)
    assert 'name="one_time"' in later.get(PROVE).text
    assert later.post(PROVE, data={"password": PASSWORD}).status_code == 422
    assert later.post(PROVE, data={"one_time": "000000"}).status_code == 422
    assert not is_fresh(later)
    code = phone.code()
    assert later.post(PROVE, data={"one_time": code}).status_code == 303
    assert is_fresh(later)
    with clock.stopped_at(clock.now() + timedelta(minutes=16)):
        assert later.post(PROVE, data={"one_time": code}).status_code == 422


def test_a_code_that_signed_in_does_not_prove(app: Flask, later: FlaskClient, ngan: User) -> None:
    phone: Phone = give_app(app, ngan)
    code, other = phone.code(), app.test_client()
    other.post("/sign-in", data={"login": "ngan@example.vn", "password": PASSWORD})
    assert other.post("/sign-in/second-step", data={"code": code}).status_code == 303
    assert later.post(PROVE, data={"one_time": code}).status_code == 422


def test_a_passkey_proves(later: FlaskClient, ngan: User) -> None:
    device = give_passkey(ngan)
    assert later.post(PROVE, data={"password": PASSWORD}).status_code == 422
    old = token(later)
    options = later.post(f"{PROVE}/ask").text
    answer = later.post(f"{PROVE}/passkey", query_string={"next": "/account"}, data={"answer": device.get(options)})
    assert (answer.status_code, answer.location) == (303, "/account")
    assert is_fresh(later)
    assert token(later) != old


def test_a_passkey_of_somebody_else_proves_nothing(later: FlaskClient, make: Make, ngan: User) -> None:
    give_passkey(ngan)
    other = give_passkey(make.user())
    options = later.post(f"{PROVE}/ask").text
    assert later.post(f"{PROVE}/passkey", data={"answer": other.get(options)}).status_code == 422
    assert not is_fresh(later)


def test_who_has_nothing_is_sent_to_a_link(app: Flask, make: Make, noon: datetime) -> None:
    client = app.test_client()
    client.set_cookie("locale", "en")
    make.sign_in(client, make.user())
    with clock.stopped_at(noon + timedelta(hours=1)):
        page = client.get(PROVE).text
        assert 'name="password"' not in page
        assert 'href="/sign-in/link"' in page
        assert client.post(PROVE, data={"password": ""}).status_code == 422


def test_guessing_is_slowed(later: FlaskClient, app: Flask, ngan: User) -> None:
    give_app(app, ngan)
    answers = [later.post(PROVE, data={"one_time": f"{turn:06d}"}).status_code for turn in range(11)]
    assert answers == [422] * 10 + [429]
