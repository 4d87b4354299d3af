"""Counting in the store of the limits, and what happens when the store or the database does not answer."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits.strategies import MovingWindowRateLimiter
from redis import Redis
from sqlalchemy import select

from contest.errors import Busy
from contest.infra import alarms
from contest.infra.alarms import SITE, Alarm, AlarmKind, Alert, Happening
from contest.infra.db import db
from contest.web import watching
from contest.web.limits import limiter
from contest.web.watching import address_here, reached
from tests.conftest import NOON

ROOT = Path(__file__).resolve().parents[2]
REDIS = os.environ.get("TEST_REDIS_URL", "")
# One process of several: three wrong passwords, then how many alarms there are.
PROCESS = """
from config import from_env
from contest import create_app
app = create_app(from_env())
app.config["WTF_CSRF_ENABLED"] = False
with app.app_context():
    from contest.infra.alarms import Alarm
    from contest.infra.db import db
    db.create_all()
    for _ in range(3):
        app.test_client().post("/sign-in", data={"login": "victim@example.vn", "password": "wrong"})
    print(db.session.query(Alarm).count())
"""
MINUTE = timedelta(minutes=1)
KIND = AlarmKind.REFUSALS


def count(times: int, who: str = "user:1", most: int = 3) -> list[bool]:
    return [reached(KIND, who, most=most, within=MINUTE) for _ in range(times)]


@pytest.mark.parametrize(
    ("most", "told"),
    [
        (0, [False, False, False, False]),
        (1, [True, True, True, True]),
        (2, [False, True, True, True]),
        (4, [False, False, False, True]),
    ],
)
def test_lg_12_the_number_itself_is_too_much_and_one_less_is_not(app: Flask, most: int, told: list[bool]) -> None:
    assert count(4, most=most) == told


def test_each_is_counted_apart(app: Flask) -> None:
    assert count(2, "user:1") == count(2, "user:2") == [False, False]
    assert reached(AlarmKind.SIGN_INS, "user:1", most=3, within=MINUTE) is False
    assert count(1, "user:1") == [True]


def test_what_lies_further_back_than_the_time_counts_no_more(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000_000.0]
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: now[0])
    assert count(2) == [False, False]
    now[0] += 61
    assert count(2) == [False, False]
    assert count(1) == [True]


def test_without_its_store_a_process_counts_by_itself(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Dead:
        def __init__(self, _storage: Any) -> None:
            asked.append(1)

        def hit(self, *_args: Any) -> bool:
            raise ConnectionError

    def chosen(storage: Any) -> Any:
        return Dead(storage) if storage is limiter.storage else MovingWindowRateLimiter(storage)

    monkeypatch.setattr(watching, "MovingWindowRateLimiter", chosen)
    assert count(4, "user:dead") == [False, False, True, True]
    assert len(asked) == 1  # and leaves the store alone for a while


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("10.0.0.7", "10.0.0.7", True),
        ("10.0.0.7", "10.0.0.8", False),
        ("::ffff:10.0.0.7", "10.0.0.7", True),
        ("2001:db8:1:2::7", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::7", "2001:db8:1:3::7", False),
        ("", "unix", False),
    ],
)
def test_an_address_is_a_pseudonym_and_a_network_of_ipv6_is_one(
    app: Flask, one: str, other: str, *, same: bool
) -> None:
    found = []
    for text in (one, other):
        with app.test_request_context(environ_base={"REMOTE_ADDR": text}):
            found.append(address_here())
    assert (found[0] == found[1]) is same
    assert all(len(code) == len("address:") + 16 for code in found)
    assert not one or one not in found[0]


@pytest.mark.parametrize("fault", [Busy, ZeroDivisionError])
def test_lg_12_a_fault_while_an_alarm_is_raised_breaks_no_page(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: type[Exception]
) -> None:
    def fail(_alert: Alert) -> None:
        raise fault

    alarms.wait(Alert(Happening(KIND, SITE, "address:1", NOON), 3, 60))
    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        patch.setattr(alarms, "_raise", fail)
        assert client.get("/sign-in").status_code == 200
    assert len(caplog.records) == 1
    assert alarms.any_waiting() is (fault is Busy)


def test_a_busy_database_is_left_alone_for_a_while(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def busy(alert: Alert) -> None:
        asked.append(alert)
        raise Busy

    alarms.wait(Alert(Happening(KIND, SITE, "address:1", NOON), 3, 60))
    with monkeypatch.context() as patch:
        patch.setattr(alarms, "_raise", busy)
        for _ in range(5):
            client.get("/sign-in")
    assert len(asked) == 1
    client.get("/sign-in")
    assert db.session.scalars(select(Alarm)).all() == []
    watching._database_rests.clear()  # noqa: SLF001  half a minute later
    client.get("/sign-in")
    db.session.rollback()
    assert len(db.session.scalars(select(Alarm)).all()) == 1


def alarms_of_a_process(folder: Path) -> int:
    environ = {
        **os.environ,
        "APP_ENV": "test",
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'alarms.sqlite'}",
        "REDIS_URL": REDIS,
        "ALARM_SIGN_INS": "5",
        "PYTHONPATH": str(ROOT),
    }
    run = subprocess.run(
        [sys.executable, "-c", PROCESS], env=environ, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(run.stdout)


@pytest.mark.skipif(not REDIS, reason="TEST_REDIS_URL is not set")
def test_lg_12_two_processes_count_together_and_raise_one_alarm(tmp_path: Path) -> None:
    redis = Redis.from_url(REDIS)

    def forget() -> None:
        for key in redis.keys("LIMITS:*"):
            redis.delete(key)

    forget()
    try:
        assert [alarms_of_a_process(tmp_path) for _ in range(3)] == [0, 1, 1]
        assert "victim" not in " ".join(str(key) for key in redis.keys("LIMITS:*"))
    finally:
        forget()
        redis.close()
