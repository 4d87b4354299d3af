"""Variances of an additive panel: restricted maximum likelihood, exact, in the space of the judges.

y = mu + team + judge + noise. With g_t = var_team / var_noise and g_b = var_judge / var_noise the submissions can be
absorbed exactly, and what is left is one symmetric matrix per g_t, as large as the panel has judges. Its eigenvalues
give the likelihood for every g_b at once (Patterson and Thompson 1971; Harville 1977).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contest.judging.crossed import Crossed
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Look = Callable[[Floats], tuple[float, Floats]]
else:
    np = lazy("numpy")

LOWEST, HIGHEST = 1e-8, 1e6  # of a variance ratio: 0 would tie all teams, infinity has no likelihood
PRIOR = (2.0, 1.0, 2.0)  # of the shares of team, judge and noise: no panel is without the first and the last
GRID = (11, 13)  # ratios of teams x ratios of judges
_SPAN = (1e-2, 1e2)
_WIDE, _NARROW = 1.2, 0.05  # of a standard deviation of a logarithm
_REACH = 3.5  # standard deviations
_BOTTOM, _TOP, _SMALL = math.log(LOWEST), math.log(HIGHEST), math.log(0.05)
_STEP, _LONGEST, _ROUNDS = 1e-5, 2.0, 60
_DONE, _CLOSE = 1e-10, 1e-9  # a likelihood no worse; logarithms no further apart
_FLAT, _TINY = 1e-9, 1e-300  # nothing to climb; nothing to divide by


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """What every look at a panel needs: who scored whom, and the sums of the scores."""

    panel: Crossed
    incidence: Floats
    of_team: Floats
    of_judge: Floats
    square: float

    @classmethod
    def of(cls, panel: Crossed) -> Sums:
        """Add up the scores of a panel."""
        sums = panel.by_team(panel.score), panel.by_judge(panel.score)
        return cls(panel, panel.incidence(), *sums, float(panel.score @ panel.score))


@dataclass(frozen=True, slots=True, eq=False)
class Reduced:
    """A panel whose submissions are absorbed at one ratio `g_team`: what is left of it for the judges.

    `left` is judges x judges; `ones` and `marks` are the reduced sums of 1 and of the scores per judge; the scalars
    are the reduced products of 1 and the scores.
    """

    sums: Sums
    share: Floats  # per team: 1 / (count + 1 / g_team)
    left: Floats
    ones: Floats
    marks: Floats
    one_one: float
    one_mark: float
    mark_mark: float

    @classmethod
    def at(cls, sums: Sums, g_team: float) -> Reduced:
        """Absorb the submissions at `g_team`."""
        panel, incidence = sums.panel, sums.incidence
        share = g_team / (1 + g_team * panel.per_team)
        rest = 1 - share * panel.per_team
        return cls(
            sums=sums,
            share=share,
            left=np.diag(panel.per_judge) - incidence.T @ (share[:, None] * incidence),
            ones=rest @ incidence,
            marks=sums.of_judge - (share * sums.of_team) @ incidence,
            one_one=float(panel.per_team @ rest),
            one_mark=float(sums.of_team @ rest),
            mark_mark=float(sums.square - share @ sums.of_team**2),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """A panel at one pair of ratios: `cover` is the covariance of the judges at a known mean, in units of the noise."""

    reduced: Reduced
    cover: Floats
    of_ones: Floats
    one_one: float
    mean: float
    judge: Floats
    noise: float
    like: float

    @classmethod
    def at(cls, sums: Sums, g_team: float, g_judge: float) -> Point:
        """Absorb the submissions, then the judges."""
        r = Reduced.at(sums, g_team)
        spread = np.eye(len(r.left)) + g_judge * r.left
        cover = (g_judge * np.linalg.inv(spread)).astype(np.float64, copy=False)
        of_ones, of_marks = cover @ r.ones, cover @ r.marks
        one_one, one_mark = r.one_one - r.ones @ of_ones, r.one_mark - r.ones @ of_marks
        mean = float(one_mark / one_one)
        rest = max(float(r.mark_mark - r.marks @ of_marks - mean * one_mark), _TINY)
        freedom = max(len(sums.panel.score) - 1, 1)
        known = np.log1p(g_team * sums.panel.per_team).sum() + np.linalg.slogdet(spread)[1] + math.log(one_one)
        like = -0.5 * (freedom * math.log(rest) + known)
        return cls(r, cover, of_ones, float(one_one), mean, of_marks - mean * of_ones, rest / freedom, float(like))


@dataclass(frozen=True, slots=True, eq=False)
class Absorbed:
    """A panel whose submissions are absorbed at one ratio `g_team`, and the eigenvectors of what is left.

    What is left is `basis` diag(`values`) `basis`' (judges x judges); `ones` and `marks` are those of `Reduced` in that
    basis.
    """

    sums: Sums
    g_team: float
    share: Floats
    basis: Floats
    values: Floats
    ones: Floats
    marks: Floats
    one_one: float
    one_mark: float
    mark_mark: float

    @classmethod
    def at(cls, sums: Sums, g_team: float) -> Absorbed:
        """Absorb the submissions at `g_team`."""
        r = Reduced.at(sums, g_team)
        values, basis = np.linalg.eigh(r.left)
        return cls(
            sums=sums,
            g_team=g_team,
            share=r.share,
            basis=basis,
            values=np.maximum(values, 0.0),
            ones=r.ones @ basis,
            marks=r.marks @ basis,
            one_one=r.one_one,
            one_mark=r.one_mark,
            mark_mark=r.mark_mark,
        )

    def fit(self, g_judge: float | Floats) -> Fit:
        """Return the likelihood at one ratio of the judges, or at several at once."""
        g = np.atleast_1d(np.asarray(g_judge, dtype=np.float64))[:, None]
        weight = g / (1 + g * self.values)
        one_one = self.one_one - weight @ self.ones**2
        one_mark = self.one_mark - weight @ (self.ones * self.marks)
        mean = one_mark / one_one
        rest = np.maximum(self.mark_mark - weight @ self.marks**2 - mean * one_mark, 1e-300)
        spread = np.log1p(self.g_team * self.sums.panel.per_team).sum() + np.log1p(g * self.values).sum(axis=1)
        freedom = max(len(self.sums.panel.score) - 1, 1)
        like = -0.5 * (freedom * np.log(rest) + spread + np.log(one_one))
        return Fit(mean, one_one, rest, rest / freedom, like)


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Per ratio of the judges: mean, its information, weighted rest, noise variance, restricted log likelihood."""

    mean: Floats
    one_one: Floats
    rest: Floats
    noise: Floats
    like: Floats


def weighed(panel: Crossed, peak: tuple[float, float]) -> tuple[list[Absorbed], Floats, Floats]:
    """Return the panel absorbed at several team ratios, the judge ratios, and how probable each pair of them is.

    A grid around the most likely pair, as wide as the likelihood is; its weight is the restricted likelihood times a
    Dirichlet prior over the three shares of the variance (in logarithms of the ratios: the product of their powers).
    """
    x, sums = np.log(peak), Sums.of(panel)
    bend = _bend(lambda at: _look(sums, at), x, _look(sums, x)[1])
    wide = np.clip(1 / np.sqrt(np.maximum(-np.diag(bend), 1e-9)), _NARROW, _WIDE)
    middle = np.clip(x, math.log(_SPAN[0]) + wide, None)
    teams, judges = (np.exp(m + _REACH * w * np.linspace(-1, 1, n)) for m, w, n in zip(middle, wide, GRID, strict=True))
    table = [Absorbed.at(sums, float(g)) for g in teams]
    prior = PRIOR[0] * np.log(teams)[:, None] + PRIOR[1] * np.log(judges)
    prior = prior - sum(PRIOR) * np.log(1 + teams[:, None] + judges)
    weight = np.array([row.fit(judges).like for row in table]) + prior
    weight = np.exp(weight - weight.max())
    return table, judges, weight / weight.sum()


def most_likely(panel: Crossed) -> tuple[float, float]:
    """Return (g_team, g_judge) of the highest restricted likelihood.

    The best point of a grid, then Newton's method in the logarithms of both, which a bound stops; a ratio whose
    likelihood falls all the way from its lower bound is set there.
    """
    sums = Sums.of(panel)
    x = _climb(lambda at: _look(sums, at), _start(sums))
    return float(np.exp(x[0])), float(np.exp(x[1]))


def _start(sums: Sums) -> Floats:
    teams, judges = (np.geomspace(*_SPAN, n) for n in GRID)
    likes = np.array([Absorbed.at(sums, float(g)).fit(judges).like for g in teams])
    x = np.log([[(team, judge) for judge in judges] for team in teams])
    distance = np.where(likes > likes.max() - _FLAT, np.abs(x).sum(axis=2), np.inf)  # a flat surface: nearest to 1
    start: Floats = x.reshape(-1, 2)[np.argmin(distance)]
    return start


def _look(sums: Sums, x: Floats) -> tuple[float, Floats]:
    """Return the restricted log likelihood and its derivatives at the logarithms of both ratios."""
    g_team, g_judge = (float(g) for g in np.exp(x))
    panel, at = sums.panel, Point.at(sums, g_team, g_judge)
    left = 1 / (1 + g_team * panel.per_team)
    pull = left * (sums.of_team - at.mean * panel.per_team - sums.incidence @ at.judge)
    pull_of_ones = left * (panel.per_team - sums.incidence @ at.of_ones)
    seen = left**2 @ ((sums.incidence @ at.cover) * sums.incidence).sum(axis=1)
    team = panel.per_team @ left - seen - pull_of_ones @ pull_of_ones / at.one_one
    judge = (at.reduced.left * at.cover).sum() / g_judge - at.of_ones @ at.of_ones / g_judge**2 / at.one_one
    gain = np.array([pull @ pull, at.judge @ at.judge / g_judge**2]) / at.noise
    return at.like, np.array([g_team, g_judge]) * (gain - np.array([team, judge])) / 2


def _climb(look: Look, x: Floats) -> Floats:
    like, slope = look(x)
    for _ in range(_ROUNDS):
        x, like, slope = _to_the_bottom(look, x, like, slope)
        step = _newton(look, x, slope)
        ahead = np.clip(x + step, _BOTTOM, _TOP)
        there, fresh = look(ahead)
        while there < like - _DONE and np.abs(step).max() > _CLOSE:
            step = step / 4
            ahead = np.clip(x + step, _BOTTOM, _TOP)
            there, fresh = look(ahead)
        moved = np.abs(ahead - x).max()
        x, like, slope = ahead, there, fresh
        if moved < _CLOSE:
            break
    return x


def _bend(look: Look, x: Floats, slope: Floats) -> Floats:
    """Return the second derivatives, from the slope a little further on."""
    bend = np.array([look(x + h)[1] - slope for h in np.eye(2) * _STEP]) / _STEP
    both: Floats = (bend + bend.T) / 2
    return both


def _newton(look: Look, x: Floats, slope: Floats) -> Floats:
    """Return the next step: Newton's where the surface bends down, otherwise each ratio on its own, uphill.

    Held where a bound holds. Near its lower bound a ratio is judged by the slope in the ratio, not in its logarithm.
    """
    free = ~(((x <= _BOTTOM) & (slope <= 0)) | ((x >= _TOP) & (slope >= 0)))
    step = np.zeros(2)
    if not free.any() or np.abs(slope[free] / np.minimum(np.exp(x[free]), 1)).max() < _FLAT:
        return step
    bend = _bend(look, x, slope)[np.ix_(free, free)]
    if np.linalg.eigvalsh(bend).max() < 0:
        step[free] = np.linalg.solve(bend, -slope[free])
    else:
        own = np.minimum(np.diag(bend), -_FLAT * np.abs(slope[free]) - _TINY)  # flat or bent upwards: as far as allowed
        step[free] = -slope[free] / own
    return np.clip(step, -_LONGEST, _LONGEST)


def _to_the_bottom(look: Look, x: Floats, like: float, slope: Floats) -> tuple[Floats, float, Floats]:
    """Set each small ratio whose likelihood rises downwards to its lower bound, where that is no less likely."""
    for axis in (0, 1):
        if _BOTTOM < x[axis] < _SMALL and slope[axis] < 0:
            lower = np.where(np.arange(2) == axis, _BOTTOM, x)
            there, fresh = look(lower)
            if there >= like and fresh[axis] <= 0:
                x, like, slope = lower, there, fresh
    return x, like, slope
