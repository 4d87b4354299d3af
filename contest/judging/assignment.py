"""Who judges what: as many seats filled as possible, loads as even as possible, never a conflict.

A bipartite flow (submission -> judge, one unit per eligible pair) improved along alternating paths. In this order:

1. pinned pairs stay;
2. as many seats as any plan can fill are filled (a maximum flow);
3. the empty seats are spread evenly over the submissions (least sum of squares);
4. as few judges as possible stay below their minimum load;
5. loads are as even as possible (least sum of squares, hence also the smallest spread);
6. current pairs, then affinity, then the seed, break what is left open.

Steps 2 to 5 are exact: separable convex costs on a flow are optimal when no single path improves them. With
`keep > 0` a current pair is given up for the steps 2 to 4 only, never to even out loads.

The same input and seed give the same plan on every machine, whatever the order in which the pairs are listed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from contest.judging.matching import Matching
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.integer[Any]]
    Floats = NDArray[np.floating[Any]]
else:
    np = lazy("numpy")

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class AssignmentProblem:
    """What may be assigned. Everything is a position; pairs are (submission, judge).

    `submission`, `judge`, `affinity`: one entry per eligible pair, in any order; a conflict is a pair not listed; a
    pair listed twice counts once, with its higher affinity. `seats`: judges wanted per submission, pins included.
    `min_load`, `max_load`: per judge, pins included. `pinned`: pairs that must stay. `current`: pairs of the plan in
    force. `keep`: above 0, current pairs are not moved for evenness alone. `penalty`: per listed pair, subtracted
    from its affinity where it breaks a tie.
    """

    n_submissions: int
    n_judges: int
    submission: Ints
    judge: Ints
    affinity: Floats
    seats: Ints
    min_load: Ints
    max_load: Ints
    pinned: tuple[Pair, ...] = ()
    current: tuple[Pair, ...] = ()
    keep: float = 0.0
    penalty: Floats | None = None

    def __post_init__(self) -> None:
        """Raise `ValueError` for arrays that do not fit together or positions that do not exist."""
        pairs = len(self.submission)
        lengths = {len(self.judge), len(self.affinity), pairs if self.penalty is None else len(self.penalty)}
        if lengths != {pairs} or len(self.seats) != self.n_submissions:
            raise ValueError("arrays of different lengths")
        if len(self.min_load) != self.n_judges or len(self.max_load) != self.n_judges:
            raise ValueError("one minimum and one maximum load per judge")
        for positions, count in ((self.submission, self.n_submissions), (self.judge, self.n_judges)):
            if pairs and not 0 <= int(np.min(positions)) <= int(np.max(positions)) < count:
                raise ValueError("a position that does not exist")


class UnfilledReason(StrEnum):
    """Why a seat stays empty."""

    NO_JUDGE = "no_judge"
    TOO_FEW_JUDGES = "too_few_judges"
    JUDGES_FULL = "judges_full"


@dataclass(frozen=True, slots=True, order=True)
class Unfilled:
    """Seats of one submission that cannot be filled: nobody is eligible, too few are, or all of them are full."""

    submission: int
    seats: int
    reason: UnfilledReason


class AdviceCode(StrEnum):
    """What the organiser should know about the input or the plan."""

    BELOW_MINIMUM = "below_minimum"
    MINIMUM_ABOVE_MAXIMUM = "minimum_above_maximum"
    PIN_NOT_ELIGIBLE = "pin_not_eligible"
    PINS_ABOVE_MAXIMUM = "pins_above_maximum"
    PINS_ABOVE_SEATS = "pins_above_seats"


@dataclass(frozen=True, slots=True, order=True)
class Advice:
    """One remark: `count` is the number of seats that it is about."""

    code: AdviceCode
    judge: int | None
    submission: int | None
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class AssignmentPlan:
    """The pairs, sorted by submission and judge, and what is to be said about them.

    `loads` per judge. `components`: connected groups among the submissions and judges that have a pair; with more than
    one, judges cannot be compared across them. `kept` and `moved` count the current pairs that are in the plan, and
    those still eligible that are not.
    """

    submission: Ints
    judge: Ints
    loads: Ints
    total_affinity: float
    unfilled: tuple[Unfilled, ...]
    components: int
    kept: int
    moved: int
    advice: tuple[Advice, ...] = ()


def assign(problem: AssignmentProblem, *, seed: int = 0) -> AssignmentPlan:
    """Plan who judges what, as described at the top of this module; `seed` >= 0 only breaks ties.

    Contradictions never raise: empty seats are explained in `unfilled`, the rest in `advice`. A pin on a pair that is
    not eligible is not assigned (a conflict wins) and is reported.
    """
    pairs = _Pairs(problem, seed)
    pins, current = pairs.listed(problem.pinned), pairs.listed(problem.current)
    matching = Matching(pairs.adjacent, problem.seats.tolist(), problem.min_load.tolist(), problem.max_load.tolist())
    for pair in pins:
        matching.pin(*pair)
    for pair in current:
        matching.place(*pair)
    submissions, judges = _shuffled(problem.n_submissions, seed), _shuffled(problem.n_judges, seed)
    matching.fill_directly(submissions)
    matching.fill_along_paths(submissions)
    matching.spread_empty_seats(submissions)
    matching.lift_minimum_loads(judges)
    matching.even_out_loads(judges, keep=problem.keep > 0)
    planned = [(one, other) for one, team in enumerate(matching.teams) for other in sorted(team)]
    kept = len(set(planned).intersection(current))
    return AssignmentPlan(
        submission=np.array([one for one, _ in planned], dtype=np.int64),
        judge=np.array([other for _, other in planned], dtype=np.int64),
        loads=np.array(matching.loads, dtype=np.int64),
        total_affinity=pairs.affinity_of(planned),
        unfilled=tuple(_unfilled(problem, pairs.adjacent, matching.missing)),
        components=_components(planned),
        kept=kept,
        moved=len(current) - kept,
        advice=tuple(_advice(problem, pins, matching.loads)),
    )


class _Pairs:
    """The eligible pairs, once each; `adjacent` lists the judges of each submission, the preferred first."""

    def __init__(self, problem: AssignmentProblem, seed: int) -> None:
        self._n_submissions, self._n_judges = problem.n_submissions, problem.n_judges
        codes = problem.submission.astype(np.int64) * problem.n_judges + problem.judge.astype(np.int64)
        affinity = np.nan_to_num(problem.affinity.astype(np.float64))
        penalty = 0.0 if problem.penalty is None else np.nan_to_num(problem.penalty.astype(np.float64))
        order = np.lexsort((penalty - affinity, codes))
        self._codes, first = np.unique(codes[order], return_index=True)
        self._affinity = affinity[order][first]
        self._score = (affinity - penalty)[order][first]
        submission, judge = np.divmod(self._codes, max(1, problem.n_judges))
        best_first = np.lexsort((_mixed(self._codes, seed), -self._score, submission))
        ends = np.cumsum(np.bincount(submission, minlength=problem.n_submissions))
        self.adjacent: list[list[int]] = [part.tolist() for part in np.split(judge[best_first], ends)[:-1]]

    def listed(self, pairs: Iterable[Pair]) -> list[Pair]:
        """Return those of `pairs` that are eligible, once each, the preferred first."""
        known = {pair for pair in pairs if 0 <= pair[0] < self._n_submissions and 0 <= pair[1] < self._n_judges}
        found = self._places(sorted(known))
        ordered = found[np.argsort(-self._score[found], kind="stable")]
        return [divmod(code, self._n_judges) for code in self._codes[ordered].tolist()]

    def affinity_of(self, pairs: Iterable[Pair]) -> float:
        """Return the summed affinity of eligible pairs, penalties left out."""
        return math.fsum(self._affinity[self._places(pairs)].tolist())

    def _places(self, pairs: Iterable[Pair]) -> Ints:
        wanted = np.array([one * self._n_judges + other for one, other in pairs], dtype=np.int64)
        return np.flatnonzero(np.isin(self._codes, wanted, assume_unique=True))


def _mixed(codes: Ints, seed: int) -> NDArray[np.uint64]:
    """Return well mixed numbers, the same on every machine (splitmix64), so that equal pairs form varied panels."""
    mixed = codes.astype(np.uint64) + np.uint64((seed + 1) * _GOLDEN % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))


_GOLDEN = 0x9E3779B97F4A7C15


def _shuffled(count: int, seed: int) -> list[int]:
    order: list[int] = np.argsort(_mixed(np.arange(count), seed), kind="stable").tolist()
    return order


def _unfilled(problem: AssignmentProblem, adjacent: list[list[int]], missing: list[int]) -> Iterator[Unfilled]:
    """Say why seats stay empty: first those for which no judge exists at all, then those whose judges are full."""
    for submission, empty in enumerate(missing):
        eligible = len(adjacent[submission])
        lacking = min(empty, max(0, int(problem.seats[submission]) - eligible))
        if lacking:
            reason = UnfilledReason.TOO_FEW_JUDGES if eligible else UnfilledReason.NO_JUDGE
            yield Unfilled(submission, lacking, reason)
        if empty > lacking:
            yield Unfilled(submission, empty - lacking, UnfilledReason.JUDGES_FULL)


def _components(pairs: list[Pair]) -> int:
    """Count the connected groups of submissions and judges that have at least one pair."""
    parent: dict[Pair, Pair] = {}

    def root(node: Pair) -> Pair:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for submission, judge in pairs:
        parent[root((0, submission))] = root((1, judge))
    return sum(node == above for node, above in parent.items())


def _advice(problem: AssignmentProblem, pins: list[Pair], loads: list[int]) -> Iterator[Advice]:
    for pair in sorted(set(problem.pinned).difference(pins)):
        yield Advice(AdviceCode.PIN_NOT_ELIGIBLE, pair[1], pair[0], 1)
    pinned_on = Counter(submission for submission, _ in pins)
    for submission, count in sorted(pinned_on.items()):
        if count > (seats := max(0, int(problem.seats[submission]))):
            yield Advice(AdviceCode.PINS_ABOVE_SEATS, None, submission, count - seats)
    for judge, load in enumerate(loads):
        least, most = int(problem.min_load[judge]), int(problem.max_load[judge])
        if least > most:
            yield Advice(AdviceCode.MINIMUM_ABOVE_MAXIMUM, judge, None, least - most)
        if load < least:
            yield Advice(AdviceCode.BELOW_MINIMUM, judge, None, least - load)
        if load > max(0, most):
            yield Advice(AdviceCode.PINS_ABOVE_MAXIMUM, judge, None, load - max(0, most))
