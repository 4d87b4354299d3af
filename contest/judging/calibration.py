"""Fair scores from judges who each saw other submissions: how strict each judge is, estimated and taken off.

The model is additive, y = mu + team + judge + noise, with random teams and judges (incomplete blocks with shrinkage).
From each score we subtract how much stricter or kinder that judge is than the panel, trusting small samples less, and
average; if every judge sees every submission, nothing changes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from contest.judging.additive import Additive, Ratios, fit_panel
from contest.judging.crossed import Crossed
from contest.judging.spread import Spread, fit_spread
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Ints = NDArray[np.intp]
    Floats = NDArray[np.float64]
else:
    np = lazy("numpy")

_NEAREST, _HALVINGS, _NO_DOUBT = 5000, 40, 1e-12
_LOGISTIC, _CLIP = 1.702, 50.0  # makes the logistic curve nearly normal, with heavier tails; no overflow


class Method(StrEnum):
    """How scores become fair scores.

    SEVERITY takes each judge's severity off. ROBUST also allows for judges who spread their scores more or less, who
    mark less steadily, and for single wild scores; CEILING for spread and for scores that the top of the scale cut off.
    MEAN is the raw mean.
    """

    SEVERITY = "severity"
    ROBUST = "robust"
    CEILING = "ceiling"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Variance:
    """How the scores of a panel spread: between submissions, between judges, and what neither explains."""

    team: float
    judge: float
    noise: float


@dataclass(frozen=True, slots=True, eq=False)
class RawMeans:
    """The raw means, with the doubt that the luck of the judges and the noise leave in them."""

    team: Floats
    shown: Floats
    judge: Floats
    judge_sd: Floats
    variance: tuple[float, float, float]
    doubt: Floats

    @classmethod
    def of(cls, panel: Crossed, model: Additive) -> RawMeans:
        """Take a mean of k of the J judges: severity is only partly averaged out unless k = J."""
        means, count = panel.means(), np.maximum(panel.per_team, 1)
        luck = np.maximum(1 - count / max(np.count_nonzero(panel.per_judge), 1), 0)
        doubt = np.sqrt((model.variance[2] + model.variance[1] * luck) / count)
        return cls(means - model.mean, means, model.judge, model.judge_sd, model.variance, doubt)

    def draw(self, n: int, seed: int, only: Ints | None = None) -> Floats:
        """Return `n` draws, each submission on its own."""
        shown, doubt = (self.shown, self.doubt) if only is None else (self.shown[only], self.doubt[only])
        drawn: Floats = shown + doubt * np.random.default_rng(seed).standard_normal((n, len(shown)))
        return drawn


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """What a panel's scores say, per submission and per judge; all in points of the panel's own scale.

    Per submission, NaN without a score: `value` ranks (higher is better; 0 is the average submission, extremes of few
    scores are pulled towards it), `shown` is the fair score, `raw` the mean score. Per judge: `severity` is what the
    judge adds to a score (below 0 is strict), `severity_sd` its standard deviation; 0 and the usual spread of judges
    for one without a score. `component` numbers the groups that share judges (-1 without a score); groups can be
    compared only as far as their judges are taken to be alike. `model` is the additive model beneath the method.
    """

    value: Floats
    shown: Floats
    raw: Floats
    severity: Floats
    severity_sd: Floats
    component: Ints
    variance: Variance
    model: Additive
    fitted: Additive | Spread | RawMeans

    @property
    def ratios(self) -> Ratios | None:
        """The variances of submissions and judges over the noise, to fit again with; None where all scores equal."""
        return self.model.ratios if self.model.variance[2] else None

    def draw(self, n: int, seed: int, only: Ints | None = None) -> Floats:
        """Return `n` joint draws (rows) of the score that the whole panel would give each submission on average.

        Columns are all submissions, or those of `only`; NaN without a score. A draw ranks the submissions as they may
        truly rank: count how often one is first. With few scores the draws lie nearer to the middle than `shown`, as
        the truth does.
        """
        return self.fitted.draw(n, seed, only)

    def contenders(self, size: int, *, far: float = 3.7) -> Ints:
        """Return the submissions that may be among the first `size`; in a vast panel their chances stand for all.

        The line is drawn so low that many more than `size` submissions may be expected above it; who lies `far`
        standard deviations below it is no contender.
        """
        level = np.where(np.isnan(self.value), -np.inf, self.model.team)
        doubt = np.maximum(self.model.doubt(), _NO_DOUBT)
        near = np.argsort(-level)[:_NEAREST]
        low, high = level[near][np.isfinite(level[near])].min(initial=0.0), level[near].max(initial=0.0)
        for _ in range(_HALVINGS):
            line = (low + high) / 2
            above = 1 / (1 + np.exp(np.clip(_LOGISTIC * (line - level[near]) / doubt[near], -_CLIP, _CLIP)))
            low, high = (line, high) if above.sum() > size + 5 * math.sqrt(size) else (low, line)
        return np.flatnonzero(level + far * doubt >= low)


def calibrate(
    submission: ArrayLike,
    judge: ArrayLike,
    score: ArrayLike,
    *,
    n_submissions: int,
    n_judges: int,
    method: str = Method.SEVERITY,
    seed: int = 0,  # noqa: ARG001 - for methods that draw; those here need no chance
    ratios: Ratios | None = None,
) -> Calibration:
    """Return fair scores from one row per scorecard: positions of submission and judge, and the total (NaN: missing).

    Deterministic, and the same for any order of the rows. In a complete design `shown` is the raw mean (`severity`,
    `mean`). `ratios` fixes the variances of submissions and judges over the noise; without it they are those of the
    highest restricted likelihood, and up to 300 submissions effects are averaged over all that are probable. Raise
    `ValueError` for an unknown method, positions out of range, or infinite scores.
    """
    chosen = Method(method)
    panel = Crossed.of(submission, judge, score, n_submissions, n_judges)
    model = fit_panel(panel, ratios)
    if chosen in (Method.ROBUST, Method.CEILING) and model.variance[2]:
        return _calibration(panel, model, fit_spread(panel, model, ceiling=chosen is Method.CEILING))
    if chosen is Method.MEAN:
        return _calibration(panel, model, RawMeans.of(panel, model))
    return _calibration(panel, model, model)


def _calibration(panel: Crossed, model: Additive, fitted: Additive | Spread | RawMeans) -> Calibration:
    return Calibration(
        value=panel.scored(fitted.team),
        shown=panel.scored(fitted.shown),
        raw=panel.means(),
        severity=fitted.judge,
        severity_sd=fitted.judge_sd,
        component=panel.components(),
        variance=Variance(*fitted.variance),
        model=model,
        fitted=fitted,
    )
