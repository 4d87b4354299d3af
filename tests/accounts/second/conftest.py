"""People with second factors, and what they hold in their hands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.models import User
from contest.accounts.second import services as second
from contest.accounts.second.factors import STEP_SECONDS, Site
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from contest.infra.mail import OutboxMail
from tests.accounts.authenticator import Authenticator
from tests.accounts.conftest import PASSWORD

SITE = Site.of("http://localhost")


@dataclass
class Phone:
    """A person's authenticator app."""

    user: User
    secret: str

    def code(self, steps: int = 0) -> str:
        """The digits of now, or of some steps later."""
        return str(pyotp.HOTP(self.secret).at(int(clock.now().timestamp()) // STEP_SECONDS + steps))


def give_app(app: Flask, user: User) -> Phone:
    """Set up an app two minutes ago, so that the codes around now are unused."""
    key = app.config["SECRET_KEY"]
    with unit_of_work():
        second.start_app(user_id=user.id, secret_key=key)
    secret = second.waiting_secret(user.id, key) or ""
    past = datetime.fromtimestamp(clock.now().timestamp() - 120, clock.now().tzinfo)
    step = int(past.timestamp()) // STEP_SECONDS
    with unit_of_work():
        second.confirm_app(user_id=user.id, code=pyotp.HOTP(secret).at(step), secret_key=key, now=past)
    return Phone(user, secret)


def give_passkey(user: User, device: Authenticator | None = None, name: str = "Khóa") -> Authenticator:
    device, now = device or Authenticator(), clock.now()
    with unit_of_work():
        options = second.ask_new_passkey(user_id=user.id, site=SITE, holder="h", now=now)
    with unit_of_work():
        added = second.add_passkey(
            user_id=user.id, name=name, answer=device.create(options), site=SITE, holder="h", now=now
        )
    assert added
    return device


def give_codes(user: User) -> tuple[str, ...]:
    with unit_of_work():
        return second.renew_codes(user_id=user.id, now=clock.now())


def mails() -> list[tuple[str, str]]:
    """Whom mail went to, and its text, in order."""
    db.session.rollback()
    return [(one.recipient, one.body) for one in db.session.query(OutboxMail).order_by(OutboxMail.id)]


@pytest.fixture
def phone(app: Flask, ngan: User, noon: datetime) -> Phone:
    """Kim Ngân's app."""
    return give_app(app, ngan)


@pytest.fixture
def half(english: FlaskClient, phone: Phone) -> FlaskClient:
    """Kim Ngân's browser after the right password."""
    answer = english.post("/sign-in", data={"login": "ngan@example.vn", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/sign-in/second-step")
    return english
