"""No table that hangs on an edition is forgotten when a rehearsal is wiped."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import Table

from contest.infra import wiping
from contest.infra.db import db

# The trail and the list of erasures stay: they name people, who may have been invented for a rehearsal.
STAYS = {"audit_entries", "erasures"}


def hanging() -> set[str]:
    """Walk the foreign keys: every table from which they lead to an edition."""
    tables: dict[str, Table] = dict(db.metadata.tables)
    found = {"editions"}
    while True:
        more = {
            name
            for name, table in tables.items()
            if name not in found and any(key.column.table.name in found for key in table.foreign_keys)
        }
        if not more:
            return found
        found |= more


def test_every_table_that_hangs_on_an_edition_is_registered(app: Flask) -> None:
    assert len(hanging()) > 20
    assert hanging() - STAYS - wiping.covered() == set()


def test_every_table_with_a_scope_is_registered(app: Flask) -> None:
    scoped = {name for name, table in db.metadata.tables.items() if "scope" in table.columns and name != "awards"}
    assert "outbox_mails" in scoped
    assert scoped - STAYS - wiping.covered() == set()


def test_every_column_with_keys_of_files_is_registered(app: Flask) -> None:
    keys = {
        f"{name}.{column.name}"
        for name, table in db.metadata.tables.items()
        for column in table.columns
        if column.name in ("storage_key", "logo_key", "background_key", "photo_key", "scan_key")
    }
    assert keys == {f"{column.table.name}.{column.name}" for column in wiping.files()}


def test_nothing_registered_is_unknown_and_each_rule_can_be_written(app: Flask) -> None:
    for name in wiping.covered():
        assert str(wiping.rows_of(db.metadata.tables[name], 7))
    assert wiping.scope_of(7) == "edition:7"
