from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.models import User
from contest.infra import clock
from contest.infra.db import db
from contest.infra.mail import OutboxMail
from tests.accounts.conftest import without_tokens
from tests.factories import Make

KNOWN, NEW = "known@example.vn", "fresh@example.vn"


@pytest.fixture(autouse=True)
def _mails(app: Flask, monkeypatch: pytest.MonkeyPatch, noon: datetime) -> None:
    assert clock.now() == noon
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1:9")


@pytest.fixture
def me(make: Make, english: FlaskClient, ngan: User) -> FlaskClient:
    make.sign_in(english, ngan)
    return english


def change(client: FlaskClient, email: str) -> Any:
    return client.post("/account", data={"name": "Nguyễn Kim Ngân", "email": email, "phone": "", "locale": ""})


def mails() -> list[OutboxMail]:
    db.session.rollback()
    return db.session.query(OutboxMail).order_by(OutboxMail.id).all()


def link_in(mail: OutboxMail) -> str:
    found = re.search(r"http://localhost(/account/address/\S+)", mail.body)
    assert found
    return found[1]


def test_au_04_a_new_address_is_answered_alike_whether_or_not_it_has_an_account(make: Make, me: FlaskClient) -> None:
    make.user(email=KNOWN)

    def seen(email: str) -> tuple[Any, ...]:
        answer = change(me, email)
        page = without_tokens(me.get("/account").text).replace(email, "")
        return answer.status_code, answer.location, answer.data, page

    assert seen(KNOWN) == seen(NEW)
    known, fresh = mails()
    assert (known.recipient, fresh.recipient) == (KNOWN, NEW)
    assert "You already have an account with it" in known.body
    assert "/account/address/" not in known.body
    assert "confirm it" in fresh.body
    assert "Ngân" not in known.body + fresh.body


def test_the_address_changes_when_its_owner_says_so(me: FlaskClient, ngan: User) -> None:
    change(me, NEW)
    link = link_in(mails()[0])
    assert me.get(link).status_code == 200
    db.session.refresh(ngan)
    assert ngan.email == "ngan@example.vn"

    assert me.post(link).status_code == 303

    db.session.refresh(ngan)
    assert ngan.email == NEW
    assert [me.get(link).status_code, me.post(link).status_code] == [410, 410]


def test_the_link_is_of_this_person_alone_and_ends(app: Flask, make: Make, me: FlaskClient, noon: datetime) -> None:
    change(me, NEW)
    link = link_in(mails()[0])
    other = app.test_client()

    assert other.get(link).status_code == 303  # to the sign-in page and back
    assert other.post(link).status_code == 401
    make.sign_in(other, make.user("Người Lạ"))
    assert other.post(link).status_code == 404
    with clock.stopped_at(noon + timedelta(minutes=30)):
        assert me.get(link).status_code == 410


def test_an_address_that_somebody_took_meanwhile_stays_theirs(make: Make, me: FlaskClient, ngan: User) -> None:
    change(me, NEW)
    make.user(email=NEW)

    me.post(link_in(mails()[0]))

    db.session.refresh(ngan)
    assert ngan.email == "ngan@example.vn"
    assert "already has an account" in me.get("/account").text


def test_the_rest_is_saved_at_once_and_an_address_can_be_taken_away(me: FlaskClient, ngan: User) -> None:
    me.post("/account", data={"name": "Kim Ngân", "email": NEW, "phone": "0903 123 782", "locale": ""})
    db.session.refresh(ngan)
    assert (ngan.name, ngan.email, ngan.phone) == ("Kim Ngân", "ngan@example.vn", "+84903123782")

    me.post("/account", data={"name": "Kim Ngân", "email": "", "phone": "0903 123 782", "locale": ""})
    db.session.refresh(ngan)
    assert ngan.email is None


def test_nobody_can_write_to_many_addresses(me: FlaskClient) -> None:
    assert [change(me, f"ai{number}@example.vn").status_code for number in range(6)] == [303] * 5 + [429]
