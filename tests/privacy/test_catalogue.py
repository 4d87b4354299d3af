"""PR-02: every column has a class, a purpose, readers, a time and a fate."""

from __future__ import annotations

import pytest
from flask import Flask

from contest.infra.db import Base
from contest.privacy.catalogue import CATALOGUE, contest, judging, people
from contest.privacy.classes import USUAL, Data, Fate, Whose, entry


def columns() -> dict[str, set[str]]:
    return {name: {column.name for column in table.columns} for name, table in Base.metadata.tables.items()}


def test_pr_02_every_column_has_a_class(sqlite_app: Flask) -> None:
    """A column that is missing here needs a class in `contest/privacy/catalogue`: what it holds decides its fate."""
    del sqlite_app
    classed = {table: set(one.columns) for table, one in CATALOGUE.items()}
    assert {
        f"{table}.{name}" for table, names in columns().items() for name in names - classed.get(table, set())
    } == set()
    assert {
        f"{table}.{name}" for table, names in classed.items() for name in names - columns().get(table, set())
    } == set()


def test_a_table_is_there_once_and_says_what_it_is_for() -> None:
    written = [one.table for part in (people, judging, contest) for one in part.TABLES]
    assert len(written) == len(set(written)) == len(CATALOGUE)
    assert [one.table for one in CATALOGUE.values() if not one.purpose] == []


def test_ways_fates_and_hidden_columns_are_columns(sqlite_app: Flask) -> None:
    del sqlite_app
    for one in CATALOGUE.values():
        assert {*one.mine, *one.fates, *one.hidden} <= set(one.columns), one.table
        assert (one.whose is Whose.NOBODY) == (not one.mine), one.table


def test_what_a_person_is_known_by_never_stays() -> None:
    known_by = (Data.IDENTITY, Data.CONTACT, Data.CHILD)
    assert {USUAL[data] for data in known_by} == {Fate.ALIAS, Fate.BLANK}
    kept = {
        f"{one.table}.{name}" for one in CATALOGUE.values() for name in one.of(*known_by) if one.fate(name) is Fate.KEEP
    }
    assert kept == {"teams.school"}  # the team's, and published with it


def test_a_column_with_two_classes_is_refused() -> None:
    with pytest.raises(ValueError, match=r"t\.name has two classes"):
        entry("t", "nothing", technical="id name", identity="name")


def test_an_unknown_class_is_refused() -> None:
    with pytest.raises(ValueError, match="secret"):
        entry("t", "nothing", secret="id")
