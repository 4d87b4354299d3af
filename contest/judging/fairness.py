"""Lift the submissions that are worst off, as far as any plan can, before the total affinity counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contest.judging.ground import NOISE, Ground, in_runs
from contest.judging.lifting import lift
from contest.judging.plan import Progress, unheard
from contest.judging.seating import Target, reach, reached, seat, target_of
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np

    from contest.judging.plan import Bools, Floats, Ints
else:
    np = lazy("numpy")

EXACT = 10**8  # steps of affinity that the price of a pair tells apart when the total is all that counts
FINE = 10**5  # and when fairness counts too
WORST = 9.0  # the price of a pair without any affinity, in the same unit as `balance`; see `_regret`
EVENNESS = 0.45  # the price of a double load, in the same unit
ROUNDS = 7
LIFT = 4.0
FEW = 10  # so many are lifted at full strength; more of them by how far they are down
NEAR = 1.02  # who is lifted: whoever is at most this much above the worst
LOWEST = 100  # plans of the same worst are compared by the mean of the lowest hundredth
MOST_PAIRS_TO_BOUND = 400_000
BOUND_ROUNDS = 12
TINY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Seated:
    """The chosen pairs, pins and held pairs included, and the target that was reached."""

    chosen: Bools
    target: Target
    fixed: Bools


@dataclass(frozen=True, slots=True)
class Wishes:
    """How to weigh: `balance` and `keep` as in the problem; `firm` when current pairs move only for a seat."""

    balance: float
    keep: float

    @property
    def firm(self) -> bool:
        """Whether current pairs move only to fill a seat or to lift a load to its minimum."""
        return self.keep >= 1


def seated(ground: Ground, wishes: Wishes, progress: Progress = unheard) -> Seated:
    """Fill the seats around the pins; with firm wishes around the current pairs, if nothing is lost by that."""
    if wishes.firm and ground.current.any():
        held = _around_current(ground, wishes)
        if held is not None:
            return held
    target = target_of(ground, ground.pinned)
    return _fair(ground, target, ground.pinned, wishes, progress)


def _around_current(ground: Ground, wishes: Wishes) -> Seated | None:
    """Leave every current pair where it is, None when that costs a seat, a minimum or a limit."""
    fixed = ground.pinned | ground.current
    kept = ground.current & ~ground.pinned
    too_many = ground.per_submission(fixed) > ground.seats
    too_loaded = ground.per_judge(fixed) > ground.most
    if (kept & (too_many[ground.submission] | too_loaded[ground.judge])).any():
        return None
    free, held = target_of(ground, ground.pinned), target_of(ground, fixed)
    if (held.quota.sum() + kept.sum() < free.quota.sum()) or _floor_lost(ground, free, held, kept):
        return None
    found = seat(ground, held, _cost(ground, _ones(ground), Wishes(wishes.balance, 0.0)), _evenness(wishes))
    return None if found is None else Seated(found | fixed, held, fixed)


def _floor_lost(ground: Ground, free: Target, held: Target, kept: Bools) -> bool:
    return bool((held.floor + ground.per_judge(kept) < free.floor).any())


def _fair(ground: Ground, target: Target, fixed: Bools, wishes: Wishes, progress: Progress) -> Seated:
    """Solve, raise the weight of those worst off, solve again; return the best plan that came by."""
    weight = _ones(ground)
    cost = _cost(ground, weight, wishes)
    first = seat(ground, target, cost, _evenness(wishes))
    if first is None:
        first, target = _short(ground, target, cost, wishes)
    best = first | fixed
    if not wishes.balance > 0:
        return Seated(best, target, fixed)
    ceiling = float(np.min(ceilings(ground, target, fixed), initial=np.inf))
    plan = best
    for number in range(1, ROUNDS):
        progress(number / ROUNDS)
        means = ground.means(plan)
        worst = float(means.min(initial=np.inf))
        if worst >= ceiling - TINY:
            break
        low = np.flatnonzero(means < max(ceiling, worst * NEAR) + TINY)
        weight[low] *= LIFT if len(low) < FEW else 1 + (ceiling - means[low]) / max(TINY, ceiling - worst)
        again = seat(ground, target, _cost(ground, weight, wishes), _evenness(wishes))
        if again is None:
            break
        plan = again | fixed
        best = max(best, plan, key=lambda one: _worth(ground.means(one)))
    movable = ~fixed & ~(ground.current & (wishes.keep > 0))
    limits = (target.held + target.floor, target.held + target.room)
    return Seated(lift(ground, best, movable, limits, ceiling), target, fixed)


def _short(ground: Ground, target: Target, cost: Ints, wishes: Wishes) -> tuple[Bools, Target]:
    """Find out what can be reached at all, then choose the best that reaches it."""
    if not wishes.balance > 0:
        chosen = reach(ground, target, cost - int(cost.min(initial=0)), spread=False)
        return chosen, reached(ground, target, chosen)
    moved = (~ground.current & ground.current.any()).astype(np.int64)
    first = reach(ground, target, moved, spread=True)
    target = reached(ground, target, first)
    best = seat(ground, target, cost, _evenness(wishes))
    return (first if best is None else best), target


def _worth(means: Floats) -> tuple[float, float]:
    """Return what makes a plan fair: its worst submission, then the mean of the lowest hundredth."""
    if not len(means):
        return 0.0, 0.0
    lowest = np.partition(means, len(means) // LOWEST)[: len(means) // LOWEST + 1]
    return round(float(means.min()), 6), float(lowest.mean())


def _ones(ground: Ground) -> Floats:
    return np.ones(ground.n_submissions)


def _evenness(wishes: Wishes) -> float:
    return max(0.0, wishes.balance) * EVENNESS * FINE


def _cost(ground: Ground, weight: Floats, wishes: Wishes) -> Ints:
    """Return the price of each pair; the last digits leave ties to current pairs and to the seed."""
    if wishes.balance > 0:
        price = (_regret(ground.affinity) + WORST * ground.penalty) * weight[ground.submission] * FINE
    else:
        price = (1 - ground.affinity + ground.penalty) * EXACT
    cost = np.round(price).astype(np.int64) + ground.noise - NOISE * ground.current
    if wishes.firm:
        return np.asarray(cost - ground.current * _above_all(ground, cost))
    return np.asarray(cost - np.round(ground.current * max(0.0, wishes.keep) * FINE).astype(np.int64))


def _above_all(ground: Ground, cost: Ints) -> int:
    """Return a price that no plan can save elsewhere."""
    possible = np.minimum(ground.seats, np.bincount(ground.submission, minlength=ground.n_submissions))
    return int(cost.max(initial=0) - cost.min(initial=0) + 1) * int(possible.sum() + 1)


def _regret(affinity: Floats) -> Floats:
    """Return the price of a pair, 0 to `WORST`: it grows ever faster, so that no submission gets all the bad pairs."""
    lost = 1 - affinity
    return np.asarray(lost + 2 * lost**2 + 6 * lost**4)


def ceilings(ground: Ground, target: Target, fixed: Bools) -> Floats:
    """Return for each submission the best mean affinity that it could have if it chose first."""
    usable = np.flatnonzero(target.usable)
    order = usable[np.argsort(ground.submission[usable] - 0.5 * ground.affinity[usable], kind="stable")]
    owner = ground.submission[order]
    rank = in_runs(owner)
    best = np.zeros(len(ground.submission), dtype=bool)
    best[order[rank < target.quota[owner]]] = True
    return ground.means(best | fixed)


def bound(ground: Ground, one: Seated) -> float:
    """Return a mean affinity above which no plan with these seats lifts its worst submission (0.0 without a pair).

    Each weighting of the submissions gives such a bound, by the plan that is best for it (the dual of the max-min
    programme); the weights move to those that fare badly. Beyond `MOST_PAIRS_TO_BOUND` pairs the simplest one serves.
    """
    alone = ceilings(ground, one.target, one.fixed)
    means = ground.means(one.chosen)
    ceiling, worst = float(np.min(alone, initial=np.inf)), float(np.min(means, initial=np.inf))
    if not np.isfinite(worst):
        return 0.0
    if worst >= ceiling - TINY or len(ground.submission) > MOST_PAIRS_TO_BOUND:
        return ceiling
    return max(worst, min(ceiling, _dual(ground, one, means < ceiling + TINY)))


def _dual(ground: Ground, one: Seated, low: Bools) -> float:
    """Weigh the low submissions against each other, all others without weight, and return the least bound met."""
    count = np.maximum(ground.per_submission(one.chosen), 1)
    given = np.bincount(ground.submission[one.fixed], ground.affinity[one.fixed], minlength=ground.n_submissions)
    usable = one.target.usable & low[ground.submission]
    quota = np.where(low, one.target.quota, 0)
    small = replace(one.target, usable=usable, quota=quota, floor=np.zeros_like(one.target.floor))
    weight, least = low / max(1, low.sum()), np.inf
    for number in range(BOUND_ROUNDS):
        value = (weight / count)[ground.submission] * ground.affinity
        steps = np.round(value / max(TINY, value.max(initial=0.0)) * EXACT).astype(np.int64)
        chosen = seat(ground, small, -steps, 0.0)
        if chosen is None:
            break
        total = given + np.bincount(ground.submission[chosen], ground.affinity[chosen], minlength=ground.n_submissions)
        means = total / count
        least = min(least, float(weight @ means) + len(count) / EXACT)
        weight = weight * np.exp(-8 / (1 + number / 4) * (means - means[low].min()))
        weight /= weight.sum()
    return least
