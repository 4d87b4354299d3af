"""Reads about award night: the committee's notes, and the awards as a workbook tells them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from contest.infra.db import db
from contest.results.award_list import AwardList
from contest.results.desk import DeskKey, DeskNotes
from contest.results.models import DeskNote
from contest.results.queries.awards import awards_now, latest_list, settled_awards
from contest.submissions.models import Submission


def desk_notes(round_id: int) -> DeskNotes:
    """Return the notes about a round's teams, in one query."""
    rows = db.session.execute(
        select(DeskNote.kind, Submission.code, DeskNote.award_code, DeskNote.value)
        .join(Submission, Submission.id == DeskNote.submission_id)
        .where(DeskNote.round_id == round_id)
        .order_by(DeskNote.id)
    )
    return {DeskKey(row.kind, row.code, row.award_code): row.value for row in rows}


def desk_moments(round_id: int) -> dict[DeskKey, datetime]:
    """Return when each note about a round's teams was written, in one query."""
    rows = db.session.execute(
        select(DeskNote.kind, Submission.code, DeskNote.award_code, DeskNote.noted_at)
        .join(Submission, Submission.id == DeskNote.submission_id)
        .where(DeskNote.round_id == round_id)
    )
    return {DeskKey(row.kind, row.code, row.award_code): row.noted_at for row in rows}


def told_awards(edition_id: int) -> tuple[AwardList, bool]:
    """Return the newest settled awards and True, or who would get what by the frozen results and False."""
    found = latest_list(edition_id)
    if found is not None:
        return settled_awards(found.id), True
    return awards_now(edition_id), False
