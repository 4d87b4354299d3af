"""Proposed plans are kept, changed by hand, put in force, and taken back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, select, update

from contest.editions.facts import RoundFacts
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db
from contest.judging.adjusting import Hand, is_begun, worth
from contest.judging.assignment import Pair
from contest.judging.models import AssignmentDeployment, AssignmentProposal
from contest.judging.planning import Holding
from contest.judging.queries.assignments import PLAN_APPLIED, RoundBoard, RoundPlan, round_board
from contest.judging.queries.conflicts import IdPair
from contest.judging.queries.proposals import (
    KeptPlan,
    board_print,
    figures_of,
    is_vast,
    kept_plan,
    places_of,
    undo_of,
)
from contest.judging.services.assignments import (
    Applied,
    Deed,
    add_pairs,
    codes_of,
    delete_lines,
    names_of,
    open_round,
    put_in_force,
    set_pins,
    trace,
    written_reason,
)

MOST_KEPT = 12


class HandAct(StrEnum):
    """What a hand does to one pair of a proposal."""

    ADD = "assign"
    REMOVE = "unassign"
    PIN = "pin"
    UNPIN = "unpin"
    MOVE = "move"


def keep_proposal(*, plan: RoundPlan, hand: Hand, actor_id: int | None, now: datetime) -> int:
    """Keep a computed plan and return its number. It may have been computed before the unit of work began.

    Raises `RuleBroken` "proposals_full" (`limit`), "assignments_closed", "edition_archived".
    """
    round_ = open_round(plan.board.round.id)
    mine = AssignmentProposal.round_id == round_.id
    kept, last = db.session.execute(select(func.count(), func.max(AssignmentProposal.number)).where(mine)).one()
    if kept >= MOST_KEPT:
        raise RuleBroken("proposals_full", limit=MOST_KEPT)
    board = plan.board
    row = AssignmentProposal(
        round_id=round_.id,
        number=(last or 0) + 1,
        seed=plan.proposal.seed,
        keep=plan.keep,
        hand=_stored(board, hand),
        board=board_print(board),
        planned=sorted(map(list, plan.pairs())) if is_vast(board.board) else None,
        figures=figures_of(board.board, plan.proposal, worth(board.board, plan.proposal.pairs)),
        created_at=now,
        created_by=actor_id,
    )
    db.session.add(row)
    trace("proposal.kept", round_, actor_id, now, number=row.number, seed=row.seed, keep=row.keep)
    if hand:
        db.session.flush()  # the figures of the changed plan are computed from the row
        _refigure(row, _opened(round_, row.number))
    return row.number


def drop_proposal(*, round_id: int, number: int, actor_id: int | None, now: datetime) -> None:
    """Throw a kept proposal away. Raises `NotFound`, `RuleBroken` "assignments_closed", "edition_archived"."""
    round_ = open_round(round_id)
    row = _row(round_id, number)
    db.session.execute(delete(AssignmentProposal).where(AssignmentProposal.id == row.id))
    trace("proposal.dropped", round_, actor_id, now, number=number)


def change_proposal(
    *,
    round_id: int,
    number: int,
    act: HandAct,
    pair: IdPair,
    target: IdPair | None = None,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Change one pair of a kept proposal by hand; MOVE takes `pair` away and places `target`.

    Raises `NotFound`, `RuleBroken` "conflict_of_interest", "judge_recused" (`judge`, `submission`), "judge_left"
    (`judge`), "judge_full" (`judge`, `limit`), "scorecard_started" (`judge`, `submission`), "pinned_in_force",
    "assignments_closed", "edition_archived".
    """
    plan = _opened(open_round(round_id), number)
    hand = plan.hand
    if act in (HandAct.REMOVE, HandAct.MOVE):
        hand = _taken(plan, hand, _place(plan.board, pair))
    if act in (HandAct.ADD, HandAct.MOVE):
        freed = pair[1] if act is HandAct.MOVE else None
        hand = _placed(plan, hand, _place(plan.board, target if target is not None else pair), freed)
    if act in (HandAct.PIN, HandAct.UNPIN):
        hand = _pinned(plan, hand, _place(plan.board, pair), on=act is HandAct.PIN)
    row = _row(round_id, number)
    row.hand = _stored(plan.board, hand)
    db.session.flush()  # the figures are computed from the row
    _refigure(row, _opened(plan.board.round, number))
    codes = codes_of(plan.board, pair)
    trace("proposal.changed", plan.board.round, actor_id, now, number=number, act=act.value, **codes)


def add_by_hand(*, round_id: int, number: int, pairs: Collection[IdPair], actor_id: int | None, now: datetime) -> None:
    """Place several pairs on top of a kept proposal. Raises what `change_proposal` raises for HandAct.ADD."""
    for pair in pairs:
        change_proposal(round_id=round_id, number=number, act=HandAct.ADD, pair=pair, actor_id=actor_id, now=now)


def deploy_proposal(
    *, round_id: int, number: int, expected: str, actor_id: int | None, now: datetime, reason: str = ""
) -> Applied:
    """Put a kept proposal in force as it was shown; `expected` is its digest.

    Raises `NotFound`, `RuleBroken` "plan_changed", "reason_needed" (`round`), "assignments_closed", "edition_archived".
    """
    plan = _opened(open_round(round_id), number)
    if plan.digest != expected:
        raise RuleBroken("plan_changed")
    facts = {"seed": plan.line.seed, "keep": plan.line.keep, "proposal": number, "by_hand": plan.line.by_hand}
    deed = Deed(PLAN_APPLIED, facts, plan.pins(), number)
    return put_in_force(plan.board, plan.pairs(), deed, reason=reason, actor_id=actor_id, now=now)


def undo_last(*, round_id: int, expected: str, actor_id: int | None, now: datetime, reason: str = "") -> Applied:
    """Take back what was put in force last, as it was shown: what came goes, what went comes back with its pins.

    Papers that were begun since stay. Raises `RuleBroken` "nothing_to_undo", "plan_changed", "reason_needed" (`round`),
    "assignments_closed", "edition_archived", and `NotFound`.
    """
    board = round_board(open_round(round_id))
    undo = undo_of(board)
    if undo is None or not undo:
        raise RuleBroken("nothing_to_undo")
    if undo.digest != expected:
        raise RuleBroken("plan_changed")
    said = written_reason(board.round, reason) if undo.back or undo.away else {}
    delete_lines(undo.away)
    set_pins([line.id for line in undo.unpin], pinned=False)
    add_pairs(round_id, sorted(undo.back), {pair for pair, pinned in undo.back.items() if pinned}, now)
    db.session.execute(
        update(AssignmentDeployment).where(AssignmentDeployment.id == undo.deployment_id).values(undone_at=now)
    )
    went = frozenset((line.submission_id, line.judge_id) for line in undo.away)
    kept = len(board.held) - len(undo.away)
    outcome = Applied(len(undo.back), len(undo.away), kept, frozenset(undo.back), went)
    numbers = {"added": outcome.added, "removed": outcome.removed, "stuck": len(undo.stuck)}
    trace("assignments.undone", board.round, actor_id, now, **said, **numbers)
    return outcome


def _row(round_id: int, number: int) -> AssignmentProposal:
    row = db.session.scalar(
        select(AssignmentProposal).where(AssignmentProposal.round_id == round_id, AssignmentProposal.number == number)
    )
    if row is None:
        raise NotFound
    return row


def _opened(round_: RoundFacts, number: int) -> KeptPlan:
    plan = kept_plan(round_, number)
    if plan is None:
        raise NotFound
    return plan


def _refigure(row: AssignmentProposal, plan: KeptPlan) -> None:
    row.figures = figures_of(plan.board.board, plan.proposal, plan.worth)
    if row.planned is None:
        row.board = board_print(plan.board)


def _stored(board: RoundBoard, hand: Hand) -> dict[str, Any]:
    parts = {"added": hand.added, "removed": hand.removed, "pinned": hand.pinned}
    return {key: sorted(map(list, map(board.ids, pairs))) for key, pairs in parts.items()}


def _place(board: RoundBoard, pair: IdPair) -> Pair:
    found = places_of(board, [pair])
    if not found:
        raise NotFound
    return next(iter(found))


def _placed(plan: KeptPlan, hand: Hand, place: Pair, freed: int | None) -> Hand:
    board, ids = plan.board, plan.board.ids(place)
    if place in plan.proposal.pairs and place not in hand.removed:
        return hand
    judge, submission = names_of(board, ids)
    if place in board.board.blocked:
        raise RuleBroken("conflict_of_interest", judge=judge, submission=submission)
    if board.board.held.get(place) is Holding.RECUSED:
        raise RuleBroken("judge_recused", judge=judge, submission=submission)
    one = board.judges[place[1]]
    if not board.board.may_sit(place):
        raise RuleBroken("judge_left", judge=judge)
    load = plan.proposal.loads[place[1]] - (freed == one.id)
    if one.max_load is not None and load >= one.max_load:
        raise RuleBroken("judge_full", judge=judge, limit=one.max_load)
    return hand.put(place)


def _taken(plan: KeptPlan, hand: Hand, place: Pair) -> Hand:
    if place not in plan.proposal.pairs:
        raise NotFound
    _refuse_begun(plan, place)
    return hand.take(place)


def _pinned(plan: KeptPlan, hand: Hand, place: Pair, *, on: bool) -> Hand:
    if place not in plan.proposal.pairs:
        raise NotFound
    _refuse_begun(plan, place)
    if not on and plan.board.board.held.get(place) is Holding.PINNED:
        raise RuleBroken("pinned_in_force")
    return hand.pin(place, on=on)


def _refuse_begun(plan: KeptPlan, place: Pair) -> None:
    if is_begun(plan.board.board, place):
        judge, submission = names_of(plan.board, plan.board.ids(place))
        raise RuleBroken("scorecard_started", judge=judge, submission=submission)
