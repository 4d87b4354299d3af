"""Handed-in work holds its edition: an announcement cannot be taken back once a team has relied on it."""

from __future__ import annotations

from sqlalchemy import exists, select

from contest.editions.services.holds import hold
from contest.infra.db import db
from contest.submissions.models import Submission


@hold
def anything_handed_in(edition_id: int) -> bool:
    """Tell whether any team of the edition has ever submitted, even if it withdrew later."""
    # A team that withdrew and began anew is a draft again, but its receipts tell that it relied on the announcement.
    relied = Submission.submitted_at.is_not(None) | Submission.receipts.any()
    found = exists().where(Submission.edition_id == edition_id, relied)
    return bool(db.session.scalar(select(found)))
