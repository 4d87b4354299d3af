"""The eligible pairs of a problem, once each and in order, with the limits as the solvers need them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contest.judging.plan import AssignmentProblem
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from contest.judging.plan import Bools, Floats, Ints, Pairs
else:
    np = lazy("numpy")

LARGEST_PENALTY = 1000.0
NOISE = 16  # costs end in a number below it that only the seed decides


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Pairs sorted by submission and judge, none twice; `pinned` and `current` are masks over them.

    `seats`, `most` are never negative; `least` is never above `most` nor above the pairs that a judge has. All three
    count pins. `noise` breaks ties, smaller is preferred.
    """

    n_submissions: int
    n_judges: int
    submission: Ints
    judge: Ints
    affinity: Floats
    penalty: Floats
    pinned: Bools
    current: Bools
    seats: Ints
    least: Ints
    most: Ints
    noise: Ints

    def per_submission(self, chosen: Bools) -> Ints:
        """Return how many of the chosen pairs each submission has."""
        return np.bincount(self.submission[chosen], minlength=self.n_submissions)

    def per_judge(self, chosen: Bools) -> Ints:
        """Return how many of the chosen pairs each judge has."""
        return np.bincount(self.judge[chosen], minlength=self.n_judges)

    def means(self, chosen: Bools) -> Floats:
        """Return the mean affinity of each submission's chosen pairs; infinite where there is none."""
        count = self.per_submission(chosen)
        total = np.bincount(self.submission[chosen], self.affinity[chosen], minlength=self.n_submissions)
        return np.where(count > 0, total / np.maximum(count, 1), np.inf)

    def places(self, submissions: Ints, judges: Ints) -> Ints:
        """Return the positions of pairs among the eligible ones, -1 for those that are not eligible."""
        return _places(self.submission * self.n_judges + self.judge, submissions * self.n_judges + judges)


def prepare(problem: AssignmentProblem, seed: int) -> Ground:
    """Sort the pairs, drop double entries, and cut limits that contradict themselves."""
    n_judges = problem.n_judges
    affinity = np.clip(np.nan_to_num(problem.affinity.astype(np.float64)), 0.0, 1.0)
    penalty = np.zeros(len(affinity)) if problem.penalty is None else _bounded(problem.penalty)
    codes = problem.submission.astype(np.int64) * n_judges + problem.judge.astype(np.int64)
    if (np.diff(codes) <= 0).any():
        order = np.argsort(codes, kind="stable")
        codes, affinity, penalty = codes[order], affinity[order], penalty[order]
    if (np.diff(codes) == 0).any():
        order = np.lexsort((penalty - affinity, codes))
        codes, first = np.unique(codes, return_index=True)
        affinity, penalty = affinity[order][first], penalty[order][first]
    submission, judge = np.divmod(codes, max(1, n_judges))
    most = np.maximum(problem.max_load.astype(np.int64), 0)
    possible = np.minimum(most, np.bincount(judge, minlength=n_judges))
    return Ground(
        n_submissions=problem.n_submissions,
        n_judges=n_judges,
        submission=submission,
        judge=judge,
        affinity=affinity,
        penalty=penalty,
        pinned=_marked(codes, problem.pinned, problem),
        current=_marked(codes, problem.current, problem),
        seats=np.maximum(problem.seats.astype(np.int64), 0),
        least=np.clip(problem.min_load.astype(np.int64), 0, possible),
        most=most,
        noise=(mixed(codes, seed) % np.uint64(NOISE)).astype(np.int64),
    )


def known_pairs(pairs: Pairs, n_submissions: int, n_judges: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return pairs as an array of two columns, and which of them name people and submissions that exist."""
    found = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
    inside = (found >= 0).all(axis=1) & (found[:, 0] < n_submissions) & (found[:, 1] < n_judges)
    return found, inside


def in_runs(values: Ints) -> Ints:
    """Return the place of each value within its run of equal values."""
    start = np.flatnonzero(np.diff(values, prepend=-1) != 0)
    return np.arange(len(values)) - np.repeat(start, np.diff(start, append=len(values)))


def mixed(codes: Ints, seed: int) -> NDArray[np.uint64]:
    """Return well mixed numbers, the same on every machine (splitmix64), so that equal pairs form varied panels."""
    found = codes.astype(np.uint64) + np.uint64((seed + 1) * _GOLDEN % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        found = (found ^ (found >> np.uint64(shift))) * np.uint64(factor)
    return found ^ (found >> np.uint64(31))


_GOLDEN = 0x9E3779B97F4A7C15


def _bounded(penalty: Floats) -> Floats:
    return np.clip(np.nan_to_num(penalty.astype(np.float64)), -LARGEST_PENALTY, LARGEST_PENALTY)


def _marked(codes: Ints, pairs: Pairs, problem: AssignmentProblem) -> Bools:
    marks = np.zeros(len(codes), dtype=bool)
    found, inside = known_pairs(pairs, problem.n_submissions, problem.n_judges)
    places = _places(codes, found[inside, 0] * problem.n_judges + found[inside, 1])
    marks[places[places >= 0]] = True
    return marks


def _places(codes: Ints, wanted: Ints) -> Ints:
    if not len(codes):
        return np.full(len(wanted), -1)
    places = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
    return np.where(codes[places] == wanted, places, -1)
