"""Who gets which seat, as a flow: judges are sources, submissions are sinks, every eligible pair carries one.

Judges supply their minimum loads; a common source supplies the rest, each further submission of a judge at a higher
price. A conflict is a missing arc. Pins are left out: they have their seat already.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from contest.judging.flow import LARGEST, Network, cheapest
from contest.judging.ground import Ground
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np

    from contest.judging.plan import Bools, Ints
else:
    np = lazy("numpy")


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """What is to be reached beside the pins: `quota` judges per submission exactly, `floor` per judge at least.

    `usable` marks the pairs to choose from, `room` is what each judge may take, `held` what each judge has already,
    `lost` the seats of each submission for which there is no pair at all.
    """

    usable: Bools
    quota: Ints
    floor: Ints
    room: Ints
    held: Ints
    lost: Ints

    def mean_load(self) -> float:
        """Return the load of a judge if all who may take any had the same."""
        able = np.count_nonzero(self.held + self.room)
        return float((self.held.sum() + self.quota.sum()) / max(1, able))


def target_of(ground: Ground, fixed: Bools) -> Target:
    """Return the target when the pairs of `fixed` have their seats: every other seat that has a pair, every minimum."""
    taken, held = ground.per_submission(fixed), ground.per_judge(fixed)
    quota = np.maximum(ground.seats - taken, 0)
    usable = ~fixed & (quota > 0)[ground.submission]
    room = np.minimum(np.maximum(ground.most - held, 0), ground.per_judge(usable))
    usable &= (room > 0)[ground.judge]
    floor = np.minimum(np.maximum(ground.least - held, 0), room)
    possible = np.minimum(quota, ground.per_submission(usable))
    return Target(usable, possible, floor, room, held, quota - possible)


def seat(ground: Ground, target: Target, cost: Ints, evenness: float) -> Bools | None:
    """Choose the cheapest pairs that reach the target, None when it cannot be reached.

    `cost`: whole numbers per pair. `evenness`: the price of a load of twice the mean above one of the mean.
    """
    beyond = int(target.quota.sum() - target.floor.sum())
    if beyond < 0:
        return None
    open_pairs = np.flatnonzero(target.usable)
    arcs = _Arcs(ground)
    arcs.pairs(open_pairs, cost[open_pairs])
    arcs.loads(target, evenness)
    flows = cheapest(arcs.network(np.concatenate([target.floor, -target.quota, [beyond]])))
    return None if flows is None else _chosen(ground, open_pairs, flows)


def reach(ground: Ground, target: Target, cost: Ints, *, spread: bool) -> Bools:
    """Choose pairs when the target cannot be reached: what matters more comes first.

    As few empty seats as possible; with `spread` they are spread evenly (least sum of squares); as few loads missing
    below the minima as possible; then the least `cost`, which is never negative.
    """
    open_pairs = np.flatnonzero(target.usable)
    seats = int(target.quota.sum())
    below = seats * int(cost.max(initial=0)) + 1
    unit = below * (seats + 1)
    squares = sum(wanted**2 for wanted in (target.quota + target.lost).tolist()) + 1 if spread else 1
    if 2 * unit * squares * (ground.n_submissions + ground.n_judges + 2) > LARGEST:
        return _coarser(ground, target, cost, spread=spread)
    arcs = _Arcs(ground)
    arcs.pairs(open_pairs, cost[open_pairs])
    arcs.from_source(np.arange(ground.n_judges), target.floor, np.zeros(ground.n_judges, dtype=np.int64))
    arcs.from_source(np.arange(ground.n_judges), target.room - target.floor, np.full(ground.n_judges, below))
    arcs.empty_seats(target, unit, squares if spread else 0)
    flows = cheapest(arcs.network(np.concatenate([np.zeros_like(target.floor), -target.quota, [seats]])))
    if flows is None:
        raise AssertionError("empty seats are always possible")
    return _chosen(ground, open_pairs, flows)


def _coarser(ground: Ground, target: Target, cost: Ints, *, spread: bool) -> Bools:
    """Give up what no number can hold: finer costs first, then the even spread."""
    if cost.max(initial=0) > 1:
        return reach(ground, target, cost // 16, spread=spread)
    if cost.any():
        return reach(ground, target, np.zeros_like(cost), spread=spread)
    return reach(ground, target, cost, spread=False)


def reached(ground: Ground, target: Target, chosen: Bools) -> Target:
    """Return the target cut down to what `chosen` reaches."""
    floor = np.minimum(target.floor, ground.per_judge(chosen))
    return replace(target, quota=ground.per_submission(chosen), floor=floor)


def _chosen(ground: Ground, open_pairs: Ints, flows: Ints) -> Bools:
    chosen = np.zeros(len(ground.submission), dtype=bool)
    chosen[open_pairs[flows[: len(open_pairs)] > 0]] = True
    return chosen


@dataclass(slots=True, eq=False)
class _Arcs:
    """A network in the making; nodes are the judges, the submissions, the source."""

    ground: Ground
    _parts: list[tuple[Ints, Ints, Ints, Ints]] = field(default_factory=list)

    def pairs(self, open_pairs: Ints, cost: Ints) -> None:
        tail = self.ground.judge[open_pairs].astype(np.int32)
        head = self.ground.submission[open_pairs].astype(np.int32)
        head += self.ground.n_judges
        self._parts.append((tail, head, np.ones(len(open_pairs), dtype=np.int32), cost))

    def from_source(self, heads: Ints, capacity: Ints, cost: Ints) -> None:
        some = capacity > 0
        source = np.full(int(some.sum()), self.ground.n_judges + self.ground.n_submissions, dtype=np.int32)
        self._parts.append((source, heads[some].astype(np.int32), capacity[some].astype(np.int32), cost[some]))

    def loads(self, target: Target, evenness: float) -> None:
        """Add what a judge may take above the floor, one by one up to three times the mean, then in longer steps."""
        mean = max(1.0, target.mean_load())
        low, high = target.held + target.floor, target.held + target.room
        steps = _steps(int(high.max(initial=0)), int(3 * mean) + 8)
        ends = np.clip(steps[None, :], low[:, None], high[:, None])
        capacity = ends[:, 1:] - ends[:, :-1]
        middle = (steps[1:] + steps[:-1]) / 2
        price = np.round(evenness * (middle - mean) / mean).astype(np.int64)
        judges, step = np.nonzero(capacity)
        self.from_source(judges, capacity[judges, step], price[step])

    def empty_seats(self, target: Target, unit: int, squares: int) -> None:
        """Add the way around the judges: the i-th empty seat of a submission costs `unit * (squares + 2 i - 1)`."""
        quota = target.quota
        submissions = np.repeat(np.arange(len(quota)), quota)
        number = np.arange(len(submissions)) - np.repeat(np.cumsum(quota) - quota - target.lost, quota)
        cost = unit * (squares + 2 * number + 1) if squares else np.full(len(submissions), unit)
        self.from_source(self.ground.n_judges + submissions, np.ones(len(submissions), dtype=np.int64), cost)

    def network(self, supply: Ints) -> Network:
        """Return the network and forget the arcs: the solver needs the room."""
        tail, head, capacity, cost = (np.concatenate(columns) for columns in zip(*self._parts, strict=True))
        self._parts.clear()
        return Network(tail, head, capacity, cost, supply.astype(np.int64))


def _steps(highest: int, fine: int) -> Ints:
    """Return 0, 1, 2, ... up to `fine`, then growing steps up to `highest`."""
    steps = list(range(min(fine, highest) + 1))
    while steps[-1] < highest:
        steps.append(min(highest, steps[-1] + max(1, steps[-1] // 4)))
    return np.array(steps, dtype=np.int64)
