"""A many-to-many matching of submissions and judges, improved along alternating paths until no path improves it.

Every method leaves a valid matching: a judge at most once on a submission, never lifted above the maximum load, pinned
pairs untouched. A step is exact when it says so: the cost of a load is convex, so a matching that no single alternating
path improves is a best one.

A failed search also shows where no later search of the same step can succeed: the judges that it reached are closed
off, so that all failed searches together look at each eligible pair once.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

_NOBODY = -1


@dataclass(slots=True)
class _Trail:
    """How a search came along: which judge each submission gives up, and which submission takes each judge."""

    gives_up: dict[int, int] = field(default_factory=dict)
    taken_by: dict[int, int] = field(default_factory=dict)


class Matching:
    """The state: `missing` seats per submission, `loads` per judge, `teams` of judges per submission.

    `adjacent` lists the eligible judges of each submission, the preferred first; `wanted` the seats per submission;
    `least` and `most` the loads per judge. All by position.
    """

    def __init__(
        self, adjacent: Sequence[Sequence[int]], wanted: Sequence[int], least: Sequence[int], most: Sequence[int]
    ) -> None:
        self.adjacent = adjacent
        self.missing = [max(0, seats) for seats in wanted]
        self.least = least
        self.most = most
        self.loads = [0] * len(most)
        self.teams: list[set[int]] = [set() for _ in adjacent]
        self._held: list[dict[int, None]] = [{} for _ in most]
        self._marked: set[tuple[int, int]] = set()
        self._frozen = False
        self._heavy = 2 * len(adjacent) + 4

    def pin(self, submission: int, judge: int) -> None:
        """Place a pair that no step may move; it may exceed the seats and the maximum load."""
        self.teams[submission].add(judge)
        self.loads[judge] += 1
        self.missing[submission] = max(0, self.missing[submission] - 1)

    def place(self, submission: int, judge: int) -> bool:
        """Place a pair where there is a seat and room for it, marked as one to be moved last; say whether it was."""
        if not self.missing[submission] or not self._has_room(judge) or judge in self.teams[submission]:
            return False
        self._give(submission, judge)
        self._marked.add((submission, judge))
        return True

    def fill_directly(self, order: Sequence[int]) -> None:
        """Give seats to the least loaded judges with room: a quick start, not yet a maximum. `order`: submissions."""
        for submission in self._by_missing(order, lowest=1):
            able = [j for j in self.adjacent[submission] if self._has_room(j) and j not in self.teams[submission]]
            if able:
                self._give(submission, min(able, key=self.loads.__getitem__))

    def fill_along_paths(self, order: Sequence[int]) -> None:
        """Fill as many seats as any matching can (exact). `order`: submissions."""
        closed: set[int] = set()
        for submission in self._by_missing(order, lowest=1):
            self._improve(_Trail(), [(submission, _NOBODY)], closed, accept=self._has_room)

    def spread_empty_seats(self, order: Sequence[int]) -> None:
        """Make the sum of squared missing seats a minimum, their number kept (exact after `fill_along_paths`)."""
        closed: set[int] = set()
        for submission in self._by_missing(order, lowest=2):
            enough = self.missing[submission] - 2
            self._improve(_Trail(), [(submission, _NOBODY)], closed, accept=_no_judge, enough=enough)

    def lift_minimum_loads(self, order: Sequence[int]) -> None:
        """Leave as few loads missing below the judges' minima as any such matching can (exact). `order`: judges."""
        closed: set[int] = set()
        for judge in order:
            while self.loads[judge] > self.least[judge] and self._relieve(judge, closed, self._is_below_minimum) >= 0:
                pass

    def even_out_loads(self, order: Sequence[int], *, keep: bool) -> None:
        """Make the sum of squared loads a minimum, minimum loads first (exact unless `keep` holds marked pairs).

        `order` lists the judges; it decides who among equals gives first.
        """
        self._frozen = keep
        closed: set[int] = set()
        heap = [(-self._saving(judge), place, judge) for place, judge in enumerate(order)]
        heapq.heapify(heap)
        places = {judge: place for _, place, judge in heap}
        while heap:
            negative, place, judge = heapq.heappop(heap)
            saving = -negative
            if saving != self._saving(judge) or judge in closed:
                continue
            gainer = self._relieve(judge, closed, partial(self._costs_less, saving))
            if gainer >= 0:
                heapq.heappush(heap, (-self._saving(judge), place, judge))
                heapq.heappush(heap, (-self._saving(gainer), places[gainer], gainer))
        self._frozen = False

    def _by_missing(self, order: Sequence[int], *, lowest: int) -> Iterator[int]:
        """Yield submissions that miss seats, in sweeps from those that miss most; one turn per seat and sweep."""
        for level in range(max(self.missing, default=0), lowest - 1, -1):
            yield from (submission for submission in order if self.missing[submission] >= level)

    def _has_room(self, judge: int) -> bool:
        return self.loads[judge] < self.most[judge]

    def _is_below_minimum(self, judge: int) -> bool:
        return self.loads[judge] < self.least[judge] and self._has_room(judge)

    def _saving(self, judge: int) -> int:
        """Return what one pair less saves; a unit below the minimum outweighs every square."""
        load = self.loads[judge]
        return 2 * load - 1 - (self._heavy if load <= self.least[judge] else 0)

    def _cost(self, judge: int) -> int:
        """Return what one pair more costs."""
        load = self.loads[judge]
        return 2 * load + 1 - (self._heavy if load < self.least[judge] else 0)

    def _costs_less(self, saving: int, judge: int) -> bool:
        return self._has_room(judge) and self._cost(judge) < saving

    def _give(self, submission: int, judge: int) -> None:
        self.teams[submission].add(judge)
        self._held[judge][submission] = None
        self.loads[judge] += 1
        self.missing[submission] -= 1

    def _take_back(self, submission: int, judge: int) -> None:
        self.teams[submission].remove(judge)
        del self._held[judge][submission]
        self.loads[judge] -= 1
        self.missing[submission] += 1

    def _relieve(self, judge: int, closed: set[int], accept: Callable[[int], bool]) -> int:
        """Move one pair from `judge` along a path to a judge that `accept` takes; return that one or a negative."""
        starts = [(submission, judge) for submission in self._movable(judge)]
        return self._improve(_Trail(taken_by={judge: _NOBODY}), starts, closed, accept=accept)

    def _improve(
        self,
        trail: _Trail,
        starts: Iterable[tuple[int, int]],
        closed: set[int],
        *,
        accept: Callable[[int], bool],
        enough: int = _NOBODY,
    ) -> int:
        """Search one path and apply it; return the judge at its end, or a negative number when there is none."""
        end = self._search(trail, starts, closed, accept, enough)
        if end is None:
            closed.update(trail.taken_by)
            return _NOBODY
        self._apply(trail, *end)
        return end[1]

    def _search(
        self,
        trail: _Trail,
        starts: Iterable[tuple[int, int]],
        closed: set[int],
        accept: Callable[[int], bool],
        enough: int,
    ) -> tuple[int, int] | None:
        """Walk breadth first over (submission, judge that it gives up), through as few marked pairs as can be.

        The path ends at a judge that `accept` takes, or at a submission that misses at most `enough` seats and so can
        give one up for nothing; the answer is the last submission and its new judge, or nobody.
        """
        near, later = deque(starts), deque[tuple[int, int]]()
        while near or later:
            if not near:
                near, later = later, near
            submission, given_up = near.popleft()
            if submission in trail.gives_up:
                continue
            trail.gives_up[submission] = given_up
            if self.missing[submission] <= enough:
                return submission, _NOBODY
            judge = self._reach(submission, trail, closed, accept, (near, later))
            if judge != _NOBODY:
                return submission, judge
        return None

    def _reach(
        self,
        submission: int,
        trail: _Trail,
        closed: set[int],
        accept: Callable[[int], bool],
        queues: tuple[deque[tuple[int, int]], deque[tuple[int, int]]],
    ) -> int:
        """Let a submission ask its judges: return one that `accept` takes, else queue what the others could give up."""
        near, later = queues
        team = self.teams[submission]
        for judge in self.adjacent[submission]:
            if judge in trail.taken_by or judge in team or judge in closed:
                continue
            trail.taken_by[judge] = submission
            if accept(judge):
                return judge
            for other in self._movable(judge):
                (later if (other, judge) in self._marked else near).append((other, judge))
        return _NOBODY

    def _movable(self, judge: int) -> Iterable[int]:
        """Return the submissions that `judge` may give up."""
        if not self._frozen:
            return self._held[judge]
        return [submission for submission in self._held[judge] if (submission, judge) not in self._marked]

    def _apply(self, trail: _Trail, submission: int, judge: int) -> None:
        """Follow the trail back: each submission takes one judge and gives up another."""
        while submission != _NOBODY:
            if judge != _NOBODY:
                self._give(submission, judge)
            judge = trail.gives_up[submission]
            if judge == _NOBODY:
                return
            self._take_back(submission, judge)
            submission = trail.taken_by[judge]


def _no_judge(_judge: int) -> bool:
    return False
