"""What an erasure would do, row by row, found by the catalogue; nothing is written here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Table, and_, func, or_, select

from contest.commitments import shredded
from contest.infra import wiping
from contest.infra.db import Base, db
from contest.privacy.catalogue import CATALOGUE
from contest.privacy.classes import Data, Fate, TableEntry, Whose
from contest.privacy.persons import Person
from contest.privacy.queries.people import rows_of, table_of
from contest.submissions.queries.receipts import receipt_fingerprint

BESIDE = {"snapshots": "names", "award_lists": "names", "audit_entries": "words"}
ACCOUNTS = "accounts"
MADE_AGAIN = ("certificate_files", "import_drafts")
"""Files about a whole edition that can be made or uploaded again."""
ENTRY_GOES = ("part_answers", "submission_files", "receipts")
"""What goes of an entry of which nobody is left."""


@dataclass(frozen=True, slots=True)
class Change:
    """New values for some rows of a table."""

    table: Table
    where: ColumnElement[bool]
    values: Mapping[str, Any]


@dataclass(slots=True)
class Plan:
    """Everything that an erasure does: rows that go, rows that change, stored files that go."""

    alias: str
    changes: list[Change] = field(default_factory=list)
    gone: list[tuple[Table, ColumnElement[bool]]] = field(default_factory=list)
    files: set[str] = field(default_factory=set)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows change or go, by table, and how many files go."""
        found: Counter[str] = Counter()
        for one in self.changes:
            found[one.table.name] += _count(one.table, one.where)
        for table, where in self.gone:
            found[table.name] += _count(table, where)
        found["files"] = len(self.files)
        return {name: number for name, number in sorted(found.items()) if number}


def _count(table: Table, where: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(where)) or 0


def plan_of(person: Person, alias: str) -> Plan:
    """Return what erasing a person does: own rows are emptied or go, everybody else's texts are freed of the name."""
    plan = Plan(alias)
    for entry in CATALOGUE.values():
        if entry.whose is Whose.PERSON:
            _own_rows(plan, entry, person)
        for where in _near(entry, person):
            plan.changes += _freed(entry, person, alias, where)
    _entries_of_nobody(plan, person)
    _made_files(plan, person)
    _beside_what_stands(plan, person)
    return plan


def _own_rows(plan: Plan, entry: TableEntry, person: Person) -> None:
    table, mine = table_of(entry), rows_of(entry, person)
    for column in entry.columns:
        if entry.fate(column) is Fate.FILE:
            plan.files |= set(db.session.scalars(select(table.c[column]).where(mine, table.c[column].is_not(None))))
    if entry.gone:
        plan.files |= set(_keys(entry, mine))
        plan.gone.append((table, mine))
        return
    values = {name: _left(table.c[name], entry.fate(name), plan.alias) for name in _emptied(entry)}
    if entry.table == "users":
        values["is_active"] = False
    if values:
        plan.changes.append(Change(table, mine, values))  # a guardian goes with the child


def _emptied(entry: TableEntry) -> Iterator[str]:
    return (name for name in entry.columns if entry.fate(name) in (Fate.ALIAS, Fate.BLANK, Fate.FILE))


def _left(column: Column[Any], fate: Fate, alias: str) -> Any:
    if fate is Fate.ALIAS:
        return alias
    return None if column.nullable else ""


def _keys(entry: TableEntry, where: ColumnElement[bool]) -> Iterator[str]:
    table = table_of(entry)
    for name in entry.of(Data.FILE):
        yield from db.session.scalars(select(table.c[name]).where(where, table.c[name].is_not(None)))


def _near(entry: TableEntry, person: Person) -> Iterator[ColumnElement[bool]]:
    """Yield which rows may name the person: those of the editions that the person was in."""
    if entry.table in wiping.covered() and entry.table != "users":
        for edition_id in sorted(person.editions):
            yield wiping.rows_of(table_of(entry), edition_id)


def _freed(entry: TableEntry, person: Person, alias: str, where: ColumnElement[bool]) -> Iterator[Change]:
    table = table_of(entry)
    names = [name for name in entry.columns if entry.fate(name) is Fate.SCRUB]
    if entry.table == "receipts":
        names = ["manifest", "at"]
    if not names:
        return
    key = list(table.primary_key.columns)
    for row in db.session.execute(select(*key, *(table.c[name] for name in names)).where(where).order_by(*key)):
        said = row._mapping  # noqa: SLF001  the public way to columns by name
        values = {name: _new(table.c[name], said[table.c[name]], person, alias) for name in names}
        values = {name: value for name, value in values.items() if value != said[table.c[name]]}
        if values and entry.table == "receipts":
            moment = said[table.c.at].astimezone(UTC)
            values["fingerprint"] = receipt_fingerprint(values["manifest"], moment)
        if values:
            yield Change(table, and_(*(column == said[column] for column in key)), values)


def _new(column: Column[Any], value: Any, person: Person, alias: str) -> Any:
    if isinstance(column.type, JSON):
        return person.freed_json(value, alias)
    if not isinstance(value, str):
        return value
    freed = person.freed(value, alias)
    length = getattr(column.type, "length", None)
    return freed[:length] if length else freed


def _entries_of_nobody(plan: Plan, person: Person) -> None:
    """Empty the entries of which nobody is left: texts and files go; code, team name, marks and ranks stay."""
    entries = Base.metadata.tables["submissions"]
    alone = entries.c.team_id.in_(sorted(person.sole))
    if not person.sole:
        return
    ids = select(entries.c.id).where(alone)
    for name in ENTRY_GOES:
        table = Base.metadata.tables[name]
        where = table.c.submission_id.in_(ids)
        plan.files |= set(_keys(CATALOGUE[name], where))
        plan.changes = [one for one in plan.changes if one.table is not table]
        plan.gone.append((table, where))
    plan.changes.append(Change(entries, alone, {"summary": "", "status_reason": ""}))
    teams = Base.metadata.tables["teams"]
    emptied = ("email", "phone", "mentor_name", "mentor_email", "mentor_phone", "mentor_school")
    plan.changes.append(Change(teams, teams.c.id.in_(sorted(person.sole)), dict.fromkeys(emptied, "")))


def _made_files(plan: Plan, person: Person) -> None:
    for name in MADE_AGAIN:
        table = Base.metadata.tables[name]
        where = table.c.edition_id.in_(sorted(person.editions))
        plan.files |= set(_keys(CATALOGUE[name], where))
        plan.gone.append((table, where))


def _beside_what_stands(plan: Plan, person: Person) -> None:
    """Find the names beside frozen documents and the words beside the trail that tell of the person."""
    for name, beside in BESIDE.items():
        table = Base.metadata.tables[name]
        held = select(table.c.id, table.c[beside]).where(_scope(table, person)).order_by(table.c.id)
        for row in db.session.execute(held):
            texts = [text for salt, text in row[1].values() if salt]
            doomed = {text: freed for text in texts if (freed := person.freed(text, plan.alias)) != text}
            if doomed:
                plan.changes.append(Change(table, table.c.id == row.id, {beside: shredded(row[1], doomed)}))


def _scope(table: Table, person: Person) -> ColumnElement[bool]:
    if table.name == "audit_entries":
        return table.c.scope.in_([ACCOUNTS, *(wiping.scope_of(one) for one in sorted(person.editions))])
    return or_(*(wiping.rows_of(table, one) for one in sorted(person.editions)), table.c.id.is_(None))
