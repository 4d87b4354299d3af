"""Whom a request is about."""

from __future__ import annotations

from sqlalchemy import select

from contest.infra.db import db
from contest.letters import name_digest
from contest.privacy.models import Erasure, PrivacyRequest
from contest.privacy.persons import Subject
from contest.submissions.models import Team, TeamMember


def request_in(edition_id: int, public_id: str) -> PrivacyRequest | None:
    """Return a request of an edition by its public id."""
    wanted = (PrivacyRequest.edition_id == edition_id, PrivacyRequest.public_id == public_id)
    return db.session.scalar(select(PrivacyRequest).where(*wanted))


def subject_of(request: PrivacyRequest) -> Subject | None:
    """Return the person of a request; none when the name alone is known and not exactly one member bears it."""
    if db.session.scalar(select(Erasure.id).where(Erasure.alias == request.name)) is not None:
        return None  # erased already
    if request.user_id is not None:
        return Subject(user_id=request.user_id)
    if request.team_id is not None:
        return Subject(team_id=request.team_id, name_key=request.name_key or name_digest(request.name))
    key = name_digest(request.name)
    rows = db.session.execute(
        select(TeamMember.team_id, TeamMember.name)
        .join(Team, Team.id == TeamMember.team_id)
        .where(Team.edition_id == request.edition_id)
        .order_by(TeamMember.id)
    )
    found = [row.team_id for row in rows if name_digest(row.name) == key]
    return Subject(team_id=found[0], name_key=key) if len(found) == 1 else None
