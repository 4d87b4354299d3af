"""Make judges comparable: exchange judges between submissions where that tells most about their severities.

The summed variance of the judges' estimated severities is the trace of the pseudo-inverse P of the information matrix
(`linking.information`). Seating judges x and y together on a submission of k lowers it by about |P(e_x - e_y)|^2 / k.
Half a move takes a judge off a submission and puts another there; two halves between the same judges are an exchange
that keeps all loads, one alone shifts a load. The halves are priced, the best moves of a round are made, and the price
is raised or lowered until the budget is used or the goal is reached.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contest.judging.ground import Ground, in_runs
from contest.judging.linking import covariance, ideal, information
from contest.judging.plan import Progress, unheard
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np

    from contest.judging.plan import Bools, Floats, Ints
else:
    np = lazy("numpy")

GOAL, HIGHEST_GOAL, PER_SHARE = 0.79, 0.95, 2.0  # the comparability to stop at, plus so much per share to be spent
NEAR = 0.01
SHARES = (0.2, 0.2, 0.2, 0.15, 0.15, 0.1, 0.1, 0.05, 0.05)  # of a judge's load that may change hands in a round
PER_PAIR = 1  # halves per pair of judges and round: more would count the same gain twice
UP, DOWN = 1.6, 0.8
FIFTH = 5.0  # percent
USED_UP = 0.97
MOST_LOST = 0.5  # a half that costs more never finds one that makes up for it
CAUTION = 0.3  # the part of a gain that is not believed, as many moves are made at once
TINY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """What mixing must respect: pairs that may move, loads per judge, and the share of affinity that it may spend.

    `evenness`: the affinity that is worth to take a submission from a judge with twice the mean load.
    """

    movable: Bools
    low: Ints
    high: Ints
    share: float
    evenness: float = 0.0

    @property
    def goal(self) -> float:
        """The comparability that is enough."""
        return min(HIGHEST_GOAL, GOAL + PER_SHARE * self.share)


@dataclass(frozen=True, slots=True, eq=False)
class _Halves:
    """Possible half moves: `remove` and `add` are positions of pairs of one submission."""

    remove: Ints
    add: Ints
    loss: Floats
    net: Floats

    def only(self, places: Ints) -> _Halves:
        return _Halves(self.remove[places], self.add[places], self.loss[places], self.net[places])


@dataclass(slots=True, eq=False)
class _State:
    """A plan under change: worth of each submission, the floor that it must not fall below, loads, spending."""

    ground: Ground
    limits: Limits
    chosen: Bools
    value: Floats
    worth: Floats = field(init=False)
    floor: Floats = field(init=False)
    size: Ints = field(init=False)
    loads: Ints = field(init=False)
    budget: float = field(init=False)
    spent: float = 0.0

    def __post_init__(self) -> None:
        ground = self.ground
        self.size = ground.per_submission(self.chosen)
        self.loads = ground.per_judge(self.chosen)
        owners = ground.submission[self.chosen]
        self.worth = np.bincount(owners, self.value[self.chosen], minlength=ground.n_submissions).astype(np.float64)
        means = self.worth / np.maximum(self.size, 1)
        fifth = np.percentile(means[self.size > 0], FIFTH) if (self.size > 0).any() else 0.0
        self.floor = np.minimum(means, fifth) * self.size - TINY
        self.budget = self.limits.share * float(ground.affinity[self.chosen].sum())

    @property
    def uneven(self) -> Floats:
        """What each judge's load is worth when another one gives or takes: nothing for equal loads."""
        mean = float(self.loads[self.loads > 0].mean()) if self.loads.any() else 1.0
        return np.asarray(self.limits.evenness / mean * self.loads)

    def affords(self, loss: float) -> bool:
        return loss <= 0 or self.spent + loss <= self.budget

    def may_shift(self, source: int, target: int) -> bool:
        return bool(self.loads[source] > self.limits.low[source] and self.loads[target] < self.limits.high[target])

    def apply(self, remove: int, add: int, loss: float) -> None:
        owner = self.ground.submission[add]
        self.chosen[remove], self.chosen[add] = False, True
        self.loads[self.ground.judge[remove]] -= 1
        self.loads[self.ground.judge[add]] += 1
        self.worth[owner] -= loss
        self.spent += loss


def mix(ground: Ground, chosen: Bools, limits: Limits, progress: Progress = unheard) -> tuple[Bools, float | None]:
    """Return the plan with judges exchanged, and how comparable it is where that is known.

    Every submission has as many judges as before, loads are within the limits.

    No submission falls below its own mean affinity or the fifth percentile of all, whichever is less. The plan is as
    comparable as the budget allows, or reaches `GOAL` for less.
    """
    state = _State(ground, limits, chosen.copy(), ground.affinity - ground.penalty)
    active = np.flatnonzero(state.loads > 0)
    best, rank, price = chosen, (-np.inf, -np.inf), 0.0
    known: float | None = None
    for number, share in enumerate((*SHARES, 0.0)):
        progress(number / len(SHARES))
        matrix = information(ground, state.chosen)[np.ix_(active, active)]
        if not matrix.any():
            return chosen, None
        spread = covariance(matrix)
        variance = float(np.trace(spread))
        reached = ideal(matrix) / variance
        if (found := (min(reached, limits.goal), -state.spent)) > rank:
            best, rank, known = state.chosen.copy(), found, min(1.0, reached)
        if reached >= limits.goal and not price:
            break  # comparable enough already: there is nothing to buy
        price = _next_price(price, reached, state)
        if limits.goal <= reached < limits.goal + NEAR or not share:
            break
        if not _round(state, _wide(spread, active, ground.n_judges), price / variance, share):
            break
    return best, known


def _next_price(price: float, reached: float, state: _State) -> float:
    """Return the affinity that a variance reduced to nothing is worth: more while there is budget and need."""
    if not price:
        return max(state.budget, 1e-3) / max(0.05, 1 - reached / state.limits.goal) / UP**2
    enough = reached >= state.limits.goal or state.spent >= USED_UP * state.budget
    return price * (DOWN if enough else UP)


def _wide(spread: Floats, active: Ints, n_judges: int) -> Floats:
    """Return the products of the columns of P; judges without a pair have none, and no move reaches them."""
    product = np.zeros((n_judges, n_judges), dtype=np.float32)
    product[np.ix_(active, active)] = spread @ spread
    return product


def _round(state: _State, product: Floats, price: float, share: float) -> int:
    """Make the best moves of one round and return how many."""
    halves = _halves(state, product, price)
    ground = state.ground
    judge = ground.judge.astype(np.int32)
    source, target = judge[halves.remove], judge[halves.add]
    alone = (state.loads[source] > state.limits.low[source]) & (state.loads[target] < state.limits.high[target])
    alone &= halves.net > TINY
    there, back = source * ground.n_judges + target, target * ground.n_judges + source
    best = np.full(ground.n_judges**2, -np.inf, dtype=np.float32)
    np.maximum.at(best, there, halves.net)
    worth_it = np.flatnonzero(alone | (halves.net + best[back] > TINY))
    halves, shift = halves.only(worth_it), np.flatnonzero(alone[worth_it])
    one, other = _exchanges(there[worth_it], back[worth_it], halves.net)
    first = np.concatenate([one, shift])
    second = np.concatenate([other, np.full(len(shift), -1)])
    worth = np.concatenate([halves.net[one] + halves.net[other], halves.net[shift]])
    gain = worth + np.concatenate([halves.loss[one] + halves.loss[other], halves.loss[shift]])
    worth -= CAUTION * np.abs(gain)
    order = np.argsort(-worth, kind="stable")[: 4 * ground.n_submissions]
    order = order[worth[order] > 0]
    return _make(state, halves, first[order], second[order], share)


def _distances(product: Floats, one: Ints, other: Ints) -> Floats:
    """Return |P(e_x - e_y)|^2 for judges x of `one` and y of `other`."""
    own = np.diag(product)
    return np.asarray(own[one] + own[other] - 2 * product[one, other])


def _halves(state: _State, product: Floats, price: float) -> _Halves:
    """Return the half moves worth a thought, each for one seat of each submission at a time."""
    ground = state.ground
    team = _team(ground, state.chosen, state.size)
    apart = np.zeros(len(ground.submission), dtype=np.float32)
    for column in team.T:
        seat = column[ground.submission]
        apart += np.where(seat >= 0, _distances(product, ground.judge[seat], ground.judge), 0)
    known = np.diag(product) > 0
    open_teams = ground.per_submission(state.chosen & state.limits.movable) > 0
    free = np.flatnonzero(~state.chosen & known[ground.judge] & ~ground.pinned & open_teams[ground.submission])
    free = free.astype(np.int32)  # the halves are many: they take the room of half as many
    parts = [_of_seat(state, product, price, apart, free, column) for column in team.T]
    del apart, free
    best = max((float(net.max(initial=0.0)) for *_, net in parts), default=0.0)
    for place, (remove, add, loss, net) in enumerate(parts):
        pays = np.flatnonzero(net > -best)  # nothing makes up for the others
        parts[place] = remove[pays], add[pays], loss[pays], net[pays]
    return _Halves(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _of_seat(
    state: _State, product: Floats, price: float, apart: Floats, free: Ints, column: Ints
) -> tuple[Ints, Ints, Floats, Floats]:
    """Return the half moves that give the seats of `column` (a pair per submission) to the free pairs."""
    ground = state.ground
    owner, seat = ground.submission[free], column[ground.submission[free]]
    loss = state.value[seat] - state.value[free]
    possible = (seat >= 0) & state.limits.movable[seat] & (state.worth[owner] - loss >= state.floor[owner])
    places = np.flatnonzero(possible)
    free, owner, seat, loss = free[places], owner[places], seat[places], loss[places]
    gain = apart[free] - _distances(product, ground.judge[seat], ground.judge[free]) - apart[seat]
    shift = state.uneven[ground.judge[free]] - state.uneven[ground.judge[seat]]
    net = (price * gain / state.size[owner] - loss - shift).astype(np.float32)
    near = np.flatnonzero(net > -MOST_LOST)
    return seat[near].astype(np.int32), free[near], loss[near], net[near]


def _team(ground: Ground, chosen: Bools, size: Ints) -> Ints:
    """Return the chosen pairs of each submission as rows, -1 where there are fewer."""
    pairs = np.flatnonzero(chosen)
    owner = ground.submission[pairs]
    team = np.full((ground.n_submissions, int(size.max(initial=0))), -1, dtype=np.int64)
    team[owner, np.arange(len(pairs)) - (np.cumsum(size) - size)[owner]] = pairs
    return team


def _exchanges(there: Ints, back: Ints, net: Floats) -> tuple[Ints, Ints]:
    """Match the best halves from judge x to y with the best from y to x; return both places where they pay together."""
    order = np.lexsort((-net, there))
    sorted_there = there[order]
    rank = in_runs(sorted_there)
    order = order[rank < PER_PAIR]
    key = there[order] * PER_PAIR + rank[rank < PER_PAIR]
    wanted = back[order] * PER_PAIR + rank[rank < PER_PAIR]
    half = np.flatnonzero(key < wanted)
    places = np.minimum(np.searchsorted(key, wanted[half]), max(0, len(key) - 1))
    met = key[places] == wanted[half]
    one, other = order[half[met]], order[places[met]]
    pays = net[one] + net[other] > TINY
    return one[pays], other[pays]


def _make(state: _State, halves: _Halves, first: Ints, second: Ints, share: float) -> int:
    """Make the moves in this order, each submission at most once and each judge within `share` of the load.

    `first` are halves, `second` those that complete them to an exchange, -1 for a half alone.
    """
    ground = state.ground
    used, place = np.unique(np.concatenate([first, second[second >= 0]]), return_inverse=True)
    halves = halves.only(used)
    loss, owner = halves.loss.tolist(), ground.submission[halves.add].tolist()
    source, target = ground.judge[halves.remove].tolist(), ground.judge[halves.add].tolist()
    left = np.maximum(1, (share * state.loads).astype(np.int64)).tolist()
    second = second.copy()
    second[second >= 0] = place[len(first) :]
    touched: set[int] = set()
    made = 0
    for one, other in zip(place[: len(first)].tolist(), second.tolist(), strict=True):
        x, y = source[one], target[one]
        if owner[one] in touched or not left[x] or not left[y]:
            continue
        if other < 0:
            if not state.may_shift(x, y) or not state.affords(loss[one]):
                continue
        elif owner[other] in touched or owner[other] == owner[one] or not state.affords(loss[one] + loss[other]):
            continue
        for half in (one, other) if other >= 0 else (one,):
            state.apply(int(halves.remove[half]), int(halves.add[half]), loss[half])
            touched.add(owner[half])
        left[x] -= 1
        left[y] -= 1
        made += 1
    return made
