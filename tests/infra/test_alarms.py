"""LG-12: alarms are raised once, kept as they were raised, and looked at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from contest.accounts.models import User
from contest.errors import Busy, NotFound, RuleBroken
from contest.infra import alarms, audit, cache
from contest.infra.alarms import SITE, Alarm, AlarmKind, Alert, Happening, acknowledge
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from tests.conftest import NOON
from tests.factories import Make

both = pytest.mark.both_databases
HAPPENING = Happening(AlarmKind.REFUSALS, SITE, "address:3f2a", NOON, None, "results.ranking")
ALERT = Alert(HAPPENING, 60, 600)


def stored() -> list[Alarm]:
    db.session.rollback()
    return list(db.session.scalars(select(Alarm).order_by(Alarm.id)))


def entries() -> list[tuple[str, str, dict[str, Any]]]:
    db.session.rollback()
    return [
        (row.action, row.subject, row.facts) for row in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    ]


@pytest.fixture
def raised(app: Flask) -> Alarm:
    alarms.wait(ALERT)
    with app.test_request_context():
        alarms.write_waiting()
    return stored()[0]


@both
def test_lg_12_an_alarm_says_who_what_how_much_and_when(app: Flask, raised: Alarm) -> None:
    said = (raised.kind, raised.scope, raised.who, raised.user_id, raised.subject, raised.count, raised.seconds)
    assert said == (AlarmKind.REFUSALS, "accounts", "address:3f2a", None, "results.ranking", 60, 600)
    assert (raised.at, raised.hour) == (NOON, NOON.replace(minute=0))
    assert (raised.acknowledged_at, raised.acknowledged_by, raised.note) == (None, None, "")
    facts = {"kind": "refusals", "who": "address:3f2a", "count": 60, "seconds": 600}
    assert entries() == [("alarm.raised", f"alarm:{raised.id}", facts)]


@both
def test_lg_12_of_one_kind_and_one_account_one_alarm_is_raised_an_hour(app: Flask) -> None:
    late, next_hour = NOON + timedelta(minutes=59), NOON + timedelta(hours=1)
    for of in (
        HAPPENING,
        replace(HAPPENING, at=late, subject="another page"),
        replace(HAPPENING, at=next_hour),
        replace(HAPPENING, who="address:77"),
        replace(HAPPENING, kind=AlarmKind.SIGN_INS),
        replace(HAPPENING, scope="edition:3"),
    ):
        alarms.wait(replace(ALERT, of=of))
        with app.test_request_context():
            alarms.write_waiting()
        cache.clear_all()  # as another process would: the database itself keeps one
    assert [(one.kind.value, one.scope, one.who, one.at) for one in stored()] == [
        ("refusals", "accounts", "address:3f2a", NOON),
        ("refusals", "accounts", "address:3f2a", next_hour),
        ("refusals", "accounts", "address:77", NOON),
        ("sign_ins", "accounts", "address:3f2a", NOON),
        ("refusals", "edition:3", "address:3f2a", NOON),
    ]
    assert len(entries()) == 5


def test_one_like_it_does_not_even_wait_in_the_same_process(app: Flask) -> None:
    for _ in range(1000):
        alarms.wait(ALERT)
    with app.test_request_context():
        alarms.write_waiting()
        alarms.wait(replace(ALERT, of=replace(HAPPENING, at=NOON + timedelta(minutes=5))))
    assert not alarms.any_waiting()
    assert len(stored()) == 1


@both
@pytest.mark.parametrize("column", ["kind", "scope", "who", "subject", "count", "seconds", "hour", "at"])
def test_lg_12_the_database_refuses_to_change_what_an_alarm_says(app: Flask, raised: Alarm, column: str) -> None:
    with pytest.raises((DBAPIError, Busy)), unit_of_work() as session:
        session.execute(text(f"UPDATE alarms SET {column} = {column}"))  # noqa: S608  names of our own columns
    assert len(stored()) == 1


@both
def test_a_busy_database_delays_an_alarm(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_alert: Alert) -> None:
        raise Busy

    alarms.wait(ALERT)
    with app.test_request_context():
        with monkeypatch.context() as patch:
            patch.setattr(alarms, "_raise", busy)
            with pytest.raises(Busy):
                alarms.write_waiting()
        assert stored() == []
        alarms.write_waiting()
    assert len(stored()) == 1


def keep() -> None:
    alarms.after_the_act(HAPPENING)


def fall() -> None:
    alarms.after_the_act(HAPPENING)
    raise ZeroDivisionError


@pytest.mark.parametrize(("act", "left"), [(keep, [HAPPENING]), (fall, [])])
def test_what_an_act_leaves_counts_when_the_act_is_stored(
    app: Flask, act: Callable[[], None], left: list[Happening]
) -> None:
    try:
        with unit_of_work():
            act()
            assert alarms.take_happened() == []
    except ZeroDivisionError:
        pass
    assert alarms.take_happened() == left
    assert alarms.take_happened() == []


def look_at(alarm: Alarm, by: User, scope: str = SITE, note: str = "Đã hỏi, máy cũ của trường.") -> None:
    with unit_of_work():
        acknowledge(alarm_id=alarm.id, scope=scope, note=note, actor_id=by.id, now=NOON + timedelta(hours=2))


@both
def test_lg_12_somebody_looks_at_an_alarm_once_and_the_trail_knows(app: Flask, make: Make, raised: Alarm) -> None:
    person = make.user("Trần Thị Quản Trị")
    look_at(raised, person)
    (row,) = stored()
    assert (row.acknowledged_at, row.acknowledged_by) == (NOON + timedelta(hours=2), person.id)
    assert row.note == "Đã hỏi, máy cũ của trường."
    assert entries()[1:] == [("alarm.acknowledged", f"alarm:{row.id}", {"reason": "Đã hỏi, máy cũ của trường."})]
    with pytest.raises(RuleBroken, match="alarm_acknowledged"):
        look_at(raised, make.user("Người Thứ Hai"), note="khác")
    assert stored()[0].note == "Đã hỏi, máy cũ của trường."
    assert list(audit.broken()) == []


def test_an_alarm_of_another_scope_is_not_there(app: Flask, make: Make, raised: Alarm) -> None:
    with pytest.raises(NotFound):
        look_at(raised, make.user(), scope="edition:3")


def test_nobody_looks_at_an_alarm_about_themselves(app: Flask, make: Make) -> None:
    person = make.user()
    alarms.wait(replace(ALERT, of=replace(HAPPENING, who=f"user:{person.id}", user_id=person.id)))
    with app.test_request_context():
        alarms.write_waiting()
    with pytest.raises(RuleBroken, match="alarm_about_you"):
        look_at(stored()[0], person)
    look_at(stored()[0], make.user("Người Khác"))


def test_an_hour_begins_at_its_full_minute_in_utc() -> None:
    there = datetime.fromisoformat("2026-10-08T12:34:56.789+05:30")
    assert alarms.hour_of(there).isoformat() == "2026-10-08T07:00:00+00:00"
