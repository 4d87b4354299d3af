"""Who judges what: as many seats filled as possible, never a conflict, fair to teams and judges, judges comparable.

In this order:

1. pinned pairs stay;
2. as many seats as any plan can fill are filled; what stays empty is spread evenly over the submissions;
3. as few loads as possible stay below the judges' minima;
4. with `keep` from 1 on, as few current pairs as possible move;
5. the submission that is worst off is lifted as high as possible;
6. the total affinity less the penalties is as high as possible, weighed against even loads;
7. judges are exchanged until they can be compared, at most at the price of `mixing`; a plan that falls apart into
   groups is linked whenever the eligible pairs allow it.

With `balance` 0 steps 5 and 6 give way to the greatest total affinity; with `mixing` 0 step 7 is left out. The same
input and seed give the same plan, whatever the order in which the pairs are listed.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from contest.judging.advice import advice_on, unfilled_in
from contest.judging.fairness import EVENNESS, Seated, Wishes, bound, seated
from contest.judging.ground import Ground, prepare
from contest.judging.linking import comparability, groups_of
from contest.judging.mixing import Limits, mix
from contest.judging.plan import (
    Advice,
    AdviceCode,
    AssignmentPlan,
    AssignmentProblem,
    Change,
    Pair,
    Progress,
    Remedy,
    RemedyCode,
    Unfilled,
    UnfilledReason,
    stretch,
    unheard,
)
from contest.judging.repair import link
from contest.judging.whole_panels import advice_for_members, as_single_judges, panels_of, spread_out
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np

    from contest.judging.plan import Bools
else:
    np = lazy("numpy")

__all__ = [
    "Advice",
    "AdviceCode",
    "AssignmentPlan",
    "AssignmentProblem",
    "Change",
    "Pair",
    "Progress",
    "Remedy",
    "RemedyCode",
    "Unfilled",
    "UnfilledReason",
    "assign",
]

SEATED, MIXED = 0.6, 0.9  # of the work is done by then


def assign(problem: AssignmentProblem, *, seed: int = 0, progress: Progress = unheard) -> AssignmentPlan:
    """Plan who judges what, as described at the top of this module; `seed` >= 0 only breaks ties.

    `progress` is told the share that is done; large rounds take minutes.

    Contradictions never raise: empty seats are explained in `unfilled`, the rest in `advice`. A pin on a pair that is
    not eligible is not assigned (a conflict wins) and is reported.
    """
    if problem.panels is not None:
        return _assign_panels(problem, seed, progress)
    ground = prepare(problem, seed)
    plan = seated(ground, Wishes(problem.balance, problem.keep), stretch(progress, 0.0, SEATED))
    chosen, known = _mixed(ground, plan, problem, stretch(progress, SEATED, MIXED))
    found = _described(problem, ground, Seated(chosen, plan.target, plan.fixed), known)
    progress(1.0)
    return found


def _assign_panels(problem: AssignmentProblem, seed: int, progress: Progress) -> AssignmentPlan:
    panels = panels_of(np.asarray(problem.panels))
    plan = assign(as_single_judges(problem, panels), seed=seed, progress=progress)
    submission, judge = spread_out(plan, panels)
    ground = prepare(problem, seed)
    chosen = np.zeros(len(ground.submission), dtype=bool)
    chosen[ground.places(submission, judge)] = True
    kept = int(np.count_nonzero(chosen & ground.current))
    return replace(
        plan,
        submission=submission,
        judge=judge,
        loads=ground.per_judge(chosen),
        total_affinity=_total(ground, chosen),
        comparability=comparability(ground, chosen, *groups_of(ground, chosen)),
        unfilled=tuple(replace(one, seats=one.seats * panels.typical) for one in plan.unfilled),
        advice=tuple(advice_for_members(one, panels) for one in plan.advice),
        kept=kept,
        moved=int(np.count_nonzero(ground.current)) - kept,
    )


def _described(problem: AssignmentProblem, ground: Ground, one: Seated, known: float | None) -> AssignmentPlan:
    """Return the plan with what is to be said of it; `known`: its comparability, should it be in one piece."""
    chosen = one.chosen
    count, group = groups_of(ground, chosen)
    worst = float(np.min(ground.means(chosen), initial=np.inf))
    kept = int(np.count_nonzero(chosen & ground.current))
    return AssignmentPlan(
        submission=ground.submission[chosen],
        judge=ground.judge[chosen],
        loads=ground.per_judge(chosen),
        total_affinity=_total(ground, chosen),
        worst_affinity=worst if math.isfinite(worst) else 0.0,
        worst_bound=bound(ground, one),
        components=count,
        comparability=comparability(ground, chosen, count, group) if known is None or count > 1 else known,
        unfilled=tuple(unfilled_in(ground, chosen)),
        advice=tuple(advice_on(problem, ground, one, count, group)),
        kept=kept,
        moved=int(np.count_nonzero(ground.current)) - kept,
    )


def _total(ground: Ground, chosen: Bools) -> float:
    return math.fsum(ground.affinity[chosen].tolist())


def _mixed(ground: Ground, plan: Seated, problem: AssignmentProblem, progress: Progress) -> tuple[Bools, float | None]:
    """Return the plan with judges exchanged, and how comparable it is where that is known already."""
    if not problem.mixing > 0:
        return plan.chosen, None
    movable = ~ground.pinned & ~(ground.current & (problem.keep > 0))
    taking_part = ground.per_judge(plan.chosen) > 0
    low = np.maximum(plan.target.held + plan.target.floor, taking_part)
    limits = Limits(
        movable,
        low,
        plan.target.held + plan.target.room,
        min(1.0, problem.mixing),
        max(0.0, problem.balance) * EVENNESS / 2,
    )
    mixed, known = mix(ground, plan.chosen, limits, progress)
    linked = link(ground, mixed, limits)
    return linked, known if linked is mixed else None
