"""A person's own data, as the catalogue tells them: nobody else's, no marks before they are public, no secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Boolean, Column, Date, Table, select

from contest.editions.models import Edition, Round
from contest.infra.db import db
from contest.infra.types import EnumText, UtcDateTime
from contest.judging.models import Look
from contest.privacy.catalogue import CATALOGUE
from contest.privacy.classes import Data, TableEntry, Whose
from contest.privacy.persons import Person
from contest.privacy.queries.people import rows_of, table_of
from contest.results.queries.appeals import published_lines
from contest.submissions.models import Submission

TOLD = (Data.IDENTITY, Data.CONTACT, Data.CHILD, Data.CONTENT, Data.MARKS)
PLAIN = frozenset({"code", "number", "locale", "action", "version", "late", "size", "content_type"})
"""Technical columns that tell something by themselves; moments, dates, states and switches do as well."""
SOMEBODY = "[…]"


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A stored file of the person."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class OwnData:
    """Rows by table, published results, who looked, and files; all values are plain JSON."""

    tables: Mapping[str, list[dict[str, Any]]]
    results: list[dict[str, Any]]
    looks: list[dict[str, Any]]
    files: tuple[OwnFile, ...]


def own_data(person: Person) -> OwnData:
    """Return everything that is the person's, other members' names taken out of the texts."""
    mates = Person(names=frozenset(person.others))
    tables = {one.table: list(_rows(one, person, mates)) for one in CATALOGUE.values() if one.whose is not Whose.NOBODY}
    return OwnData(
        {name: rows for name, rows in tables.items() if rows},
        list(_results(person)),
        list(_looks(person)),
        tuple(_files(person, mates)),
    )


def _rows(entry: TableEntry, person: Person, mates: Person) -> Iterator[dict[str, Any]]:
    table = table_of(entry)
    names = [name for name, data in entry.columns.items() if _tells(table.c[name], data) and name not in entry.hidden]
    if not names:
        return
    where = table.c.id.in_(sorted(person.teams)) if entry.table == "teams" else rows_of(entry, person)
    chosen = select(*(table.c[name] for name in names)).where(where).order_by(*table.primary_key.columns)
    for row in db.session.execute(chosen):
        yield {name: _plain(value, mates) for name, value in zip(names, row, strict=True)}


def _tells(column: Column[Any], data: Data) -> bool:
    if data in TOLD:
        return True
    return data is Data.TECHNICAL and (
        column.name in PLAIN or isinstance(column.type, UtcDateTime | Date | Boolean | EnumText)
    )


def _plain(value: Any, mates: Person) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return mates.freed_json(value, SOMEBODY)


def _results(person: Person) -> Iterator[dict[str, Any]]:
    entries = db.session.execute(
        select(Submission.code, Submission.edition_id, Edition.code.label("edition"))
        .join(Edition, Edition.id == Submission.edition_id)
        .where(Submission.id.in_(person.entries))
        .order_by(Submission.id)
    )
    for entry in entries:
        found = select(Round.id, Round.code).where(Round.edition_id == entry.edition_id)
        rounds = {row.id: row.code for row in db.session.execute(found)}
        for round_id, line in sorted(published_lines(entry.edition_id, entry.code).items()):
            yield {
                "edition": entry.edition,
                "round": rounds[round_id],
                "submission": entry.code,
                "rank": line.rank,
                "result": line.result,
            }


def _looks(person: Person) -> Iterator[dict[str, Any]]:
    """Yield which pages of the entry were opened and when: who it was is theirs, the kind of page tells the role."""
    seen = select(Look.page, Look.first_at).where(Look.submission_id.in_(person.entries)).order_by(Look.id)
    return ({"page": row.page, "at": row.first_at.isoformat()} for row in db.session.execute(seen))


def _files(person: Person, mates: Person) -> Iterator[OwnFile]:
    for entry in CATALOGUE.values():
        keys = entry.of(Data.FILE)
        if entry.whose is Whose.NOBODY or not keys:
            continue
        table = table_of(entry)
        named = _name_of(table)
        for key in keys:
            chosen = select(table.c[key], named).where(rows_of(entry, person), table.c[key].is_not(None))
            for row in db.session.execute(chosen.order_by(*table.primary_key.columns)):
                yield OwnFile(mates.freed(row[1] or key, SOMEBODY), row[0])


def _name_of(table: Table) -> Column[Any]:
    known = [table.c[name] for name in ("filename", "scan_name", "photo_sha256") if name in table.c]
    return known[0]
