"""Why seats stay empty, and the cheapest ways to fill them.

From the submissions that miss a seat one walks to every judge who may still be added to them (all of those are full),
from there to every submission that such a judge holds, and so on. What is reached competes for the same judges: they
are exactly as many seats short as are empty (Hall's condition).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from contest.judging.ground import Ground
from contest.judging.linking import groups
from contest.judging.plan import Advice, AdviceCode, Change, Remedy, RemedyCode
from contest.judging.seating import Target, reach, reached, seat, target_of
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np

    from contest.judging.plan import Bools, Ints
else:
    np = lazy("numpy")

EVEN = 1000.0
MOST_GROUPS = 100


def shortages(ground: Ground, chosen: Bools) -> Iterator[Advice]:
    """Yield one advice for each group of submissions that compete for too few judges, the largest shortage first.

    Beyond `MOST_GROUPS` groups the smaller ones are left to the list of empty seats.
    """
    missing = np.maximum(ground.seats - ground.per_submission(chosen), 0)
    if not missing.any():
        return
    submissions, judges = _competing(ground, chosen, missing)
    found = _grouped(ground, chosen, submissions, judges)
    short = [(-int(missing[members].sum()), members.tolist()) for members in found]
    for _, members in sorted(one for one in short if one[0])[:MOST_GROUPS]:
        yield _advice(ground, chosen, missing, np.array(members, dtype=np.int64))


def unsuitable(ground: Ground, chosen: Bools) -> Iterator[Advice]:
    """Yield why seats went to judges at a penalty: who else could have them, and how many seats those are short.

    `count` is the number of such seats; an advice without submissions is about seats for which suitable judges had
    room, but loads or fairness spoke against it.
    """
    used = chosen & ~ground.pinned & (ground.penalty > 0)
    left = int(np.count_nonzero(used))
    if not left:
        return
    per_submission = ground.per_submission(used)
    for one in shortages(*_fullest(_suitable(ground))):
        count = int(per_submission[list(one.submissions)].sum())
        if count:
            left -= count
            yield replace(one, code=AdviceCode.PENALTY_USED, count=count)
    if left:
        yield Advice(AdviceCode.PENALTY_USED, None, None, left)


def _suitable(ground: Ground) -> Ground:
    """Return the ground without the pairs that have a penalty; pins stay."""
    kept = (ground.penalty <= 0) | ground.pinned
    names = ("submission", "judge", "affinity", "penalty", "pinned", "current", "noise")
    return replace(ground, **{name: getattr(ground, name)[kept] for name in names})


def _fullest(ground: Ground) -> tuple[Ground, Bools]:
    """Return the ground and a plan that fills as many seats as any."""
    nothing = np.zeros(len(ground.submission), dtype=np.int64)
    return ground, ground.pinned | reach(ground, target_of(ground, ground.pinned), nothing, spread=False)


def _competing(ground: Ground, chosen: Bools, missing: Ints) -> tuple[Bools, Bools]:
    """Return the submissions reached from those that miss seats, and the full judges between them."""
    submissions, judges = missing > 0, np.zeros(ground.n_judges, dtype=bool)
    while True:
        asked = judges.copy()
        asked[ground.judge[submissions[ground.submission] & ~chosen]] = True
        holding = submissions.copy()
        holding[ground.submission[asked[ground.judge] & chosen & ~ground.pinned]] = True
        if (asked == judges).all() and (holding == submissions).all():
            return submissions, judges
        submissions, judges = holding, asked


def _grouped(ground: Ground, chosen: Bools, submissions: Bools, judges: Bools) -> list[Ints]:
    """Split the competing submissions where they share no full judge; the rest goes by the judges that it has."""
    between = submissions[ground.submission] & judges[ground.judge] & ~(chosen & ground.pinned)
    _, group = groups(ground.submission[between], ground.judge[between], ground.n_submissions, ground.n_judges)
    label = np.full(ground.n_submissions, -1, dtype=np.int64)
    label[ground.submission[between]] = group[ground.judge[between]]
    parts = [np.flatnonzero(label == one) for one in range(int(label.max(initial=-1)) + 1)]
    return [*parts, *_by_judges(ground, np.flatnonzero(submissions & (label < 0)))]


def _by_judges(ground: Ground, alone: Ints) -> list[Ints]:
    """Put submissions together whose judges are among the judges of another one."""
    start = np.searchsorted(ground.submission, alone)
    end = np.searchsorted(ground.submission, alone, side="right")
    judges = [frozenset(ground.judge[a:b].tolist()) for a, b in zip(start, end, strict=True)]
    parts: list[tuple[frozenset[int], list[int]]] = []
    for place in sorted(range(len(alone)), key=lambda one: (-len(judges[one]), one)):
        home = next((part for part in parts if _belongs(judges[place], part[0])), None)
        if home is None:
            home = (judges[place], [])
            parts.append(home)
        home[1].append(int(alone[place]))
    return [np.array(sorted(members), dtype=np.int64) for _, members in parts]


def _belongs(judges: frozenset[int], others: frozenset[int]) -> bool:
    return judges == others if not judges else judges <= others


def _advice(ground: Ground, chosen: Bools, missing: Ints, members: Ints) -> Advice:
    inside = np.zeros(ground.n_submissions, dtype=bool)
    inside[members] = True
    pairs = inside[ground.submission]
    short = int(missing[members].sum())
    seats = int(np.maximum(ground.seats, ground.per_submission(chosen))[members].sum())
    return Advice(
        AdviceCode.SHORTAGE,
        None,
        None,
        short,
        submissions=tuple(members.tolist()),
        judges=tuple(np.unique(ground.judge[pairs]).tolist()),
        seats=seats,
        room=seats - short,
        remedies=tuple(_remedies(ground, chosen, missing, members, pairs)),
    )


def _remedies(ground: Ground, chosen: Bools, missing: Ints, members: Ints, pairs: Bools) -> Iterator[Remedy]:
    short = int(missing[members].sum())
    yield from _raised(ground, chosen, pairs)
    yield _invited(ground, missing[members], short)
    some = members[missing[members] > 0]
    changes = (Change(int(s), None, int(ground.seats[s]), int(ground.seats[s] - missing[s])) for s in some)
    yield Remedy(RemedyCode.LOWER_SEATS, short, tuple(changes))


def _raised(ground: Ground, chosen: Bools, pairs: Bools) -> Iterator[Remedy]:
    """Find the smallest rise of maximum loads that fills what it can, spread evenly over the judges."""
    loads = ground.per_judge(chosen)
    usable = pairs & ~ground.pinned
    held = ground.per_judge(chosen & ~usable)
    room = ground.per_judge(usable)
    floor = np.minimum(loads - held, room)
    wanted = np.maximum(ground.seats - ground.per_submission(ground.pinned), 0)
    quota = np.minimum(wanted, ground.per_submission(usable))
    target = Target(usable, quota, floor, room, held, np.zeros_like(quota))
    nothing = np.zeros(len(ground.submission), dtype=np.int64)
    possible = reached(ground, target, reach(ground, target, nothing, spread=False))
    plan = seat(ground, possible, nothing, EVEN)
    if plan is None:
        return
    after = held + ground.per_judge(plan)
    raised = np.flatnonzero(after > np.maximum(ground.most, loads)).tolist()
    helps = int(after.sum() - loads.sum())
    if raised and helps:
        changes = tuple(Change(None, judge, int(ground.most[judge]), int(after[judge])) for judge in raised)
        yield Remedy(RemedyCode.RAISE_MAXIMUM, helps, changes)


def _invited(ground: Ground, missing: Ints, short: int) -> Remedy:
    """Say how many more judges, free of conflicts here, would fill the seats, none with more than is usual."""
    limits = ground.most[ground.most > 0]
    usual = int(np.median(limits)) if len(limits) else short
    judges = max(int(missing.max()), -(-short // max(1, usual)))
    return Remedy(RemedyCode.INVITE_JUDGES, short, judges=judges, room=-(-short // judges))
