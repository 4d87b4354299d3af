"""The audit trail stands and falls with the change it tells of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from config import TestConfig
from contest import create_app
from contest.infra import audit
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from tests.conftest import POSTGRES
from tests.factories import Make

SCHEMA = "test_audit_as_migrated"


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Flask]:
    """An application on a database as the migrations leave it: nothing goes out of its trail."""
    yield from _migrated(f"sqlite:///{tmp_path / 'guarded.sqlite'}", tmp_path)


@pytest.fixture
def guarded_postgres(tmp_path: Path) -> Iterator[Flask]:
    bare = create_app(TestConfig.from_env({"DATABASE_URL": POSTGRES, "APP_ENV": "test"}))
    with bare.app_context(), unit_of_work() as session:
        session.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
        session.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    yield from _migrated(f"{POSTGRES}{'&' if '?' in POSTGRES else '?'}options=-csearch_path%3D{SCHEMA}", tmp_path)
    with bare.app_context():
        with unit_of_work() as session:
            session.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))
        db.engine.dispose()


def _migrated(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(TestConfig.from_env({"DATABASE_URL": url, "DATA_DIR": str(folder), "APP_ENV": "test"}))
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


@contextmanager
def unguarded() -> Iterator[Any]:
    """A unit of work of somebody who may switch off what guards the trail."""
    with unit_of_work() as session:
        if db.engine.dialect.name == "postgresql":
            session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
            yield session
            session.execute(text("ALTER TABLE audit_entries ENABLE TRIGGER USER"))
            return
        made = session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'audit_entries_never_change'"))
        session.execute(text("DROP TRIGGER audit_entries_never_change"))
        yield session
        session.execute(text(made))


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
    with unit_of_work():
        audit.record(at=noon, actor_id=None, scope="edition:3", action="role.revoked")
    assert [entry.action for entry in entries()] == ["role.revoked"]


@pytest.mark.both_databases
def test_entries_keep_their_order_when_the_clock_does_not(app: Flask, noon: datetime) -> None:
    for number in range(3):
        with unit_of_work():
            audit.record(at=noon, actor_id=None, scope="edition:3", action=f"step.{number}")
    assert [entry.action for entry in entries()] == ["step.0", "step.1", "step.2"]


def test_facts_that_are_no_json_are_refused_at_once(app: Flask, noon: datetime) -> None:
    with pytest.raises(TypeError), unit_of_work():
        audit.record(at=noon, actor_id=None, scope="edition:3", action="a", moment=noon)
    with unit_of_work():
        audit.record(at=noon, actor_id=None, scope="edition:3", action="b")
    assert [entry.action for entry in entries()] == ["b"]


@pytest.mark.both_databases
def test_entries_are_numbered_and_linked_within_their_scope(app: Flask, make: Make, noon: datetime) -> None:
    actor = make.user()
    with unit_of_work():
        audit.record(at=noon, actor_id=actor.id, scope="edition:3", action="a", n=1, names=("Đỗ", "Ỷ"))
        audit.record(at=noon, actor_id=None, scope="accounts", action="b")
        audit.record(at=noon, actor_id=actor.id, scope="edition:3", action="c", share=0.5)
    with unit_of_work():
        audit.record(at=noon, actor_id=None, scope="edition:3", action="d")
    found = [(entry.scope, entry.seq, entry.action) for entry in entries()]
    assert found == [("edition:3", 1, "a"), ("accounts", 1, "b"), ("edition:3", 2, "c"), ("edition:3", 3, "d")]
    assert audit.broken() == []
    assert audit.scopes() == ["accounts", "edition:3"]


@pytest.mark.both_databases
def test_writers_at_once_leave_no_gap(app: Flask, noon: datetime) -> None:
    def write(number: int) -> None:
        with app.app_context():
            for step in range(5):
                with unit_of_work():
                    audit.record(at=noon, actor_id=None, scope="edition:3", action=f"{number}.{step}")
                    audit.record(at=noon, actor_id=None, scope=f"edition:{number}", action="own")

    threads = [Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert audit.broken() == []
    assert [link.seq for link in audit.links_of("edition:3")] == list(range(1, 26))


CHANGES = ("UPDATE audit_entries SET facts = '{}'", "UPDATE audit_entries SET at = at", "DELETE FROM audit_entries")


@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_itself_refuses_to_change_an_entry(guarded: Flask, noon: datetime, statement: str) -> None:
    with unit_of_work():
        audit.record(at=noon, actor_id=None, scope="edition:3", action="a")
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.execute(text(statement))
    assert [entry.action for entry in entries()] == ["a"]


def test_an_entry_is_not_replaced_either(guarded: Flask, noon: datetime) -> None:
    with unit_of_work():
        audit.record(at=noon, actor_id=None, scope="edition:3", action="a")
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.execute(
            text(
                "INSERT OR REPLACE INTO audit_entries (id, at, scope, seq, action, subject, facts)"
                " SELECT id, at, scope, seq, 'z', subject, facts FROM audit_entries"
            )
        )
    assert [entry.action for entry in entries()] == ["a"]


@pytest.mark.parametrize("statement", [*CHANGES, "TRUNCATE audit_entries"])
@pytest.mark.skipif(not POSTGRES, reason="TEST_DATABASE_URL is not set")
@pytest.mark.postgres
def test_postgresql_refuses_it_too(guarded_postgres: Flask, noon: datetime, statement: str) -> None:
    with unit_of_work():
        audit.record(at=noon, actor_id=None, scope="edition:3", action="a")
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.execute(text(statement))


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("statement", "seq", "flaw"),
    [
        ("UPDATE audit_entries SET action = 'z' WHERE seq = 2", 2, "content"),
        ("UPDATE audit_entries SET actor_id = NULL, facts = '{\"n\": 9}' WHERE seq = 3", 3, "content"),
        ("UPDATE audit_entries SET digest = previous WHERE seq = 1", 1, "content"),
        ("DELETE FROM audit_entries WHERE seq = 2", 2, "number"),
    ],
)
def test_whoever_goes_round_the_database_is_found(
    app: Flask, noon: datetime, statement: str, seq: int, flaw: str
) -> None:
    for n in range(1, 5):
        with unit_of_work():
            audit.record(at=noon, actor_id=None, scope="edition:3", action="a", n=n)
    with unguarded() as session:
        session.execute(text(statement))
    assert [(one.scope, one.seq, one.flaw) for one in audit.broken()] == [("edition:3", seq, flaw)]
