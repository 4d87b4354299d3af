"""Who opened what, and whether the committee may look at the marks of single judges."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from sqlalchemy import Date, Executable, Integer, String, bindparam, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from contest.editions.models import Edition
from contest.editions.services.rows import edition_row, trace
from contest.infra.db import db
from contest.infra.types import UtcDateTime
from contest.judging.looking import Line
from contest.judging.models import Look
from contest.judging.queries.sights import WHOSE


@cache
def _new_look(dialect: str, kind: str) -> Executable:
    """Return the one statement that finds the edition and whose it was, and notes the look unless it is noted."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    whose = WHOSE[kind].scalar_subquery() if kind else literal_column("NULL", Integer)
    seen = select(
        Edition.id,
        *(bindparam(name, type_=String) for name in ("page", "subject")),
        whose,
        bindparam("user_id", type_=Integer),
        bindparam("day", type_=Date),
        bindparam("first_at", type_=UtcDateTime),
    ).where(Edition.code == bindparam("edition_code"))
    columns = ["edition_id", "page", "subject", "submission_id", "user_id", "day", "first_at"]
    return insert(Look).from_select(columns, seen).on_conflict_do_nothing().returning(Look.edition_id)


def note_look(line: Line, *, now: datetime) -> int | None:
    """Note that a person opened something, and return of which edition; none when nothing was noted.

    The first time of a day (UTC) stays, an unknown edition notes nothing.
    """
    connection = db.session.connection()
    values = {"edition_code": line.edition_code, "user_id": line.user_id, "page": line.page, "subject": line.subject}
    key = {"key": line.key} if line.kind else {}
    moment = {"day": now.astimezone(UTC).date(), "first_at": now}
    noted: int | None = connection.scalar(_new_look(connection.dialect.name, line.kind), {**values, **key, **moment})
    return noted


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
