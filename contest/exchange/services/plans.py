"""A round's assignments from a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update

from contest.exchange.roundplan import Pair
from contest.infra.db import db
from contest.judging.models import Assignment, Judge
from contest.judging.services.assignments import Applied, apply_plan
from contest.submissions.models import Submission


def import_plan(
    *, edition_id: int, round_id: int, pairs: Mapping[Pair, bool], actor_id: int | None, now: datetime, reason: str = ""
) -> Applied:
    """Make the pairs (submission code, judge code) the round's assignments, pinned as they say.

    Assignments that were begun stay. Raises what `judging.services.assignments.apply_plan` raises.
    """
    judges = _ids(edition_id, Judge)
    submissions = _ids(edition_id, Submission)
    wanted = {(submissions[submission], judges[judge]): pinned for (submission, judge), pinned in pairs.items()}
    applied = apply_plan(round_id=round_id, pairs=wanted, reason=reason, actor_id=actor_id, now=now)
    rows = db.session.execute(
        select(Assignment.id, Assignment.submission_id, Assignment.judge_id, Assignment.pinned).where(
            Assignment.round_id == round_id
        )
    )
    changed = [
        {"id": row.id, "pinned": wanted[pair]}
        for row in rows
        if (pair := (row.submission_id, row.judge_id)) in wanted and row.pinned != wanted[pair]
    ]
    if changed:
        db.session.execute(update(Assignment), changed)
    return applied


def _ids(edition_id: int, model: type[Judge | Submission]) -> dict[str, int]:
    rows = db.session.execute(select(model.code, model.id).where(model.edition_id == edition_id))
    return {row.code: row.id for row in rows}
