"""Write the record: one event per change of a scorecard, in the transaction of the change."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache

from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite

from contest.errors import RuleBroken
from contest.infra.alarms import AlarmKind, Happening, after_the_act
from contest.infra.db import db
from contest.infra.signing import fingerprint
from contest.infra.types import public_id
from contest.judging.events import EventKind, ScoreEvent
from contest.judging.marks import mark_texts
from contest.judging.models import ScoreEventRow
from contest.judging.papers import PaperFacts, ScorecardFacts, Sheet
from contest.judging.states import ScorecardStatus

CODE_LENGTH = 12


@cache
def _new_event(dialect: str) -> Executable:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    new = insert(ScoreEventRow).on_conflict_do_nothing(index_elements=["actor_id", "key"])
    return new.returning(ScoreEventRow.id)


def add_event(
    before: PaperFacts,
    card: ScorecardFacts,
    sheet: Sheet,
    kind: EventKind,
    *,
    actor_id: int,
    now: datetime,
    key: str = "",
    content: str = "",
) -> ScoreEvent:
    """Record that the scorecard of the paper `before` became `card`; return the event.

    Raises `RuleBroken` "key_reused" when the person's key was used on another paper at the same moment.
    """
    code = public_id(CODE_LENGTH)
    old = before.scorecard
    event = ScoreEvent(
        code=code,
        assignment=before.public_id,
        actor_id=actor_id,
        kind=kind,
        final=card.status is ScorecardStatus.SUBMITTED,
        version=card.version,
        rubric_version=sheet.rubric_version,
        at=now,
        key=key,
        content=content or fingerprint([code, kind, card.recusal_reason]),
        marks=mark_texts(sheet, tuple(card.marks.get(one) for one in sheet.ids)),
        feedback_changed=card.feedback != (old.feedback if old else ""),
        note_changed=card.private_note != (old.private_note if old else ""),
        previous=before.proof,
    )
    event = replace(event, digest=fingerprint(event.said()))
    connection = db.session.connection()
    if connection.execute(_new_event(connection.dialect.name), _values(before, event)).scalar() is None:
        raise RuleBroken("key_reused")
    if old is not None and old.status is ScorecardStatus.SUBMITTED and card.marks != old.marks:
        _alarm(before, actor_id, now)
    return event


def _alarm(paper: PaperFacts, actor_id: int, now: datetime) -> None:
    """Let it count that marks which were handed in are others now; neither they nor the entry are named."""
    scope, who = f"edition:{paper.round.edition_id}", f"user:{actor_id}"
    after_the_act(Happening(AlarmKind.CHANGED_SCORES, scope, who, now, actor_id, paper.round.code))


def _values(paper: PaperFacts, event: ScoreEvent) -> dict[str, object]:
    return {
        "code": event.code,
        "round_id": paper.round.id,
        "assignment_id": paper.id,
        "actor_id": event.actor_id,
        "kind": event.kind,
        "final": event.final,
        "version": event.version,
        "rubric_version": event.rubric_version,
        "at": event.at,
        "key": event.key or None,
        "content": event.content,
        "marks": dict(event.marks),
        "feedback_changed": event.feedback_changed,
        "note_changed": event.note_changed,
        "previous": event.previous,
        "digest": event.digest,
    }
