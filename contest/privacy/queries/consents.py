"""Papers behind consents."""

from __future__ import annotations

from sqlalchemy import select

from contest.infra.db import db
from contest.submissions.models import Consent, Team


def scan_of(edition_id: int, public_id: str) -> Consent | None:
    """Return the record of an edition whose paper was filed."""
    return db.session.scalar(
        select(Consent)
        .join(Team, Team.id == Consent.team_id)
        .where(Team.edition_id == edition_id, Consent.public_id == public_id, Consent.scan_key.is_not(None))
    )
