"""The audit trail stands and falls with the change it tells of."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from contest.infra import audit
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from tests.factories import Make


def entries() -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


@pytest.mark.both_databases
def test_an_entry_tells_who_when_what(app: Flask, make: Make, noon: datetime) -> None:
    actor = make.user()
    with unit_of_work():
        audit.record(
            at=noon, actor_id=actor.id, scope="edition:3", action="role.granted", subject="user:9", role="Giám khảo"
        )
    entry = entries()[0]
    assert (entry.at, entry.actor_id, entry.scope, entry.action, entry.subject, entry.facts) == (
        noon,
        actor.id,
        "edition:3",
        "role.granted",
        "user:9",
        {"role": "Giám khảo"},
    )


@pytest.mark.both_databases
def test_an_act_that_is_rolled_back_leaves_no_entry(app: Flask, noon: datetime) -> None:
    def fail() -> None:
        with unit_of_work():
            audit.record(at=noon, actor_id=None, scope="edition:3", action="role.granted")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert entries() == []


@pytest.mark.both_databases
def test_entries_keep_their_order_when_the_clock_does_not(app: Flask, noon: datetime) -> None:
    for number in range(3):
        with unit_of_work():
            audit.record(at=noon, actor_id=None, scope="edition:3", action=f"step.{number}")
    assert [entry.action for entry in entries()] == ["step.0", "step.1", "step.2"]
