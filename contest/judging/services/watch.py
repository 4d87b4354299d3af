"""A judge's open page says that the judge is at work."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Executable, select
from sqlalchemy.dialects import postgresql, sqlite

from contest.infra.db import db
from contest.judging.models import Judge, JudgePresence

SPARED = timedelta(seconds=15)
"""A word that comes sooner after the last one is not written again."""


@cache
def _put(dialect: str) -> Executable:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    new = insert(JudgePresence)
    return new.on_conflict_do_update(index_elements=["judge_id"], set_={"seen_at": new.excluded.seen_at})


def note_presence(*, edition_id: int, user_id: int, now: datetime) -> bool:
    """Keep that the person's judge is at work at `now`; tell whether anything was written."""
    row = db.session.execute(
        select(Judge.id, JudgePresence.seen_at)
        .outerjoin(JudgePresence, JudgePresence.judge_id == Judge.id)
        .where(Judge.edition_id == edition_id, Judge.user_id == user_id)
    ).one_or_none()
    if row is None or (row.seen_at is not None and now - row.seen_at < SPARED):
        return False
    connection = db.session.connection()
    connection.execute(_put(connection.dialect.name), {"judge_id": row.id, "seen_at": now})
    return True
