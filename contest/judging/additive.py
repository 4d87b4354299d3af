"""The additive panel model: variances, effects, fair scores, joint draws; small panels exactly, large ones in O(n)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contest.judging.crossed import Crossed
from contest.judging.reml import Absorbed, Point, Sums, most_likely, weighed
from contest.judging.vast import moments, solve
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]
else:
    np = lazy("numpy")

Ratios = tuple[float, float]
EXACT = 3e7  # submissions x judges squared: up to here variances by REML, and averaged over in draws
AVERAGED = 300  # submissions: up to here effects are averaged over variances
DENSE = 4e7  # the same for a single fit: up to here draws know how the judges hang together


@dataclass(frozen=True, slots=True, eq=False)
class Additive:
    """Effects of the submissions and judges of a panel, in points; `variance` is (team, judge, noise).

    `ratios` are the variances of submissions and judges over that of the noise. Where there is no noise they are 0 and
    a draw repeats the fit.
    """

    panel: Crossed
    mean: float
    team: Floats
    shown: Floats
    judge: Floats
    judge_sd: Floats
    variance: tuple[float, float, float]
    ratios: Ratios

    def draw(self, n: int, seed: int, only: Ints | None = None) -> Floats:
        """Return `n` joint draws of the mean score that the whole panel would give, to all submissions or to `only`."""
        random = np.random.default_rng(seed)
        if not self.variance[2]:
            level = np.tile(self.mean + self.team, (n, 1))
        elif is_vast(self.panel):
            return self._apart(n, random, np.arange(self.panel.n_teams) if only is None else only)
        else:
            level = self._together(n, random)
        level = self.panel.scored(level)
        return level if only is None else level[:, only]

    def _together(self, n: int, random: np.random.Generator) -> Floats:
        """Draw variances from a grid, then mean, judges and submissions from their joint normal distribution."""
        centred = replace(self.panel, score=self.panel.score - self.mean)
        if _work(centred) > EXACT:
            row = Absorbed.at(Sums.of(centred), self.ratios[0])
            return self.mean + _levels(row, self.ratios[1], n, random)
        table, judges, weight = weighed(centred, self.ratios)
        counts = random.multinomial(n, weight.ravel()).reshape(weight.shape)
        cells = [_levels(table[a], float(judges[b]), int(counts[a, b]), random) for a, b in np.argwhere(counts)]
        return self.mean + random.permutation(np.concatenate(cells))

    def _apart(self, n: int, random: np.random.Generator, only: Ints) -> Floats:
        """Draw each submission on its own: in a vast panel two share too little to matter."""
        level = self.panel.scored(self.mean + self.team)[only]
        drawn: Floats = level + self.doubt()[only] * random.standard_normal((n, len(only)))
        return drawn

    def doubt(self) -> Floats:
        """Return about the standard deviation of each submission, as if judges were known apart from each other."""
        share = self.ratios[0] / (1 + self.ratios[0] * self.panel.per_team)
        judges = self.panel.by_team(self.judge_sd[self.panel.judge] ** 2)
        return np.sqrt(self.variance[2] * share + share**2 * judges)


def is_vast(panel: Crossed) -> bool:
    """Whether a table of the judges, let alone of the scores, would be too large."""
    return _work(panel) > DENSE


def fit_panel(panel: Crossed, ratios: Ratios | None = None) -> Additive:
    """Estimate the variances, unless their `ratios` (team, judge) over the noise are given, and the effects.

    The variances are those of the highest restricted likelihood. With few submissions they are hardly known; effects
    are then averaged over all variances that are probable, which ranks better than to trust one pair.
    """
    middle, unit = _scale(panel.score)
    if not unit:
        return _flat(panel, middle)
    scaled = replace(panel, score=(panel.score - middle) / unit)
    model = _averaged(scaled) if not ratios and _is_averaged(scaled) else _effects(scaled, ratios or _ratios(scaled))
    return _in_points(model, panel, middle, unit)


def _work(panel: Crossed) -> float:
    return float(panel.n_teams) * panel.n_judges**2


def _scale(score: Floats) -> tuple[float, float]:
    """Return a middle and a unit that make the scores numbers near 1; a unit of 0 when all are equal."""
    if not len(score) or score.min() == score.max():
        return (float(score[0]) if len(score) else 0.0), 0.0
    return float(score.mean()), float(score.std())


def _flat(panel: Crossed, level: float) -> Additive:
    teams, judges = np.zeros(panel.n_teams), np.zeros(panel.n_judges)
    return Additive(panel, level, teams, teams + level, judges, judges, (0.0, 0.0, 0.0), (0.0, 0.0))


def _ratios(panel: Crossed) -> Ratios:
    return most_likely(panel) if _work(panel) <= EXACT else moments(panel)


def _is_averaged(panel: Crossed) -> bool:
    return panel.n_teams <= AVERAGED and _work(panel) <= EXACT


def _averaged(panel: Crossed) -> Additive:
    ratios = most_likely(panel)
    table, judges, weight = weighed(panel, ratios)
    cells = [_cell(row, judges, share) for row, share in zip(table, weight, strict=True)]
    mean, shrunk, team, judge, square = (np.sum(parts, axis=0) for parts in zip(*cells, strict=True))
    return replace(
        _effects(panel, ratios),
        mean=float(mean),
        team=team,
        shown=mean + team / shrunk,
        judge=judge,
        judge_sd=np.sqrt(np.maximum(square - judge**2, 0.0)),
    )


def _cell(row: Absorbed, g_judges: Floats, share: Floats) -> tuple[float, float, Floats, Floats, Floats]:
    """Return mean, usual shrinkage, submissions, judges and their squares at one team ratio, weighed by `share`."""
    sums, fit, usual = row.sums, row.fit(g_judges), row.g_team * row.sums.panel.usual_count()
    weight = 1 / (1 / g_judges[:, None] + row.values)
    mean = fit.mean[:, None]
    judge = (weight * (row.marks - mean * row.ones)) @ row.basis.T
    judge = judge - judge.mean(axis=1, keepdims=True)
    team = row.share * (sums.of_team - mean * sums.panel.per_team - judge @ sums.incidence.T)
    spread = weight @ (row.basis**2).T + ((weight * row.ones) @ row.basis.T) ** 2 / fit.one_one[:, None]
    square = fit.noise[:, None] * spread + judge**2
    return (
        float(share @ fit.mean),
        float(share.sum()) * usual / (1 + usual),
        share @ team,
        share @ judge,
        share @ square,
    )


def _effects(panel: Crossed, ratios: Ratios) -> Additive:
    g_team, g_judge = ratios
    mean, judge, spread = (_solved if _work(panel) <= EXACT else solve)(panel, g_team, g_judge)
    judge = judge - judge.mean()  # the equations of mean and judges make them add up to nothing
    share = g_team / (1 + g_team * panel.per_team)
    of_team = panel.by_team(panel.score) - mean * panel.per_team
    of_judge = panel.by_judge(panel.score) - mean * panel.per_judge
    team = share * (of_team - panel.by_team(judge[panel.judge]))
    total = panel.score @ panel.score - mean * (panel.score.sum() + of_team.sum())
    noise = float(total - team @ of_team - judge @ of_judge) / max(len(panel.score) - 1, 1)
    usual = panel.usual_count()
    return Additive(
        panel=panel,
        mean=mean,
        team=team,
        shown=mean + team * (1 + g_team * usual) / (g_team * usual),
        judge=judge,
        judge_sd=np.sqrt(noise * spread),
        variance=(g_team * noise, g_judge * noise, noise),
        ratios=ratios,
    )


def _solved(panel: Crossed, g_team: float, g_judge: float) -> tuple[float, Floats, Floats]:
    """Return mean, judge effects and their variances in units of the noise, exactly."""
    at = Point.at(Sums.of(panel), g_team, g_judge)
    return at.mean, at.judge, np.diag(at.cover) + at.of_ones**2 / at.one_one


def _in_points(model: Additive, panel: Crossed, middle: float, unit: float) -> Additive:
    """Return a model of scaled scores in points of the panel."""
    team, judge, noise = (unit**2 * part for part in model.variance)
    return replace(
        model,
        panel=panel,
        mean=middle + unit * model.mean,
        team=unit * model.team,
        shown=middle + unit * model.shown,
        judge=unit * model.judge,
        judge_sd=unit * model.judge_sd,
        variance=(team, judge, noise),
    )


def _levels(row: Absorbed, g_judge: float, n: int, random: np.random.Generator) -> Floats:
    """Draw noise and mean, the judges given them, the submissions given all.

    Return mean + average of these judges + submission: what this panel, not any panel, would have given on average.
    """
    sums, fit = row.sums, row.fit(g_judge)
    panel = sums.panel
    noise = fit.rest[0] / random.chisquare(len(panel.score) + 1, (n, 1))  # its mean is the unbiased estimate
    weight = g_judge / (1 + g_judge * row.values)
    mean = fit.mean[0] + np.sqrt(noise / fit.one_one[0]) * random.standard_normal((n, 1))
    spread = np.sqrt(noise * weight) * random.standard_normal((n, panel.n_judges))
    judge = (weight * (row.marks - mean * row.ones) + spread) @ row.basis.T
    rest = sums.of_team - mean * panel.per_team - judge @ sums.incidence.T
    team = row.share * rest + np.sqrt(noise * row.share) * random.standard_normal((n, panel.n_teams))
    level: Floats = mean + judge[:, panel.per_judge > 0].mean(axis=1, keepdims=True) + team
    return level
