"""Conflicts of interest are declared and taken back; they hold in every round, at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from contest.editions.models import Round
from contest.editions.phases import BEFORE_CLOSE
from contest.editions.services.rows import edition_row
from contest.errors import NotFound
from contest.infra import audit
from contest.infra.db import db
from contest.judging.models import Assignment, Conflict, Judge, Scorecard
from contest.judging.services.judges import judge_row
from contest.submissions.models import Submission


@dataclass(frozen=True, slots=True)
class Declared:
    """What a declaration did: assignments taken away, and scorecards that count no longer (they stay stored)."""

    removed: int
    put_aside: int


def declare_conflict(
    *, edition_id: int, judge_id: int, submission_id: int, reason: str, actor_id: int | None, now: datetime
) -> Declared:
    """Bar a judge from a submission in every round; declaring again changes the reason.

    Assignments of the pair that were not begun disappear from rounds that are not closed. Scorecards stay and count
    for nothing while the conflict stands. Raises `NotFound`, `RuleBroken` "edition_archived".
    """
    edition_row(edition_id)
    judge, submission = judge_row(edition_id, judge_id), _submission(edition_id, submission_id)
    row = _declared(judge.id, submission.id)
    if row is None:
        row = Conflict(judge_id=judge.id, submission_id=submission.id)
        db.session.add(row)
    row.reason = reason
    outcome = _clear(judge.id, submission.id)
    _trace(
        "conflict.declared",
        judge,
        submission,
        actor_id,
        now,
        reason=reason,
        removed=outcome.removed,
        put_aside=outcome.put_aside,
    )
    return outcome


def withdraw_conflict(
    *, edition_id: int, judge_id: int, submission_id: int, actor_id: int | None, now: datetime
) -> None:
    """Take a declaration back; scorecards of the pair count again.

    Raises `NotFound`, `RuleBroken` "edition_archived".
    """
    edition_row(edition_id)
    judge, submission = judge_row(edition_id, judge_id), _submission(edition_id, submission_id)
    row = _declared(judge.id, submission.id)
    if row is None:
        raise NotFound
    _trace("conflict.withdrawn", judge, submission, actor_id, now, reason=row.reason)
    db.session.delete(row)


def _submission(edition_id: int, submission_id: int) -> Submission:
    row = db.session.scalar(
        select(Submission).where(Submission.edition_id == edition_id, Submission.id == submission_id)
    )
    if row is None:
        raise NotFound
    return row


def _declared(judge_id: int, submission_id: int) -> Conflict | None:
    return db.session.scalar(
        select(Conflict).where(Conflict.judge_id == judge_id, Conflict.submission_id == submission_id)
    )


def _clear(judge_id: int, submission_id: int) -> Declared:
    rows = db.session.execute(
        select(Assignment.id, Round.state)
        .join(Round, Round.id == Assignment.round_id)
        .where(Assignment.judge_id == judge_id, Assignment.submission_id == submission_id)
        .with_for_update(of=Assignment)  # whoever saves a scorecard now ends first
    ).all()
    begun = set(
        db.session.scalars(select(Scorecard.assignment_id).where(Scorecard.assignment_id.in_([row.id for row in rows])))
    )
    loose = [row.id for row in rows if row.id not in begun and row.state in BEFORE_CLOSE]
    db.session.execute(delete(Assignment).where(Assignment.id.in_(loose)))
    return Declared(removed=len(loose), put_aside=len(begun))


def _trace(
    action: str, judge: Judge, submission: Submission, actor_id: int | None, now: datetime, **facts: str | int
) -> None:
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{judge.edition_id}",
        action=action,
        subject=f"judge:{judge.id}",
        judge=judge.code,
        submission=submission.code,
        **facts,
    )
