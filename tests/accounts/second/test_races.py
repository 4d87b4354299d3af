"""Two at the same moment: one code, one recovery code, one half sign-in, one passkey answer serve once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from flask import Flask

from contest.accounts.models import User
from contest.accounts.second import services as second
from contest.accounts.second.factors import Asked, FirstStep
from contest.errors import RuleBroken
from contest.infra.db import db, unit_of_work
from tests.accounts.second.conftest import SITE, give_app, give_codes, give_passkey

pytestmark = pytest.mark.both_databases
AT_ONCE = 4


def successes(app: Flask, act: Callable[[], object]) -> int:
    """Do the same at once from several threads; return how often it went well."""
    start = Barrier(AT_ONCE)

    def one() -> bool:
        with app.app_context():
            start.wait()
            try:
                with unit_of_work():
                    return bool(act())
            except RuleBroken:
                return False
            finally:
                db.session.remove()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(future.result() for future in [pool.submit(one) for _ in range(AT_ONCE)])


def test_one_code_of_the_app(app: Flask, ngan: User, noon: datetime) -> None:
    phone, key, user_id = give_app(app, ngan), app.config["SECRET_KEY"], ngan.id
    code = phone.code()
    assert successes(app, lambda: second.use_app_code(user_id=user_id, code=code, secret_key=key, now=noon)) == 1


def test_one_recovery_code(app: Flask, ngan: User, noon: datetime) -> None:
    give_app(app, ngan)
    code, user_id = give_codes(ngan)[0], ngan.id
    assert successes(app, lambda: second.use_recovery_code(user_id=user_id, code=code, now=noon)) == 1


def test_one_half_sign_in(app: Flask, ngan: User, noon: datetime) -> None:
    with unit_of_work():
        token = second.begin_half(user_id=ngan.id, way=FirstStep.LINK, round_id=None, now=noon)
    assert successes(app, lambda: second.finish_half(token=token, second="app", now=noon)) == 1


def test_one_answer_of_a_passkey(app: Flask, ngan: User, noon: datetime) -> None:
    device = give_passkey(ngan)
    with unit_of_work():
        options = second.ask_passkey(asked=Asked.ENTER, user_id=None, site=SITE, holder="h", now=noon)
    answer = device.get(options)
    assert (
        successes(
            app,
            lambda: second.show_passkey(
                asked=Asked.ENTER, user_id=None, answer=answer, site=SITE, holder="h", now=noon
            ),
        )
        == 1
    )


def test_new_codes_at_once_are_ten(app: Flask, ngan: User, noon: datetime) -> None:
    give_app(app, ngan)
    user_id = ngan.id
    assert successes(app, lambda: second.renew_codes(user_id=user_id, now=noon)) == AT_ONCE
    db.session.rollback()
    assert db.session.scalar(db.text("SELECT count(*) FROM recovery_codes")) == 10
