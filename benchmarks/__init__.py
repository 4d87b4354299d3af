"""Repeatable measurements, never part of the test run. Each module offers `run(args: list[str]) -> Report`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Cell: TypeAlias = str | int | float | None
Row: TypeAlias = Mapping[str, Cell]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a measurement found: rows of one table, and how many things went wrong (lost, doubled, error answers).

    A time is never wrong. `facts` holds what was true for the whole run (server, database, sizes).
    """

    rows: tuple[Row, ...]
    wrong: int = 0
    facts: Row = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Row], *, wrong: int = 0, **facts: Cell) -> Report:
        """Build a report from any rows; keywords become its facts."""
        return cls(rows=tuple(rows), wrong=wrong, facts=facts)

    def table(self) -> str:
        """Return the facts and the rows as aligned text; numbers to the right, columns in order of appearance."""
        names = list(dict.fromkeys(name for row in self.rows for name in row))
        cells = [[_text(row.get(name)) for name in names] for row in self.rows]
        widths = [max(map(len, column)) for column in zip(names, *cells, strict=True)]
        numeric = [all(not isinstance(row.get(name), str) for row in self.rows) for name in names]
        lines = [names, ["-" * width for width in widths], *cells]
        facts = [f"{name}: {_text(value)}" for name, value in self.facts.items()]
        return "\n".join([*facts, *(_line(line, widths, numeric) for line in lines)] if names else facts)


def _line(cells: list[str], widths: list[int], numeric: list[bool]) -> str:
    pairs = zip(cells, widths, numeric, strict=True)
    return "  ".join(cell.rjust(width) if right else cell.ljust(width) for cell, width, right in pairs).rstrip()


def _text(value: Cell) -> str:
    if value is None:
        return "-"
    return f"{value:,.3g}" if isinstance(value, float) and abs(value) < 100 else _whole(value)  # noqa: PLR2004 - digits


def _whole(value: Cell) -> str:
    return f"{value:,.0f}" if isinstance(value, (int, float)) else str(value)
