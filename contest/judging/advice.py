"""What cannot be had and what would help: facts and numbers, each with changes of the input that repair it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from contest.judging.fairness import Seated
from contest.judging.ground import Ground, known_pairs
from contest.judging.plan import (
    Advice,
    AdviceCode,
    AssignmentProblem,
    Change,
    Remedy,
    RemedyCode,
    Unfilled,
    UnfilledReason,
)
from contest.judging.shortage import shortages, unsuitable
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np

    from contest.judging.plan import Bools, Ints
else:
    np = lazy("numpy")


def unfilled_in(ground: Ground, chosen: Bools) -> Iterator[Unfilled]:
    """Say why seats stay empty: first those for which no judge exists at all, then those whose judges are full."""
    eligible = np.bincount(ground.submission, minlength=ground.n_submissions)
    missing = ground.seats - ground.per_submission(chosen)
    for submission in np.flatnonzero(missing > 0).tolist():
        empty, able = int(missing[submission]), int(eligible[submission])
        lacking = min(empty, max(0, int(ground.seats[submission]) - able))
        if lacking:
            reason = UnfilledReason.TOO_FEW_JUDGES if able else UnfilledReason.NO_JUDGE
            yield Unfilled(submission, lacking, reason)
        if empty > lacking:
            yield Unfilled(submission, empty - lacking, UnfilledReason.JUDGES_FULL)


def advice_on(problem: AssignmentProblem, ground: Ground, one: Seated, count: int, group: Ints) -> Iterator[Advice]:
    """Say what contradicts itself in the input, what the plan falls short of, and what would help.

    `count`, `group`: the connected groups of the chosen pairs.
    """
    loads = ground.per_judge(one.chosen)
    yield from _pins(problem, ground)
    yield from _loads(problem, ground, loads)
    yield from shortages(ground, one.chosen)
    yield from unsuitable(ground, one.chosen)
    if count > 1:
        changes = tuple(_links(ground, one.chosen, group, loads))
        remedies = (Remedy(RemedyCode.ADD_PAIR, len(changes), changes),) if changes else ()
        yield Advice(AdviceCode.DISCONNECTED, None, None, count, remedies=remedies)


def _pins(problem: AssignmentProblem, ground: Ground) -> Iterator[Advice]:
    pins, inside = known_pairs(problem.pinned, problem.n_submissions, problem.n_judges)
    eligible = inside & (ground.places(pins[:, 0], pins[:, 1]) >= 0)
    for submission, judge in sorted(set(map(tuple, pins[~eligible].tolist()))):
        remedy = Remedy(RemedyCode.UNPIN, 1, (Change(submission, judge, 1, 0),))
        yield Advice(AdviceCode.PIN_NOT_ELIGIBLE, judge, submission, 1, remedies=(remedy,))
    pinned = ground.per_submission(ground.pinned)
    for submission in np.flatnonzero(pinned > ground.seats).tolist():
        seats, wanted = int(ground.seats[submission]), int(pinned[submission])
        remedy = Remedy(RemedyCode.RAISE_SEATS, wanted - seats, (Change(submission, None, seats, wanted),))
        yield Advice(AdviceCode.PINS_ABOVE_SEATS, None, submission, wanted - seats, remedies=(remedy,))


def _loads(problem: AssignmentProblem, ground: Ground, loads: Ints) -> Iterator[Advice]:
    least, most = problem.min_load.astype(np.int64), problem.max_load.astype(np.int64)
    yield from _minima_together(least, loads, int(ground.seats.sum()))
    for judge in np.flatnonzero((least > most) | (loads < least) | (loads > ground.most)).tolist():
        low, high, load = int(least[judge]), int(most[judge]), int(loads[judge])
        if low > high:
            lower = Remedy(RemedyCode.LOWER_MINIMUM, low - high, (Change(None, judge, low, max(0, high)),))
            raised = Remedy(RemedyCode.RAISE_MAXIMUM, low - high, (Change(None, judge, high, low),))
            yield Advice(AdviceCode.MINIMUM_ABOVE_MAXIMUM, judge, None, low - high, remedies=(raised, lower))
        if load < low:
            lower = Remedy(RemedyCode.LOWER_MINIMUM, low - load, (Change(None, judge, low, load),))
            yield Advice(AdviceCode.BELOW_MINIMUM, judge, None, low - load, remedies=(lower,))
        if load > max(0, high):
            raised = Remedy(RemedyCode.RAISE_MAXIMUM, load - max(0, high), (Change(None, judge, high, load),))
            yield Advice(AdviceCode.PINS_ABOVE_MAXIMUM, judge, None, load - max(0, high), remedies=(raised,))


def _minima_together(least: Ints, loads: Ints, seats: int) -> Iterator[Advice]:
    """Say that the minima ask for more seats than there are."""
    wanted = int(np.maximum(least, 0).sum())
    if wanted <= seats:
        return
    below = np.flatnonzero(loads < least).tolist()
    changes = tuple(Change(None, judge, int(least[judge]), int(loads[judge])) for judge in below)
    helps = sum(change.before - change.after for change in changes)
    remedy = Remedy(RemedyCode.LOWER_MINIMUM, helps, changes)
    yield Advice(
        AdviceCode.MINIMUMS_ABOVE_SEATS, None, None, wanted - seats, seats=seats, room=wanted, remedies=(remedy,)
    )


def _links(ground: Ground, chosen: Bools, group: Ints, loads: Ints) -> Iterator[Change]:
    """Choose pairs that join groups, judges with room and the best affinity first."""
    home = np.full(ground.n_submissions, -1, dtype=np.int64)
    home[ground.submission[chosen]] = group[ground.judge[chosen]]
    one, other = home[ground.submission], group[ground.judge]
    across = np.flatnonzero((one >= 0) & (other >= 0) & (one != other))
    full = loads[ground.judge[across]] >= ground.most[ground.judge[across]]
    order = across[np.lexsort((ground.penalty[across] - ground.affinity[across], full))]
    joined = list(range(int(group.max(initial=0)) + 1))
    for place in order.tolist():
        first, second = joined[int(one[place])], joined[int(other[place])]
        if first != second:
            joined = [first if label == second else label for label in joined]
            yield Change(int(ground.submission[place]), int(ground.judge[place]), 0, 1)
