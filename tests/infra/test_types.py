"""Column types: what goes in comes out, on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, Table, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.exc import StatementError

from contest.infra.db import db
from contest.infra.types import EnumText, ExactDecimal, UtcDateTime, public_id

HANOI = timezone(timedelta(hours=7))


class Colour(StrEnum):
    RED = "red"
    GOLD = "gold"


THINGS = Table(
    "things_of_test_types",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime),
    Column("amount", ExactDecimal),
    Column("colour", EnumText(Colour)),
)


@pytest.fixture
def connection(app: Flask) -> Iterator[Connection]:
    """A connection that sees a table of every type and leaves nothing behind."""
    with db.engine.connect().execution_options(writing=True) as open_connection:
        THINGS.create(open_connection)
        yield open_connection
        open_connection.rollback()


def stored(connection: Connection, **values: object) -> object:
    connection.execute(THINGS.insert().values(**values))
    return connection.execute(select(*(THINGS.c[name] for name in values))).one()[0]


@pytest.mark.both_databases
def test_a_moment_comes_back_in_utc(connection: Connection) -> None:
    at = datetime(2026, 10, 8, 23, 59, 59, 123456, tzinfo=HANOI)
    found = stored(connection, at=at)
    assert found == at
    assert isinstance(found, datetime)
    assert found.tzinfo is UTC


@pytest.mark.both_databases
def test_moments_compare_in_sql_whatever_their_zone(connection: Connection) -> None:
    noon = datetime(2026, 10, 8, 12, 0, tzinfo=HANOI)
    stored(connection, at=noon)
    before = select(THINGS.c.id).where(THINGS.c.at < datetime(2026, 10, 8, 5, 0, 1, tzinfo=UTC))
    after = select(THINGS.c.id).where(THINGS.c.at > datetime(2026, 10, 8, 5, 0, 0, tzinfo=UTC))
    assert len(connection.execute(before).all()) == 1
    assert connection.execute(after).all() == []


@pytest.mark.both_databases
def test_a_naive_moment_is_refused(connection: Connection) -> None:
    with pytest.raises(StatementError, match="naive"):
        stored(connection, at=datetime(2026, 10, 8, 12, 0))  # noqa: DTZ001  naive on purpose


@pytest.mark.both_databases
@pytest.mark.parametrize("text", ["0.1", "0.10", "0.333333333333333333333333", "-2.50", "100", "0"])
def test_a_decimal_keeps_every_digit(connection: Connection, text: str) -> None:
    assert str(stored(connection, amount=Decimal(text))) == text


@pytest.mark.both_databases
def test_an_exponent_is_written_out(connection: Connection) -> None:
    assert str(stored(connection, amount=Decimal("2.5E-3"))) == "0.0025"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6))
def test_any_decimal_survives_the_text_form(number: Decimal) -> None:
    kind, dialect = ExactDecimal(), sqlite.dialect()
    text = kind.process_bind_param(number, dialect)
    assert "E" not in str(text)
    assert kind.process_result_value(text, dialect) == number


@pytest.mark.both_databases
def test_an_enumeration_comes_back_as_a_member(connection: Connection) -> None:
    found = stored(connection, colour=Colour.GOLD)
    assert found is Colour.GOLD


@pytest.mark.both_databases
def test_a_value_the_enumeration_does_not_know_is_refused(connection: Connection) -> None:
    with pytest.raises(StatementError, match="blue"):
        stored(connection, colour="blue")


@pytest.mark.both_databases
@pytest.mark.parametrize("name", ["at", "amount", "colour"])
def test_nothing_stays_nothing(connection: Connection, name: str) -> None:
    assert stored(connection, **{name: None}) is None


def test_both_dialects_get_the_form_they_can_hold() -> None:
    at = datetime(2026, 10, 8, 12, 0, tzinfo=HANOI)
    kept_by_sqlite = UtcDateTime().process_bind_param(at, sqlite.dialect())
    kept_by_postgres = UtcDateTime().process_bind_param(at, PGDialect())  # type: ignore[no-untyped-call]  # untyped there
    assert kept_by_sqlite == datetime(2026, 10, 8, 5, 0)  # noqa: DTZ001  SQLite stores no zone
    assert kept_by_postgres == at


def test_public_ids_are_readable_and_never_alike() -> None:
    ids = {public_id() for _ in range(2000)}
    assert len(ids) == 2000
    assert all(re.fullmatch("[2-9b-hj-km-np-tv-xz]{10}", code) and not set(code) & set("aeiouyl01") for code in ids)
    assert len(public_id(4)) == 4
