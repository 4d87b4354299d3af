"""The unit of work, reads outside of it, and connections that rested."""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, event, func, select, text

from contest.accounts.models import User
from contest.errors import Busy
from contest.infra import db as house
from contest.infra.db import db, engine_options, plain_rows, unit_of_work
from tests.factories import NOON, Make

both = pytest.mark.both_databases
NAMES = select(User.name).where(User.name == bindparam("name"))


def person(name: str = "Ánh") -> User:
    return User(name=name, created_at=NOON)


def count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(User)) or 0


def fail_with(error: type[BaseException]) -> None:
    with unit_of_work() as session:
        session.add(person())
        session.flush()  # so that there is something to undo in the database
        raise error


@pytest.fixture
def sent(app: Flask) -> Iterator[list[str]]:
    """Every statement that goes to the driver through SQLAlchemy, BEGIN included."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)


@both
def test_a_unit_of_work_is_kept_whole(app: Flask) -> None:
    with unit_of_work() as session:
        session.add_all([person("Ánh"), person("Bình")])
    assert count() == 2


@both
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_any_error_undoes_all_of_it_and_leaves_the_session_usable(app: Flask, error: type[BaseException]) -> None:
    with pytest.raises(error):
        fail_with(error)
    assert count() == 0
    with unit_of_work() as session:
        session.add(person())
    assert count() == 1


def test_units_of_work_do_not_nest(app: Flask) -> None:
    with unit_of_work(), pytest.raises(RuntimeError, match="does not nest"), unit_of_work():
        pass
    with unit_of_work() as session:
        session.add(person())
    assert count() == 1


@both
def test_plain_rows_see_what_the_transaction_has_pending(app: Flask) -> None:
    with unit_of_work() as session:
        session.add(person("Ánh"))
        assert plain_rows(NAMES, name="Ánh").scalars().all() == ["Ánh"]
    assert plain_rows(NAMES, name="Bình").all() == []


def test_a_writer_takes_the_write_lock_at_once_and_a_reader_takes_none(app: Flask, sent: list[str]) -> None:
    with unit_of_work():
        assert sent == ["BEGIN IMMEDIATE"]
    sent.clear()
    plain_rows(NAMES, name="Ánh")
    assert [statement.split()[0] for statement in sent] == ["SELECT"]


def test_a_reader_keeps_one_moment_while_others_write(app: Flask) -> None:
    assert plain_rows(NAMES, name="Ánh").all() == []

    def write() -> None:
        with app.app_context(), unit_of_work() as session:
            session.add(person("Ánh"))

    writer = Thread(target=write)
    writer.start()
    writer.join()
    assert plain_rows(NAMES, name="Ánh").all() == []
    db.session.rollback()
    assert len(plain_rows(NAMES, name="Ánh").all()) == 1


@both
def test_many_writers_at_once_all_get_their_turn(app: Flask) -> None:
    def write(number: int) -> None:
        with app.app_context(), unit_of_work() as session:
            session.add(person(f"Người {number}"))

    writers = [Thread(target=write, args=(number,)) for number in range(12)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert count() == 12


def test_a_writer_whose_turn_never_comes_hears_it_from_the_database(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "BUSY_SECONDS", 0.05)
    holding, done = Event(), Event()

    def hold() -> None:
        with app.app_context(), unit_of_work():
            holding.set()
            done.wait()

    holder = Thread(target=hold)
    holder.start()
    holding.wait()
    try:
        db.session.execute(text("PRAGMA busy_timeout=50"))
        db.session.rollback()
        started = time.monotonic()
        with pytest.raises(Busy), unit_of_work():
            pass
        assert time.monotonic() - started < 5
    finally:
        done.set()
        holder.join()
    db.session.execute(text("PRAGMA busy_timeout=10000"))
    db.session.rollback()
    with unit_of_work() as session:
        session.add(person())
    assert count() == 1


def test_sqlite_opens_safe(app: Flask) -> None:
    found = {
        name: db.session.scalar(text(f"PRAGMA {name}"))
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema")
    }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
        "trusted_schema": 0,
    }


def test_options_follow_the_kind_of_database() -> None:
    assert set(engine_options("sqlite:///x")) == {"hide_parameters", "module", "connect_args"}
    assert set(engine_options("postgresql+psycopg://x")) == {"hide_parameters", "pool_size", "max_overflow"}


def on_postgres(app: Flask) -> bool:
    return db.engine.dialect.name == "postgresql"


def in_transaction() -> bool:
    """Whether the server has a transaction open for the session's connection."""
    driver: Any = db.session.connection().connection.driver_connection
    return bool(driver.pgconn.transaction_status != 0)


@both
def test_reads_outside_a_unit_of_work_open_no_transaction_on_postgresql(app: Flask) -> None:
    if not on_postgres(app):
        return
    plain_rows(NAMES, name="Ánh").all()
    assert not in_transaction()
    db.session.scalar(select(func.count()).select_from(User))
    assert not in_transaction()
    with unit_of_work():
        plain_rows(NAMES, name="Ánh").all()
        assert in_transaction()
    plain_rows(NAMES, name="Ánh").all()
    assert not in_transaction()


@both
def test_direct_use_of_the_engine_stays_transactional(app: Flask, make: Make) -> None:
    make.user()
    with db.engine.connect().execution_options(writing=True) as connection:
        connection.execute(text("UPDATE users SET name = 'x'"))
        connection.rollback()
    assert db.session.scalar(select(User.name)) != "x"


@both
def test_a_connection_that_died_at_rest_is_replaced_unnoticed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    if not on_postgres(app):
        return
    monkeypatch.setattr(house, "REST_SECONDS", 0.0)
    db.session.rollback()
    db.engine.dispose()  # the pool may hold more than the two connections of this test
    first = db.session.scalar(text("SELECT pg_backend_pid()"))
    with db.engine.connect() as other:
        db.session.rollback()  # the first connection rests in the pool, alone
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": first})
        assert db.session.scalar(text("SELECT pg_backend_pid()")) not in (first, None)


@both
def test_a_connection_that_rested_is_asked_and_goes_on_in_transactions(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "REST_SECONDS", 0.0)
    assert count() == 0
    with unit_of_work() as session:
        session.add(person())
    assert count() == 1
    with pytest.raises(ValueError):  # noqa: PT011  ours, from one line above
        fail_with(ValueError)
    assert count() == 1
