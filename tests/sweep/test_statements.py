"""AC-04: every statement about the things of an edition is restricted to some by a key, never the table as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import BindParameter, Column, ColumnElement, Delete, Select, Table, Update, event
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression

from contest.infra.db import db
from tests.sweep.addresses import readable, true_paths
from tests.sweep.forms import PLACES, fill
from tests.sweep.hostile import Attack
from tests.sweep.site import Site, read
from tests.sweep.test_forms import send

pytestmark = pytest.mark.trust

SAME = frozenset({operators.eq, operators.in_op})
# What names one thing as surely as its number: drawn at random, or told apart by the database.
NAMES = frozenset({"public_id", "token_hash", "code_hash", "storage_key", "code", "scope", "email"})
# Statements that ask about all editions at once, by their tables, with the reason.
WHOLE: dict[frozenset[str], str] = {
    frozenset({"audit_entries"}): "the heads of all trails are signed together; a digest tells nothing of an entry",
    frozenset({"erasures"}): "an erasure belongs to no edition: only the names that stand for erased people are asked",
}


def tenant_tables() -> frozenset[str]:
    """Return the tables whose rows belong to an edition, at however many steps."""
    found = {"editions"}
    while True:
        more = {
            table.name
            for table in db.metadata.sorted_tables
            if any(key.column.table.name in found for key in table.foreign_keys)
        }
        if more <= found:
            return frozenset(found - {"editions", "users", "user_sessions", "sign_in_links"})
        found |= more


def restricting(statement: Any) -> set[str]:
    """Return the columns that name things and that the statement compares with a value."""
    found: set[str] = set()
    for element in visitors.iterate(statement):
        if isinstance(element, BinaryExpression) and element.operator in SAME:
            sides: tuple[ColumnElement[Any], ...] = (element.left, element.right)
            given = any(isinstance(one, BindParameter) for one in sides)
            found |= {one.name for one in sides if given and isinstance(one, Column) and names_things(one)}
    return found


def names_things(column: Column[Any]) -> bool:
    return column.primary_key or bool(column.foreign_keys) or column.name in NAMES


def tables(statement: Any) -> frozenset[str]:
    if isinstance(statement, (Update, Delete)):
        return frozenset({str(getattr(statement.table, "name", ""))})
    return frozenset(one.name for one in visitors.iterate(statement) if isinstance(one, Table))


@contextmanager
def loose_statements(found: dict[frozenset[str], str], asked: list[int]) -> Iterator[None]:
    """Collect the statements about things of an edition that name none of them; count all of them in `asked`."""
    tenants = tenant_tables()
    known: dict[Any, tuple[frozenset[str], bool]] = {}  # what differs only in its values is looked at once

    def note(_connection: Any, statement: Any, *_rest: Any) -> None:
        if isinstance(statement, (Select, Update, Delete)):
            cached = statement._generate_cache_key()  # noqa: SLF001  the shape of a statement, as the engine tells it
            shape = statement if cached is None else cached.key
            if shape not in known:
                known[shape] = tables(statement), bool(restricting(statement))
            named, restricted = known[shape]
            asked.append(len(named & tenants))
            if named & tenants and not restricted:
                found.setdefault(named, str(statement))

    event.listen(db.engine, "before_execute", note)
    try:
        yield
    finally:
        event.remove(db.engine, "before_execute", note)


def test_ac_04_the_hook_notices_a_statement_about_everything() -> None:
    everything = db.select(db.metadata.tables["teams"])
    assert restricting(everything) == set()
    assert restricting(everything.where(db.metadata.tables["teams"].c.edition_id == 1)) == {"edition_id"}
    assert restricting(everything.where(db.metadata.tables["teams"].c.name == "Đội Nắng")) == set()


def test_ac_04_the_hook_hears_what_the_site_asks(site: Site) -> None:
    found: dict[frozenset[str], str] = {}
    with loose_statements(found, []):
        db.session.execute(db.select(db.metadata.tables["teams"])).all()
    assert set(found) == {frozenset({"teams"})}


@pytest.mark.parametrize("role", ["organiser", "administrator", "judge", "captain", "visitor"])
def test_ac_04_every_page_asks_about_named_things(site: Site, role: str) -> None:
    found: dict[frozenset[str], str] = {}
    asked: list[int] = []
    with loose_statements(found, asked):
        for rule in readable():
            read(site.person(role).get(true_paths(site.app, rule, site.world.own)[0]))
    assert {named: said for named, said in found.items() if named not in WHOLE} == {}
    assert sum(map(bool, asked)) > (20 if role == "visitor" else 150)


def test_ac_04_every_form_writes_about_named_things(site: Site) -> None:
    found: dict[frozenset[str], str] = {}
    asked: list[int] = []
    forms = [fill(site, key) for key in PLACES]
    with loose_statements(found, asked):
        for form in forms:
            send(site, Attack("as it is", form))
            site.restore()
    assert {named: said for named, said in found.items() if named not in WHOLE} == {}
    assert sum(map(bool, asked)) > 1000
