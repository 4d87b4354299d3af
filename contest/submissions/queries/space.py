"""How much is stored."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from contest.infra.db import db
from contest.submissions.models import Submission, SubmissionFile
from contest.submissions.quotas import Used

HOUR = timedelta(hours=1)


def edition_bytes(edition_id: int) -> int:
    """Return what all files of an edition weigh, replaced ones included, in one query."""
    total = select(func.coalesce(func.sum(SubmissionFile.size), 0)).join(
        Submission, Submission.id == SubmissionFile.submission_id
    )
    return int(db.session.scalars(total.where(Submission.edition_id == edition_id)).one())


def used_by(submission_id: int, now: datetime) -> Used:
    """Return what counts against the quotas of one more file of a submission, in three queries."""
    own = db.session.execute(
        select(Submission.edition_id, Submission.team_id).where(Submission.id == submission_id)
    ).one()
    recent, here = SubmissionFile.uploaded_at > now - HOUR, SubmissionFile.submission_id == submission_id
    row = db.session.execute(
        select(
            func.coalesce(func.sum(SubmissionFile.size), 0).label("bytes"),
            func.count().filter(recent).label("recent"),
            func.count().filter(here).label("files"),
        )
        .join(Submission, Submission.id == SubmissionFile.submission_id)
        .where(Submission.team_id == own.team_id)
    ).one()
    return Used(int(row.bytes), edition_bytes(own.edition_id), row.recent, row.files)
