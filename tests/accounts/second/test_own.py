"""Setting up, renewing and removing one's own second factors."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from contest.accounts import services
from contest.accounts.models import User
from contest.accounts.second import services as second
from contest.accounts.second.models import AppKey
from contest.accounts.second.queries import factors_of
from contest.infra import clock
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from tests.accounts.second.conftest import Phone, give_app, give_codes, give_passkey, mails
from tests.factories import Make

PAGE = "/account/second-step"
# Every act that changes a second factor, and what is sent.
ACTS = ("/app", "/app/confirm", "/app/remove", "/passkeys/ask", "/passkeys", "/passkeys/x/remove", "/codes")


@pytest.fixture
def me(english: FlaskClient, make: Make, ngan: User, noon: datetime) -> FlaskClient:
    """Kim Ngân's browser, just signed in."""
    make.sign_in(english, ngan)
    return english


def actions() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def set_up(client: FlaskClient) -> tuple[str, list[str]]:
    """Set up an app as a person does; return its key and the recovery codes."""
    assert client.post(f"{PAGE}/app").location == f"{PAGE}/app"
    page = client.get(f"{PAGE}/app").text
    secret = re.findall(r'data-copy="([A-Z2-7 ]+)"', page)[0].replace(" ", "")
    assert "<svg" in page
    assert "style=" not in page
    code = pyotp.TOTP(secret).at(clock.now())
    answer = client.post(f"{PAGE}/app/confirm", data={"code": code})
    assert answer.status_code in (200, 303)
    return secret, re.findall(r"<code>([^<]+)</code>", answer.text)


def test_an_app_is_set_up_by_one_code(me: FlaskClient, ngan: User) -> None:
    secret, codes = set_up(me)
    assert len(pyotp.TOTP(secret).byte_secret()) == 20
    assert len(set(codes)) == 10
    facts = factors_of(ngan.id)
    assert (facts.app_since, facts.codes_left) == (clock.now(), 10)
    assert actions() == ["second.app_set", "sessions.ended", "second.codes_made"]
    assert [who for who, _body in mails()] == ["ngan@example.vn"]


def test_the_codes_are_shown_once(me: FlaskClient, ngan: User) -> None:
    _secret, codes = set_up(me)
    for path in (PAGE, f"{PAGE}/app", "/account"):
        assert not any(code in me.get(path).text for code in codes)


def test_a_wrong_code_sets_up_nothing_and_keeps_the_key(me: FlaskClient, ngan: User) -> None:
    me.post(f"{PAGE}/app")
    before = second.waiting_secret(ngan.id, me.application.config["SECRET_KEY"])
    assert me.post(f"{PAGE}/app/confirm", data={"code": "000000"}).status_code == 422
    assert second.waiting_secret(ngan.id, me.application.config["SECRET_KEY"]) == before
    assert not factors_of(ngan.id).any
    assert mails() == []


def test_the_first_factor_puts_other_devices_out(app: Flask, me: FlaskClient, make: Make, ngan: User) -> None:
    other = app.test_client()
    make.sign_in(other, ngan)
    set_up(me)
    assert other.get("/account").status_code == 303
    assert me.get("/account").status_code == 200


def test_the_session_is_new_after_each_change(app: Flask, me: FlaskClient, ngan: User) -> None:
    name = app.config["SESSION_COOKIE_NAME"]
    before = me.get_cookie(name)
    assert before is not None
    set_up(me)
    copy = app.test_client()
    copy.set_cookie(name, before.value)
    assert copy.get("/account").status_code == 303
    assert me.get("/account").status_code == 200


def test_a_new_phone_takes_over_when_it_has_shown_a_code(app: Flask, me: FlaskClient, ngan: User) -> None:
    phone = give_app(app, ngan)
    key = app.config["SECRET_KEY"]
    me.post(f"{PAGE}/app")
    with unit_of_work():
        assert second.use_app_code(user_id=ngan.id, code=phone.code(), secret_key=key, now=clock.now())
    with clock.stopped_at(clock.now() + timedelta(minutes=2)):
        secret, _codes = set_up(me)
        assert secret != phone.secret
        with unit_of_work():
            assert not second.use_app_code(user_id=ngan.id, code=phone.code(1), secret_key=key, now=clock.now())


@pytest.mark.parametrize("path", ACTS)
def test_each_change_asks_for_a_fresh_proof(app: Flask, me: FlaskClient, ngan: User, noon: datetime, path: str) -> None:
    give_app(app, ngan)
    give_codes(ngan)
    before = (factors_of(ngan.id), len(actions()))
    with clock.stopped_at(noon + timedelta(minutes=16)):
        answer = me.post(f"{PAGE}{path}", data={"code": "123456"})
        assert (answer.status_code, answer.location) == (303, f"/account/prove?next={PAGE}")
    assert (factors_of(ngan.id), len(actions())) == before


def test_the_key_is_not_shown_later(me: FlaskClient, noon: datetime) -> None:
    me.post(f"{PAGE}/app")
    with clock.stopped_at(noon + timedelta(minutes=16)):
        assert me.get(f"{PAGE}/app").location == f"/account/prove?next={PAGE}"


def test_new_codes_make_the_old_ones_worthless(app: Flask, me: FlaskClient, ngan: User) -> None:
    give_app(app, ngan)
    old = give_codes(ngan)
    page = me.post(f"{PAGE}/codes").text
    new = re.findall(r"<code>([^<]+)</code>", page)
    assert len(new) == 10
    with unit_of_work():
        assert not second.use_recovery_code(user_id=ngan.id, code=old[0], now=clock.now())
        assert second.use_recovery_code(user_id=ngan.id, code=new[0], now=clock.now())
    assert len(mails()) == 1


def test_without_a_factor_there_are_no_codes(me: FlaskClient) -> None:
    assert me.post(f"{PAGE}/codes").status_code == 404


def test_with_the_last_factor_the_codes_go(app: Flask, me: FlaskClient, ngan: User) -> None:
    give_app(app, ngan)
    give_passkey(ngan)
    give_codes(ngan)
    assert me.post(f"{PAGE}/app/remove").status_code == 303
    assert factors_of(ngan.id).codes_left == 10
    public_id = factors_of(ngan.id).passkeys[0].public_id
    assert me.post(f"{PAGE}/passkeys/{public_id}/remove").status_code == 303
    assert (factors_of(ngan.id).any, factors_of(ngan.id).codes_left) == (False, 0)
    assert len(mails()) == 2
    assert actions()[-2:] == ["second.app_removed", "second.passkey_removed"]


def test_passkeys_of_others_are_out_of_reach(app: Flask, me: FlaskClient, make: Make) -> None:
    other = make.user()
    give_passkey(other)
    theirs = factors_of(other.id).passkeys[0].public_id
    assert me.post(f"{PAGE}/passkeys/{theirs}/remove").status_code == 404
    assert me.post(f"{PAGE}/app/remove").status_code == 404
    assert factors_of(other.id).any


def test_a_paired_device_changes_nothing(
    app: Flask, english: FlaskClient, make: Make, ngan: User, noon: datetime
) -> None:
    edition = make.edition()
    round_ = make.round(edition)
    with unit_of_work():
        token = services.start_session(user_id=ngan.id, device="tablet", now=noon, round_id=round_.id)
    with english.session_transaction() as session:
        session["_user_id"] = token
    for path in ("/app", "/codes", "/passkeys/ask"):
        assert english.post(f"{PAGE}{path}").status_code == 403
    assert english.get(PAGE).status_code == 403


def test_a_key_sealed_by_another_application_key_is_no_key(app: Flask, phone: Phone) -> None:
    with unit_of_work():
        assert not second.use_app_code(user_id=phone.user.id, code=phone.code(), secret_key="another", now=clock.now())


def test_a_key_moved_to_another_person_is_no_key(app: Flask, make: Make, phone: Phone) -> None:
    other = make.user()
    with unit_of_work() as session:
        session.execute(update(AppKey).values(user_id=other.id))
    with unit_of_work():
        assert not second.use_app_code(
            user_id=other.id, code=phone.code(), secret_key=app.config["SECRET_KEY"], now=clock.now()
        )
