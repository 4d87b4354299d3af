"""Notes of award night: written together or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from contest.errors import RuleBroken
from contest.infra.db import db
from contest.results.desk import DeskChange
from contest.results.models import DeskNote
from contest.results.queries.desk import desk_notes
from contest.results.services.rows import locked_round, trace
from contest.submissions.models import Submission


def note_desk(*, round_id: int, changes: Sequence[DeskChange], actor_id: int | None, now: datetime) -> int:
    """Write the changes and return how many there were; an empty note is taken away.

    Raises `RuleBroken` "notes_moved_on" (submission) when a note is not any more what the change started from.
    """
    round_ = locked_round(round_id)
    present = desk_notes(round_id)
    ids = {
        row.code: row.id
        for row in db.session.execute(
            select(Submission.code, Submission.id).where(Submission.edition_id == round_.edition_id)
        )
    }
    for change in changes:
        if present.get(change.key, "") != change.before:
            raise RuleBroken("notes_moved_on", submission=change.key.submission)
        _write(round_id, ids[change.key.submission], change, actor_id, now)
    if changes:
        trace(
            "round.desk_noted",
            round_,
            actor_id=actor_id,
            now=now,
            changes=[[one.key.kind.value, one.key.submission, one.key.award, one.before, one.after] for one in changes],
        )
    return len(changes)


def _write(round_id: int, submission_id: int, change: DeskChange, actor_id: int | None, now: datetime) -> None:
    key = change.key
    db.session.execute(
        delete(DeskNote).where(
            DeskNote.round_id == round_id,
            DeskNote.submission_id == submission_id,
            DeskNote.kind == key.kind,
            DeskNote.award_code == key.award,
        )
    )
    if change.after:
        db.session.add(
            DeskNote(
                round_id=round_id,
                submission_id=submission_id,
                kind=key.kind,
                award_code=key.award,
                value=change.after,
                noted_at=now,
                noted_by=actor_id,
            )
        )
