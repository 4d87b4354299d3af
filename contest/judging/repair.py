"""Link the groups of a plan that falls apart, with every seat and every limit as before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from contest.judging.ground import Ground
from contest.judging.linking import groups_of
from contest.judging.mixing import Limits
from contest.judging.seating import Target, seat
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np

    from contest.judging.plan import Bools, Ints
else:
    np = lazy("numpy")

EFFORT = 4_000_000  # pairs looked at in all tries of one link
FLOW_TRIES = 48


def link(ground: Ground, chosen: Bools, limits: Limits) -> Bools:
    """Return a plan of fewer groups, one if that is found: by exchanges, else by seating one pair and all else anew."""
    count, group = groups_of(ground, chosen)
    while count > 1:
        linked = next(_fewer(ground, chosen, limits, count, group), None)
        if linked is None:
            break
        chosen, count, group = linked
    return chosen


def _fewer(ground: Ground, chosen: Bools, limits: Limits, count: int, group: Ints) -> Iterator[tuple[Bools, int, Ints]]:
    """Yield plans with fewer groups."""
    bridges = _bridges(ground, chosen, group)
    tries = max(FLOW_TRIES, EFFORT // max(1, len(ground.submission)))
    for number, plan in enumerate(_candidates(ground, chosen, limits, bridges)):
        found, groups = groups_of(ground, plan)
        if found < count:
            yield plan, found, groups
        if number > tries:
            return


def _bridges(ground: Ground, chosen: Bools, group: Ints) -> Ints:
    """Return the eligible pairs between a submission and a judge of different groups, the best affinity first."""
    home = np.full(ground.n_submissions, -1, dtype=np.int64)
    home[ground.submission[chosen]] = group[ground.judge[chosen]]
    one, other = home[ground.submission], group[ground.judge]
    across = np.flatnonzero((one >= 0) & (other >= 0) & (one != other))
    return across[np.argsort(ground.penalty[across] - ground.affinity[across], kind="stable")]


def _candidates(ground: Ground, chosen: Bools, limits: Limits, bridges: Ints) -> Iterator[Bools]:
    loads = ground.per_judge(chosen)
    for bridge in bridges.tolist():
        yield from _exchanged(ground, chosen, limits, loads, bridge)
    for bridge in bridges[:FLOW_TRIES].tolist():
        plan = _seated_around(ground, chosen, limits, bridge)
        if plan is not None:
            yield plan


def _exchanged(ground: Ground, chosen: Bools, limits: Limits, loads: Ints, bridge: int) -> Iterator[Bools]:
    """Yield the plans in which the bridge takes a seat of its submission, alone or in exchange."""
    submission, judge = int(ground.submission[bridge]), int(ground.judge[bridge])
    may_go = chosen & limits.movable
    theirs = np.flatnonzero(may_go & (ground.judge == judge))
    for seat_given in np.flatnonzero(may_go & (ground.submission == submission)).tolist():
        former = int(ground.judge[seat_given])
        if loads[former] > limits.low[former] and loads[judge] < limits.high[judge]:
            yield _changed(chosen, [seat_given], [bridge])
        back = ground.places(ground.submission[theirs], np.full(len(theirs), former))
        for seat_taken, returned in zip(theirs.tolist(), back.tolist(), strict=True):
            if returned >= 0 and not chosen[returned]:
                yield _changed(chosen, [seat_given, seat_taken], [bridge, returned])


def _changed(chosen: Bools, remove: list[int], add: list[int]) -> Bools:
    plan = chosen.copy()
    plan[remove] = False
    plan[add] = True
    return plan


def _seated_around(ground: Ground, chosen: Bools, limits: Limits, bridge: int) -> Bools | None:
    """Return the plan with the bridge in it that changes as little as possible, every team of the same size."""
    fixed = chosen & ~limits.movable
    fixed[bridge] = True
    held = ground.per_judge(fixed)
    quota = ground.per_submission(chosen) - ground.per_submission(fixed)
    room = limits.high - held
    if quota.min(initial=0) < 0 or room.min(initial=0) < 0:
        return None
    usable = ~fixed & ~ground.pinned & (quota > 0)[ground.submission]
    target = Target(usable, quota, np.maximum(limits.low - held, 0), room, held, np.zeros_like(quota))
    found = seat(ground, target, (~chosen).astype(np.int64), 0.0)
    return None if found is None else found | fixed
