"""Write the rows of a scorecard: its head over the version that was read, and the marks that differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from contest.infra import audit
from contest.infra.db import db
from contest.judging.models import Score, Scorecard
from contest.judging.papers import Entry, PaperFacts, ScorecardFacts, Sheet
from contest.judging.states import ScorecardStatus


def new_card(
    paper: PaperFacts,
    sheet: Sheet,
    entry: Entry,
    points: Sequence[int | None],
    *,
    digest: str,
    final: bool,
    now: datetime,
) -> ScorecardFacts:
    """Return the scorecard of a save as it will be stored; its id is 0 when there was none."""
    before = paper.scorecard
    submitted_at = before.submitted_at if before else None
    return ScorecardFacts(
        id=before.id if before else 0,
        status=ScorecardStatus.SUBMITTED if final else ScorecardStatus.DRAFT,
        version=paper.version + 1,
        marks={i: one for i, one in zip(sheet.ids, points, strict=True) if one is not None},
        feedback=entry.feedback,
        private_note=entry.private_note,
        recusal_reason="",
        updated_at=now,
        submitted_at=(submitted_at or now) if final else submitted_at,
        last_key=entry.key,
        last_digest=digest,
    )


_CHANGED_CARD = update(Scorecard).where(Scorecard.id == bindparam("card_id"), Scorecard.version == bindparam("seen"))


@cache
def _insert(dialect: str) -> Callable[..., Any]:
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


@cache
def _new_card(dialect: str) -> Executable:
    new = _insert(dialect)(Scorecard)
    return new.on_conflict_do_nothing(index_elements=["assignment_id"]).returning(Scorecard.id)  # type: ignore[no-any-return]


@cache
def _put_marks(dialect: str) -> Executable:
    new = _insert(dialect)(Score)
    return new.on_conflict_do_update(  # type: ignore[no-any-return]
        index_elements=["scorecard_id", "criterion_id"], set_={"points": new.excluded.points}
    )


def write_card(paper: PaperFacts, card: ScorecardFacts) -> ScorecardFacts | None:
    """Write the row of the scorecard over the version that was read; None when somebody else was first."""
    values = {
        "status": card.status,
        "version": card.version,
        "rubric_version": paper.round.rubric_version,
        "feedback": card.feedback,
        "private_note": card.private_note,
        "recusal_reason": card.recusal_reason,
        "updated_at": card.updated_at,
        "submitted_at": card.submitted_at,
        "last_key": card.last_key,
        "last_digest": card.last_digest,
    }
    connection = db.session.connection()
    if paper.scorecard is None:
        made = connection.execute(_new_card(connection.dialect.name), {"assignment_id": paper.id, **values}).scalar()
        return None if made is None else replace(card, id=made)
    found = connection.execute(_CHANGED_CARD, {"card_id": card.id, "seen": paper.version, **values})
    return card if found.rowcount == 1 else None


def write_marks(paper: PaperFacts, card: ScorecardFacts, sheet: Sheet) -> None:
    """Bring the rows of the marks in line, touching only those that differ."""
    before = paper.scorecard.marks if paper.scorecard else {}
    limits = {i: criterion.max_points for i, criterion in zip(sheet.ids, sheet.criteria, strict=True)}
    changed = [
        {"scorecard_id": card.id, "criterion_id": i, "points": points, "max_points": limits[i]}
        for i, points in card.marks.items()
        if before.get(i) != points
    ]
    connection = db.session.connection()
    if changed:
        connection.execute(_put_marks(connection.dialect.name), changed)
    gone = before.keys() - card.marks.keys()
    if gone:
        connection.execute(delete(Score).where(Score.scorecard_id == card.id, Score.criterion_id.in_(gone)))


def trace(action: str, paper: PaperFacts, card: ScorecardFacts, actor_id: int, now: datetime, **facts: str) -> None:
    """Note the act on a scorecard in the audit trail."""
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{paper.round.edition_id}",
        action=action,
        subject=f"scorecard:{card.id}",
        round=paper.round.code,
        submission=paper.code,
        version=card.version,
        **facts,
    )
