"""Fair scores from judges who each saw other submissions: how strict each judge is, estimated and taken off.

The model is additive, y = mu + team + judge + noise, with random teams and judges (incomplete blocks with shrinkage).
From each score we subtract how much stricter or kinder that judge is than the panel, trusting small samples less, and
average; if every judge sees every submission, nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contest.judging.additive import Additive, fit_panel
from contest.judging.crossed import Crossed
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Ints = NDArray[np.intp]
    Floats = NDArray[np.float64]
else:
    np = lazy("numpy")

METHODS = ("severity", "mean")  # the first is the default


@dataclass(frozen=True, slots=True)
class Variance:
    """How the scores of a panel spread: between submissions, between judges, and what neither explains."""

    team: float
    judge: float
    noise: float


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """What a panel's scores say, per submission and per judge; all in points of the panel's own scale.

    Per submission, NaN without a score: `value` ranks (higher is better; 0 is the average submission, extremes of few
    scores are pulled towards it), `shown` is the fair score, `raw` the mean score. Per judge: `severity` is what the
    judge adds to a score (below 0 is strict), `severity_sd` its standard deviation. `component` numbers the groups that
    share judges (-1 without a score); groups can be compared only as far as their judges are taken to be alike.
    """

    value: Floats
    shown: Floats
    raw: Floats
    severity: Floats
    severity_sd: Floats
    component: Ints
    variance: Variance
    model: Additive

    def draw(self, n: int, seed: int, only: Ints | None = None) -> Floats:
        """Return `n` joint draws (rows) of the true level of each submission (columns), in points; NaN without a score.

        A draw ranks the submissions as they may truly rank: count how often one is first.
        """
        return self.model.draw(n, seed, only)


def calibrate(
    submission: ArrayLike,
    judge: ArrayLike,
    score: ArrayLike,
    *,
    n_submissions: int,
    n_judges: int,
    method: str = "severity",
    seed: int = 0,  # noqa: ARG001 - the methods so far need none
) -> Calibration:
    """Return fair scores from one row per scorecard: positions of submission and judge, and the total (NaN: missing).

    Deterministic, and the same for any order of the rows. In a complete design `shown` is the raw mean. Raise
    `ValueError` for an unknown method, positions out of range, or infinite scores.
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}")
    panel = Crossed.of(submission, judge, score, n_submissions, n_judges)
    model = fit_panel(panel, with_judges=method != "mean")
    return Calibration(
        value=panel.scored(model.team) if method != "mean" else panel.means(),
        shown=panel.scored(model.shown) if method != "mean" else panel.means(),
        raw=panel.means(),
        severity=model.judge,
        severity_sd=model.judge_sd,
        component=panel.components(),
        variance=Variance(*model.variance),
        model=model,
    )
