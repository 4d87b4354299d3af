"""A plan changed by hand, and what any set of pairs is worth: filled seats, affinity, loads, comparability.

Submissions and judges are positions; pairs are (submission, judge).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contest.judging.assignment import Pair, Unfilled, UnfilledReason
from contest.judging.ground import prepare
from contest.judging.linking import comparability, groups_of
from contest.judging.planning import Bar, BarReason, Board, Gap, Holding, Proposal, problem_of
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
else:
    np = lazy("numpy")

WORST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Hand:
    """What was changed by hand on a computed plan: pairs that come, pairs that go, pairs that are to be pinned."""

    added: frozenset[Pair] = frozenset()
    removed: frozenset[Pair] = frozenset()
    pinned: frozenset[Pair] = frozenset()

    def __bool__(self) -> bool:
        """Tell whether there is any change."""
        return bool(self.added or self.removed or self.pinned)

    def put(self, pair: Pair) -> Hand:
        """Return the hand after the pair was placed: back from those taken away, or added."""
        if pair in self.removed:
            return replace(self, removed=self.removed - {pair})
        return replace(self, added=self.added | {pair})

    def take(self, pair: Pair) -> Hand:
        """Return the hand after the pair was taken away."""
        pinned = self.pinned - {pair}
        if pair in self.added:
            return replace(self, added=self.added - {pair}, pinned=pinned)
        return replace(self, removed=self.removed | {pair}, pinned=pinned)

    def pin(self, pair: Pair, *, on: bool) -> Hand:
        """Return the hand after the pair was pinned or not."""
        return replace(self, pinned=self.pinned | {pair} if on else self.pinned - {pair})


@dataclass(frozen=True, slots=True)
class Worth:
    """What pairs are worth. `means` per submission, None without a judge; `loads` per judge.

    `groups` hold the judges who can be compared with each other, the largest group first; `comparability` is 1 for an
    ideal panel and 0 when there are several groups.
    """

    filled: int
    empty: int
    total: float
    means: tuple[float | None, ...]
    loads: tuple[int, ...]
    groups: tuple[tuple[int, ...], ...]
    comparability: float

    @property
    def worst(self) -> float | None:
        """The mean affinity of the submission that is worst off; None when nobody judges anything."""
        return min((mean for mean in self.means if mean is not None), default=None)

    def worst_off(self, count: int = WORST_SHOWN) -> tuple[tuple[int, float], ...]:
        """Return the submissions with the lowest means, the worst first, ties by position."""
        known = sorted((mean, place) for place, mean in enumerate(self.means) if mean is not None)
        return tuple((place, mean) for mean, place in known[:count])


def worth(board: Board, pairs: Collection[Pair]) -> Worth:
    """Measure a plan; pairs under a conflict of interest or withdrawn from count for nothing."""
    ground = prepare(problem_of(board, keep=False, even=False), 0)
    listed = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    places = ground.places(listed[:, 0], listed[:, 1])
    chosen = np.zeros(len(ground.submission), dtype=bool)
    chosen[places[places >= 0]] = True
    count, group = groups_of(ground, chosen)
    sizes = ground.per_submission(chosen)
    means = ground.means(chosen).tolist()
    members = [tuple(np.flatnonzero(group == number).tolist()) for number in range(count)]
    return Worth(
        filled=int(np.minimum(sizes, ground.seats).sum()),
        empty=int(np.maximum(ground.seats - sizes, 0).sum()),
        total=float(ground.affinity[chosen].sum()),
        means=tuple(mean if size else None for mean, size in zip(means, sizes.tolist(), strict=True)),
        loads=tuple(ground.per_judge(chosen).tolist()),
        groups=tuple(sorted(members, key=lambda one: (-len(one), one))),
        comparability=comparability(ground, chosen, count, group),
    )


def in_force(board: Board) -> tuple[Pair, ...]:
    """Return the pairs of the round that count now, sorted."""
    return tuple(sorted(pair for pair in board.held if board.may_sit(pair)))


def standing(board: Board, proposal: Proposal, hand: Hand) -> Hand:
    """Return the part of a hand that still makes sense: people may have left, conflicts come, papers begun since."""
    planned = set(proposal.pairs)
    added = frozenset(pair for pair in hand.added if pair not in planned and board.may_sit(pair))
    removed = frozenset(pair for pair in hand.removed if pair in planned and not is_begun(board, pair))
    final = (planned - removed) | added
    return Hand(added, removed, frozenset(pair for pair in hand.pinned if pair in final and not is_begun(board, pair)))


def is_begun(board: Board, pair: Pair) -> bool:
    """Tell whether there is a scorecard or a withdrawal on the pair, so that no plan may touch it."""
    return board.held.get(pair) in (Holding.STARTED, Holding.RECUSED)


def adjusted(board: Board, proposal: Proposal, hand: Hand) -> Proposal:
    """Return a computed proposal as the hand has changed it; `hand` as from `standing`."""
    if not hand:
        return proposal
    planned = (set(proposal.pairs) - hand.removed) | hand.added
    loose = board.held.keys() - set(proposal.locked)
    measured = worth(board, planned)
    return replace(
        proposal,
        pairs=tuple(sorted(planned)),
        added=tuple(sorted(planned - board.held.keys())),
        removed=tuple(sorted(loose - planned)),
        kept=tuple(sorted(loose & planned)),
        loads=measured.loads,
        gaps=gaps_of(board, planned, measured.loads),
        components=len(measured.groups),
    )


def gaps_of(board: Board, planned: Collection[Pair], loads: Collection[int]) -> tuple[Gap, ...]:
    """Say of every submission that lacks judges why, for any set of pairs."""
    sitting: dict[int, set[int]] = {}
    for submission, judge in planned:
        sitting.setdefault(submission, set()).add(judge)
    room = [one.max_load is None or load < one.max_load for one, load in zip(board.judges, loads, strict=True)]
    found: list[Gap] = []
    for submission in range(len(board.subjects)):
        here = sitting.get(submission, set())
        if len(here) < board.seats:
            found.extend(_gaps_here(board, submission, here, room))
    return tuple(found)


def _gaps_here(board: Board, submission: int, here: set[int], room: list[bool]) -> Iterator[Gap]:
    able = sum(board.may_sit((submission, judge)) for judge in range(len(board.judges)))
    empty = board.seats - len(here)
    lacking = min(empty, max(0, board.seats - able))
    bars = tuple(_bars(board, submission, here, room))
    if lacking:
        reason = UnfilledReason.TOO_FEW_JUDGES if able else UnfilledReason.NO_JUDGE
        yield Gap(Unfilled(submission, lacking, reason), bars)
    if empty > lacking:
        yield Gap(Unfilled(submission, empty - lacking, UnfilledReason.JUDGES_FULL), bars)


def _bars(board: Board, submission: int, here: set[int], room: list[bool]) -> Iterator[Bar]:
    for judge in range(len(board.judges)):
        pair = (submission, judge)
        if judge in here:
            continue
        if pair in board.blocked:
            yield Bar(judge, BarReason.CONFLICT)
        elif board.held.get(pair) is Holding.RECUSED:
            yield Bar(judge, BarReason.RECUSED)
        elif board.judges[judge].left:
            yield Bar(judge, BarReason.LEFT)
        else:
            yield Bar(judge, BarReason.OPEN if room[judge] else BarReason.FULL)
