"""Who of the committee looked at the marks of single judges, and whether the committee may."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.dialects import postgresql, sqlite

from contest.editions.services.rows import edition_row, trace
from contest.infra.db import db
from contest.judging.models import MarkView


def note_view(*, edition_id: int, user_id: int, page: str, subject: str, now: datetime) -> None:
    """Note that a person opened a page with marks; the first time of a day (UTC) stays."""
    connection = db.session.connection()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    values = {"edition_id": edition_id, "user_id": user_id, "page": page, "subject": subject}
    moment = {"day": now.astimezone(UTC).date(), "first_at": now}
    connection.execute(insert(MarkView).values(**values, **moment).on_conflict_do_nothing())


def show_marks(*, edition_id: int, shown: bool, actor_id: int, now: datetime) -> None:
    """Open the marks of single judges to the committee, or close them; repeating changes nothing.

    Raises `RuleBroken` "edition_archived".
    """
    row = edition_row(edition_id)
    if row.marks_shown is shown:
        return
    row.marks_shown = shown
    action = "marks.opened" if shown else "marks.closed"
    trace(action, edition_id=edition_id, actor_id=actor_id, now=now)
