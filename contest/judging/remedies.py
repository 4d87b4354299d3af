"""Ways out of what a plan falls short of, as changes that this application can make, each tried before it is offered.

The advice of the planner speaks of seats and limits per submission and judge; a round has one number of judges per
submission, and some limits may not be touched. A way is offered only when the plan that follows it keeps its promise.
Submissions and judges are positions; pairs are (submission, judge).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from contest.judging.adjusting import Hand, adjusted
from contest.judging.assignment import Advice, AdviceCode, Change, Pair, Remedy, RemedyCode, UnfilledReason
from contest.judging.planning import STAYS, Board, Candidate, Holding, Proposal, propose

MOST_TRIED = 24
"""So many ways are tried; beyond that a page has enough to offer."""
LARGEST_TRIED = 60_000
"""Submissions x judges up to which ways are tried within the time of a page."""


class WayCode(StrEnum):
    """What is changed."""

    RAISE_MAXIMUM = "raise_maximum"
    LOWER_MINIMUM = "lower_minimum"
    JUDGES_EACH = "judges_each"
    UNPIN = "unpin"
    TAKE_AWAY = "take_away"
    DECLARE = "declare"
    ADD_PAIR = "add_pair"
    INVITE = "invite"


@dataclass(frozen=True, slots=True)
class Way:
    """One change. `limits`: judge, before, after; `each`: judges per submission; `helps` of `of` seats or the like.

    INVITE asks for `judges` more with room for `room` each; it is the only one that needs more than a click.
    """

    code: WayCode
    helps: int
    of: int
    limits: tuple[Change, ...] = ()
    pairs: tuple[Pair, ...] = ()
    before: int = 0
    each: int = 0
    judges: int = 0
    room: int = 0


@dataclass(frozen=True, slots=True)
class Remark:
    """One advice, with the ways out that work."""

    advice: Advice
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class Freedom:
    """What may be changed: the number of judges per submission, never below `fewest`."""

    each: bool = True
    fewest: int = 1


def remarks(board: Board, proposal: Proposal, *, keep: bool, freedom: Freedom) -> tuple[Remark, ...]:
    """Return what is to be said about a computed proposal, each with the ways that were tried and work."""
    found: list[Remark] = []
    tried, below = 0, False
    for advice in proposal.advice:
        if _is_idle(board, proposal, advice):
            continue
        # All who are below their minimum are helped together: what one gives up another may lose.
        skip = advice.code is AdviceCode.BELOW_MINIMUM and below
        below = below or advice.code in (AdviceCode.BELOW_MINIMUM, AdviceCode.MINIMUMS_ABOVE_SEATS)
        ways = []
        for way in () if skip else _ways(board, proposal, advice, freedom):
            tried += 1
            if tried <= MOST_TRIED and works(board, proposal, advice, way, keep=keep):
                ways.append(way)
        found.append(Remark(advice, tuple(ways)))
    return tuple(found)


def works(board: Board, proposal: Proposal, advice: Advice, way: Way, *, keep: bool) -> bool:
    """Tell whether the plan that follows the way mends what the advice is about, and breaks nothing else."""
    if len(board.subjects) * len(board.judges) > LARGEST_TRIED:
        return True  # the planner's own proof must do
    if way.code is WayCode.ADD_PAIR:
        return adjusted(board, proposal, Hand(added=frozenset(way.pairs))).components < proposal.components
    after = changed(board, way)
    then = propose(after, seed=proposal.seed, keep=keep)
    if advice.code is AdviceCode.SHORTAGE:
        return then.empty <= proposal.empty - way.helps
    same = any(_subject(one) == _subject(advice) for one in then.advice)
    if advice.code is AdviceCode.BELOW_MINIMUM:
        same = any(one.code is advice.code for one in then.advice)
    return not same and then.empty <= proposal.empty


def changed(board: Board, way: Way) -> Board:
    """Return the board as it would be after a way (not ADD_PAIR, which changes the plan and not its input)."""
    judges, held = list(board.judges), dict(board.held)
    for change in way.limits:
        judge = change.judge or 0
        if way.code is WayCode.RAISE_MAXIMUM:
            judges[judge] = replace(judges[judge], max_load=change.after)
        else:
            judges[judge] = replace(judges[judge], min_load=change.after or None)
    for pair in way.pairs:
        if way.code is WayCode.TAKE_AWAY:
            held.pop(pair, None)
        else:
            held[pair] = Holding.FREE if way.code is WayCode.UNPIN else Holding.RECUSED
    if way.code is WayCode.INVITE:
        newcomers = [Candidate(max_load=way.room) for _ in range(way.judges)]
        return replace(board, judges=(*judges, *newcomers), fit=None)
    wanted = way.each if way.code is WayCode.JUDGES_EACH else board.wanted
    return replace(board, judges=tuple(judges), held=held, wanted=wanted)


def _subject(advice: Advice) -> tuple[AdviceCode, int | None, int | None]:
    return advice.code, advice.judge, advice.submission


def _is_idle(board: Board, proposal: Proposal, advice: Advice) -> bool:
    """Tell whether a shortage is none: where everybody judges everything, a conflict leaves a seat that nobody misses.

    A hand may have filled the seats, too.
    """
    if advice.code is not AdviceCode.SHORTAGE:
        return False
    if board.wanted is None:
        return all(gap.unfilled.reason is not UnfilledReason.JUDGES_FULL for gap in proposal.gaps)
    return not proposal.gaps


def _ways(board: Board, proposal: Proposal, advice: Advice, freedom: Freedom) -> Iterator[Way]:
    if advice.code is AdviceCode.BELOW_MINIMUM:
        yield _lower_all(proposal)
    elif advice.code is AdviceCode.PIN_NOT_ELIGIBLE:
        yield from _barred(board, advice)
    elif advice.code in (AdviceCode.PINS_ABOVE_SEATS, AdviceCode.PINS_ABOVE_MAXIMUM):
        yield from _unpin(board, advice)
    elif advice.code is AdviceCode.PENALTY_USED and not advice.remedies:
        yield from _readers(board, proposal)
    for remedy in advice.remedies:
        yield from _translated(board, proposal, advice, remedy, freedom)


def _translated(board: Board, proposal: Proposal, advice: Advice, remedy: Remedy, freedom: Freedom) -> Iterator[Way]:
    """Turn a remedy of the planner into a way, when this application can do it."""
    code, most = remedy.code, max(advice.count, remedy.helps)
    if code is RemedyCode.RAISE_MAXIMUM and not any(board.judges[one.judge or 0].left for one in remedy.changes):
        yield Way(WayCode.RAISE_MAXIMUM, remedy.helps, most, remedy.changes)
    elif code is RemedyCode.LOWER_MINIMUM and advice.code is not AdviceCode.BELOW_MINIMUM:
        yield Way(WayCode.LOWER_MINIMUM, remedy.helps, most, remedy.changes)
    elif code is RemedyCode.ADD_PAIR:
        pairs = tuple((one.submission or 0, one.judge or 0) for one in remedy.changes)
        yield Way(WayCode.ADD_PAIR, len(pairs), advice.count - 1, pairs=pairs)
    elif code is RemedyCode.INVITE_JUDGES and board.wanted is not None:
        yield Way(WayCode.INVITE, remedy.helps, most, judges=remedy.judges, room=remedy.room)
    elif code is RemedyCode.LOWER_SEATS and freedom.each:
        yield from _fewer(board, proposal, freedom)
    elif code is RemedyCode.RAISE_SEATS and freedom.each and board.wanted is not None:
        each = board.wanted + remedy.helps
        yield Way(WayCode.JUDGES_EACH, remedy.helps, most, before=board.wanted, each=each)


def _fewer(board: Board, proposal: Proposal, freedom: Freedom) -> Iterator[Way]:
    """Want as many judges per submission as every submission has anyway: that number is filled for certain."""
    sitting = [0] * len(board.subjects)
    for submission, _ in proposal.pairs:
        sitting[submission] += 1
    each = min(sitting, default=0)
    if freedom.fewest <= each < board.seats:
        yield Way(WayCode.JUDGES_EACH, proposal.empty, proposal.empty, before=board.seats, each=each)


def _lower_all(proposal: Proposal) -> Way:
    short = [one for one in proposal.advice if one.code is AdviceCode.BELOW_MINIMUM]
    changes = tuple(change for one in short for remedy in one.remedies for change in remedy.changes)
    helps = sum(one.before - one.after for one in changes)
    return Way(WayCode.LOWER_MINIMUM, helps, helps, changes)


def _barred(board: Board, advice: Advice) -> Iterator[Way]:
    """Take a pair under a conflict away; where scoring has begun, declare it, so that its marks count no longer."""
    pair = (advice.submission or 0, advice.judge or 0)
    holding = board.held.get(pair)
    if holding is Holding.PINNED:
        yield Way(WayCode.TAKE_AWAY, 1, 1, pairs=(pair,))
    elif holding is Holding.STARTED:
        yield Way(WayCode.DECLARE, 1, 1, pairs=(pair,))


def _unpin(board: Board, advice: Advice) -> Iterator[Way]:
    """Free as many pinned pairs of the judge, or of the submission, as are too many; the last ones first."""
    place, axis = (advice.submission, 0) if advice.judge is None else (advice.judge, 1)
    pinned = sorted(
        pair
        for pair, holding in board.held.items()
        if holding is Holding.PINNED and pair[axis] == place and pair not in board.blocked
    )
    if len(pinned) >= advice.count:
        yield Way(WayCode.UNPIN, advice.count, advice.count, pairs=tuple(pinned[-advice.count :]))


def _readers(board: Board, proposal: Proposal) -> Iterator[Way]:
    """Give those who read the languages that lack readers as much more room, spread evenly."""
    foreign = board.fitted().foreign
    lacking = [pair for pair in proposal.pairs if foreign[pair] and board.held.get(pair) not in STAYS]
    readers = {
        judge
        for submission in {pair[0] for pair in lacking}
        for judge, one in enumerate(board.judges)
        if one.max_load is not None and not one.left and not foreign[submission, judge]
        if board.may_sit((submission, judge)) and (submission, judge) not in proposal.pairs
    }
    if readers:
        more, most = -(-len(lacking) // len(readers)), len(board.subjects)
        limits = ((judge, board.judges[judge].max_load or 0) for judge in sorted(readers))
        changes = tuple(Change(None, judge, limit, min(most, limit + more)) for judge, limit in limits if limit < most)
        if changes:
            yield Way(WayCode.RAISE_MAXIMUM, len(lacking), len(lacking), changes)
