"""How sure a ranking is: chances of places, teams that cannot be told apart, and what one change would do.

Pure arrays. Submissions and judges are positions; a submission without a score has NaN and never a rank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from contest.judging.calibration import Calibration, Method, calibrate
from contest.lazy import lazy
from contest.results.settling import Extra, next_scorecards

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.intp]
    Floats = NDArray[np.float64]
else:
    np = lazy("numpy")

__all__ = [
    "Cards",
    "Chances",
    "Change",
    "Extra",
    "Without",
    "leave_one_out",
    "next_scorecards",
    "podium_of",
    "rank_chances",
    "ranks_of",
    "tie_bands",
]

SHIFT = 0.1  # by how much a weight is moved
NEAR = 10  # places whose scorecards are left out one at a time


@dataclass(frozen=True, slots=True, eq=False)
class Chances:
    """Per submission: `chance[t]` of being among the first `tops[t]`, and the ranks between which `level` of them lie.

    `best` and `worst` are 0 for a submission that has no rank; its chances are 0.
    """

    tops: tuple[int, ...]
    level: float
    chance: Floats
    best: Ints
    worst: Ints


def ranks_of(values: Floats) -> Ints:
    """Return ranks along the last axis: 1 is the highest, equal values share (1-2-2-4), NaN has 0."""
    count = values.shape[-1]
    rows = values.reshape(-1, count) if count else np.zeros((0, 0))
    order = np.argsort(-rows, axis=1)  # NaN last
    order += count * np.arange(len(rows))[:, None]  # places in the flat array, which is the fast way to reach them
    sorted_ = rows.ravel()[order]
    place = np.broadcast_to(np.arange(1, count + 1), order.shape)
    shared = sorted_[:, 1:] == sorted_[:, :-1]
    if shared.any():
        fresh = np.where(np.pad(shared, ((0, 0), (1, 0))), 0, place)
        place = np.maximum.accumulate(fresh, axis=1)
    if np.isnan(sorted_[:, -1:]).any():
        place = np.where(np.isnan(sorted_), 0, place)
    ranks = np.empty(order.size, dtype=np.intp)
    ranks[order] = place
    return ranks.reshape(values.shape)


def rank_chances(draws: Floats, tops: Sequence[int] = (1, 3), *, level: float = 0.9) -> Chances:
    """Count in joint draws (draws x submissions) how often each is among the first, and between which ranks it lies."""
    ranks = ranks_of(draws)
    ranked = ranks.min(axis=0) > 0 if len(ranks) else np.zeros(ranks.shape[1], dtype=bool)
    chance = np.array([((ranks <= top) & ranked).mean(axis=0) for top in tops])
    cut = int((1 - level) / 2 * len(ranks))
    sorted_ = np.sort(np.ascontiguousarray(ranks.T, dtype=np.int32), axis=1)  # a submission's ranks side by side
    best, worst = (np.where(ranked, sorted_[:, at], 0).astype(np.intp) for at in (cut, len(ranks) - 1 - cut))
    return Chances(tuple(tops), level, chance, best, worst)


def tie_bands(draws: Floats, *, level: float = 0.9) -> Ints:
    """Return the band of each submission, 1 for the best: within one, the first does not surely beat the others.

    Going down the average draw, a submission opens a new band when the first of the band beats it in more than `level`
    of the draws. 0 for a submission without a rank.
    """
    middle = draws.mean(axis=0)
    of_team = np.ascontiguousarray(draws.T)
    bands = np.zeros(draws.shape[1], dtype=np.intp)
    first, band = -1, 0
    for team in np.argsort(-middle, kind="stable")[: np.count_nonzero(~np.isnan(middle))]:
        if first < 0 or np.count_nonzero(of_team[first] > of_team[team]) > level * len(draws):
            first, band = team, band + 1
        bands[team] = band
    return bands


@dataclass(frozen=True, slots=True, eq=False)
class Cards:
    """The scorecards of a round: `marks` is scorecards x criteria, a total is `marks @ weights`."""

    submission: Ints
    judge: Ints
    marks: Floats
    weights: Floats
    n_submissions: int
    n_judges: int

    def without(self, keep: NDArray[np.bool_]) -> Cards:
        """Return only the scorecards that `keep` marks."""
        return replace(self, submission=self.submission[keep], judge=self.judge[keep], marks=self.marks[keep])

    def fit(self, method: str, ratios: tuple[float, float] | None = None) -> Calibration:
        """Return the fair scores of these cards."""
        return calibrate(
            self.submission,
            self.judge,
            self.marks @ self.weights,
            n_submissions=self.n_submissions,
            n_judges=self.n_judges,
            method=method,
            ratios=ratios,
        )


class Without(StrEnum):
    """What is left out or done otherwise."""

    JUDGE = "judge"
    CRITERION = "criterion"
    SCORECARD = "scorecard"
    METHOD = "method"
    HEAVIER = "heavier"
    LIGHTER = "lighter"


@dataclass(frozen=True, slots=True)
class Change:
    """What one change does: `which` is the position of the judge, criterion or scorecard, or the name of the method.

    `podium` holds the submissions with a rank up to the podium's size afterwards, best first; `winners` those on rank
    1. A change of the podium is a change of who stands on it, in whatever order.
    """

    without: Without
    which: int | str
    podium: tuple[int, ...]
    winners: tuple[int, ...]
    podium_changes: bool
    winner_changes: bool


def podium_of(shown: Floats, size: int, places: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return (podium, winners) of printed scores: all with a rank up to `size`, best first, and all with rank 1."""
    ranks = ranks_of(np.floor(shown * 10.0**places + 0.5 + 1e-9))
    there = [int(team) for team in np.lexsort((np.arange(len(ranks)), ranks)) if 0 < ranks[team] <= size]
    return tuple(there), tuple(team for team in there if ranks[team] == 1)


def leave_one_out(
    cards: Cards,
    *,
    method: str = Method.SEVERITY,
    size: int = 3,
    places: int = 2,
    near: int = NEAR,
    placed: NDArray[np.bool_] | None = None,
    others: Sequence[str] = (Method.SEVERITY, Method.MEAN, Method.ROBUST),
) -> tuple[Change, ...]:
    """Rank again without each judge, criterion or scorecard, by `others` (methods), and with each weight moved by 10 %.

    Scorecards are those of the first `near` ranks: others reach the podium only through a judge's severity. Fits that
    leave something out keep the variances of the full fit, so that a difference is the doing of what was left out.
    `placed` marks the submissions that have a place; the others only help to know the judges.
    """
    mask = np.ones(cards.n_submissions, dtype=bool) if placed is None else placed

    def podium(fit: Calibration) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return podium_of(np.where(mask, fit.shown, np.nan), size, places)

    full = cards.fit(method)
    before = podium(full)
    first = np.where(mask, full.value, np.nan)
    return tuple(
        _change(without, which, podium(changed), before)
        for without, which, changed in _changed(cards, full, method, _near(cards, first, near), others)
    )


def _near(cards: Cards, value: Floats, near: int) -> Ints:
    """Return the scorecards of the first `near` ranks."""
    ranks = ranks_of(value)[cards.submission]
    return np.flatnonzero((ranks > 0) & (ranks <= near))


def _change(
    without: Without, which: int | str, after: tuple[tuple[int, ...], ...], before: tuple[tuple[int, ...], ...]
) -> Change:
    podium, winners = after
    return Change(without, which, podium, winners, set(podium) != set(before[0]), winners != before[1])


def _changed(
    cards: Cards, full: Calibration, method: str, near: Ints, others: Sequence[str]
) -> Iterator[tuple[Without, int | str, Calibration]]:
    for judge in np.unique(cards.judge):
        yield Without.JUDGE, int(judge), cards.without(cards.judge != judge).fit(method, full.ratios)
    yield from _without_cards(cards, full, method, near)
    for other in others:
        if other != method:  # a raw mean does not depend on the variances: no need to look for them again
            yield Without.METHOD, other, cards.fit(other, full.ratios if other is Method.MEAN else None)
    yield from _weighed(cards, full, method)


def _without_cards(
    cards: Cards, full: Calibration, method: str, near: Ints
) -> Iterator[tuple[Without, int, Calibration]]:
    for card in near:
        kept = cards.without(np.arange(len(cards.judge)) != card)
        yield Without.SCORECARD, int(card), kept.fit(method, full.ratios)


def _weighed(cards: Cards, full: Calibration, method: str) -> Iterator[tuple[Without, int, Calibration]]:
    for kind, factor in ((Without.CRITERION, 0.0), (Without.HEAVIER, 1 + SHIFT), (Without.LIGHTER, 1 - SHIFT)):
        for criterion in range(len(cards.weights) if len(cards.weights) > 1 else 0):
            factors = np.where(np.arange(len(cards.weights)) == criterion, factor, 1.0)
            yield kind, criterion, replace(cards, weights=cards.weights * factors).fit(method, full.ratios)
