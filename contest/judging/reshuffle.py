"""A round changes in its middle: more or fewer judges per submission, judges gone, late judges, late teams.

What was begun stays, nobody gets a submission twice, and no pair moves that need not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from contest.judging.assignment import Pair
from contest.judging.panel_change import Fate
from contest.judging.papers import PaperState
from contest.judging.planning import Board, Gap, Holding, Proposal, propose

IN_FORCE = frozenset({Holding.FREE, Holding.PINNED, Holding.STARTED})
SEED = 0  # the same question has the same answer, so that what was shown is what is done


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to change: `wanted` judges per submission (None: everybody), judges who leave, and how far pairs move.

    `share`: judges who hold nothing get a fair share, taken from those who hold more than one; otherwise they get
    empty seats only. `move`: other pairs may move where only that fills a seat.
    """

    wanted: int | None
    leaving: frozenset[int] = frozenset()
    fate: Fate = Fate.STAY
    share: bool = False
    move: bool = False


@dataclass(frozen=True, slots=True)
class Moves:
    """What becomes of the round; pairs sorted. `pairs`: in force afterwards. `added`: new ones.

    `left`: gone or set aside with a judge who leaves. `surplus`: gone because fewer judges are wanted. `moved`: taken
    from a judge who stays and given to another. `late`: judges who held nothing before and stay.
    """

    pairs: tuple[Pair, ...]
    added: tuple[Pair, ...]
    left: tuple[Pair, ...]
    surplus: tuple[Pair, ...]
    moved: tuple[Pair, ...]
    late: tuple[int, ...]
    gaps: tuple[Gap, ...]

    @property
    def empty(self) -> int:
        """How many seats stay empty."""
        return sum(gap.unfilled.seats for gap in self.gaps)

    @property
    def changes(self) -> bool:
        """Whether anything changes at all."""
        return bool(self.added or self.left or self.surplus or self.moved)


def in_force(board: Board) -> list[Pair]:
    """Return the pairs that somebody judges or has judged, sorted; conflicts do not count."""
    return sorted(pair for pair, holding in board.held.items() if holding in IN_FORCE and pair not in board.blocked)


def without(board: Board, states: Mapping[Pair, PaperState], wish: Wish) -> Board:
    """Return the board as it is once the judges of the wish have left; `states` are those of the papers held.

    What they had not begun is gone, what they had begun is set aside and comes back to nobody, what they handed in
    stays or is set aside, by the fate.
    """
    held = {}
    for pair, holding in board.held.items():
        state = states.get(pair, PaperState.NOT_STARTED)
        if pair[1] not in wish.leaving or holding is Holding.RECUSED:
            held[pair] = holding
        elif state is PaperState.SUBMITTED and wish.fate is Fate.STAY:
            held[pair] = Holding.STARTED
        elif state is not PaperState.NOT_STARTED:
            held[pair] = Holding.RECUSED
    kept = Counter(pair[1] for pair, holding in held.items() if holding in IN_FORCE)
    judges = tuple(
        replace(one, min_load=None, max_load=kept[at], left=True) if at in wish.leaving else one
        for at, one in enumerate(board.judges)
    )
    return replace(board, judges=judges, held=held)


def reshuffle(before: Board, after: Board, wish: Wish) -> Moves:
    """Return the least change that brings the round from `before` to what is wished.

    `after` is the board without the judges who leave. First every pair stays but those above the wanted number (and
    those that make up the share of a late judge); only with `move`, and only when a seat stays empty that way, others
    move too, as few as possible.
    """
    board = replace(after, wanted=wish.wanted)
    late = tuple(_late(board))
    if wish.share and late:
        board = _with_shares(board, late)
    plan = propose(_fixed(board, late if wish.share else ()), seed=SEED, keep=True)
    if wish.move and plan.gaps:
        freer = propose(board, seed=SEED, keep=True)
        plan = freer if _empty(freer) < _empty(plan) else plan
    return _moves(before, board, plan, wish, late)


def _empty(plan: Proposal) -> int:
    return sum(gap.unfilled.seats for gap in plan.gaps)


def _late(board: Board) -> Collection[int]:
    busy = {pair[1] for pair in board.held}
    return [at for at, judge in enumerate(board.judges) if at not in busy and not judge.left]


def _with_shares(board: Board, late: Collection[int]) -> Board:
    """Return the board on which late judges want a fair share, and nobody is brought below one for it."""
    loads = board.loads()
    able = [at for at, judge in enumerate(board.judges) if not judge.left]
    share = len(board.subjects) * board.seats // max(1, len(able))
    judges = list(board.judges)
    for at in able:
        own, limit = judges[at].min_load or 0, judges[at].max_load
        least = share if at in late else min(share, loads[at])
        judges[at] = replace(judges[at], min_load=max(own, least if limit is None else min(least, limit)))
    return replace(board, judges=tuple(judges))


def _fixed(board: Board, late: Collection[int]) -> Board:
    """Return the board with every pair fixed that has no cause to go: none above the wanted number, no share to give.

    A minimum load is no cause either: it was one when the round was planned.
    """
    count = Counter(pair[0] for pair in in_force(board))
    give = {at for at, load in enumerate(board.loads()) if late and load > (board.judges[at].min_load or 0)}
    held = {
        pair: Holding.PINNED
        if holding is Holding.FREE and count[pair[0]] <= board.seats and pair[1] not in give
        else holding
        for pair, holding in board.held.items()
    }
    return replace(board, held=held)


def _moves(before: Board, board: Board, plan: Proposal, wish: Wish, late: tuple[int, ...]) -> Moves:
    was, now = set(in_force(before)), set(plan.pairs)
    now |= {pair for pair, holding in board.held.items() if holding is Holding.STARTED and pair not in board.blocked}
    gone = sorted(was - now)
    new = Counter(pair[0] for pair in now - was)
    left = [pair for pair in gone if pair[1] in wish.leaving]
    stays = [pair for pair in gone if pair[1] not in wish.leaving]
    return Moves(
        pairs=tuple(sorted(now)),
        added=tuple(sorted(now - was)),
        left=tuple(left),
        surplus=tuple(pair for pair in stays if not new[pair[0]]),
        moved=tuple(pair for pair in stays if new[pair[0]]),
        late=late,
        gaps=plan.gaps,
    )
