"""Large panels: variances from three sums of squares, effects by conjugate gradients; time and space O(scores).

Sums of squares: Gao and Owen, "Efficient moment calculations for variance components in large unbalanced crossed random
effects models" (2017). Nothing here forms a matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from contest.judging.crossed import Crossed
from contest.judging.reml import HIGHEST, LOWEST
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
else:
    np = lazy("numpy")

_ENOUGH, _ROUNDS = 1e-12, 500  # of the first residual; 7 to 12 rounds are usual


def moments(panel: Crossed) -> tuple[float, float]:
    """Return the variance ratios (team, judge) over the noise by moments, within the bounds of `reml`."""
    n, total = float(len(panel.score)), float(panel.score @ panel.score)
    k, loads = panel.per_team, panel.per_judge
    of_team, of_judge = panel.by_team(panel.score), panel.by_judge(panel.score)
    found = np.array(
        [
            total - (of_team**2 / np.maximum(k, 1)).sum(),
            total - (of_judge**2 / np.maximum(loads, 1)).sum(),
            total - of_team.sum() ** 2 / n,
        ]
    )
    teams, judges = n - np.count_nonzero(k), n - np.count_nonzero(loads)
    expected = np.array([[0, teams, teams], [judges, 0, judges], [n - k @ k / n, n - loads @ loads / n, n - 1]])
    team, judge, noise = np.linalg.lstsq(expected, found, rcond=None)[0]
    noise = max(noise, total / n / HIGHEST)
    return float(np.clip(team / noise, LOWEST, HIGHEST)), float(np.clip(judge / noise, LOWEST, HIGHEST))


def solve(panel: Crossed, g_team: float, g_judge: float) -> tuple[float, Floats, Floats]:
    """Return mean, judge effects and about their variances (in units of the noise) at these ratios.

    The submissions are absorbed; mean and judges together are found by conjugate gradients with a diagonal
    preconditioner, to about twelve digits.
    """
    share = g_team / (1 + g_team * panel.per_team)
    left = 1 - share * panel.per_team
    own = panel.per_judge + 1 / g_judge
    ones = panel.by_judge(left[panel.team])
    sums = panel.by_team(panel.score)
    goal = np.append(panel.by_judge(panel.score - (share * sums)[panel.team]), sums @ left)
    scale = np.append(own - panel.by_judge(share[panel.team]), panel.per_team @ left)

    def product(x: Floats) -> Floats:
        judge, mean = x[:-1], x[-1]
        met = (share * panel.by_team(judge[panel.judge]))[panel.team]
        return np.append(own * judge - panel.by_judge(met) + ones * mean, ones @ judge + scale[-1] * mean)

    found = _conjugate(product, goal, scale)
    return float(found[-1]), found[:-1], 1 / scale[:-1]


def _conjugate(product: Callable[[Floats], Floats], goal: Floats, scale: Floats) -> Floats:
    """Solve product(x) = goal for a positive definite product whose diagonal is `scale`."""
    x, rest = np.zeros_like(goal), goal
    near = rest / scale
    way, size = near, float(rest @ near)
    least = _ENOUGH**2 * size
    for _ in range(_ROUNDS):
        if size <= least:
            break
        image = product(way)
        length = size / float(way @ image)
        x, rest = x + length * way, rest - length * image
        near = rest / scale
        size, before = float(rest @ near), size
        way = near + size / before * way
    return x
