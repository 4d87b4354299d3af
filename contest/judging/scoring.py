"""From the marks of several judges to one result per submission, exactly.

Every mark of a rubric is a whole number of points, so every weighted total is a whole number of one common unit
(a power of ten). Sums, trims and clamps happen on those integers and division happens once, when a result is printed:
there is no float and no intermediate rounding, except the roundings that the rules declare (each criterion with
`combine = "criterion"`, the middle of a clamp). The rules of arithmetic stand in docs/rules.md.

A blank mark, a zero, an abstention and a recusal are four different things (TRUST SC-10): what does not count changes
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import cast

from contest.editions.rules import Aggregate, Combine, Counting, CriterionSpec, RoundRules, Rubric, Source
from contest.errors import RuleBroken
from contest.judging.aggregates import Ratio, combiner, fewest
from contest.judging.numbers import half_up, round_half_up, scaled
from contest.judging.relative import Combined, Panel, combined
from contest.judging.totals import MarkScale, TotalScale, scale_factor, scorecard_total

__all__ = [
    "Besides",
    "MarkState",
    "OwnResult",
    "ResultState",
    "Scorecard",
    "TotalScale",
    "counted_points",
    "measured_mark",
    "own_results",
    "require_computable",
    "scorecard_total",
    "waived",
]

COMPARING = frozenset({Aggregate.SEVERITY, Aggregate.ZSCORE, Aggregate.RANKS})
"""These compare whole scorecards of a round; on single criteria the plain mean stands for them."""
FULL_SHARE = Fraction(100)


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
    NOT_MEASURED = "not_measured"


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
    that entered, `totals` lists their weighted totals by judge, before any `scale_to`. `per_criterion` holds the
    printed value of each criterion in the order of `rubric.criteria`, None where there is none. `note` says why the
    plain mean took the place of a method that compares judges: too_few_judges_to_compare, too_few_entries_to_compare,
    all_judged_all or judges_not_linked.
    """

    value: Decimal | None
    exact: Fraction | None
    judges: int
    per_criterion: tuple[Decimal | None, ...]
    totals: tuple[tuple[int, Decimal], ...]
    state: ResultState
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Besides:
    """What enters a result beside the scorecards; positions are those of submissions.

    `tracks` by position (() says: all in one). `measured`: marks of the criteria that judges do not fill, by position
    and code; () says nothing is measured yet. `missing`: the codes of the parts that are missing. `points`: the sum of
    the ledger, on the printed scale.
    """

    tracks: tuple[int | None, ...] = ()
    measured: tuple[Mapping[str, Fraction], ...] = ()
    missing: Mapping[int, frozenset[str]] = field(default_factory=dict)
    points: Mapping[int, Fraction] = field(default_factory=dict)


NOTHING = Besides()
NO_PARTS: frozenset[str] = frozenset()


def require_computable(rules: RoundRules, rubric: Rubric) -> None:
    """Raise `RuleBroken` when no result can be computed.

    "rubric_empty", "aggregate_needs_scorecards" (aggregate), "scale_without_maximum".
    """
    if not rubric.criteria:
        raise RuleBroken("rubric_empty")
    if rules.combine is Combine.CRITERION and rules.aggregate in COMPARING:
        raise RuleBroken("aggregate_needs_scorecards", aggregate=rules.aggregate.value)
    scale_factor(rubric, rules.scale_to)


def waived(rubric: Rubric, missing: frozenset[str]) -> frozenset[int]:
    """Return the positions in `rubric.judged` of the criteria that look at a missing part."""
    return frozenset(place for place, c in enumerate(rubric.judged) if c.part and c.part in missing)


def counted_points(card: Scorecard, counting: Counting, lowest: frozenset[int] = frozenset()) -> tuple[int, ...] | None:
    """Return the points with which a scorecard enters, None when it does not count.

    Marks at the positions of `lowest` count as the lowest mark, given or not. A card of a judge who withdrew or
    abstained never counts; a draft counts only where the rules say "complete", once every mark is given.
    """
    if card.recused or card.abstained or not (card.submitted or counting is Counting.COMPLETE):
        return None
    points = tuple(0 if at in lowest else one for at, one in enumerate(card.points)) if lowest else card.points
    return None if None in points else cast("tuple[int, ...]", points)


def measured_mark(
    criterion: CriterionSpec, marks: Mapping[str, Fraction], missing: frozenset[str] = NO_PARTS
) -> Fraction | None:
    """Return the mark of a criterion that judges do not fill: the lowest for a missing part, None when not measured."""
    if criterion.part and criterion.part in missing:
        return Fraction(criterion.minimum)
    return marks.get(criterion.code)


def own_results(
    rules: RoundRules, rubric: Rubric, scorecards: Iterable[Scorecard], n_submissions: int, besides: Besides = NOTHING
) -> tuple[OwnResult, ...]:
    """Combine the scorecards of each submission into its result of this round, one per submission position.

    `combine = scorecard`: the judges' totals (brought to `scale_to` if set) are combined, exactly; the weighted
    measured marks and the ledger are added; the sum is rounded half up once.
    `combine = criterion`: each criterion is combined over the judges and rounded, multiplied by its weight and rounded;
    the products are summed, brought to `scale_to`, the ledger is added, and the sum is rounded half up.
    A trim that the scorecards do not allow leaves no value (TOO_FEW_TO_TRIM), because a silent change to a plain mean
    would be another rule; so does a criterion that is not measured yet (NOT_MEASURED).

    The order of the scorecards is without effect. Raises what `require_computable` raises, and `RuleBroken`
    "scorecard_twice" (judge, submission), "submission_unknown" (submission) or "marks_do_not_fit".
    """
    require_computable(rules, rubric)
    groups = _grouped(scorecards, n_submissions)
    work = _Arithmetic(rules, rubric, groups, besides)
    return tuple(work.result(position) for position in range(n_submissions))


def _grouped(scorecards: Iterable[Scorecard], n_submissions: int) -> list[list[Scorecard]]:
    groups: list[list[Scorecard]] = [[] for _ in range(n_submissions)]
    seen: set[tuple[int, int]] = set()
    for card in scorecards:
        if not 0 <= card.submission < n_submissions:
            raise RuleBroken("submission_unknown", submission=card.submission)
        if (card.submission, card.judge) in seen:
            raise RuleBroken("scorecard_twice", judge=card.judge, submission=card.submission)
        seen.add((card.submission, card.judge))
        groups[card.submission].append(card)
    for group in groups:
        group.sort(key=lambda card: card.judge)
    return groups


Given = list[tuple[int, tuple[int, ...]]]
"""The judge and the points of each scorecard that counts."""


class _Arithmetic:
    """The arithmetic of one round with its constants looked up once."""

    def __init__(
        self, rules: RoundRules, rubric: Rubric, groups: Sequence[Sequence[Scorecard]], besides: Besides
    ) -> None:
        self.rules, self.rubric, self.besides = rules, rubric, besides
        self.judged, self.measured = rubric.judged, rubric.measured
        self.scale = TotalScale(rubric)
        self.factor = scale_factor(rubric, rules.scale_to)
        self.unit = self.scale.denominator * self.factor.denominator
        self.printed = int(10**rules.decimals)
        self.combine, self.fewest = combiner(rules), fewest(rules)
        self.straight = rules.aggregate is not Aggregate.CLAMPED
        self.criteria = [(c, MarkScale(c)) for c in rubric.criteria]
        self.given = [self._counted(position, cards) for position, cards in enumerate(groups)]
        self.sums = [[(judge, self.scale.total(points)) for judge, points in given] for given in self.given]
        self.compared = self._compared() if rules.aggregate in COMPARING else None

    def _counted(self, position: int, cards: Sequence[Scorecard]) -> Given:
        if not self.judged:
            return []
        missing = self.besides.missing.get(position, NO_PARTS)
        lowest = waived(self.rubric, missing) if missing else frozenset[int]()
        entering = ((card.judge, counted_points(card, self.rules.counting, lowest)) for card in cards)
        return [(judge, points) for judge, points in entering if points is not None]

    def _compared(self) -> Combined:
        up = self.factor.numerator
        totals = tuple(tuple((judge, total * up) for judge, total in sums) for sums in self.sums)
        tracks = self.besides.tracks or (None,) * len(totals)
        top = FULL_SHARE if self.rules.scale_to is None else Fraction(self.rules.scale_to)
        return combined(self.rules.aggregate, Panel(totals, self.unit, tracks), top)

    def result(self, position: int) -> OwnResult:
        """Return the result of one submission."""
        values = self._criterion_values(position)
        state = self._state(position, values)
        exact = self._exact(position, values) if state is ResultState.COMPUTED else None
        return OwnResult(
            value=None if exact is None else round_half_up(exact, self.rules.decimals),
            exact=exact,
            judges=len(self.given[position]),
            per_criterion=tuple(None if one is None else scaled(one, self.rules.decimals) for one in values),
            totals=tuple((judge, self.scale.decimal(total)) for judge, total in self.sums[position]),
            state=state,
            note=None if self.compared is None else self.compared.notes[position],
        )

    def _state(self, position: int, values: Sequence[int | None]) -> ResultState:
        count = len(self.given[position])
        if self.judged and not count:
            return ResultState.UNSCORED
        measured = (one for c, one in zip(self.rubric.criteria, values, strict=True) if c.source is not Source.JUDGES)
        if None in measured:
            return ResultState.NOT_MEASURED
        return ResultState.TOO_FEW_TO_TRIM if self.judged and count < self.fewest else ResultState.COMPUTED

    def _criterion_values(self, position: int) -> list[int | None]:
        """Return the printed values of all criteria in units of the last printed place."""
        given = self.given[position]
        columns = zip(*(points for _, points in given), strict=True) if len(given) >= self.fewest else iter(())
        return [
            self._of_judges(mark, next(columns, ()))
            if criterion.source is Source.JUDGES
            else self._of_measure(criterion, position)
            for criterion, mark in self.criteria
        ]

    def _of_judges(self, mark: MarkScale, points: Sequence[int]) -> int | None:
        if not points:
            return None
        if self.straight:  # combining points and then scaling is the same, and quicker
            numerator, denominator = self.combine(points, 1)
            numerator, denominator = mark.lowest * denominator + mark.step * numerator, denominator * mark.unit
        else:
            numerator, denominator = self.combine(mark.marks(points), mark.unit)
        return half_up(numerator * self.printed, denominator)

    def _mark(self, criterion: CriterionSpec, position: int) -> Fraction | None:
        marks = self.besides.measured[position] if self.besides.measured else {}
        return measured_mark(criterion, marks, self.besides.missing.get(position, NO_PARTS))

    def _of_measure(self, criterion: CriterionSpec, position: int) -> int | None:
        mark = self._mark(criterion, position)
        return None if mark is None else half_up(mark.numerator * self.printed, mark.denominator)

    def _exact(self, position: int, values: Sequence[int | None]) -> Fraction:
        points = self.besides.points.get(position, Fraction(0))
        if self.rules.combine is Combine.CRITERION:
            products = (
                mark.weighted(value)
                for (_, mark), value in zip(self.criteria, values, strict=True)
                if value is not None
            )
            return Fraction(sum(products), self.printed) * self.factor + points
        exact = self._of_totals(position) + points if self.judged else points
        for criterion in self.measured:
            exact += Fraction(criterion.weight) * (self._mark(criterion, position) or 0) * self.factor
        return exact

    def _of_totals(self, position: int) -> Fraction:
        value = None if self.compared is None else self.compared.values[position]
        return value if value is not None else Fraction(*self._ratio(position))

    def _ratio(self, position: int) -> Ratio:
        up = self.factor.numerator
        return self.combine([total * up for _, total in self.sums[position]], self.unit)
