"""Whether a plan holds together: two judges can be compared only along submissions that they share with others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contest.judging.ground import Ground
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np

    from contest.judging.plan import Bools, Floats, Ints
else:
    np = lazy("numpy")


def groups(submissions: Ints, judges: Ints, n_submissions: int, n_judges: int) -> tuple[int, Ints]:
    """Return how many connected groups the pairs form, and the group of each judge (-1 without a pair)."""
    parent = list(range(n_submissions + n_judges))
    for submission, judge in zip(submissions.tolist(), (judges + n_submissions).tolist(), strict=True):
        one, other = submission, judge
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        while parent[other] != other:
            parent[other] = parent[parent[other]]
            other = parent[other]
        parent[one] = other
    roots = np.full(n_judges, -1, dtype=np.int64)
    for judge in np.unique(judges).tolist():
        node = judge + n_submissions
        while parent[node] != node:
            node = parent[node]
        roots[judge] = node
    found = np.unique(roots[roots >= 0])
    return len(found), np.where(roots >= 0, np.searchsorted(found, roots), -1)


def groups_of(ground: Ground, chosen: Bools) -> tuple[int, Ints]:
    """Return the connected groups of the chosen pairs, and the group of each judge (-1 without a pair)."""
    return groups(ground.submission[chosen], ground.judge[chosen], ground.n_submissions, ground.n_judges)


def information(ground: Ground, chosen: Bools) -> Floats:
    """Return what a plan tells about the differences between judges, as a matrix judges x judges.

    The Laplacian D - A' K^-1 A of the additive model "mark = submission + severity of the judge": D the loads, K the
    judges per submission. Its pseudo-inverse is the covariance of the estimated severities.
    """
    pairs = np.flatnonzero(chosen)
    submission, judge = ground.submission[pairs], ground.judge[pairs]
    size = np.bincount(submission, minlength=ground.n_submissions)
    matrix = np.zeros((ground.n_judges, ground.n_judges))
    start = np.cumsum(size) - size
    for offset in range(int(size.max(initial=0))):
        inside = offset < size[submission]
        other = judge[(start[submission] + offset)[inside]]
        np.subtract.at(matrix, (judge[inside], other), 1 / size[submission[inside]])
    matrix[np.diag_indices(ground.n_judges)] += np.bincount(judge, minlength=ground.n_judges)
    return matrix


def covariance(matrix: Floats) -> Floats:
    """Return the pseudo-inverse of the information about judges who have a pair; parts apart get large values."""
    judges = len(matrix)
    ridge = 1e-7 * float(np.trace(matrix)) / max(1, judges)
    spread = np.linalg.inv(matrix + 1 / judges + ridge * np.eye(judges))
    return np.asarray(spread - 1 / judges / (1 + ridge))


def comparability(ground: Ground, chosen: Bools, count: int, group: Ints) -> float:
    """Return how well the judges can be compared: 1 like an ideal panel of this size, 0 for groups apart.

    `count`, `group`: what `groups_of` says of the chosen pairs.
    """
    active = np.flatnonzero(group >= 0)
    if count > 1:
        return 0.0
    if len(active) < 2:  # noqa: PLR2004 - nobody to compare with
        return 1.0
    matrix = information(ground, chosen)[np.ix_(active, active)]
    return min(1.0, ideal(matrix) / float(np.trace(covariance(matrix))))


def ideal(matrix: Floats) -> float:
    """Return the summed variances of an ideal panel: as much information, spread evenly over all pairs of judges."""
    return (len(matrix) - 1) ** 2 / max(1e-12, float(np.trace(matrix)))
