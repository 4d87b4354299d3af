"""Assigning extra scorecards where the podium is closest, in writing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from contest.editions.facts import RoundFacts
from contest.editions.phases import RoundState
from contest.errors import RuleBroken
from contest.infra import audit
from contest.judging.services import panel


def assign_extras(
    *, round_: RoundFacts, pairs: Sequence[tuple[int, int]], reason: str, actor_id: int | None, now: datetime
) -> int:
    """Assign pairs (submission id, judge id) beyond the seats of the round and return how many.

    Raises `RuleBroken` "top_up_closed" (`round`) unless scoring is open, "top_up_empty", and what
    `panel.assign_one` raises.
    """
    if round_.state is not RoundState.SCORING:
        raise RuleBroken("top_up_closed", round=round_.code)
    if not pairs:
        raise RuleBroken("top_up_empty")
    for submission_id, judge_id in pairs:
        panel.assign_one(
            round_id=round_.id,
            submission_id=submission_id,
            judge_id=judge_id,
            reason=reason,
            actor_id=actor_id,
            now=now,
        )
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{round_.edition_id}",
        action="results.topped_up",
        subject=f"round:{round_.id}",
        round=round_.code,
        count=len(pairs),
        reason=reason.strip(),
    )
    return len(pairs)
