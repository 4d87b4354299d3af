"""How several judges' numbers become one, exactly: whole numbers of a common unit in, a ratio of whole numbers out.

A number `n` in the unit `1 / unit` stands for `n / unit`. Each function returns (numerator, denominator > 0) of the
combined number, so that nothing is rounded but the middle of a clamp, whose rounding the rule declares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from contest.editions.rules import Aggregate, RoundRules
from contest.judging.numbers import half_up, units_of

Ratio = tuple[int, int]
Combiner = Callable[[Sequence[int], int], Ratio]


def mean(values: Sequence[int], unit: int) -> Ratio:
    """Return the plain mean."""
    return sum(values), len(values) * unit


def median(values: Sequence[int], unit: int) -> Ratio:
    """Return the middle value; of an even count the mean of the two in the middle."""
    ordered, count = sorted(values), len(values)
    return ordered[(count - 1) // 2] + ordered[count // 2], 2 * unit


def kept(values: Sequence[int], trim: int) -> list[int]:
    """Return what is left, in ascending order, when the `trim` highest and the `trim` lowest are dropped."""
    return sorted(values)[trim : len(values) - trim]


class Clamp:
    """Values beyond the rounded mean plus or minus `reach` are moved to that limit before they are averaged."""

    def __init__(self, reach: Decimal, decimals: int) -> None:
        units, places = units_of(reach)
        self.printed = 10**decimals
        self.fine = 10 ** max(decimals, places)
        """The limits are whole numbers of 1 / (unit x fine)."""
        self._reach = units * (self.fine // 10**places)

    def middle(self, values: Sequence[int], unit: int) -> int:
        """Return the mean in printed units, rounded half up."""
        return half_up(sum(values) * self.printed, len(values) * unit)

    def limits(self, values: Sequence[int], unit: int) -> tuple[int, int]:
        """Return the lowest and the highest value that stay as they are, in 1 / (unit x fine)."""
        middle = self.middle(values, unit) * (self.fine // self.printed)
        return (middle - self._reach) * unit, (middle + self._reach) * unit

    def mean(self, values: Sequence[int], unit: int) -> Ratio:
        """Return the mean after moving."""
        low, high = self.limits(values, unit)
        if low <= min(values) * self.fine and max(values) * self.fine <= high:
            return mean(values, unit)
        moved = sum(min(max(value * self.fine, low), high) for value in values)
        return moved, len(values) * unit * self.fine


def combiner(rules: RoundRules) -> Combiner:
    """Return how the rules combine the numbers of one submission; the plain mean for methods that compare judges."""
    if rules.aggregate is Aggregate.MEDIAN:
        return median
    if rules.aggregate is Aggregate.TRIMMED:
        return lambda values, unit: mean(kept(values, rules.trim), unit)
    if rules.aggregate is Aggregate.CLAMPED:
        return Clamp(rules.clamp or Decimal(0), rules.decimals).mean
    return mean


def fewest(rules: RoundRules) -> int:
    """Return how many numbers the rules' aggregate needs at least."""
    if rules.aggregate is not Aggregate.TRIMMED:
        return 1
    return max(2 * rules.trim + 1, rules.trim_from or 0)
