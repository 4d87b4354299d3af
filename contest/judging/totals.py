"""The weighted total of one scorecard, in whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from operator import mul

from contest.editions.rules import CriterionSpec, Rubric
from contest.errors import RuleBroken
from contest.judging.numbers import half_up, scaled, units_of


class TotalScale:
    """The judged criteria of a rubric compiled to integers: total = (base + sum(unit x points)) / denominator."""

    def __init__(self, rubric: Rubric) -> None:
        criteria = rubric.judged
        bases = [_product(c.weight, c.minimum) for c in criteria]
        steps = [_product(c.weight, c.step) for c in criteria]
        self.places = max((places for _, places in bases + steps), default=0)
        self.denominator = int(10**self.places)
        self._codes = tuple(c.code for c in criteria)
        self._base = sum(units * 10 ** (self.places - places) for units, places in bases)
        self._steps = tuple(units * 10 ** (self.places - places) for units, places in steps)

    def total(self, points: Sequence[int | None]) -> int:
        """Return the total of one scorecard, times `denominator`.

        Raises `RuleBroken` "mark_missing" (criteria) or "marks_do_not_fit" (expected, found).
        """
        if len(points) != len(self._steps):
            raise RuleBroken("marks_do_not_fit", expected=len(self._steps), found=len(points))
        given = [mark for mark in points if mark is not None]
        if len(given) < len(points):
            blank = tuple(code for code, mark in zip(self._codes, points, strict=True) if mark is None)
            raise RuleBroken("mark_missing", criteria=blank)
        weighted: int = sum(map(mul, self._steps, given))
        return int(self._base) + weighted

    def decimal(self, total: int) -> Decimal:
        """Return such a total as an exact Decimal."""
        return scaled(total, self.places)


def _product(left: Decimal, right: Decimal) -> tuple[int, int]:
    """Multiply exactly, whatever the precision of the decimal context."""
    (units, places), (other, more) = units_of(left), units_of(right)
    return units * other, places + more


def scale_factor(rubric: Rubric, scale_to: Decimal | None) -> Fraction:
    """Return by what totals are multiplied so that the highest possible one is `scale_to`; 1 without it.

    Raises `RuleBroken` "scale_without_maximum" when no total above zero is possible.
    """
    if scale_to is None:
        return Fraction(1)
    highest = highest_total(rubric.criteria)
    if highest <= 0:
        raise RuleBroken("scale_without_maximum")
    return Fraction(scale_to) / highest


def highest_total(criteria: Iterable[CriterionSpec]) -> Fraction:
    """Return the highest possible weighted sum of some criteria."""
    return sum((Fraction(c.maximum) * Fraction(c.weight) for c in criteria), Fraction(0))


def scorecard_total(rubric: Rubric, points: Sequence[int | None]) -> Decimal:
    """Return the exact weighted total of one scorecard, unrounded; `points` in the order of `rubric.judged`.

    Raises `RuleBroken` "mark_missing" with the criteria left blank, or "marks_do_not_fit".
    """
    scale = TotalScale(rubric)
    return scale.decimal(scale.total(points))


class MarkScale:
    """One criterion in integers: mark = (lowest + step x points) / unit, weight = weight / weight_unit."""

    def __init__(self, criterion: CriterionSpec) -> None:
        (lowest, low_places), (step, step_places) = units_of(criterion.minimum), units_of(criterion.step)
        places = max(low_places, step_places)
        self.lowest = int(lowest * 10 ** (places - low_places))
        self.step = int(step * 10 ** (places - step_places))
        self.unit = int(10**places)
        self.weight, weight_places = units_of(criterion.weight)
        self.weight_unit = int(10**weight_places)

    def marks(self, points: Sequence[int]) -> list[int]:
        """Return marks in 1 / `unit`."""
        return [self.lowest + self.step * one for one in points]

    def weighted(self, value: int) -> int:
        """Return a printed value times the weight, rounded half up to the same places."""
        return half_up(value * self.weight, self.weight_unit)
