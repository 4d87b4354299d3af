"""The entries of an edition, for counting who takes part."""

from __future__ import annotations

from sqlalchemy import select

from contest.editions.models import Field
from contest.feedback.participation import Entry
from contest.infra.db import db
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission, Team

COUNTED = (SubmissionStatus.SUBMITTED, SubmissionStatus.DRAFT)


def entries_of(edition_id: int, *, english: bool) -> tuple[Entry, ...]:
    """Return entries that are handed in or in draft, in one query; withdrawn and disqualified ones are left out."""
    rows = db.session.execute(
        select(
            Team.school,
            Field.name_vi,
            Field.name_en,
            Submission.status,
            Submission.entered_at,
            Submission.submitted_at,
            Submission.updated_at,
        )
        .join(Team, Team.id == Submission.team_id)
        .outerjoin(Field, Field.id == Submission.field_id)
        .where(Submission.edition_id == edition_id, Submission.status.in_(COUNTED))
        .order_by(Submission.id)
    )
    return tuple(
        Entry(
            school=row.school,
            field=((row.name_en or row.name_vi) if english else (row.name_vi or row.name_en)) or "",
            # An imported entry may carry no moment: it came with the file, when the row was written.
            handed_in=(row.entered_at or row.submitted_at or row.updated_at)
            if row.status is SubmissionStatus.SUBMITTED
            else None,
        )
        for row in rows
    )
