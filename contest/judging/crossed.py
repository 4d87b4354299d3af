"""Scores of judges x submissions as arrays: sorted once, so that no answer depends on the order of the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Ints = NDArray[np.intp]
    Floats = NDArray[np.float64]
else:
    np = lazy("numpy")


@dataclass(frozen=True, slots=True, eq=False)
class Crossed:
    """One round's scores: `team[r]` was given `score[r]` by `judge[r]`, sorted by team, judge and score.

    `per_team` and `per_judge` count the scores (floats, because every formula divides by them).
    """

    n_teams: int
    n_judges: int
    team: Ints
    judge: Ints
    score: Floats
    per_team: Floats
    per_judge: Floats

    @classmethod
    def of(cls, team: ArrayLike, judge: ArrayLike, score: ArrayLike, n_teams: int, n_judges: int) -> Crossed:
        """Sort the scores; NaN is a missing score. Raise `ValueError` for shapes and positions that do not fit."""
        teams, judges = _positions(team, n_teams), _positions(judge, n_judges)
        scores = np.asarray(score, dtype=np.float64)
        if not teams.shape == judges.shape == scores.shape or teams.ndim != 1:
            raise ValueError("submission, judge and score must be arrays of one length")
        if np.isinf(scores).any():
            raise ValueError("a score must be finite or NaN")
        teams, judges, scores = _sorted(*_given(teams, judges, scores), n_judges)
        counts = [np.bincount(x, minlength=n).astype(np.float64) for x, n in ((teams, n_teams), (judges, n_judges))]
        return cls(n_teams, n_judges, teams, judges, scores, *counts)

    def by_team(self, values: Floats) -> Floats:
        """Return the sums of `values` (one per score) per submission."""
        return np.bincount(self.team, weights=values, minlength=self.n_teams).astype(np.float64, copy=False)

    def by_judge(self, values: Floats) -> Floats:
        """Return the sums of `values` (one per score) per judge."""
        return np.bincount(self.judge, weights=values, minlength=self.n_judges).astype(np.float64, copy=False)

    def incidence(self) -> Floats:
        """Return how often each judge (column) scored each submission (row)."""
        cells = np.bincount(self.team * self.n_judges + self.judge, minlength=self.n_teams * self.n_judges)
        return cells.reshape(self.n_teams, self.n_judges).astype(np.float64)

    def means(self) -> Floats:
        """Return the mean score per submission, NaN where there is none."""
        return self.scored(self.by_team(self.score) / np.maximum(self.per_team, 1))

    def scored(self, values: Floats) -> Floats:
        """Return `values` per submission with NaN where a submission has no score."""
        return np.where(self.per_team > 0, values, np.nan)

    def usual_count(self) -> float:
        """Return how many scores most submissions have (of two equally frequent counts the larger), at least 1."""
        frequency = np.bincount(self.per_team[self.per_team > 0].astype(np.intp))
        return float(len(frequency) - 1 - np.argmax(frequency[::-1])) if len(frequency) else 1.0

    def components(self) -> Ints:
        """Return per submission which group it belongs to: within one, a chain of shared judges links any two.

        Groups are numbered in the order of their first submission; -1 has no score.
        """
        label = np.arange(self.n_teams)
        while len(self.team):
            lowest = np.full(self.n_judges, self.n_teams)
            np.minimum.at(lowest, self.judge, label[self.team])
            found = label.copy()
            np.minimum.at(found, self.team, lowest[self.judge])
            found = found[found]
            if (found == label).all():
                break
            label = found
        label = np.where(self.per_team > 0, label, -1)
        numbers = np.cumsum(label == np.arange(self.n_teams)) - 1
        return np.where(label >= 0, numbers[label], -1)


def _positions(values: ArrayLike, limit: int) -> Ints:
    array = np.asarray(values)
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise ValueError("positions must be integers")
    if array.size and (array.min() < 0 or array.max() >= limit):
        raise ValueError(f"positions must lie between 0 and {limit - 1}")
    return array.astype(np.intp, copy=False)


def _given(team: Ints, judge: Ints, score: Floats) -> tuple[Ints, Ints, Floats]:
    there = ~np.isnan(score)
    return (team, judge, score) if there.all() else (team[there], judge[there], score[there])


def _sorted(team: Ints, judge: Ints, score: Floats, n_judges: int) -> tuple[Ints, Ints, Floats]:
    key = team * n_judges + judge
    if (key[1:] > key[:-1]).all():
        return team, judge, score
    # Nearly sorted rows, as a database returns them, are merged in a tenth of the time that sorting takes.
    order = np.argsort(key, kind="stable" if (team[1:] >= team[:-1]).all() else None)
    if (np.diff(key[order]) == 0).any():  # a judge who scored twice: the lower score first
        order = np.lexsort((score, key))
    return team[order], judge[order], score[order]
