"""The scorecards of a report as arrays, in points of the printed scale: what fairness is computed from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from contest.judging.calibration import Calibration, Method, calibrate
from contest.judging.components import components
from contest.judging.relative import unusable
from contest.judging.scoring import TotalScale, counted_points, waived
from contest.judging.totals import scale_factor
from contest.lazy import lazy
from contest.results.inputs import RoundInputs
from contest.results.ranking import besides_of
from contest.results.robustness import Cards

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.intp]
    Floats = NDArray[np.float64]
else:
    np = lazy("numpy")


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The scorecards that count. `given` holds per submission (judge, total x `unit`), by judge.

    `rows` are (submission, judge, points of each criterion); `weights` bring marks to the printed scale.
    """

    given: tuple[tuple[tuple[int, int], ...], ...]
    unit: Fraction
    rows: tuple[tuple[int, int, tuple[int, ...]], ...]
    low: tuple[float, ...]
    step: tuple[float, ...]
    weights: tuple[float, ...]

    @classmethod
    def of(cls, inputs: RoundInputs) -> Table:
        """Take from the inputs of a round the scorecards that its results take."""
        criteria, missing = inputs.rubric.judged, besides_of(inputs).missing
        rows = []
        for card in sorted(inputs.cards, key=lambda card: (card.submission, card.judge)) if criteria else ():
            parts = missing.get(card.submission)
            lowest = waived(inputs.rubric, parts) if parts else frozenset[int]()
            points = counted_points(card, inputs.rules.counting, lowest)
            if points is not None:
                rows.append((card.submission, card.judge, points))
        scale = TotalScale(inputs.rubric)
        given: list[list[tuple[int, int]]] = [[] for _ in inputs.tracks]
        for submission, judge, points in rows:
            given[submission].append((judge, scale.total(points)))
        factor = scale_factor(inputs.rubric, inputs.rules.scale_to)
        return cls(
            given=tuple(map(tuple, given)),
            unit=scale.denominator / factor if factor else Fraction(1),
            rows=tuple(rows),
            low=tuple(float(c.minimum) for c in criteria),
            step=tuple(float(c.step) for c in criteria),
            weights=tuple(float(Fraction(c.weight) * factor) for c in criteria),
        )

    def points(self, total: int) -> Fraction:
        """Return a total as exact points of the printed scale."""
        return total / self.unit

    def mean(self, submission: int) -> Fraction:
        """Return the plain mean of a submission that has a scorecard."""
        given = self.given[submission]
        return sum(total for _, total in given) / (len(given) * self.unit)

    def fit(self, members: Iterable[int], judges: Sequence[int], method: Method = Method.SEVERITY) -> Calibration:
        """Return what the totals of these submissions say, in their order; judges are in the order given."""
        seat = {judge: at for at, judge in enumerate(judges)}
        rows = [(at, seat[judge], total) for at, one in enumerate(members) for judge, total in self.given[one]]
        return calibrate(
            [at for at, _, _ in rows],
            [judge for _, judge, _ in rows],
            [total * self.unit.denominator / self.unit.numerator for _, _, total in rows],
            n_submissions=1 + max(at for at, _, _ in rows),
            n_judges=len(judges),
            method=method,
        )

    def cards(self, submissions: Sequence[int]) -> tuple[Cards, tuple[int, ...]]:
        """Return the scorecards of these submissions, numbered in this order, and the judges behind their numbers."""
        place = {submission: at for at, submission in enumerate(submissions)}
        rows = [row for row in self.rows if row[0] in place]
        judges = tuple(sorted({judge for _, judge, _ in rows}))
        seat = {judge: at for at, judge in enumerate(judges)}
        points = np.array([points for _, _, points in rows], dtype=np.float64).reshape(len(rows), len(self.weights))
        cards = Cards(
            submission=np.array([place[submission] for submission, _, _ in rows], dtype=np.intp),
            judge=np.array([seat[judge] for _, judge, _ in rows], dtype=np.intp),
            marks=np.array(self.low) + points * np.array(self.step),
            weights=np.array(self.weights),
            n_submissions=len(submissions),
            n_judges=len(judges),
        )
        return cards, judges


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Submissions linked by judges whom they share: `fit` compares these judges, or `note` says why it cannot."""

    members: tuple[int, ...]
    judges: tuple[int, ...]
    note: str | None
    fit: Calibration | None

    def severities(self) -> dict[int, float]:
        """Return what each judge of the group adds to a score; nothing without a fit."""
        return {} if self.fit is None else dict(zip(self.judges, map(float, self.fit.severity), strict=True))


def groups_of(table: Table) -> tuple[Group, ...]:
    """Return the linked groups in the order of their first submission, each estimated on its own."""
    members: dict[int, list[int]] = defaultdict(list)
    for submission, number in enumerate(components(table.given)):
        if number is not None:
            members[number].append(submission)
    return tuple(_group(table, tuple(one)) for one in members.values())


def _group(table: Table, members: tuple[int, ...]) -> Group:
    judges = tuple(sorted({judge for one in members for judge, _ in table.given[one]}))
    note = unusable(table.given[one] for one in members)
    return Group(members, judges, note, None if note else table.fit(members, judges))
