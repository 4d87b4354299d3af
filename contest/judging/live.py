"""A live event: who is present gets the entries that the fewest judges have seen. Nothing is kept for the absent.

Pure. Submissions and judges are positions; pairs are (submission, judge).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from contest.judging.assignment import Pair


@dataclass(frozen=True, slots=True)
class Floor:
    """The room as it is. `seats`: judges that an entry may have. `open`: entries that a judge can be sent to now.

    `given`: pairs that are scored or under way. `waiting`: those of them under way: somebody is at that booth, or on
    the way. `barred`: pairs that must never be (a conflict, or a judge who withdrew). `room`: how many more each judge
    may take, None without a limit. `affinity`: how well a pair fits, 0 to 1, 0 for pairs not listed.
    """

    n_submissions: int
    seats: int
    open: frozenset[int]
    given: frozenset[Pair]
    waiting: frozenset[Pair]
    barred: frozenset[Pair]
    room: Sequence[int | None]
    affinity: Mapping[Pair, float]

    def seen(self) -> list[int]:
        """Return how many judges have each entry, under way included."""
        counts = [0] * self.n_submissions
        for submission, _ in self.given:
            counts[submission] += 1
        return counts


def next_entries(floor: Floor, judge: int, batch: int) -> tuple[int, ...]:
    """Return what this judge gets now: up to `batch` entries under way at a time, those already under way first.

    The least seen first; among those one where nobody is now, then the one whose judges this judge shares the fewest
    entries with (so that judges of all corners can be compared), then the one that fits best, then the first. An entry
    that is not open is skipped, and comes back when it is.
    """
    mine = sorted(one for one, other in floor.waiting if other == judge)
    found = list(mine)
    room, seen = floor.room[judge], floor.seen()
    met = _met(floor.given, judge)
    while len(found) < batch and (room is None or len(found) - len(mine) < room):
        free = [one for one in _possible(floor, judge, seen) if one not in found]
        if not free:
            break
        found.append(min(free, key=lambda one: _order(floor, judge, one, seen, met)))
    return tuple(found[:batch]) if len(mine) < batch else tuple(mine)


def _possible(floor: Floor, judge: int, seen: Sequence[int]) -> list[int]:
    return [
        one
        for one in sorted(floor.open)
        if (one, judge) not in floor.given and (one, judge) not in floor.barred and seen[one] < floor.seats
    ]


def _order(
    floor: Floor, judge: int, entry: int, seen: Sequence[int], met: Mapping[int, int]
) -> tuple[int, int, int, float, int]:
    busy = sum(one == entry for one, _ in floor.waiting)
    shared = sum(met.get(other, 0) for one, other in floor.given if one == entry)
    return seen[entry], busy, shared, -floor.affinity.get((entry, judge), 0.0), entry


def _met(given: Collection[Pair], judge: int) -> dict[int, int]:
    """Return how many entries each other judge shares with this one."""
    mine = {one for one, other in given if other == judge}
    met: dict[int, int] = {}
    for one, other in given:
        if one in mine and other != judge:
            met[other] = met.get(other, 0) + 1
    return met
