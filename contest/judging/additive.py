"""The additive panel model at given or estimated variances: effects, fair scores, joint draws."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contest.judging.crossed import Crossed
from contest.judging.reml import LOWEST, Absorbed, grid, most_likely
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
else:
    np = lazy("numpy")


@dataclass(frozen=True, slots=True, eq=False)
class Additive:
    """Effects of the submissions and judges of a panel, in points; `variance` is (team, judge, noise)."""

    panel: Crossed
    mean: float
    team: Floats
    shown: Floats
    judge: Floats
    judge_sd: Floats
    variance: tuple[float, float, float]

    def draw(self, n: int, seed: int) -> Floats:
        """Return `n` joint draws of the level of each submission, at the estimated variances."""
        panel, noise = self.panel, self.variance[2]
        if not noise:
            return np.tile(panel.scored(self.mean + self.team), (n, 1))
        random = np.random.default_rng(seed)
        centred = replace(panel, score=panel.score - self.mean)
        row = Absorbed.at(centred, panel.incidence(), self.variance[0] / noise)
        return panel.scored(self.mean + _levels(row, self.variance[1] / noise, noise, n, random))


def fit_panel(panel: Crossed, *, with_judges: bool) -> Additive:
    """Estimate variances and effects; without judges their variance is taken to be nothing."""
    middle, unit = _scale(panel.score)
    if not unit:
        return _flat(panel, middle)
    scaled = replace(panel, score=(panel.score - middle) / unit)
    incidence = panel.incidence()
    table = [Absorbed.at(scaled, incidence, g) for g in grid()[0]]
    g_team, g_judge = most_likely(scaled, table)
    model = _effects(scaled, g_team, g_judge if with_judges else LOWEST)
    return _in_points(model, panel, middle, unit)


def _scale(score: Floats) -> tuple[float, float]:
    """Return a middle and a unit that make the scores numbers near 1; a unit of 0 when all are equal."""
    if not len(score) or score.min() == score.max():
        return (float(score[0]) if len(score) else 0.0), 0.0
    return float(score.mean()), float(score.std())


def _flat(panel: Crossed, level: float) -> Additive:
    teams, judges = np.zeros(panel.n_teams), np.zeros(panel.n_judges)
    return Additive(panel, level, teams, teams + level, judges, judges, (0.0, 0.0, 0.0))


def _effects(panel: Crossed, g_team: float, g_judge: float) -> Additive:
    row = Absorbed.at(panel, panel.incidence(), g_team)
    fit = row.fit(g_judge)
    mean, noise = float(fit.mean[0]), float(fit.noise[0])
    weight = g_judge / (1 + g_judge * row.values)
    judge = row.basis @ (weight * (row.marks - mean * row.ones))
    judge = judge - judge.mean() if panel.n_judges else judge  # the equations of mean and judges add up to nothing
    spread = (row.basis**2) @ weight + (row.basis @ (weight * row.ones)) ** 2 / fit.one_one[0]
    rest = panel.by_team(panel.score - judge[panel.judge]) - mean * panel.per_team
    usual = panel.usual_count()
    return Additive(
        panel=panel,
        mean=mean,
        team=row.share * rest,
        shown=mean + row.share * rest * (1 + g_team * usual) / (g_team * usual),
        judge=judge,
        judge_sd=np.sqrt(noise * spread),
        variance=(g_team * noise, g_judge * noise, noise),
    )


def _in_points(model: Additive, panel: Crossed, middle: float, unit: float) -> Additive:
    """Return a model of scaled scores in points of the panel."""
    team, judge, noise = (unit**2 * part for part in model.variance)
    return Additive(
        panel=panel,
        mean=middle + unit * model.mean,
        team=unit * model.team,
        shown=middle + unit * model.shown,
        judge=unit * model.judge,
        judge_sd=unit * model.judge_sd,
        variance=(team, judge, noise),
    )


def _levels(row: Absorbed, g_judge: float, noise: float, n: int, random: np.random.Generator) -> Floats:
    """Draw the mean, the judges given the mean, the submissions given both; return mean + submission."""
    panel, fit = row.panel, row.fit(g_judge)
    weight = g_judge / (1 + g_judge * row.values)
    mean = fit.mean[0] + math.sqrt(noise / fit.one_one[0]) * random.standard_normal((n, 1))
    spread = np.sqrt(noise * weight) * random.standard_normal((n, panel.n_judges))
    judge = (weight * (row.marks - mean * row.ones) + spread) @ row.basis.T
    rest = panel.by_team(panel.score) - mean * panel.per_team - judge @ panel.incidence().T
    level: Floats = mean + row.share * rest + np.sqrt(noise * row.share) * random.standard_normal((n, panel.n_teams))
    return level
