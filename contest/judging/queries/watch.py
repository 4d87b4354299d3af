"""Who is at work right now, and whether anything has moved since a page looked last."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from contest.editions.facts import RoundFacts
from contest.infra.audit import AuditEntry
from contest.infra.db import db
from contest.infra.signing import fingerprint
from contest.judging.models import Judge, JudgePresence, ScoreEventRow

PRESENT = timedelta(seconds=75)
"""How long a judge counts as present after a page's last word; pages speak every 25 seconds."""


def present_judges(edition_id: int, now: datetime) -> frozenset[int]:
    """Return the ids of the judges whose page is open, in one query."""
    rows = db.session.execute(
        select(JudgePresence.judge_id)
        .join(Judge, Judge.id == JudgePresence.judge_id)
        .where(Judge.edition_id == edition_id, JudgePresence.seen_at > now - PRESENT)
    )
    return frozenset(rows.scalars())


def round_mark(round_: RoundFacts, now: datetime) -> str:
    """Return a text that changes when a scorecard, an act of the committee or a presence does, in three cheap queries.

    It names nothing of what changed.
    """
    events = db.session.scalar(select(func.max(ScoreEventRow.id)).where(ScoreEventRow.round_id == round_.id))
    acts = db.session.scalar(select(func.max(AuditEntry.id)).where(AuditEntry.scope == f"edition:{round_.edition_id}"))
    return fingerprint([round_.id, events, acts, sorted(present_judges(round_.edition_id, now))])[:24]


def let_go() -> None:
    """Give the connection of this thread back: who only waits needs none."""
    db.session.remove()
