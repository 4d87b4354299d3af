"""What is to be said about a plan of a round, with the ways out that its organiser can take."""

from __future__ import annotations

from dataclasses import dataclass

from contest.infra.signing import fingerprint
from contest.judging.assignment import Advice, AdviceCode
from contest.judging.queries.assignments import RoundBoard, RoundPlan
from contest.judging.queries.proposals import KeptPlan
from contest.judging.remedies import Freedom, Way, remarks


@dataclass(frozen=True, slots=True)
class Offer:
    """A way out, with the key that a button sends."""

    key: str
    way: Way


@dataclass(frozen=True, slots=True)
class RoundRemark:
    """One advice about a plan of a round, with what would help."""

    advice: Advice
    offers: tuple[Offer, ...]


def remarks_on(plan: RoundPlan | KeptPlan) -> tuple[RoundRemark, ...]:
    """Return what is to be said about a plan; what a hand has mended already is left out."""
    board = plan.board
    computed = plan.computed if isinstance(plan, KeptPlan) else plan.proposal
    freedom = Freedom(each=not board.round.locked, fewest=max(1, board.round.rules.min_judges))
    found = remarks(board.board, computed, keep=plan.keep, freedom=freedom)
    mended = {AdviceCode.SHORTAGE} if not plan.proposal.gaps else set()
    if plan.proposal.components <= 1:
        mended.add(AdviceCode.DISCONNECTED)
    return tuple(
        RoundRemark(one.advice, tuple(Offer(key_of(board, way), way) for way in one.ways))
        for one in found
        if one.advice.code not in mended
    )


def key_of(board: RoundBoard, way: Way) -> str:
    """Return a name of a way that is the same on the next look, as long as it would change the same things."""
    limits = [[board.judges[one.judge or 0].id, one.before, one.after] for one in way.limits]
    pairs = sorted(map(list, map(board.ids, way.pairs)))
    return fingerprint([board.round.id, way.code.value, limits, pairs, way.before, way.each])[:20]
