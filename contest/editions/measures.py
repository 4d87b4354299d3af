"""From a measured number, or a count of votes, to a mark on a criterion's scale: declared, exact, the same for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from contest.errors import RuleBroken


class Conversion(StrEnum):
    """How raw numbers become marks between the criterion's minimum and maximum.

    LINEAR: `worst` is the minimum, `best` the maximum, in between proportional, beyond them cut off.
    LEADER: the best number of the track is the maximum, the others in proportion to it (lower is better: inversely).
    PLACES: the best place is the maximum, the last the minimum, evenly in between; equal numbers share the mean place.
    """

    LINEAR = "linear"
    LEADER = "leader"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class Measure:
    """The declared conversion of one criterion. With LINEAR, `best` below `worst` says that lower is better."""

    conversion: Conversion
    best: Decimal | None = None
    worst: Decimal | None = None
    lower_is_better: bool = False

    def __post_init__(self) -> None:
        """Refuse a line without two different ends."""
        if self.conversion is Conversion.LINEAR and (
            self.best is None or self.worst is None or self.best == self.worst
        ):
            raise RuleBroken("measure_without_ends")

    def shares(self, raw: Sequence[Decimal | Fraction | None]) -> tuple[Fraction | None, ...]:
        """Return the share of the scale, 0..1, of each number of one track; None stays None (not measured)."""
        given = [Fraction(one) for one in raw if one is not None]
        if not given:
            return (None,) * len(raw)
        return tuple(None if one is None else self._share(Fraction(one), given) for one in raw)

    def _share(self, one: Fraction, given: Sequence[Fraction]) -> Fraction:
        if self.conversion is Conversion.LINEAR:
            return self._linear(one)
        if self.conversion is Conversion.LEADER:
            return self._of_leader(one, min(given) if self.lower_is_better else max(given))
        return self._of_places(one, given)

    def _linear(self, one: Fraction) -> Fraction:
        if self.best is None or self.worst is None:  # the constructor refuses it
            raise RuleBroken("measure_without_ends")
        best, worst = Fraction(self.best), Fraction(self.worst)
        return min(Fraction(1), max(Fraction(0), (one - worst) / (best - worst)))

    def _of_leader(self, one: Fraction, leader: Fraction) -> Fraction:
        if one == leader:
            return Fraction(1)
        top, bottom = (leader, one) if self.lower_is_better else (one, leader)
        # Proportions mean nothing below zero: whoever is not the leader gets the minimum there.
        return top / bottom if top > 0 and bottom > 0 else Fraction(0)

    def _of_places(self, one: Fraction, given: Sequence[Fraction]) -> Fraction:
        if len(given) == 1:
            return Fraction(1)
        better = sum((other < one) if self.lower_is_better else (other > one) for other in given)
        equal = sum(other == one for other in given)
        place = better + Fraction(equal - 1, 2)  # from 0
        return 1 - place / (len(given) - 1)
