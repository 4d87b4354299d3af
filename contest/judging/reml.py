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
else:
    np = lazy("numpy")

LOWEST, HIGHEST = 1e-8, 1e6  # of a variance ratio: 0 would tie all teams, infinity has no likelihood
GRID = (11, 13)  # ratios of teams x ratios of judges
_SPAN = (1e-2, 1e2)
_WIDE, _NARROW = 1.2, 0.05  # of a standard deviation of a logarithm
_BOTTOM, _TOP, _SMALL = math.log(LOWEST), math.log(HIGHEST), math.log(0.05)
_STEP, _LONGEST, _ROUNDS = 1e-4, 2.0, 60
_DONE, _CLOSE = 1e-10, 1e-9  # a likelihood no worse; logarithms no further apart
_FLAT = 1e-9  # nothing to climb


@dataclass(frozen=True, slots=True, eq=False)
class Absorbed:
    """A panel whose submissions are absorbed at one ratio `g_team`, and the eigenvectors of what is left.

    What is left is `basis` diag(`values`) `basis`' (judges x judges); `ones` and `marks` are the reduced sums of 1 and
    of the scores per judge, in that basis; the scalars are the reduced products of 1 and the scores.
    """

    panel: Crossed
    g_team: float
    share: Floats  # per team: 1 / (count + 1 / g_team)
    basis: Floats
    values: Floats
    ones: Floats
    marks: Floats
    one_one: float
    one_mark: float
    mark_mark: float

    @classmethod
    def at(cls, panel: Crossed, incidence: Floats, g_team: float) -> Absorbed:
        """Absorb the submissions of `panel` at `g_team`."""
        share = g_team / (1 + g_team * panel.per_team)
        sums = panel.by_team(panel.score)
        gram = np.diag(panel.per_judge) - incidence.T @ (share[:, None] * incidence)
        values, basis = np.linalg.eigh(gram)
        left = 1 - share * panel.per_team
        return cls(
            panel=panel,
            g_team=g_team,
            share=share,
            basis=basis,
            values=np.maximum(values, 0.0),
            ones=basis.T @ (incidence.T @ left),
            marks=basis.T @ (panel.by_judge(panel.score) - incidence.T @ (share * sums)),
            one_one=float(panel.per_team @ left),
            one_mark=float(sums @ left),
            mark_mark=float(panel.score @ panel.score - share @ sums**2),
        )

    def fit(self, g_judge: float | Floats) -> Fit:
        """Return the likelihood at one ratio of the judges, or at several at once."""
        g = np.atleast_1d(np.asarray(g_judge, dtype=np.float64))[:, None]
        weight = g / (1 + g * self.values)
        one_one = self.one_one - weight @ self.ones**2
        one_mark = self.one_mark - weight @ (self.ones * self.marks)
        mean = one_mark / one_one
        rest = np.maximum(self.mark_mark - weight @ self.marks**2 - mean * one_mark, 1e-300)
        spread = np.log1p(self.g_team * self.panel.per_team).sum() + np.log1p(g * self.values).sum(axis=1)
        freedom = max(len(self.panel.score) - 1, 1)
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


def grid() -> tuple[Floats, Floats]:
    """Return the ratios of teams and of judges over which a likelihood is looked at, evenly in the logarithm."""
    return np.geomspace(*_SPAN, GRID[0]), np.geomspace(*_SPAN, GRID[1])


def weighed(panel: Crossed, peak: tuple[float, float]) -> tuple[list[Absorbed], Floats, Floats]:
    """Return the panel absorbed at several team ratios, the judge ratios, and how probable each pair of them is.

    A grid around the most likely pair, as wide as the likelihood is; its weight is the restricted likelihood times a
    uniform prior over the three shares of the variance (in logarithms of the ratios: the product of the shares).
    """
    x, incidence = np.log(peak), panel.incidence()
    bend = np.array([_slope(panel, incidence, x + h) - _slope(panel, incidence, x - h) for h in np.eye(2) * _STEP])
    wide = np.clip(1 / np.sqrt(np.maximum(-np.diag(bend) / (2 * _STEP), 1e-9)), _NARROW, _WIDE)
    middle = np.clip(x, math.log(_SPAN[0]) + wide, None)
    teams, judges = (np.exp(m + 3.5 * w * np.linspace(-1, 1, n)) for m, w, n in zip(middle, wide, GRID, strict=True))
    table = [Absorbed.at(panel, incidence, float(g)) for g in teams]
    shares = np.log(teams)[:, None] + np.log(judges) - 3 * np.log(1 + teams[:, None] + judges)
    weight = np.array([row.fit(judges).like for row in table]) + shares
    weight = np.exp(weight - weight.max())
    return table, judges, weight / weight.sum()


def most_likely(panel: Crossed, table: list[Absorbed]) -> tuple[float, float]:
    """Return (g_team, g_judge) of the highest restricted likelihood, from the best point of the grid on.

    `table` holds the panel absorbed at each team ratio of `grid()`. Newton's method in the logarithms of both, which a
    bound stops; a ratio whose likelihood falls all the way from its lower bound is set there.
    """
    incidence = panel.incidence()

    def like(x: Floats) -> float:
        g_team, g_judge = np.exp(x)
        return float(Absorbed.at(panel, incidence, g_team).fit(g_judge).like[0])

    return _climb(like, lambda x: _slope(panel, incidence, x), _start(table))


def _start(table: list[Absorbed]) -> Floats:
    teams, judges = grid()
    likes = np.array([row.fit(judges).like for row in table])
    x = np.log([[(team, judge) for judge in judges] for team in teams])
    distance = np.where(likes > likes.max() - _FLAT, np.abs(x).sum(axis=2), np.inf)  # a flat surface: nearest to 1
    start: Floats = x.reshape(-1, 2)[np.argmin(distance)]
    return start


def _slope(panel: Crossed, incidence: Floats, x: Floats) -> Floats:
    """Return the derivatives of the restricted likelihood in the logarithms of both ratios."""
    g_team, g_judge = (float(g) for g in np.exp(x))
    row = Absorbed.at(panel, incidence, g_team)
    fit = row.fit(g_judge)
    mean, one_one, noise = fit.mean[0], fit.one_one[0], fit.noise[0]
    weight = g_judge / (1 + g_judge * row.values)
    effects = row.basis @ (weight * (row.marks - mean * row.ones))
    of_ones = row.basis @ (weight * row.ones)
    left = 1 / (1 + g_team * panel.per_team)
    pull = left * (panel.by_team(panel.score) - mean * panel.per_team - incidence @ effects)
    pull_of_ones = left * (panel.per_team - incidence @ of_ones)
    seen = ((left[:, None] * (incidence @ row.basis)) ** 2).sum(axis=0)
    team = panel.per_team @ left - weight @ seen - pull_of_ones @ pull_of_ones / one_one
    judge = (row.values / (1 + g_judge * row.values)).sum() - of_ones @ of_ones / g_judge**2 / one_one
    gain = np.array([pull @ pull, effects @ effects / g_judge**2]) / noise
    slope: Floats = np.array([g_team, g_judge]) * (gain - np.array([team, judge])) / 2
    return slope


def _climb(like: Callable[[Floats], float], slope: Callable[[Floats], Floats], x: Floats) -> tuple[float, float]:
    here = like(x)
    for _ in range(_ROUNDS):
        x, before = _to_the_bottom(like, x, here), x
        here = like(x)
        step = _newton(slope, x)
        while (there := like(np.clip(x + step, _BOTTOM, _TOP))) < here - _DONE:
            step = step / 2
        x, here = np.clip(x + step, _BOTTOM, _TOP), there
        if np.abs(x - before).max() < _CLOSE:
            break
    return float(np.exp(x[0])), float(np.exp(x[1]))


def _newton(slope: Callable[[Floats], Floats], x: Floats) -> Floats:
    """Return the next step: Newton's where the surface bends down, otherwise uphill; held where a bound holds."""
    first = slope(x)
    free = ~(((x <= _BOTTOM) & (first <= 0)) | ((x >= _TOP) & (first >= 0)))
    step = np.zeros(2)
    if not free.any() or np.abs(first).max() < _FLAT:
        return step
    near = np.eye(2) * _STEP
    bend = np.array([slope(x + h) - slope(x - h) for h in near]) / (2 * _STEP)
    bend = ((bend + bend.T) / 2)[np.ix_(free, free)]
    down = np.linalg.eigvalsh(bend).max() < 0
    step[free] = np.linalg.solve(bend, -first[free]) if down else np.sign(first[free])
    return np.clip(step, -_LONGEST, _LONGEST)


def _to_the_bottom(like: Callable[[Floats], float], x: Floats, here: float) -> Floats:
    """Return `x` with each ratio that is small already at its lower bound, where that is no less likely."""
    for axis in (0, 1):
        if _BOTTOM < x[axis] < _SMALL:
            lower = np.where(np.arange(2) == axis, _BOTTOM, x)
            x = lower if like(lower) >= here else x
    return x
