"""Who judges what in a round: a whole plan at once, one pair by hand, or everything cleared that was not begun."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from contest.editions.facts import RoundFacts
from contest.editions.models import Round
from contest.editions.phases import BEFORE_CLOSE, RoundState
from contest.editions.queries import round_by_id
from contest.editions.services.rows import edition_row, round_row
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.judging.models import Assignment
from contest.judging.papers import WITHOUT_MARKS, PaperState
from contest.judging.planning import Holding
from contest.judging.queries.assignments import PLAN_APPLIED, AssignmentLine, RoundBoard, plan_of, round_board
from contest.judging.queries.conflicts import IdPair

_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Applied:
    """What changed: pairs assigned, pairs taken away, pairs that were there already."""

    added: int
    removed: int
    kept: int


def apply_proposal(
    *,
    round_id: int,
    seed: int,
    keep: bool,
    expected: str | None,
    actor_id: int | None,
    now: datetime,
    reason: str = "",
) -> Applied:
    """Compute the automatic plan again and put it in force; `expected` is the digest of the plan that was shown.

    Raises `RuleBroken` "plan_changed" when the round has changed since, "reason_needed" (`round`) when it would change
    a round that has its first score, "assignments_closed", "edition_archived".
    """
    plan = plan_of(_open_round(round_id), seed=seed, keep=keep)
    if expected is not None and plan.digest != expected:
        raise RuleBroken("plan_changed")
    return _put_in_force(
        plan.board, plan.pairs(), reason, actor_id, now, action=PLAN_APPLIED, trace={"seed": seed, "keep": keep}
    )


def apply_plan(
    *, round_id: int, pairs: Iterable[IdPair], actor_id: int | None, now: datetime, reason: str = ""
) -> Applied:
    """Make `pairs`, (submission id, judge id), the assignments of the round.

    Assignments that were begun stay, whatever the plan; others that are not in it disappear. Raises `NotFound` for a
    submission that does not take part or a judge of another edition, `RuleBroken` "conflict_of_interest" (`judge`,
    `submission`), "judge_full" (`judge`, `limit`), "judge_left" (`judge`), "reason_needed" (`round`),
    "assignments_closed", "edition_archived".
    """
    board = round_board(_open_round(round_id))
    wanted = set(pairs)
    _refuse(board, wanted)
    return _put_in_force(board, wanted, reason, actor_id, now, action="assignments.replaced", trace={})


def assign_one(
    *, round_id: int, submission_id: int, judge_id: int, actor_id: int | None, now: datetime, reason: str = ""
) -> None:
    """Assign one judge by hand; automatic plans keep the pair. Assigning again only marks it as placed by hand.

    Raises what `apply_plan` raises, and `RuleBroken` "judge_recused" (`judge`, `submission`) for one who withdrew.
    """
    board = round_board(_open_round(round_id))
    pair = (submission_id, judge_id)
    held = board.held.get(pair)
    planned = {one for one, line in board.held.items() if line.holding is not Holding.RECUSED}
    _refuse(board, {pair, *(one for one in planned if one[1] == judge_id and one not in board.conflicts)})
    if held is not None and held.state in WITHOUT_MARKS:
        judge, submission = _names(board, pair)
        raise RuleBroken("judge_recused", judge=judge, submission=submission)
    if held is not None:
        db.session.get_one(Assignment, held.id).pinned = True
        return
    said = _need_reason(board.round, reason)
    row = Assignment(round_id=round_id, submission_id=submission_id, judge_id=judge_id, pinned=True, created_at=now)
    db.session.add(row)
    _trace("assignment.added", board.round, actor_id, now, **_codes(board, pair), **said)


def unassign_one(
    *, round_id: int, submission_id: int, judge_id: int, actor_id: int | None, now: datetime, reason: str = ""
) -> None:
    """Take one assignment away by hand.

    Raises `NotFound`, `RuleBroken` "scorecard_started" (`judge`, `submission`) once anything was saved on it or the
    judge withdrew, "reason_needed" (`round`), "assignments_closed", "edition_archived".
    """
    board = round_board(_open_round(round_id))
    pair = (submission_id, judge_id)
    held = board.held.get(pair)
    if held is None:
        raise NotFound
    if held.state is not PaperState.NOT_STARTED:
        judge, submission = _names(board, pair)
        raise RuleBroken("scorecard_started", judge=judge, submission=submission)
    said = _need_reason(board.round, reason)
    _delete([held])
    _trace("assignment.removed", board.round, actor_id, now, **_codes(board, pair), **said)


def clear_unstarted(*, round_id: int, actor_id: int | None, now: datetime, reason: str = "") -> int:
    """Take away every assignment of the round that was not begun and return how many.

    Raises `RuleBroken` "reason_needed" (`round`), "assignments_closed", "edition_archived".
    """
    board = round_board(_open_round(round_id))
    loose = [one for one in (*board.held.values(), *board.strays) if one.state is PaperState.NOT_STARTED]
    said = _need_reason(board.round, reason) if loose else {}
    _delete(loose)
    _trace("assignments.cleared", board.round, actor_id, now, removed=len(loose), **said)
    return len(loose)


def _need_reason(round_: RoundFacts, reason: str) -> dict[str, str]:
    """Return the reason for the trail: from the first score of a round on, its judges change in writing only."""
    said = reason.strip()
    if not (round_.state is RoundState.SCORING and round_.locked):
        return {}
    if not said:
        raise RuleBroken("reason_needed", round=round_.code)
    return {"reason": said}


def _open_round(round_id: int) -> RoundFacts:
    """Take the round for a change: judges who save on it end first, and nobody declares a conflict meanwhile."""
    edition_id = db.session.scalar(select(Round.edition_id).where(Round.id == round_id))
    if edition_id is None:
        raise NotFound
    edition_row(edition_id)
    row = round_row(round_id)
    facts = round_by_id(round_id)
    if facts is None or facts.state not in BEFORE_CLOSE:
        raise RuleBroken("assignments_closed", round=row.code)
    return facts


def _refuse(board: RoundBoard, wanted: Collection[IdPair]) -> None:
    """Check every pair that is to be assigned: people of this round, no conflict, nobody above the own maximum."""
    submissions = {line.id for line in board.submissions}
    loads = {judge.id: 0 for judge in board.judges}
    left = {judge.id: judge.name for judge in board.judges if judge.left_at is not None}
    for submission_id, judge_id in sorted(wanted):
        if submission_id not in submissions or judge_id not in loads:
            raise NotFound
        if (submission_id, judge_id) in board.conflicts:
            judge, submission = _names(board, (submission_id, judge_id))
            raise RuleBroken("conflict_of_interest", judge=judge, submission=submission)
        if judge_id in left and (submission_id, judge_id) not in board.held:
            raise RuleBroken("judge_left", judge=left[judge_id])
        loads[judge_id] += 1
    for one in board.judges:
        if one.max_load is not None and loads[one.id] > one.max_load:
            raise RuleBroken("judge_full", judge=one.name, limit=one.max_load)


def _put_in_force(
    board: RoundBoard,
    wanted: Collection[IdPair],
    reason: str,
    actor_id: int | None,
    now: datetime,
    *,
    action: str,
    trace: dict[str, Any],
) -> Applied:
    planned = set(wanted)
    leaving = [
        one
        for one in (*board.held.values(), *board.strays)
        if one.state is PaperState.NOT_STARTED and (one.submission_id, one.judge_id) not in planned
    ]
    joining = sorted(planned - board.held.keys())
    said = _need_reason(board.round, reason) if leaving or joining else {}
    _delete(leaving)
    if joining:
        db.session.execute(
            insert(Assignment),
            [
                {"round_id": board.round.id, "submission_id": one, "judge_id": other, "created_at": now}
                for one, other in joining
            ],
        )
    outcome = Applied(added=len(joining), removed=len(leaving), kept=len(planned) - len(joining))
    _trace(
        action,
        board.round,
        actor_id,
        now,
        **trace,
        **said,
        added=outcome.added,
        removed=outcome.removed,
        kept=outcome.kept,
    )
    return outcome


def _delete(lines: Collection[AssignmentLine]) -> None:
    ids = [line.id for line in lines]
    for start in range(0, len(ids), _BATCH):
        db.session.execute(delete(Assignment).where(Assignment.id.in_(ids[start : start + _BATCH])))


def _names(board: RoundBoard, pair: IdPair) -> tuple[str, str]:
    judge = next(one.name for one in board.judges if one.id == pair[1])
    return judge, next(one.code for one in board.submissions if one.id == pair[0])


def _codes(board: RoundBoard, pair: IdPair) -> dict[str, str]:
    judge = next(one.code for one in board.judges if one.id == pair[1])
    return {"judge": judge, "submission": next(one.code for one in board.submissions if one.id == pair[0])}


def _trace(action: str, round_: RoundFacts, actor_id: int | None, now: datetime, **facts: Any) -> None:
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{round_.edition_id}",
        action=action,
        subject=f"round:{round_.id}",
        round=round_.code,
        **facts,
    )
