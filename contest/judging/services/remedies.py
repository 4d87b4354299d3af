"""A way out of a shortage is taken: exactly the change that was offered, or none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contest.editions.facts import RoundFacts
from contest.editions.services import set_rules
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db
from contest.judging.adjusting import Hand
from contest.judging.assignment import Pair
from contest.judging.models import Judge
from contest.judging.queries.assignments import RoundBoard, RoundPlan, plan_of
from contest.judging.queries.proposals import KeptPlan, kept_plan
from contest.judging.queries.remedies import remarks_on
from contest.judging.remedies import Way, WayCode
from contest.judging.services.assignments import codes_of, open_round, set_pins, trace, unassign_one
from contest.judging.services.conflicts import declare_conflict
from contest.judging.services.proposals import add_by_hand, keep_proposal


@dataclass(frozen=True, slots=True)
class Choice:
    """A way that was chosen: its key, and the plan that it was offered with (or the kept proposal `number`)."""

    key: str
    seed: int
    keep: bool
    number: int | None = None


def take_way(
    *, round_id: int, choice: Choice, declared: str, actor_id: int | None, now: datetime, reason: str = ""
) -> int | None:
    """Take a way out of what a plan falls short of.

    Returns the number of the proposal to look at next; none for the plan with the same seed. `declared` is the text of
    a conflict that is declared on the way. Raises `RuleBroken` "plan_changed" when the way is not offered any more,
    "reason_needed" (`round`), "assignments_closed", "rubric_locked", "edition_archived", and `NotFound`.
    """
    round_ = open_round(round_id)
    plan = _plan(round_, choice)
    offers = {offer.key: offer.way for remark in remarks_on(plan) for offer in remark.offers}
    way = offers.get(choice.key)
    if way is None or way.code is WayCode.INVITE:
        raise RuleBroken("plan_changed")
    by: dict[str, Any] = {"actor_id": actor_id, "now": now}
    if way.code is WayCode.ADD_PAIR:
        return _add_pairs(plan, way, by)
    if way.code is WayCode.JUDGES_EACH:
        set_rules(round_id=round_id, rules=replace(round_.rules, judges_per_submission=way.each), **by)
    _set_limits(plan.board, way, by)
    for pair in way.pairs:
        _change_pair(plan.board, way.code, pair, reason, declared, by)
    return choice.number


def _plan(round_: RoundFacts, choice: Choice) -> RoundPlan | KeptPlan:
    if choice.number is None:
        return plan_of(round_, seed=choice.seed, keep=choice.keep)
    plan = kept_plan(round_, choice.number)
    if plan is None:
        raise NotFound
    return plan


def _add_pairs(plan: RoundPlan | KeptPlan, way: Way, by: dict[str, Any]) -> int:
    if isinstance(plan, RoundPlan):
        return keep_proposal(plan=plan, hand=Hand(added=frozenset(way.pairs)), **by)
    pairs = [plan.board.ids(pair) for pair in way.pairs]
    add_by_hand(round_id=plan.board.round.id, number=plan.line.number, pairs=pairs, **by)
    return plan.line.number


def _set_limits(board: RoundBoard, way: Way, by: dict[str, Any]) -> None:
    column = "max_load" if way.code is WayCode.RAISE_MAXIMUM else "min_load"
    for change in way.limits:
        row = db.session.get_one(Judge, board.judges[change.judge or 0].id)
        before, after = getattr(row, column), change.after if column == "max_load" else change.after or None
        setattr(row, column, after)
        facts = {"judge": row.code, "limit": column, "before": before, "after": after}
        trace("judge.limit_changed", board.round, by["actor_id"], by["now"], **facts)


def _change_pair(board: RoundBoard, code: WayCode, pair: Pair, reason: str, declared: str, by: dict[str, Any]) -> None:
    submission_id, judge_id = board.ids(pair)
    where: dict[str, Any] = {"submission_id": submission_id, "judge_id": judge_id}
    if code is WayCode.TAKE_AWAY:
        unassign_one(round_id=board.round.id, reason=reason, **where, **by)
    elif code is WayCode.DECLARE:
        declare_conflict(edition_id=board.round.edition_id, reason=declared, **where, **by)
    else:
        set_pins([board.held[board.ids(pair)].id], pinned=False)
        codes = codes_of(board, board.ids(pair))
        trace("assignment.unpinned", board.round, by["actor_id"], by["now"], **codes)
