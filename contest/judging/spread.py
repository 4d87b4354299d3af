"""The location-scale panel: judges also differ in how far they spread and how steadily they mark.

y = mu + judge + scale of the judge x team + noise of the judge. Either single wild scores are expected (Student's t
with 8 degrees of freedom), or a score at the maximum only says "at least this much". Fitted by expectation-maximisation
with the joint normal distribution of submissions and judges (Dempster, Laird and Rubin 1977; Lange, Little and Taylor
1989 for the weights). Scales, noises and variances lean on the panel as far as a judge has few scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contest.judging.additive import Additive, is_vast
from contest.judging.crossed import Crossed
from contest.judging.normal import hazard
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]
else:
    np = lazy("numpy")

ROUNDS = 40
TURNS = 6  # of submissions and judges in a vast panel, within each round; they begin where the last round ended
TAIL = 8.0  # degrees of freedom of the noise
_LEAST = 1e-6  # of all variance: what each part of it keeps, so that judges who agree leave no singular matrix
_SCALE_VAR, _SCALE_SURE = 0.04, 6.0  # how scales vary around 1 in most panels, and how many judges that is worth
_SCALE_LEAST = 0.1
_NOISE_SURE = 10.0  # how many scores of a judge the panel's noise is worth


@dataclass(frozen=True, slots=True, eq=False)
class Settings:
    """What is not an effect: mean, variances, scale and noise per judge, weight per score.

    `least` is what no variance and no noise falls below.
    """

    mean: float
    var_team: float
    var_judge: float
    var_scale: float
    scale: Floats
    noise: Floats
    weight: Floats
    least: float


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """Submissions and judges with their variances; `shared` is the covariance of the two behind each score.

    Given the judges a submission moves by `reach` x judges, with variance `within`; the judges have covariance `cover`.
    Both tables are missing in a vast panel, where submissions and judges are taken one after the other.
    """

    team: Floats
    judge: Floats
    team_var: Floats
    judge_var: Floats
    shared: Floats
    within: Floats
    reach: Floats | None = None
    cover: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """A fitted panel, in points; `variance` is (team, judge, usual noise)."""

    panel: Crossed
    mean: float
    team: Floats
    shown: Floats
    judge: Floats
    judge_sd: Floats
    scale: Floats
    variance: tuple[float, float, float]
    effects: Effects

    def draw(self, n: int, seed: int, only: Ints | None = None) -> Floats:
        """Return `n` joint draws of the score that the whole panel would give on average."""
        random, e = np.random.default_rng(seed), self.effects
        chosen = np.arange(self.panel.n_teams) if only is None else only
        own = random.standard_normal((n, len(chosen)))
        if e.reach is None or e.cover is None:
            return self.panel.scored(self.mean + e.team)[chosen] + np.sqrt(e.team_var[chosen]) * own
        apart = random.standard_normal((n, len(e.judge))) @ np.linalg.cholesky(e.cover).T
        level = self.mean + e.team[chosen] + apart @ e.reach[chosen].T + np.sqrt(e.within[chosen]) * own
        level = level + (e.judge + apart)[:, self.panel.per_judge > 0].mean(axis=1, keepdims=True)
        return np.where(self.panel.per_team[chosen] > 0, level, np.nan)


def fit_spread(panel: Crossed, model: Additive, *, ceiling: bool) -> Spread:
    """Fit from the additive `model` on: aware of the ceiling, or robust against wild scores."""
    at = _begin(panel, model)
    limit = _limit(panel.score) if ceiling else None
    score, hidden = panel.score, np.zeros(len(panel.score))
    found = _effects(panel, score, at, model.judge)
    for _ in range(ROUNDS):
        if limit:
            score, hidden = _unseen(panel, found, at, *limit)
        at = _improved(panel, score, hidden, found, at, robust=not ceiling)
        found = _effects(panel, score, at, found.judge)
    noise = float(panel.per_judge @ at.noise / panel.per_judge.sum())
    lead = noise / at.var_team / panel.usual_count()
    return Spread(
        panel=panel,
        mean=at.mean,
        team=found.team,
        shown=at.mean + (1 + lead) * found.team,
        judge=found.judge,
        judge_sd=np.sqrt(found.judge_var),
        scale=at.scale,
        variance=(at.var_team, at.var_judge, noise),
        effects=found,
    )


def _begin(panel: Crossed, model: Additive) -> Settings:
    least = _LEAST * sum(model.variance)
    team, judge, noise = (max(part, least) for part in model.variance)
    ones = np.ones(panel.n_judges)
    return Settings(model.mean, team, judge, _SCALE_VAR, ones, noise * ones, np.ones(len(panel.score)), least)


def _limit(score: Floats) -> tuple[float, float] | None:
    """Return the maximum and half a step below it, where scores pile up; None where the best score stands alone."""
    steps = np.unique(score)[::-1]
    piled = len(steps) > 1 and np.count_nonzero(score == steps[0]) > 1
    return (float(steps[0]), float(steps[0] + np.diff(steps).max() / 2)) if piled else None


def _effects(panel: Crossed, score: Floats, at: Settings, near: Floats) -> Effects:
    """Return submissions and judges given everything else; the judges lie about where `near` has them."""
    weight = at.weight / at.noise[panel.judge]
    pull = weight * at.scale[panel.judge]
    within = 1 / (1 / at.var_team + panel.by_team(pull * at.scale[panel.judge]))
    own = 1 / at.var_judge + panel.by_judge(weight)
    alone = within * panel.by_team(pull * (score - at.mean))
    goal = panel.by_judge(weight * (score - at.mean))
    if is_vast(panel):
        return _one_after_the_other(panel, pull, within, own, alone, goal, near)
    cells = np.bincount(panel.team * panel.n_judges + panel.judge, pull, panel.n_teams * panel.n_judges)
    cells = cells.reshape(panel.n_teams, panel.n_judges)
    reach = -within[:, None] * cells
    cover = np.linalg.inv(np.diag(own) + cells.T @ reach).astype(np.float64, copy=False)
    judge = cover @ (goal - cells.T @ alone)
    cross = reach @ cover
    team_var = within + (cross * reach).sum(axis=1)
    shared = cross[panel.team, panel.judge]
    return Effects(alone + reach @ judge, judge, team_var, np.diag(cover), shared, within, reach, cover)


def _one_after_the_other(
    panel: Crossed, pull: Floats, within: Floats, own: Floats, alone: Floats, goal: Floats, judge: Floats
) -> Effects:
    """Return effects by turns from `judge` on; in a vast panel they hardly depend on each other."""
    for _ in range(TURNS):
        team = alone - within * panel.by_team(pull * judge[panel.judge])
        judge = (goal - panel.by_judge(pull * team[panel.team])) / own
    team = alone - within * panel.by_team(pull * judge[panel.judge])
    return Effects(team, judge, within, 1 / own, np.zeros(len(pull)), within)


def _improved(panel: Crossed, score: Floats, hidden: Floats, e: Effects, at: Settings, *, robust: bool) -> Settings:
    """Return new settings; `hidden` is the variance of scores that were not seen."""
    i, j = panel.team, panel.judge
    weight, above, square = at.weight / at.noise[j], score - at.mean, (e.team**2 + e.team_var)[i]
    both = above * e.team[i] - e.team[i] * e.judge[j] - e.shared
    scale = (1 / at.var_scale + panel.by_judge(weight * both)) / (1 / at.var_scale + panel.by_judge(weight * square))
    scale = np.maximum(scale, _SCALE_LEAST)
    left = above - e.judge[j] - scale[j] * e.team[i]
    unsure = e.judge_var[j] + 2 * scale[j] * e.shared + scale[j] ** 2 * e.team_var[i] + hidden
    missed = at.weight * (left**2 + unsure)
    noise = (panel.by_judge(missed) + _NOISE_SURE * missed.mean()) / (panel.per_judge + _NOISE_SURE)
    noise = np.maximum(noise, at.least)
    teams, judges = panel.per_team > 0, panel.per_judge > 0
    spread = ((scale[judges] - 1) ** 2).sum() + (judges.sum() + _SCALE_SURE) * _SCALE_VAR
    return Settings(
        mean=at.mean + float(weight @ left / weight.sum()),
        var_team=max(float((e.team**2 + e.team_var)[teams].mean()), at.least),
        var_judge=max(float((e.judge**2 + e.judge_var)[judges].mean()), at.least),
        var_scale=float(spread / (2 * judges.sum() + _SCALE_SURE)),
        scale=scale,
        noise=noise,
        weight=(TAIL + 1) / (TAIL + (left**2 + unsure) / noise[j]) if robust else at.weight,
        least=at.least,
    )


def _unseen(panel: Crossed, e: Effects, at: Settings, top: float, beyond: float) -> tuple[Floats, Floats]:
    """Return the scores, those at the maximum replaced by what lies above `beyond`, and the variance of that."""
    level = at.mean + e.judge[panel.judge] + at.scale[panel.judge] * e.team[panel.team]
    spread = np.sqrt(at.noise[panel.judge])
    z = (beyond - level) / spread
    over = hazard(z)
    full = panel.score >= top
    hidden = np.where(full, at.noise[panel.judge] * np.maximum(1 + z * over - over**2, 0.0), 0.0)
    return np.where(full, level + spread * over, panel.score), hidden
