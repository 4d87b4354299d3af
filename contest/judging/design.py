"""What a plan of who judges what is worth once it is scored: whether judges can be compared, how sure results are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contest.judging.ground import prepare
from contest.judging.linking import comparability, groups_of
from contest.judging.plan import AssignmentProblem, Pair
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np

    from contest.judging.plan import Floats
else:
    np = lazy("numpy")

CELLS = 5e7  # submissions x judges squared: beyond, how sure results are is not worked out


@dataclass(frozen=True, slots=True)
class Design:
    """A plan as a net of submissions and judges: `groups` that share nobody, `comparability` from 0 to 1.

    `doubt` is the mean standard deviation of a fair result in units of the noise of one scorecard, None when it is not
    worked out.
    """

    groups: int
    comparability: float
    doubt: float | None


def design_of(
    pairs: Iterable[Pair], n_submissions: int, n_judges: int, ratios: tuple[float, float] | None = None
) -> Design:
    """Describe pairs (submission, judge). `ratios`: variances of submissions and judges over that of the noise."""
    listed = np.array(sorted(set(pairs)), dtype=np.int64).reshape(-1, 2)
    problem = AssignmentProblem(
        n_submissions=n_submissions,
        n_judges=n_judges,
        submission=listed[:, 0],
        judge=listed[:, 1],
        affinity=np.zeros(len(listed)),
        seats=np.zeros(n_submissions, dtype=np.int64),
        min_load=np.zeros(n_judges, dtype=np.int64),
        max_load=np.full(n_judges, n_submissions),
    )
    ground = prepare(problem, 0)
    chosen = np.ones(len(listed), dtype=bool)
    count, group = groups_of(ground, chosen)
    sure = ratios is not None and len(listed) and n_submissions * n_judges**2 <= CELLS
    return Design(count, comparability(ground, chosen, count, group), _doubt(problem, ratios) if sure else None)  # type: ignore[arg-type]  # asked above


def _doubt(problem: AssignmentProblem, ratios: tuple[float, float]) -> float:
    """Return the root of the mean posterior variance of the submissions that have a judge, the judges unknown too."""
    cells: Floats = np.zeros((problem.n_submissions, problem.n_judges))
    cells[problem.submission, problem.judge] = 1.0
    cells = cells[cells.sum(axis=1) > 0]
    share = 1 / (cells.sum(axis=1) + 1 / ratios[0])
    precision = np.diag(cells.sum(axis=0) + 1 / ratios[1]) - cells.T @ (share[:, None] * cells)
    reach = share[:, None] * cells
    own = share + ((reach @ np.linalg.inv(precision)) * reach).sum(axis=1)
    return float(np.sqrt(own.mean()))
