"""What hangs on one root row, e.g. an edition, in every package: said once per table, deleted in one sweep.

Each package says by which columns the rows of its tables hang on something else: `hangs_on(Team.edition_id)`. From
there the foreign keys lead to the root, and the deletion runs against them, children first, whoever owns them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from contest.infra.db import Base, db

Attribute = InstrumentedAttribute[Any]


@dataclass(slots=True)
class _Owned:
    """How the rows of one table hang on the root. `witness`: rows that stay, changed to the values of `then`."""

    columns: tuple[Column[Any], ...]
    scoped: bool = False
    witness: ColumnElement[bool] | None = None
    then: Mapping[str, Any] = field(default_factory=dict)


_owned: dict[str, _Owned] = {}
_files: list[Column[Any]] = []
_root: list[Table] = []


def root(identity: Attribute) -> None:
    """Name the primary key that everything hangs on."""
    _root[:] = [_column(identity).table]


def hangs_on(*columns: Attribute, witness: ColumnElement[bool] | None = None, then: Mapping[str, Any] = {}) -> None:
    """Say that rows of a table go when any of these foreign keys leads to the root, or to a row that goes.

    A row for which `witness` holds stays, with the values of `then`: something that is never deleted names it.
    """
    found = tuple(map(_column, columns))
    _owned[found[0].table.name] = _Owned(found, witness=witness, then=then)


def in_scope(column: Attribute) -> None:
    """Say that rows of a table go whose text names the root as "<root>:<id>", e.g. "edition:3"."""
    _owned[_column(column).table.name] = _Owned((_column(column),), scoped=True)


def holds_file(column: Attribute) -> None:
    """Say that a column holds keys of stored files."""
    _files.append(_column(column))


def _column(attribute: Attribute) -> Column[Any]:
    column: Column[Any] = attribute.property.columns[0]
    return column


def covered() -> frozenset[str]:
    """Return the names of the tables that are known here, the root among them."""
    return frozenset(_owned) | {table.name for table in _root}


def files() -> tuple[Column[Any], ...]:
    """Return the columns that hold keys of stored files."""
    return tuple(_files)


def scope_of(root_id: int) -> str:
    """Return how texts name the root, e.g. "edition:3"."""
    return f"{_root[0].name.removesuffix('s')}:{root_id}"


def rows_of(table: Table, root_id: int) -> ColumnElement[bool]:
    """Return which rows of a table hang on the root. Raises `KeyError` for a table that nobody has named."""
    if table is _root[0]:
        return table.primary_key.columns[0] == root_id
    owned = _owned[table.name]
    if owned.scoped:
        return owned.columns[0] == scope_of(root_id)
    return or_(*(_leads(column, root_id) for column in owned.columns))


def _leads(column: Column[Any], root_id: int) -> ColumnElement[bool]:
    target = next(iter(column.foreign_keys)).column
    if target.table is _root[0]:
        return column == root_id
    return column.in_(select(target).where(rows_of(target.table, root_id)))


def wipe(root_id: int) -> tuple[dict[str, int], list[str]]:
    """Delete the root row with everything that hangs on it; return the numbers by table, and the files to delete.

    The files are left to the caller, for after the commit. A file that another row names stays and is not returned.
    """
    keys = _keys(root_id)
    counts: dict[str, int] = {}
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in covered():
            counts[table.name] = _delete(table, root_id)
    still = {key for column in _files for key in _stored(column, column.in_(keys))} if keys else set()
    return {name: count for name, count in counts.items() if count}, sorted(keys - still)


def _keys(root_id: int) -> set[str]:
    return {key for column in _files for key in _stored(column, rows_of(column.table, root_id))}


def _stored(column: Column[Any], which: ColumnElement[bool]) -> set[str]:
    return set(db.session.scalars(select(column).where(which, column.is_not(None))))


def _delete(table: Table, root_id: int) -> int:
    where, owned = rows_of(table, root_id), _owned.get(table.name)
    if owned is None or owned.witness is None:
        return _count(delete(table).where(where))
    gone = _count(delete(table).where(where, ~owned.witness))
    _count(update(table).where(where).values(**owned.then))
    return gone


def _count(statement: Any) -> int:
    # What the session holds of these rows is of no use any more; nothing is matched in Python.
    done: Any = db.session.execute(statement, execution_options={"synchronize_session": False})
    return int(done.rowcount)
