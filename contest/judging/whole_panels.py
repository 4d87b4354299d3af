"""Panels that judge together: each becomes one judge, and the plan is spread over its members again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contest.judging.ground import known_pairs, prepare
from contest.judging.plan import Advice, AssignmentPlan, AssignmentProblem, Change, Remedy
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np

    from contest.judging.plan import Ints, Pairs
else:
    np = lazy("numpy")


@dataclass(frozen=True, slots=True, eq=False)
class Panels:
    """The panel of each judge, judges of none being panels of one; `size` of each, and the `typical` one."""

    of_judge: Ints
    size: Ints

    @property
    def typical(self) -> int:
        """The mean size, rounded."""
        return max(1, round(float(self.size.mean()))) if len(self.size) else 1

    def members(self, panel: int) -> list[int]:
        """Return the judges of a panel."""
        found: list[int] = np.flatnonzero(self.of_judge == panel).tolist()
        return found


def panels_of(numbers: Ints) -> Panels:
    """Return the panels, numbered from 0 on; a negative number is a judge alone."""
    numbers = np.asarray(numbers, dtype=np.int64)
    alone = np.arange(len(numbers)) + int(numbers.max(initial=0)) + 1
    _, of_judge, size = np.unique(np.where(numbers < 0, alone, numbers), return_inverse=True, return_counts=True)
    return Panels(of_judge, size)


def as_single_judges(problem: AssignmentProblem, panels: Panels) -> AssignmentProblem:
    """Return the problem with panels for judges: mean affinity, union of conflicts, the tightest limits."""
    ground = prepare(problem, 0)
    n_panels = len(panels.size)
    codes = ground.submission * n_panels + panels.of_judge[ground.judge]
    found, place, count = np.unique(codes, return_inverse=True, return_counts=True)
    submission, panel = np.divmod(found, max(1, n_panels))
    penalty = np.full(len(found), -np.inf)
    np.maximum.at(penalty, place, ground.penalty)
    affinity = np.bincount(place, ground.affinity, minlength=len(found)) / np.maximum(count, 1)
    complete = count == panels.size[panel]
    low, high = np.zeros(n_panels, dtype=np.int64), np.full(n_panels, np.iinfo(np.int64).max)
    np.maximum.at(low, panels.of_judge, problem.min_load.astype(np.int64))
    np.minimum.at(high, panels.of_judge, problem.max_load.astype(np.int64))
    return replace(
        problem,
        n_judges=n_panels,
        submission=submission[complete],
        judge=panel[complete],
        affinity=affinity[complete],
        penalty=penalty[complete],
        seats=_in_panels(ground.seats, panels.typical),
        min_load=low,
        max_load=high,
        pinned=_pairs(problem.pinned, problem, panels),
        current=_pairs(problem.current, problem, panels),
        panels=None,
    )


def _in_panels(seats: Ints, size: int) -> Ints:
    return np.where(seats > 0, np.maximum(seats // size, 1), 0)


def _pairs(pairs: Pairs, problem: AssignmentProblem, panels: Panels) -> Ints:
    found, inside = known_pairs(pairs, problem.n_submissions, problem.n_judges)
    found = found.copy()
    found[inside, 1] = panels.of_judge[found[inside, 1]]
    return np.unique(found, axis=0)


def spread_out(plan: AssignmentPlan, panels: Panels) -> tuple[Ints, Ints]:
    """Return the pairs of the members, sorted."""
    by_panel = np.argsort(panels.of_judge, kind="stable")
    start = np.cumsum(panels.size) - panels.size
    repeats = panels.size[plan.judge] if len(plan.judge) else np.zeros(0, dtype=np.int64)
    submission = np.repeat(plan.submission, repeats)
    offset = np.arange(len(submission)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    judge = by_panel[np.repeat(start[plan.judge], repeats) + offset]
    order = np.lexsort((judge, submission))
    return submission[order], judge[order]


def advice_for_members(advice: Advice, panels: Panels) -> Advice:
    """Return advice on panels as advice on their members; a panel is named by its first."""
    judges = tuple(member for panel in advice.judges for member in panels.members(panel))
    remedies = tuple(_remedy(one, panels) for one in advice.remedies)
    judge = advice.judge
    if judge is not None and 0 <= judge < len(panels.size):
        judge = panels.members(judge)[0]
    return replace(advice, judge=judge, judges=judges, remedies=remedies)


def _remedy(remedy: Remedy, panels: Panels) -> Remedy:
    changes = [other for one in remedy.changes for other in _changes(one, panels)]
    return replace(remedy, changes=tuple(changes), judges=remedy.judges * panels.typical)


def _changes(change: Change, panels: Panels) -> list[Change]:
    if change.judge is None:
        return [replace(change, before=change.before * panels.typical, after=change.after * panels.typical)]
    return [replace(change, judge=member) for member in panels.members(change.judge)]
