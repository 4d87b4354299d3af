"""Take assignments away, and remember whose they were: a device may still hold what was typed on them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select

from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.infra.db import db
from contest.judging.models import Assignment, Judge, PastAssignment

_COLUMNS = ("public_id", "round_id", "submission_id", "user_id")


def take_away(*which: ColumnElement[bool]) -> int:
    """Delete the assignments for which all conditions hold; return how many.

    Those of rounds that judges have seen are remembered. Nothing may have been written on them, see `begun.untouched`.
    """
    seen = (
        select(Assignment.public_id, Assignment.round_id, Assignment.submission_id, Judge.user_id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Round, Round.id == Assignment.round_id)
        .where(*which, Round.state != RoundState.DRAFT)
    )
    db.session.execute(insert(PastAssignment).from_select(_COLUMNS, seen))
    gone: Any = db.session.execute(delete(Assignment).where(*which).execution_options(synchronize_session=False))
    return int(gone.rowcount)
