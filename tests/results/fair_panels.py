"""Reports of small panels for the tests of fairness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import EditionState, RoundState
from contest.editions.rules import CriterionSpec, LocalText, RoundKind, RoundRules, Rubric
from contest.judging.scoring import Scorecard
from contest.results.building import build_report
from contest.results.inputs import RoundInputs
from contest.results.report import Entrant, JudgeEntry, Named, RoundReport

Marks = Mapping[tuple[int, int], Sequence[int | None]]
"""Points of the criteria by (submission, judge)."""


def rubric(criteria: int = 2, **values: Any) -> Rubric:
    """Criteria of 0 to 10 by 0.5, weight 1."""
    defaults = {"minimum": Decimal(0), "maximum": Decimal(10), "step": Decimal("0.5"), "weight": Decimal(1), **values}
    return Rubric(
        tuple(
            CriterionSpec(code=f"C{n}", name=LocalText(f"Tiêu chí {n}", f"Criterion {n}"), **defaults)
            for n in range(1, criteria + 1)
        )
    )


def report_of(
    marks: Marks,
    *,
    rules: RoundRules | None = None,
    criteria: Rubric | None = None,
    tracks: Sequence[int | None] | None = None,
    **inputs: Any,
) -> RoundReport:
    """A report of submissions S0, S1 … and judges J0, J1 …; lines stand in the order of the ranking."""
    n = 1 + max((submission for submission, _ in marks), default=-1)
    judges = 1 + max((judge for _, judge in marks), default=-1)
    places = tuple(tracks or (None,) * n)
    named = tuple(
        Named(f"T{one}", LocalText(f"Bảng {one}", f"Track {one}"))
        for one in range(1 + max((p for p in places if p is not None), default=-1))
    )
    cards = tuple(Scorecard(judge, one, tuple(points), submitted=True) for (one, judge), points in marks.items())
    return build_report(
        _edition(),
        _round(rules or RoundRules(decimals=2)),
        tracks=named,
        entrants=[
            Entrant(f"S{one}", f"Idea {one}", f"Team {one}", "", (), "", None if p is None else named[p].code, None)
            for one, p in enumerate(places)
        ],
        judges=[JudgeEntry(f"J{judge}", f"Judge {judge}", "") for judge in range(judges)],
        inputs=RoundInputs(rules or RoundRules(decimals=2), criteria or rubric(), places, cards, **inputs),
    )


def _edition() -> EditionFacts:
    return EditionFacts(
        id=1,
        code="thu",
        name=LocalText("Mùa thử", "Trial"),
        organiser="UBND",
        timezone="Asia/Ho_Chi_Minh",
        languages=("vi", "en"),
        state=EditionState.ANNOUNCED,
        submissions_open=None,
        submissions_close=None,
        is_test=False,
        logo_key=None,
    )


def _round(rules: RoundRules) -> RoundFacts:
    return RoundFacts(
        id=1,
        edition_id=1,
        code="r1",
        name=LocalText("Vòng 1", "Round 1"),
        kind=RoundKind.PRELIMINARY,
        state=RoundState.CLOSED,
        opens_at=None,
        closes_at=None,
        position=1,
        rubric_version=1,
        locked=True,
        rules=rules,
        rubric=rubric(),
        criterion_ids=(1, 2),
    )


PAIRS = ((0, 1), (1, 2), (0, 2))
LEVELS = (12, 11, 10, 9, 8, 7)
SEVERITY = (-2, 0, 2)


def strict_and_kind() -> dict[tuple[int, int], tuple[int, int]]:
    """Six submissions worth 12, 11 … 7 points, each seen by two of three judges who add -2, 0 and 2.

    Points are halves, so a total of t is 2t points in two criteria. Plain means: 11, 12, 10, 8, 9, 7; but for the
    judges, 12, 11, 10, 9, 8, 7.
    """
    marks = {}
    for one, level in enumerate(LEVELS):
        for judge in PAIRS[one % 3]:
            points = 2 * (level + SEVERITY[judge])
            marks[one, judge] = (points // 2, points - points // 2)
    return marks
