"""The steps that an aggregate takes, as codes with facts; exact numbers throughout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

from contest.editions.rules import Aggregate, RoundRules
from contest.judging.aggregates import Clamp, combiner, fewest, kept
from contest.judging.numbers import scaled
from contest.judging.relative import Combined, Panel, Spread, combined, shares_of, spread_of

Totals = Sequence[Sequence[tuple[int, Fraction]]]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a sum: a code and its facts. Numbers are Decimal or Fraction, judges are positions."""

    code: str
    facts: Mapping[str, Any]


def _in_units(numbers: Sequence[Fraction]) -> tuple[list[int], int]:
    """Return the numbers as whole numbers of a common unit."""
    unit = lcm(*(number.denominator for number in numbers))
    return [number.numerator * (unit // number.denominator) for number in numbers], unit


class AggregateSteps:
    """Explains one round's aggregate; `totals` (judge, scaled total) of all submissions where judges are compared."""

    def __init__(self, rules: RoundRules, totals: Totals | None, tracks: tuple[int | None, ...] = ()) -> None:
        self.rules, self.fewest, self._combine = rules, fewest(rules), combiner(rules)
        self._panel: Panel | None = None
        if totals is not None:
            self._panel = _panel_of(totals, tracks)
            self._top = Fraction(100 if rules.scale_to is None else rules.scale_to)
            self._compared: Combined = combined(rules.aggregate, self._panel, self._top)
            by_judge = self._panel.by_judge()
            self._judges: dict[int, Spread] = {}
            self._shares: dict[int, dict[int, Fraction]] = {}
            if rules.aggregate is Aggregate.ZSCORE:
                self._judges = {judge: spread_of(given, self._panel.unit) for judge, given in by_judge.items()}
            if rules.aggregate is Aggregate.RANKS:
                self._shares = {judge: shares_of(given) for judge, given in by_judge.items()}

    def value(self, submission: int) -> Fraction | None:
        """Return what the comparison of judges made of a submission."""
        return self._compared.values[submission]

    def combined(self, numbers: Sequence[Fraction]) -> Fraction:
        """Return the combined number, exactly."""
        values, unit = _in_units(numbers)
        return Fraction(*self._combine(values, unit))

    def of_marks(self, criterion: str, marks: Sequence[Fraction]) -> Iterator[Step]:
        """Yield how the marks of one criterion became one."""
        for step in self._plain(list(marks)):
            yield Step(step.code, {**step.facts, "criterion": criterion})

    def of_totals(self, submission: int, totals: Mapping[int, Fraction]) -> Iterator[Step]:
        """Yield how the totals of one submission became one number."""
        numbers = list(totals.values())
        if self._panel is None:
            yield from self._plain(numbers)
            return
        note, value = self._compared.notes[submission], self._compared.values[submission]
        if note is not None:
            yield Step("fallback", {"note": note, "aggregate": self.rules.aggregate.value})
            yield from self._mean(numbers)
            return
        plain = sum(numbers, Fraction(0)) / len(numbers)
        yield Step(self.rules.aggregate.value, {"parts": self._parts(submission), "value": value, "mean": plain})

    def _parts(self, submission: int) -> tuple[tuple[Any, ...], ...]:
        """Return per judge: (judge, total, share) of ranks; (judge, total, mean, deviation) of standard scores."""
        if self._panel is None:
            return ()
        given = [(judge, total, Fraction(total, self._panel.unit)) for judge, total in self._panel.totals[submission]]
        if self._shares:
            return tuple((judge, value, self._shares[judge][total] * self._top) for judge, total, value in given)
        spreads = self._judges
        return tuple(
            (judge, value, spreads[judge].mean, spreads[judge].deviation)
            for judge, _, value in given
            if judge in spreads
        )

    def _plain(self, numbers: list[Fraction]) -> Iterator[Step]:
        aggregate = self.rules.aggregate
        if aggregate is Aggregate.MEDIAN:
            yield Step("median", {"values": tuple(sorted(numbers)), "value": self.combined(numbers)})
        elif aggregate is Aggregate.TRIMMED:
            yield from self._trimmed(numbers)
        elif aggregate is Aggregate.CLAMPED:
            yield from self._clamped(numbers)
        else:
            yield from self._mean(numbers)

    @staticmethod
    def _mean(numbers: Sequence[Fraction]) -> Iterator[Step]:
        yield Step("mean", {"values": tuple(numbers), "value": sum(numbers, Fraction(0)) / len(numbers)})

    def _trimmed(self, numbers: list[Fraction]) -> Iterator[Step]:
        values, unit = _in_units(numbers)
        left = [Fraction(value, unit) for value in kept(values, self.rules.trim)]
        ordered, trim = sorted(numbers), self.rules.trim
        if trim:
            yield Step("trimmed", {"lowest": tuple(ordered[:trim]), "highest": tuple(ordered[len(ordered) - trim :])})
        yield from self._mean(left)

    def _clamped(self, numbers: list[Fraction]) -> Iterator[Step]:
        values, unit = _in_units(numbers)
        clamp = Clamp(self.rules.clamp or Decimal(0), self.rules.decimals)
        low, high = (Fraction(limit, unit * clamp.fine) for limit in clamp.limits(values, unit))
        moved = tuple((one, low if one < low else high) for one in numbers if not low <= one <= high)
        middle = scaled(clamp.middle(values, unit), self.rules.decimals)
        yield Step("clamped", {"middle": middle, "low": low, "high": high, "moved": moved})
        yield from self._mean([min(max(one, low), high) for one in numbers])


def _panel_of(totals: Totals, tracks: tuple[int | None, ...]) -> Panel:
    numbers = [value for given in totals for _, value in given]
    unit = lcm(*(number.denominator for number in numbers))
    whole = tuple(
        tuple((judge, value.numerator * (unit // value.denominator)) for judge, value in given) for given in totals
    )
    return Panel(whole, unit, tracks)
