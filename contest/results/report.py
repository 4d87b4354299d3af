"""The report of a round: everything that the ranking page, the workbook, the command line and a snapshot show.

It holds printed text and exact numbers as text, so that its canonical JSON can be frozen, fingerprinted and read back
without a digit changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import Any

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.rules import CriterionSpec, LocalText
from contest.editions.rules_json import rules_to_json
from contest.judging.scoring import MarkState, Scorecard, scorecard_total
from contest.results.ranking import Standing, rank

FORMAT = 1


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
    """A criterion as printed: exact numbers as plain text."""

    code: str
    name: LocalText
    minimum: str
    maximum: str
    step: str
    weight: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What one judge gave one submission.

    `state`: submitted, draft (marks are there, not handed in), missing (nothing yet) or recused. `total` is the exact
    weighted total of a submitted one; `marks` stand in the order of the criteria, none for a blank.
    """

    judge: int
    state: str
    total: str | None
    marks: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One submission in rank order."""

    entrant: Entrant
    rank: int | None
    result: str | None
    own_result: str | None
    status: str
    judges: int
    tied: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class RoundReport:
    """A round's results with all that led to them."""

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


def build_report(
    edition: EditionFacts,
    round_: RoundFacts,
    *,
    tracks: Sequence[Named],
    entrants: Sequence[Entrant],
    judges: Sequence[JudgeEntry],
    cards: Sequence[Scorecard],
) -> RoundReport:
    """Rank the entrants and gather the report; positions of `cards` refer to `entrants` and `judges`.

    Raises what `ranking.rank` raises.
    """
    place = {track.code: position for position, track in enumerate(tracks)}
    standings = rank(
        round_.rules, round_.rubric, [None if e.track is None else place[e.track] for e in entrants], cards
    )
    cells: list[list[Cell]] = [[] for _ in entrants]
    for card in sorted(cards, key=lambda card: card.judge):
        cells[card.submission].append(_cell(round_, card))
    return RoundReport(
        edition=edition.code,
        edition_name=edition.name,
        organiser=edition.organiser,
        timezone=edition.timezone,
        round=round_.code,
        round_name=round_.name,
        kind=round_.kind.value,
        rubric_version=round_.rubric_version,
        rules=rules_to_json(round_.rules),
        criteria=tuple(_criterion(criterion) for criterion in round_.rubric.judged),
        tracks=tuple(tracks),
        judges=tuple(judges),
        lines=tuple(
            _line(standing, entrants[standing.submission], cells[standing.submission]) for standing in standings
        ),
    )


def _criterion(spec: CriterionSpec) -> CriterionLine:
    numbers = (format(value, "f") for value in (spec.minimum, spec.maximum, spec.step, spec.weight))
    return CriterionLine(spec.code, spec.name, *numbers)


def _line(standing: Standing, entrant: Entrant, cells: Sequence[Cell]) -> Line:
    return Line(
        entrant=entrant,
        rank=standing.rank,
        result=standing.result,
        own_result=standing.own_result,
        status=standing.status.value,
        judges=standing.judges,
        tied=standing.tied,
        cells=tuple(cells),
    )


def _cell(round_: RoundFacts, card: Scorecard) -> Cell:
    criteria = round_.rubric.judged
    marks = tuple(
        None if points is None else format(criterion.value_of(points), "f")
        for criterion, points in zip(criteria, card.points, strict=True)
    )
    total = format(scorecard_total(round_.rubric, card.points), "f") if card.counts else None
    return Cell(judge=card.judge, state=_state(card), total=total, marks=marks)


def _state(card: Scorecard) -> str:
    if card.recused:
        return MarkState.RECUSED.value
    if card.counts:
        return "submitted"
    return "missing" if all(points is None for points in card.points) else "draft"


def to_payload(report: RoundReport) -> dict[str, Any]:
    """Return the report as plain JSON values; `from_payload` reads it back equal."""
    return {"format": FORMAT, **asdict(report)}


def from_payload(payload: Mapping[str, Any]) -> RoundReport:
    """Read a report back. Raises `KeyError` or `TypeError` on a payload of another format."""
    if payload["format"] != FORMAT:
        raise KeyError(payload["format"])
    values = {name: payload[name] for name in payload if name != "format"}
    report = RoundReport(**values)
    return replace(
        report,
        edition_name=LocalText(**values["edition_name"]),
        round_name=LocalText(**values["round_name"]),
        criteria=tuple(CriterionLine(**{**c, "name": LocalText(**c["name"])}) for c in values["criteria"]),
        tracks=tuple(Named(t["code"], LocalText(**t["name"])) for t in values["tracks"]),
        judges=tuple(JudgeEntry(**judge) for judge in values["judges"]),
        lines=tuple(_read_line(line) for line in values["lines"]),
    )


def _read_line(data: Mapping[str, Any]) -> Line:
    entrant = Entrant(**{**data["entrant"], "members": tuple(data["entrant"]["members"])})
    cells = tuple(Cell(**{**cell, "marks": tuple(cell["marks"])}) for cell in data["cells"])
    return Line(**{**data, "entrant": entrant, "cells": cells})
