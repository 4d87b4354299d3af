"""Practice before a round: all judges score the same invented idea and look where they read the scale differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from contest.editions.rules import CriterionSpec
from contest.judging.numbers import round_half_up
from contest.judging.papers import Sheet

PLACES = 2
WIDE = Fraction(1, 4)  # of the scale: two judges this far apart read it differently


@dataclass(frozen=True, slots=True)
class Given:
    """The marks of one judge: plain decimals by criterion code."""

    judge_id: int
    name: str
    marks: Mapping[str, str]
    given_at: datetime


@dataclass(frozen=True, slots=True)
class PracticeFacts:
    """A practice entry of a round, with what was given so far, by judge's name."""

    id: int
    public_id: str
    round_id: int
    title: str
    summary: str
    anchors: Mapping[str, str]
    note: str
    shown_at: datetime | None
    given: tuple[Given, ...]

    def of(self, judge_id: int) -> Given | None:
        """Return what a judge gave."""
        return next((one for one in self.given if one.judge_id == judge_id), None)


@dataclass(frozen=True, slots=True)
class CriterionSpread:
    """How one criterion was marked. `wide`: lowest and highest lie a quarter of the scale apart, or more.

    `anchor` is the committee's own mark, `off` by how much the judges' mean lies above it; None without one.
    """

    criterion: CriterionSpec
    values: tuple[Decimal | None, ...]
    low: Decimal | None
    high: Decimal | None
    mean: Decimal | None
    anchor: Decimal | None
    off: Decimal | None
    wide: bool


def spreads(sheet: Sheet, facts: PracticeFacts) -> tuple[CriterionSpread, ...]:
    """Return the spread of each criterion in the order of the sheet; `values` follow `facts.given`."""
    return tuple(_spread(one, facts) for one in sheet.criteria)


def _spread(criterion: CriterionSpec, facts: PracticeFacts) -> CriterionSpread:
    values = tuple(_value(one.marks, criterion) for one in facts.given)
    marks = [one for one in values if one is not None]
    anchor = _value(facts.anchors, criterion)
    mean = _mean(marks)
    scale = criterion.maximum - criterion.minimum
    return CriterionSpread(
        criterion=criterion,
        values=values,
        low=min(marks, default=None),
        high=max(marks, default=None),
        mean=mean,
        anchor=anchor,
        off=None if mean is None or anchor is None else mean - anchor,
        wide=len(marks) > 1 and Fraction(max(marks) - min(marks)) >= WIDE * Fraction(scale),
    )


def _value(marks: Mapping[str, str], criterion: CriterionSpec) -> Decimal | None:
    text = marks.get(criterion.code)
    return None if text is None else Decimal(text)


def _mean(marks: Sequence[Decimal]) -> Decimal | None:
    if not marks:
        return None
    return round_half_up(sum(map(Fraction, marks), Fraction(0)) / len(marks), PLACES)
