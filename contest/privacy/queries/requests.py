"""The queue of requests about personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from contest.infra.db import db
from contest.privacy.kinds import RequestState
from contest.privacy.models import PrivacyRequest
from contest.submissions.models import Team

LIVE = (RequestState.OPEN, RequestState.ANSWERED)


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request with its team; `late` when what is due next is overdue."""

    request: PrivacyRequest
    team: str
    next_due: datetime | None
    late: bool


def requests_of(edition_id: int, now: datetime) -> tuple[RequestLine, ...]:
    """Return the requests of an edition: what is due first, then the closed ones, the latest first."""
    rows = db.session.execute(
        select(PrivacyRequest, Team.name)
        .outerjoin(Team, Team.id == PrivacyRequest.team_id)
        .where(PrivacyRequest.edition_id == edition_id)
        .order_by(PrivacyRequest.id)
    )
    lines = [_line(row.PrivacyRequest, row.name or "", now) for row in rows]
    live = sorted((one for one in lines if one.next_due), key=lambda one: (one.next_due, one.request.id))
    return (*live, *(one for one in reversed(lines) if one.next_due is None))


def _line(row: PrivacyRequest, team: str, now: datetime) -> RequestLine:
    due = {RequestState.OPEN: row.answer_due, RequestState.ANSWERED: row.due}.get(row.state)
    return RequestLine(row, team, due, due is not None and now >= due)


def open_count(edition_id: int) -> int:
    """Return how many requests wait for an answer or for what was promised."""
    counted = select(func.count()).select_from(PrivacyRequest)
    return (
        db.session.scalar(counted.where(PrivacyRequest.edition_id == edition_id, PrivacyRequest.state.in_(LIVE))) or 0
    )


def requests_about(team_id: int, name_key: str) -> Sequence[PrivacyRequest]:
    """Return what was asked about one member, the latest first."""
    return db.session.scalars(
        select(PrivacyRequest)
        .where(PrivacyRequest.team_id == team_id, PrivacyRequest.name_key == name_key)
        .order_by(PrivacyRequest.id.desc())
    ).all()
