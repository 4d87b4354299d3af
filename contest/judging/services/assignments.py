"""Who judges what in a round: a whole plan at once, one pair by hand, or everything cleared that was not begun."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from contest.editions.facts import RoundFacts
from contest.editions.models import Round
from contest.editions.phases import BEFORE_CLOSE, RoundState
from contest.editions.queries import round_by_id
from contest.editions.services.rows import edition_row, round_row
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.judging.colleagues import together
from contest.judging.models import Assignment, AssignmentDeployment
from contest.judging.papers import WITHOUT_MARKS, PaperState
from contest.judging.planning import STAYS, Holding
from contest.judging.queries.assignments import PLAN_APPLIED, AssignmentLine, RoundBoard, plan_of, round_board
from contest.judging.queries.conflicts import IdPair
from contest.judging.services.gone import take_away

_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Applied:
    """What changed: pairs assigned, pairs taken away, pairs that were there already; `came` and `went` name them."""

    added: int
    removed: int
    kept: int
    came: frozenset[IdPair] = frozenset()
    went: frozenset[IdPair] = frozenset()


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
    plan = plan_of(open_round(round_id), seed=seed, keep=keep)
    if expected is not None and plan.digest != expected:
        raise RuleBroken("plan_changed")
    deed = Deed(PLAN_APPLIED, {"seed": seed, "keep": keep})
    return put_in_force(plan.board, plan.pairs(), deed, reason=reason, actor_id=actor_id, now=now)


def apply_plan(
    *, round_id: int, pairs: Iterable[IdPair], actor_id: int | None, now: datetime, reason: str = ""
) -> Applied:
    """Make `pairs`, (submission id, judge id), the assignments of the round.

    Assignments that were begun stay, whatever the plan; others that are not in it disappear. Raises `NotFound` for a
    submission that does not take part or a judge of another edition, `RuleBroken` "conflict_of_interest" (`judge`,
    `submission`), "judge_full" (`judge`, `limit`), "judge_left" (`judge`), "reason_needed" (`round`),
    "assignments_closed", "edition_archived".
    """
    board = round_board(open_round(round_id))
    wanted = set(pairs)
    _refuse(board, wanted)
    return put_in_force(board, wanted, Deed("assignments.replaced"), reason=reason, actor_id=actor_id, now=now)


def assign_one(
    *, round_id: int, submission_id: int, judge_id: int, actor_id: int | None, now: datetime, reason: str = ""
) -> None:
    """Assign one judge by hand; automatic plans keep the pair. Assigning again only marks it as placed by hand.

    Raises what `apply_plan` raises, and `RuleBroken` "judge_recused" (`judge`, `submission`) for one who withdrew.
    """
    board = round_board(open_round(round_id))
    pair = (submission_id, judge_id)
    held = board.held.get(pair)
    planned = {one for one, line in board.held.items() if line.holding is not Holding.RECUSED}
    _refuse(board, {pair, *(one for one in planned if one[1] == judge_id and one not in board.conflicts)})
    _refuse_colleagues(board, {pair, *planned})
    if held is not None and held.state in WITHOUT_MARKS:
        judge, submission = names_of(board, pair)
        raise RuleBroken("judge_recused", judge=judge, submission=submission)
    if held is not None:
        db.session.get_one(Assignment, held.id).pinned = True
        return
    said = written_reason(board.round, reason)
    row = Assignment(round_id=round_id, submission_id=submission_id, judge_id=judge_id, pinned=True, created_at=now)
    db.session.add(row)
    trace("assignment.added", board.round, actor_id, now, **codes_of(board, pair), **said)


def unassign_one(
    *, round_id: int, submission_id: int, judge_id: int, actor_id: int | None, now: datetime, reason: str = ""
) -> None:
    """Take one assignment away by hand.

    Raises `NotFound`, `RuleBroken` "scorecard_started" (`judge`, `submission`) once anything was saved on it or the
    judge withdrew, "reason_needed" (`round`), "assignments_closed", "edition_archived".
    """
    pair = (submission_id, judge_id)
    board, held = _unstarted(round_id, pair)
    said = written_reason(board.round, reason)
    delete_lines([held])
    trace("assignment.removed", board.round, actor_id, now, **codes_of(board, pair), **said)


def clear_unstarted(*, round_id: int, actor_id: int | None, now: datetime, reason: str = "") -> Applied:
    """Take away every assignment of the round that was not begun.

    Raises `RuleBroken` "reason_needed" (`round`), "assignments_closed", "edition_archived".
    """
    board = round_board(open_round(round_id))
    return put_in_force(board, (), Deed("assignments.cleared"), reason=reason, actor_id=actor_id, now=now)


def pin_one(
    *, round_id: int, submission_id: int, judge_id: int, pinned: bool, actor_id: int | None, now: datetime
) -> None:
    """Pin one assignment, so that automatic plans keep it, or leave it to them again.

    Raises `NotFound`, `RuleBroken` "scorecard_started" (`judge`, `submission`) where no plan may move it anyway,
    "assignments_closed", "edition_archived".
    """
    pair = (submission_id, judge_id)
    board, held = _unstarted(round_id, pair)
    if held.pinned is not pinned:
        set_pins([held.id], pinned=pinned)
        trace(
            "assignment.pinned" if pinned else "assignment.unpinned",
            board.round,
            actor_id,
            now,
            **codes_of(board, pair),
        )


def _unstarted(round_id: int, pair: IdPair) -> tuple[RoundBoard, AssignmentLine]:
    board = round_board(open_round(round_id))
    held = board.held.get(pair)
    if held is None:
        raise NotFound
    if held.state is not PaperState.NOT_STARTED:
        judge, submission = names_of(board, pair)
        raise RuleBroken("scorecard_started", judge=judge, submission=submission)
    return board, held


def written_reason(round_: RoundFacts, reason: str) -> dict[str, str]:
    """Return the reason for the trail: from the first score of a round on, its judges change in writing only."""
    said = reason.strip()
    if not (round_.state is RoundState.SCORING and round_.locked):
        return {}
    if not said:
        raise RuleBroken("reason_needed", round=round_.code)
    return {"reason": said}


def open_round(round_id: int) -> RoundFacts:
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
            judge, submission = names_of(board, (submission_id, judge_id))
            raise RuleBroken("conflict_of_interest", judge=judge, submission=submission)
        if judge_id in left and (submission_id, judge_id) not in board.held:
            raise RuleBroken("judge_left", judge=left[judge_id])
        loads[judge_id] += 1
    _refuse_colleagues(board, wanted)
    for one in board.judges:
        if one.max_load is not None and loads[one.id] > one.max_load:
            raise RuleBroken("judge_full", judge=one.name, limit=one.max_load)


def _refuse_colleagues(board: RoundBoard, wanted: Collection[IdPair]) -> None:
    """Check that nobody is put beside a colleague where the edition keeps them apart; those there already may stay."""
    if not board.board.keep_apart:
        return
    place = {judge.id: position for position, judge in enumerate(board.judges)}
    row = {line.id: position for position, line in enumerate(board.submissions)}
    fixed = {pair for pair, line in board.held.items() if line.holding in STAYS}
    seats = {(row[one], place[other]) for one, other in fixed | set(wanted)}
    for submission, one, other in together(seats, board.board.colleagues):
        if not {board.ids((submission, one)), board.ids((submission, other))} <= board.held.keys():
            raise RuleBroken(
                "colleagues_together",
                judge=board.judges[one].name,
                other=board.judges[other].name,
                submission=board.submissions[submission].code,
            )


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done to a round as a whole: its name and facts for the trail, pairs to pin, and whose proposal it was."""

    action: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    pins: frozenset[IdPair] = frozenset()
    proposal: int | None = None


def put_in_force(
    board: RoundBoard, wanted: Collection[IdPair], deed: Deed, *, reason: str, actor_id: int | None, now: datetime
) -> Applied:
    """Make `wanted` the assignments of a round that was opened for a change; remember how it was, to take it back.

    Raises `RuleBroken` "reason_needed" (`round`).
    """
    planned = set(wanted)
    leaving = [
        one
        for one in (*board.held.values(), *board.strays)
        if one.state is PaperState.NOT_STARTED and (one.submission_id, one.judge_id) not in planned
    ]
    joining = sorted(planned - board.held.keys())
    newly = [line for pair, line in board.held.items() if pair in deed.pins & planned and not line.pinned]
    said = written_reason(board.round, reason) if leaving or joining else {}
    delete_lines(leaving)
    add_pairs(board.round.id, joining, deed.pins, now)
    set_pins([line.id for line in newly], pinned=True)
    if leaving or joining or newly:
        db.session.add(
            AssignmentDeployment(
                round_id=board.round.id,
                action=deed.action,
                proposal=deed.proposal,
                removed=sorted([one.submission_id, one.judge_id, one.pinned] for one in leaving),
                added=[list(pair) for pair in joining],
                pinned=sorted([one.submission_id, one.judge_id] for one in newly),
                done_at=now,
                done_by=actor_id,
            )
        )
    went = frozenset((one.submission_id, one.judge_id) for one in leaving)
    outcome = Applied(len(joining), len(leaving), len(planned) - len(joining), frozenset(joining), went)
    numbers = {"added": outcome.added, "removed": outcome.removed, "kept": outcome.kept}
    trace(deed.action, board.round, actor_id, now, **deed.facts, **said, **numbers)
    return outcome


def add_pairs(round_id: int, pairs: Iterable[IdPair], pins: Collection[IdPair], now: datetime) -> None:
    """Write assignments, in one statement; those among `pins` are pinned."""
    rows = [
        {
            "round_id": round_id,
            "submission_id": one,
            "judge_id": other,
            "pinned": (one, other) in pins,
            "created_at": now,
        }
        for one, other in pairs
    ]
    if rows:
        db.session.execute(insert(Assignment), rows)


def set_pins(ids: Sequence[int], *, pinned: bool) -> None:
    """Pin assignments, or leave them to the plans again."""
    for start in range(0, len(ids), _BATCH):
        db.session.execute(
            update(Assignment).where(Assignment.id.in_(ids[start : start + _BATCH])).values(pinned=pinned)
        )


def delete_lines(lines: Collection[AssignmentLine]) -> None:
    """Delete assignments."""
    ids = [line.id for line in lines]
    for start in range(0, len(ids), _BATCH):
        take_away(Assignment.id.in_(ids[start : start + _BATCH]))


def names_of(board: RoundBoard, pair: IdPair) -> tuple[str, str]:
    """Return the judge's name and the submission's code."""
    judge = next(one.name for one in board.judges if one.id == pair[1])
    return judge, next(one.code for one in board.submissions if one.id == pair[0])


def codes_of(board: RoundBoard, pair: IdPair) -> dict[str, str]:
    """Return the codes of both, for the trail."""
    judge = next(one.code for one in board.judges if one.id == pair[1])
    return {"judge": judge, "submission": next(one.code for one in board.submissions if one.id == pair[0])}


def trace(action: str, round_: RoundFacts, actor_id: int | None, now: datetime, **facts: Any) -> None:
    """Record an act on a round's assignments."""
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{round_.edition_id}",
        action=action,
        subject=f"round:{round_.id}",
        round=round_.code,
        **facts,
    )
