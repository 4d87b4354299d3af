"""What a response sheet is compared with."""

from __future__ import annotations

from sqlalchemy import select

from contest.exchange.known import Entered
from contest.infra.db import db
from contest.submissions.models import Submission, Team


def entered_of(edition_id: int) -> list[Entered]:
    """Return every submission of the edition, whatever its state, in one query."""
    rows = db.session.execute(
        select(Submission.code, Team.name, Submission.title, Team.email)
        .join(Team, Team.id == Submission.team_id)
        .where(Submission.edition_id == edition_id)
        .order_by(Submission.id)
    )
    return [Entered(code, team, title, email) for code, team, title, email in rows]
