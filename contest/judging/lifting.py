"""Lift the submission that is worst off by single exchanges, where weights on the flow alone do not reach it.

The worst one gets a better judge: one with room, or one from a submission that stays better off than the worst was.
Each step raises the worst submission and takes none to where it was, so that it ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contest.judging.ground import Ground
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np

    from contest.judging.plan import Bools, Floats, Ints
else:
    np = lazy("numpy")

STEPS = 100
WANTED = 12  # better judges that a submission asks for, the best first
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class _Step:
    """Pairs to take out and to put in, and the worse mean of the two submissions afterwards."""

    value: float
    out: tuple[int, ...]
    put: tuple[int, ...]


@dataclass(slots=True, eq=False)
class _Plan:
    ground: Ground
    chosen: Bools
    movable: Bools
    low: Ints
    high: Ints
    sums: Floats = field(init=False)
    size: Ints = field(init=False)
    loads: Ints = field(init=False)

    def __post_init__(self) -> None:
        ground = self.ground
        owner = ground.submission[self.chosen]
        self.sums = np.bincount(owner, ground.affinity[self.chosen], minlength=ground.n_submissions).astype(np.float64)
        self.size, self.loads = ground.per_submission(self.chosen), ground.per_judge(self.chosen)

    def means(self) -> Floats:
        return np.where(self.size > 0, self.sums / np.maximum(self.size, 1), np.inf)

    def make(self, step: _Step) -> None:
        for places, sign in ((list(step.out), -1), (list(step.put), 1)):
            self.chosen[places] = sign > 0
            np.add.at(self.sums, self.ground.submission[places], sign * self.ground.affinity[places])
            np.add.at(self.loads, self.ground.judge[places], sign)

    def steps(self, worst: int) -> list[_Step]:
        """Return the best step for each pair of a judge to lose and a better one to get."""
        ground = self.ground
        start, end = np.searchsorted(ground.submission, [worst, worst + 1]).tolist()
        places = np.arange(start, end)
        given = places[self.chosen[places] & self.movable[places]].tolist()
        wanted = places[~self.chosen[places] & ~ground.pinned[places]].tolist()
        wanted = sorted(wanted, key=lambda place: -float(ground.affinity[place]))[:WANTED]
        better = [(out, put) for out in given for put in wanted if self._is_better(out, put)]
        return [step for out, put in better for step in (self._shift(out, put), self._exchange(out, put)) if step]

    def _is_better(self, out: int, put: int) -> bool:
        ground = self.ground
        return bool(ground.affinity[put] > ground.affinity[out] and ground.penalty[put] <= ground.penalty[out])

    def _shift(self, out: int, put: int) -> _Step | None:
        source, target = self.ground.judge[out], self.ground.judge[put]
        if self.loads[source] <= self.low[source] or self.loads[target] >= self.high[target]:
            return None
        return _Step(self._after(out, put), (out,), (put,))

    def _exchange(self, out: int, put: int) -> _Step | None:
        """Take the judge from whoever suffers least and give the own one there."""
        ground = self.ground
        held = np.flatnonzero(self.chosen & self.movable & (ground.judge == ground.judge[put]))
        back = ground.places(ground.submission[held], np.full(len(held), ground.judge[out]))
        possible = (back >= 0) & ~self.chosen[back] & (ground.penalty[back] <= ground.penalty[held])
        held, back = held[possible], back[possible]
        if not len(held):
            return None
        owner = ground.submission[held]
        after = (self.sums[owner] - ground.affinity[held] + ground.affinity[back]) / self.size[owner]
        best = int(np.argmax(after))
        value = min(self._after(out, put), float(after[best]))
        return _Step(value, (out, int(held[best])), (put, int(back[best])))

    def _after(self, out: int, put: int) -> float:
        owner = self.ground.submission[out]
        gain = self.ground.affinity[put] - self.ground.affinity[out]
        return float((self.sums[owner] + gain) / self.size[owner])


def lift(ground: Ground, chosen: Bools, movable: Bools, loads: tuple[Ints, Ints], ceiling: float) -> Bools:
    """Return the plan with its worst submission lifted as far as steps lead, at most to `ceiling`.

    Pairs that are not `movable` stay; every submission keeps its number of judges; `loads` are the lowest and the
    highest of each judge.
    """
    plan = _Plan(ground, chosen.copy(), movable, *loads)
    for _ in range(STEPS):
        means = plan.means()
        worst = int(np.argmin(means)) if len(means) else 0
        if not len(means) or not means[worst] < ceiling - TINY:
            break
        step = max(plan.steps(worst), key=lambda one: one.value, default=None)
        if step is None or step.value <= means[worst] + TINY:
            break
        plan.make(step)
    return plan.chosen
