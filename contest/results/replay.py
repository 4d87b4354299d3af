"""A report back into the inputs that it was computed from, so that a frozen result can be explained and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from contest.editions.rules import CriterionSpec, Rubric, Source
from contest.editions.rules_json import rules_from_json
from contest.judging.scoring import Scorecard
from contest.results.building import track_positions
from contest.results.inputs import RoundInputs
from contest.results.ranking import Standing, StandingStatus
from contest.results.report import Cell, CriterionLine, Line, RoundReport, RulingLine
from contest.results.rulings import LedgerEntry, Ruling, RulingKind


def inputs_from_report(report: RoundReport) -> RoundInputs:
    """Return the inputs; positions are those of the report's lines.

    Ranking them gives the report's results again. A conversion of measured numbers is not repeated: the report holds
    the marks that came out of it.
    """
    rubric = _rubric(report)
    place = {line.entrant.code: position for position, line in enumerate(report.lines)}
    return RoundInputs(
        rules=rules_from_json(report.rules),
        rubric=rubric,
        tracks=track_positions(report.tracks, [line.entrant for line in report.lines]),
        cards=_cards(rubric.judged, report),
        measured=tuple(_measured(report, line) for line in report.lines) if report.measured else (),
        earlier={code: _earlier(report.lines, column) for column, code in enumerate(report.earlier)},
        ledger=_ledger(report.lines),
        rulings=tuple(
            Ruling(RulingKind(one.kind), None if one.submission is None else place[one.submission], *_words(one))
            for one in report.rulings
            if one.submission is None or one.submission in place
        ),
    )


def line_inputs(report: RoundReport, line: Line) -> RoundInputs:
    """Return the inputs of one line alone, at position 0: enough to follow its sum, not to rank it."""
    return inputs_from_report(replace(report, lines=(line,)))


def standing_of(report: RoundReport, position: int) -> Standing:
    """Return the line at `position` as the ranking gave it; tracks are positions in the report's tracks."""
    line = report.lines[position]
    codes = [track.code for track in report.tracks]
    return Standing(
        submission=position,
        track=None if line.entrant.track is None else codes.index(line.entrant.track),
        rank=line.rank,
        result=line.result,
        own_result=line.own_result,
        status=StandingStatus(line.status),
        judges=line.judges,
        tied=line.tied,
        value=_number(line.result),
        reason=line.reason,
        decided_by=line.decided_by,
        awaits_chair=line.awaits_chair,
        band=line.band,
        spread=_number(line.spread),
        alarm=line.alarm,
        criteria=tuple(_number(value) for value in line.criteria),
        ledger=Decimal(line.ledger),
        note=line.note,
    )


def standings_of(report: RoundReport) -> list[Standing]:
    """Return all lines as standings, in the order of the report."""
    return [standing_of(report, position) for position in range(len(report.lines))]


def _words(ruling: RulingLine) -> tuple[str, str, str]:
    return ruling.value, ruling.reason, ruling.author


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _rubric(report: RoundReport) -> Rubric:
    return Rubric(tuple(_criterion(one) for one in report.rubric))


def _criterion(line: CriterionLine) -> CriterionSpec:
    return CriterionSpec(
        code=line.code,
        name=line.name,
        minimum=Decimal(line.minimum),
        maximum=Decimal(line.maximum),
        step=Decimal(line.step),
        weight=Decimal(line.weight),
        floor=_number(line.floor),
        source=Source(line.source),
        part=line.part,
    )


def _cards(judged: Sequence[CriterionSpec], report: RoundReport) -> tuple[Scorecard, ...]:
    """Return the scorecards; a round has many marks and few different ones, so that each is read once."""
    known: list[dict[str | None, int | None]] = [{None: None} for _ in judged]
    for seen, criterion, marks in zip(known, judged, _by_criterion(report), strict=True):
        seen.update({mark: criterion.points_of(Decimal(mark)) for mark in marks if mark is not None})
    return tuple(_card(known, position, cell) for position, line in enumerate(report.lines) for cell in line.cells)


def _by_criterion(report: RoundReport) -> list[set[str | None]]:
    rows = [cell.marks for line in report.lines for cell in line.cells]
    return [set(column) for column in zip(*rows, strict=True)] or [set() for _ in report.criteria]


def _card(known: Sequence[Mapping[str | None, int | None]], position: int, cell: Cell) -> Scorecard:
    marks = (seen[mark] for seen, mark in zip(known, cell.marks, strict=True))
    return Scorecard(
        judge=cell.judge,
        submission=position,
        points=tuple(marks),
        submitted=cell.state == "submitted",
        recused=cell.state == "recused",
        abstained=cell.state == "abstained",
    )


def _measured(report: RoundReport, line: Line) -> dict[str, Fraction]:
    pairs = zip(report.measured, line.measured, strict=True)
    return {criterion.code: Fraction(mark) for criterion, mark in pairs if mark is not None}


def _earlier(lines: Sequence[Line], column: int) -> tuple[Decimal | None, ...]:
    return tuple(_number(line.earlier[column]) for line in lines)


def _ledger(lines: Sequence[Line]) -> tuple[tuple[LedgerEntry, ...], ...]:
    entries = tuple(
        tuple(LedgerEntry(Decimal(one.points), one.reason, one.author) for one in line.entries) for line in lines
    )
    return entries if any(entries) else ()
