"""A round changes in its middle, in writing, exactly as it was shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from contest.editions.services.rows import edition_row, round_row
from contest.editions.services.seats import set_seats
from contest.errors import NotFound, RuleBroken
from contest.infra import audit, mail
from contest.judging.queries.assignments import round_board
from contest.judging.queries.panel import judges_of
from contest.judging.queries.reshuffles import Asked, ChangePlan, change_plan
from contest.judging.services.assignments import apply_plan, open_round
from contest.judging.services.panel_changes import let_leave
from contest.judging.services.reminders import Letter


def change_round(
    *, edition_id: int, round_id: int, asked: Asked, reason: str, expected: str, actor_id: int | None, now: datetime
) -> ChangePlan:
    """Do what `change_plan` showed: judges leave every open round, the wanted number is set, the plan is in force.

    `expected` is the digest of what was shown. Raises `NotFound` for a round or judge of another edition, `RuleBroken`
    "change_without_reason", "nothing_to_change", "effect_changed", "judge_left" (`judge`), "assignments_closed",
    "edition_archived", and what `apply_plan` raises.
    """
    edition_row(edition_id)
    if round_row(round_id).edition_id != edition_id:
        raise NotFound
    said = reason.strip()
    if not said:
        raise RuleBroken("change_without_reason")
    known = {judge.id for judge in judges_of(edition_id)}
    if not asked.leaving <= known:
        raise NotFound
    round_ = open_round(round_id)
    plan = change_plan(round_, asked)
    if plan.digest != expected:
        raise RuleBroken("effect_changed")
    if not plan.moves.changes and not asked.leaving and asked.wanted == round_.rules.judges_per_submission:
        raise RuleBroken("nothing_to_change")
    for judge_id in sorted(asked.leaving):
        let_leave(
            edition_id=edition_id,
            judge_id=judge_id,
            successor_id=None,
            fate=asked.fate,
            reason=said,
            expected=None,
            actor_id=actor_id,
            now=now,
        )
    set_seats(round_id=round_id, seats=asked.wanted, reason=said, actor_id=actor_id, now=now)
    barred = round_board(open_round(round_id)).conflicts
    pairs = [pair for pair in map(plan.board.ids, plan.moves.pairs) if pair not in barred]
    apply_plan(round_id=round_id, pairs=pairs, reason=said, actor_id=actor_id, now=now)
    return plan


def tell(*, round_id: int, letters: Sequence[Letter], actor_id: int | None, now: datetime) -> int:
    """Put the letters with a recipient into the outbox and return how many; who has no address is told by hand."""
    round_ = round_row(round_id)
    sent = [letter for letter in letters if letter.recipient]
    for letter in sent:
        mail.enqueue(
            scope=letter.scope,
            about=f"edition:{round_.edition_id}",
            recipient=letter.recipient,
            recipient_name=letter.name,
            subject=letter.subject,
            body=letter.body,
            now=now,
        )
    if sent:
        audit.record(
            at=now,
            actor_id=actor_id,
            scope=f"edition:{round_.edition_id}",
            action="assignments.told",
            subject=f"round:{round_id}",
            round=round_.code,
            judges=len(sent),
        )
    return len(sent)
