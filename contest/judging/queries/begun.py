"""Which assignments cannot simply disappear, because something was written on them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists

from contest.judging.models import Assignment, KeyedPaper, LatePaper, Scorecard, ScoreEventRow


def untouched() -> ColumnElement[bool]:
    """Return the condition that nothing was written on an assignment: no marks, no paper typed in, nothing late."""
    return and_(
        ~exists().where(Scorecard.assignment_id == Assignment.id),
        ~exists().where(ScoreEventRow.assignment_id == Assignment.id),
        ~exists().where(LatePaper.assignment_id == Assignment.id),
        ~exists().where(KeyedPaper.assignment_id == Assignment.id),
    )
