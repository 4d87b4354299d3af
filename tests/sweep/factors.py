"""People of the world with second factors: at the second step, just signed in, and signed in an hour ago."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pyotp
from flask import Flask

from contest.accounts import services as accounts
from contest.accounts.models import User
from contest.accounts.second import services as second
from contest.accounts.second.factors import FirstStep, Site
from contest.accounts.second.queries import factors_of
from contest.infra.db import db, unit_of_work
from tests.accounts.authenticator import Authenticator
from tests.factories import NOON, Make

HOUR = timedelta(hours=1)
SITE = Site.of("http://localhost")


@dataclass(frozen=True)
class Guarded:
    """The people by role, the tokens of roles that have no session of now, and what their forms take."""

    people: Mapping[str, User]
    halves: Mapping[str, str]
    old: Mapping[str, str]
    passkeys: tuple[str, str]
    code: str
    first_code: str


def guard(app: Flask, make: Make) -> Guarded:
    """Give two people all factors.

    The role "guarded" has just signed in, "long ago" is the same person signed in an hour ago, "halfway" the same one
    at the second step; the passkeys are the person's and a stranger's.
    """
    guarded, foreign = make.user("Người Giữ Khoá"), make.user("Người Giữ Khoá Khác")
    secret = give_app(app, guarded)
    passkeys = (_passkey(guarded), _passkey(foreign))
    key = app.config["SECRET_KEY"]
    with unit_of_work():
        second.renew_codes(user_id=guarded.id, now=NOON)
        second.start_app(user_id=guarded.id, secret_key=key)
        half = second.begin_half(user_id=guarded.id, way=FirstStep.PASSWORD, round_id=None, now=NOON)
        old = accounts.start_session(user_id=guarded.id, device="sweep", now=NOON - HOUR)
        db.session.flush()
        accounts.note_use(token=old, place="", now=NOON)  # in use just now, so that reading has nothing to note
    waiting = second.waiting_secret(guarded.id, key) or ""
    return Guarded(
        people={"guarded": guarded},
        halves={"halfway": half},
        old={"long ago": old},
        passkeys=passkeys,
        code=pyotp.TOTP(secret).at(NOON),
        first_code=pyotp.TOTP(waiting).at(NOON),
    )


def _passkey(user: User) -> str:
    device, asked = Authenticator(), {"user_id": user.id, "site": SITE, "holder": "sweep", "now": NOON}
    with unit_of_work():
        options = second.ask_new_passkey(**asked)  # type: ignore[arg-type]  # each value is of its own type
    with unit_of_work():
        second.add_passkey(name="Điện thoại", answer=device.create(options), **asked)  # type: ignore[arg-type]  # as above
    return factors_of(user.id).passkeys[0].public_id


def give_app(app: Flask, user: User) -> str:
    """Set up an app an hour ago and return its key."""
    key = app.config["SECRET_KEY"]
    with unit_of_work():
        second.start_app(user_id=user.id, secret_key=key)
    secret = second.waiting_secret(user.id, key) or ""
    with unit_of_work():
        code = pyotp.TOTP(secret).at(NOON - HOUR)
        second.confirm_app(user_id=user.id, code=code, secret_key=key, now=NOON - HOUR)
    return secret
