"""The report of a round: everything that the ranking page, the workbook, the command line and a snapshot show.

It holds printed text and exact numbers as text, so that its canonical JSON can be frozen, fingerprinted and read back
without a digit changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import Any

from contest.editions.rules import LocalText, Source

FORMAT = 2


@dataclass(frozen=True, slots=True)
class Entrant:
    """A submission of the round as the report names it."""

    code: str
    title: str
    team: str
    school: str
    members: tuple[str, ...]
    mentor: str
    track: str | None
    field: str | None


@dataclass(frozen=True, slots=True)
class JudgeEntry:
    """A judge of the round."""

    code: str
    name: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Named:
    """A track or field: its code and its name in both languages."""

    code: str
    name: LocalText


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A criterion as printed: exact numbers as plain text. `position` is its place in the whole rubric."""

    code: str
    name: LocalText
    minimum: str
    maximum: str
    step: str
    weight: str
    position: int = 0
    source: str = Source.JUDGES.value
    floor: str | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one judge gave one submission.

    `state`: submitted, draft (marks are there, not handed in), missing (nothing yet), recused or abstained. `total` is
    the exact weighted total, before any `scale_to`, of one that counts; `marks` stand in the order of the criteria for
    judges, none for a blank.
    """

    judge: int
    state: str
    total: str | None
    marks: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """Points given or taken; exact number as plain text."""

    points: str
    reason: str
    author: str


@dataclass(frozen=True, slots=True)
class RulingLine:
    """A written decision that the result takes into account; `submission` is a code, none for the whole round."""

    kind: str
    submission: str | None
    value: str
    reason: str
    author: str


@dataclass(frozen=True, slots=True)
class Line:
    """One submission in rank order.

    `reason`, `decided_by`, `awaits_chair`, `band`, `spread`, `alarm` and `note` as in `ranking.Standing`. `values` of
    the criteria are printed and stand in the order of the whole rubric; `measured` are exact marks ("15/2") in the
    order of the report's measured criteria, `earlier` printed own results in the order of its earlier rounds, none
    where there is none. `ledger` is the sum of `entries`.
    """

    entrant: Entrant
    rank: int | None
    result: str | None
    own_result: str | None
    status: str
    judges: int
    tied: bool
    cells: tuple[Cell, ...]
    reason: str | None = None
    decided_by: str | None = None
    awaits_chair: bool = False
    band: str | None = None
    spread: str | None = None
    alarm: bool = False
    note: str | None = None
    criteria: tuple[str | None, ...] = ()
    measured: tuple[str | None, ...] = ()
    earlier: tuple[str | None, ...] = ()
    ledger: str = "0"
    entries: tuple[LedgerLine, ...] = ()


@dataclass(frozen=True, slots=True)
class RoundReport:
    """A round's results with all that led to them.

    `criteria` are those that judges fill, `measured` the others; `earlier` the codes of earlier rounds that the result
    looks at. With them and the lines the round can be computed again, see `replay`.
    """

    edition: str
    edition_name: LocalText
    organiser: str
    timezone: str
    round: str
    round_name: LocalText
    kind: str
    rubric_version: int
    rules: Mapping[str, Any]
    criteria: tuple[CriterionLine, ...]
    tracks: tuple[Named, ...]
    judges: tuple[JudgeEntry, ...]
    lines: tuple[Line, ...]
    measured: tuple[CriterionLine, ...] = ()
    earlier: tuple[str, ...] = ()
    rulings: tuple[RulingLine, ...] = ()

    @property
    def rubric(self) -> tuple[CriterionLine, ...]:
        """Return all criteria in the order of the rubric: that of the `criteria` of a line."""
        return tuple(sorted((*self.criteria, *self.measured), key=lambda one: one.position))

    def track_name(self, code: str | None) -> LocalText:
        """Return a track's name; empty for none."""
        return next((track.name for track in self.tracks if track.code == code), LocalText())

    @property
    def groups(self) -> list[tuple[LocalText, tuple[Line, ...]]]:
        """Return the lines of each track under its name, in the order of the ranking."""
        grouped = groupby(self.lines, key=lambda line: line.entrant.track)
        return [(self.track_name(track), tuple(lines)) for track, lines in grouped]

    @property
    def unfinished(self) -> int:
        """Count the scorecards that are assigned and neither handed in nor recused."""
        return sum(cell.state in ("draft", "missing") for line in self.lines for cell in line.cells)

    @property
    def expected(self) -> int:
        """Count the assigned scorecards."""
        return sum(len(line.cells) for line in self.lines)


def to_payload(report: RoundReport) -> dict[str, Any]:
    """Return the report as plain JSON values; `from_payload` reads it back equal."""
    return {"format": FORMAT, **asdict(report)}


def from_payload(payload: Mapping[str, Any]) -> RoundReport:
    """Read a report back, also one of format 1. Raises `KeyError` or `TypeError` on a payload of another format."""
    if payload["format"] not in (1, FORMAT):
        raise KeyError(payload["format"])
    values = {name: payload[name] for name in payload if name != "format"}
    report = RoundReport(**values)
    return replace(
        report,
        edition_name=LocalText(**values["edition_name"]),
        round_name=LocalText(**values["round_name"]),
        criteria=_read_criteria(values["criteria"]),
        tracks=tuple(Named(t["code"], LocalText(**t["name"])) for t in values["tracks"]),
        judges=tuple(JudgeEntry(**judge) for judge in values["judges"]),
        lines=tuple(_read_line(line) for line in values["lines"]),
        measured=_read_criteria(values.get("measured", ())),
        earlier=tuple(values.get("earlier", ())),
        rulings=tuple(RulingLine(**ruling) for ruling in values.get("rulings", ())),
    )


def _read_criteria(data: Sequence[Mapping[str, Any]]) -> tuple[CriterionLine, ...]:
    """Read criteria; in format 1 there are those of judges only, without their positions."""
    return tuple(
        CriterionLine(**{"position": position, **one, "name": LocalText(**one["name"])})
        for position, one in enumerate(data)
    )


def _read_line(data: Mapping[str, Any]) -> Line:
    entrant = Entrant(**{**data["entrant"], "members": tuple(data["entrant"]["members"])})
    cells = tuple(Cell(**{**cell, "marks": tuple(cell["marks"])}) for cell in data["cells"])
    lists = {name: tuple(data.get(name, ())) for name in ("criteria", "measured", "earlier")}
    entries = tuple(LedgerLine(**entry) for entry in data.get("entries", ()))
    return Line(**{**data, **lists, "entrant": entrant, "cells": cells, "entries": entries})
