"""From the marks of several judges to one result per submission, in integers from end to end.

Every mark of a rubric is a whole number of points, so every weighted total is a whole number of one common unit
(a power of ten). Sums and trims happen on those integers and division happens once, when a result is printed: there is
no float and no intermediate rounding, except the roundings that `combine = "criterion"` declares.

A blank mark, a zero and a recusal are three different things (TRUST SC-10): only a submitted scorecard with every mark
given counts, and what does not count changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from operator import mul

from contest.editions.rules import Aggregate, Combine, CriterionSpec, RoundRules, Rubric
from contest.errors import RuleBroken
from contest.judging.numbers import half_up, scaled


class MarkState(StrEnum):
    """What stands in one cell of the judge x criterion table."""

    GIVEN = "given"
    BLANK = "blank"
    ABSTAINED = "abstained"
    RECUSED = "recused"


class ResultState(StrEnum):
    """Whether a submission has a result of its own, and if not, why."""

    COMPUTED = "computed"
    UNSCORED = "unscored"
    TOO_FEW_TO_TRIM = "too_few_to_trim"


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One judge's marks for one submission; `points` stand in the order of `rubric.judged`, None is a blank."""

    judge: int
    submission: int
    points: tuple[int | None, ...]
    submitted: bool
    recused: bool = False
    abstained: bool = False

    @property
    def counts(self) -> bool:
        """Whether these marks enter a result: submitted, every mark given, neither recused nor abstained."""
        return self.submitted and not self.recused and not self.abstained and None not in self.points

    def state(self, criterion: int) -> MarkState:
        """Return the state of the mark at position `criterion`."""
        if self.recused:
            return MarkState.RECUSED
        if self.abstained:
            return MarkState.ABSTAINED
        return MarkState.BLANK if self.points[criterion] is None else MarkState.GIVEN


@dataclass(frozen=True, slots=True)
class OwnResult:
    """A submission's result in this round alone.

    `value` is rounded to the round's places and decides; `exact` is what was rounded. `judges` counts the scorecards
    that entered, `totals` lists their weighted totals by judge. `per_criterion` holds the rounded combination of each
    criterion before its weight, when the rules combine per criterion.
    """

    value: Decimal | None
    exact: Fraction | None
    judges: int
    per_criterion: tuple[Decimal, ...] | None
    totals: tuple[tuple[int, Decimal], ...]
    state: ResultState


class TotalScale:
    """The judged criteria of a rubric compiled to integers: total = (base + sum(unit x points)) / denominator."""

    def __init__(self, rubric: Rubric) -> None:
        criteria = rubric.judged
        bases = [_product(c.weight, c.minimum) for c in criteria]
        steps = [_product(c.weight, c.step) for c in criteria]
        self.places = max((places for _, places in bases + steps), default=0)
        self.denominator = _power(self.places)
        self._codes = tuple(c.code for c in criteria)
        self._base = sum(units * _power(self.places - places) for units, places in bases)
        self._steps = tuple(units * _power(self.places - places) for units, places in steps)

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
        return self._base + weighted

    def decimal(self, total: int) -> Decimal:
        """Return such a total as an exact Decimal."""
        return scaled(total, self.places)


def _power(places: int) -> int:
    return int(10**places)


def _units(number: Decimal) -> tuple[int, int]:
    """Split a finite Decimal into (units, places), places >= 0: 1.60 becomes (160, 2)."""
    sign, digits, exponent = number.as_tuple()
    places = max(0, -int(exponent))
    units = int("".join(map(str, digits))) * _power(int(exponent) + places)
    return (-units if sign else units), places


def _product(left: Decimal, right: Decimal) -> tuple[int, int]:
    """Multiply exactly, whatever the precision of the decimal context."""
    (units, places), (other, more) = _units(left), _units(right)
    return units * other, places + more


def require_rubric(rubric: Rubric) -> None:
    """Raise `RuleBroken` "rubric_empty" when judges have nothing to mark."""
    if not rubric.judged:
        raise RuleBroken("rubric_empty")


def scorecard_total(rubric: Rubric, points: Sequence[int | None]) -> Decimal:
    """Return the exact weighted total of one scorecard, unrounded; `points` in the order of `rubric.judged`.

    Raises `RuleBroken` "mark_missing" with the criteria left blank, or "marks_do_not_fit".
    """
    scale = TotalScale(rubric)
    return scale.decimal(scale.total(points))


def own_results(
    rules: RoundRules, rubric: Rubric, scorecards: Iterable[Scorecard], n_submissions: int
) -> tuple[OwnResult, ...]:
    """Combine the scorecards of each submission into its result of this round, one per submission position.

    `combine = scorecard`: the judges' totals are averaged, exactly, and rounded half up once.
    `combine = criterion`: each criterion is averaged over the judges and rounded, multiplied by its weight and
    rounded, and the products are summed.
    `aggregate = trimmed` first drops the `trim` highest and lowest; when that leaves nobody the state is
    TOO_FEW_TO_TRIM and there is no value, because a silent change to a plain mean would be another rule.

    The order of the scorecards is without effect. Raises `RuleBroken` "rubric_empty",
    "scorecard_twice" (judge, submission), "submission_unknown" (submission) or "marks_do_not_fit".
    """
    require_rubric(rubric)
    work = _Arithmetic(rules, rubric)
    return tuple(work.result(cards) for cards in _grouped(scorecards, n_submissions))


def _grouped(scorecards: Iterable[Scorecard], n_submissions: int) -> list[list[Scorecard]]:
    groups: list[list[Scorecard]] = [[] for _ in range(n_submissions)]
    seen: set[tuple[int, int]] = set()
    for card in scorecards:
        if not 0 <= card.submission < n_submissions:
            raise RuleBroken("submission_unknown", submission=card.submission)
        if (card.submission, card.judge) in seen:
            raise RuleBroken("scorecard_twice", judge=card.judge, submission=card.submission)
        seen.add((card.submission, card.judge))
        if card.counts:
            groups[card.submission].append(card)
    for group in groups:
        group.sort(key=lambda card: card.judge)
    return groups


class _Scaled:
    """One criterion in integers: mark = (lowest + step x points) / unit, weight = weight / weight_unit."""

    def __init__(self, criterion: CriterionSpec) -> None:
        (lowest, low_places), (step, step_places) = _units(criterion.minimum), _units(criterion.step)
        places = max(low_places, step_places)
        self.lowest = lowest * _power(places - low_places)
        self.step = step * _power(places - step_places)
        self.unit = _power(places)
        self.weight, weight_places = _units(criterion.weight)
        self.weight_unit = _power(weight_places)

    def mean(self, points: Sequence[int], printed: int) -> int:
        """Return the mean mark in units of 1 / `printed`, rounded half up."""
        numerator = self.lowest * len(points) + self.step * sum(points)
        return half_up(numerator * printed, len(points) * self.unit)

    def weighted(self, mean: int) -> int:
        """Return a printed mean times the weight, rounded half up to the same places."""
        return half_up(mean * self.weight, self.weight_unit)


class _Arithmetic:
    """The arithmetic of one round with its constants looked up once."""

    def __init__(self, rules: RoundRules, rubric: Rubric) -> None:
        self.scale = TotalScale(rubric)
        self.places = rules.decimals
        self.printed = _power(rules.decimals)
        self.trim = rules.trim if rules.aggregate is Aggregate.TRIMMED else 0
        self.criteria = [_Scaled(c) for c in rubric.judged] if rules.combine is Combine.CRITERION else None

    def result(self, cards: Sequence[Scorecard]) -> OwnResult:
        """Return the result of one submission from the scorecards that count, in the order of the judges."""
        sums = [self.scale.total(card.points) for card in cards]
        totals = tuple((card.judge, self.scale.decimal(one)) for card, one in zip(cards, sums, strict=True))
        if not cards:
            return OwnResult(None, None, 0, None, (), ResultState.UNSCORED)
        if self.trim * 2 >= len(cards):
            return OwnResult(None, None, len(cards), None, totals, ResultState.TOO_FEW_TO_TRIM)
        if self.criteria is None:
            value, exact = self._of_totals(sums)
            return OwnResult(value, exact, len(cards), None, totals, ResultState.COMPUTED)
        value, means = self._of_criteria(self.criteria, cards)
        return OwnResult(value, Fraction(value), len(cards), means, totals, ResultState.COMPUTED)

    def _of_totals(self, sums: list[int]) -> tuple[Decimal, Fraction]:
        kept = self._kept(sums)
        numerator, denominator = sum(kept), len(kept) * self.scale.denominator
        value = scaled(half_up(numerator * self.printed, denominator), self.places)
        return value, Fraction(numerator, denominator)

    def _of_criteria(
        self, criteria: Sequence[_Scaled], cards: Sequence[Scorecard]
    ) -> tuple[Decimal, tuple[Decimal, ...]]:
        columns = zip(*(card.points for card in cards), strict=True)
        means = [
            criterion.mean(self._kept([mark for mark in column if mark is not None]), self.printed)
            for criterion, column in zip(criteria, columns, strict=True)
        ]
        value = sum(criterion.weighted(mean) for criterion, mean in zip(criteria, means, strict=True))
        return scaled(value, self.places), tuple(scaled(mean, self.places) for mean in means)

    def _kept(self, values: list[int]) -> list[int]:
        """Return the values that the trim leaves, in ascending order."""
        return sorted(values)[self.trim : len(values) - self.trim]
