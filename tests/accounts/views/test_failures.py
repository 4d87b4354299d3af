"""LG-01, LG-12: what did not open is counted, told in the trail without a flood, and raises an alarm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.models import User
from contest.infra import clock
from contest.infra.alarms import Alarm
from contest.infra.audit import AuditEntry
from contest.infra.db import db
from contest.infra.mail import OutboxMail
from contest.web.limits import limiter
from tests.accounts.conftest import PASSWORD
from tests.accounts.views.test_sign_in import attempt
from tests.factories import Make

ELEVEN_MINUTES = timedelta(minutes=11)


@pytest.fixture(autouse=True)
def _limits_apart(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every attempt be tried: the limits of the door have their own tests."""
    monkeypatch.setattr(limiter, "enabled", False)


def entries(action: str) -> list[AuditEntry]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def alarms() -> list[tuple[str, str, int, int | None]]:
    db.session.rollback()
    rows = db.session.scalars(select(Alarm).order_by(Alarm.id))
    return [(row.scope, row.who.partition(":")[0], row.count, row.user_id) for row in rows]


def mails() -> list[OutboxMail]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


@pytest.fixture
def root(make: Make) -> User:
    return make.user("Quản trị viên", email="root@example.vn", is_admin=True, locale="en")


@pytest.fixture
def from_elsewhere(app: Flask) -> Callable[[int], FlaskClient]:
    def client(number: int) -> FlaskClient:
        made = app.test_client()
        made.environ_base = {**made.environ_base, "REMOTE_ADDR": f"10.0.{number // 200}.{number % 200 + 1}"}
        return made

    return client


def test_lg_01_failed_sign_ins_are_one_entry_per_login_address_and_ten_minutes(
    client: FlaskClient, ngan: User, noon: datetime
) -> None:
    for _ in range(7):
        assert attempt(client, "ngan@example.vn", "sai").status_code == 422
    for _ in range(3):
        attempt(client, "nobody@example.vn", "sai")
    client.get("/sign-in")
    assert entries("sign_in.failed") == []
    with clock.stopped_at(noon + ELEVEN_MINUTES):
        client.get("/sign-in")
    told = entries("sign_in.failed")
    assert [(one.subject, one.facts["way"], one.facts["times"], one.actor_id) for one in told] == [
        (f"user:{ngan.id}", "password", 7, None),
        ("", "password", 3, None),
    ]
    for one in told:
        assert (one.scope, one.at, one.facts["since"]) == ("accounts", noon, noon.isoformat())
        assert one.facts["address"].startswith("address:")
        assert "nobody" not in str(one.facts)
        assert "127.0.0.1" not in str(one.facts)


def test_lg_01_a_flood_of_logins_is_a_bounded_number_of_entries(client: FlaskClient, noon: datetime) -> None:
    for number in range(230):
        attempt(client, f"a{number}@example.vn", "sai")
    with clock.stopped_at(noon + ELEVEN_MINUTES):
        client.get("/sign-in")
    told = entries("sign_in.failed")
    assert len(told) == 201
    assert (told[-1].facts["way"], told[-1].facts["times"]) == ("many", 30)


def test_lg_01_a_sign_in_that_opens_is_an_entry_of_its_own(client: FlaskClient, ngan: User, noon: datetime) -> None:
    assert attempt(client, "ngan@example.vn").status_code == 303
    assert [one.actor_id for one in entries("session.started")] == [ngan.id]


def test_lg_01_a_fresh_proof_is_told_with_its_way(client: FlaskClient, ngan: User, noon: datetime) -> None:
    attempt(client, "ngan@example.vn")
    later = noon + timedelta(minutes=16)
    with clock.stopped_at(later):
        assert client.post("/account/prove", data={"password": "sai"}).status_code == 422
        assert entries("session.proved") == []
        assert client.post("/account/prove", data={"password": PASSWORD}).status_code == 303
    (proved,) = entries("session.proved")
    assert (proved.actor_id, proved.subject, proved.at) == (ngan.id, f"user:{ngan.id}", later)
    assert proved.facts == {"way": "password"}
    with clock.stopped_at(later + ELEVEN_MINUTES):
        client.get("/sign-in")
    (refused,) = entries("sign_in.failed")
    assert (refused.subject, refused.facts["way"], refused.facts["times"]) == (f"user:{ngan.id}", "proof", 1)


@pytest.mark.usefixtures("alarms_on")
def test_lg_12_many_failed_sign_ins_of_one_account_alarm_the_administrators_once(
    ngan: User, root: User, noon: datetime, from_elsewhere: Callable[[int], FlaskClient]
) -> None:
    for number in range(19):
        attempt(from_elsewhere(number), "ngan@example.vn", "sai")
    assert alarms() == []
    for number in range(19, 25):
        attempt(from_elsewhere(number), " Ngan@example.vn", "sai")
    assert alarms() == [("accounts", "user", 20, ngan.id)]
    (mail,) = mails()
    assert (mail.scope, mail.recipient, mail.subject) == ("accounts", root.email, "Alarm on this site: please look")
    assert "many sign-ins failed" in mail.body
    assert "http://localhost/alarms" in mail.body
    assert ngan.name not in mail.body  # without a role nobody knows whose account it is: perhaps a child's


@pytest.mark.usefixtures("alarms_on")
def test_lg_12_a_login_that_nobody_has_alarms_just_the_same(
    root: User, noon: datetime, from_elsewhere: Callable[[int], FlaskClient]
) -> None:
    for number in range(20):
        attempt(from_elsewhere(number), "nobody@example.vn", "sai")
    assert alarms() == [("accounts", "login", 20, None)]
    assert "nobody" not in mails()[0].body


@pytest.mark.usefixtures("alarms_on")
def test_lg_12_many_failed_sign_ins_from_one_address_alarm_and_a_full_hall_does_not(
    client: FlaskClient, root: User, noon: datetime
) -> None:
    for number in range(199):
        attempt(client, f"a{number}@example.vn", "sai")
    assert alarms() == []
    attempt(client, "last@example.vn", "sai")
    assert alarms() == [("accounts", "address", 200, None)]
