"""How many judges each submission of a round should have: a wish, no part of any result."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from contest.editions.rules_json import rules_from_json, rules_to_json
from contest.editions.services.rows import round_row, trace


def set_seats(*, round_id: int, seats: int | None, reason: str, actor_id: int | None, now: datetime) -> bool:
    """Set the judges per submission, None for everybody; tell whether it is a change.

    Other than the rest of the rules it may change after the first score, in writing: no number follows from it, so the
    rubric's version stays. Raises `NotFound`, `RuleBroken` "judges_per_submission_below_one", "edition_archived".
    """
    row = round_row(round_id)
    rules = rules_from_json(row.rules)
    if rules.judges_per_submission == seats:
        return False
    row.rules = rules_to_json(replace(rules, judges_per_submission=seats))
    trace(
        "round.seats_set",
        edition_id=row.edition_id,
        actor_id=actor_id,
        now=now,
        subject=f"round:{row.id}",
        round=row.code,
        before=rules.judges_per_submission,
        after=seats,
        reason=reason,
    )
    return True
