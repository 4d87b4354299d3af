"""Requests about personal data: taken in with their deadlines, answered, carried out or refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from contest.editions.models import Edition
from contest.editions.moments import end_of, local_day
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.letters import name_digest
from contest.privacy.deadlines import EXTENSION_DAYS, answer_day, last_day
from contest.privacy.kinds import AskedBy, RequestKind, RequestState
from contest.privacy.models import PrivacyRequest

MOST_OPEN = 10
"""Of one member or account at a time."""
LIVE = (RequestState.OPEN, RequestState.ANSWERED)


@dataclass(frozen=True, slots=True)
class About:
    """Whose data it is about: a member by team and name, or an account; a name alone when neither is known."""

    name: str
    team_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and where the answer goes."""

    kind: AskedBy
    name: str = ""
    email: str = ""


def ask(
    *,
    edition_id: int,
    kind: RequestKind,
    about: About,
    asker: Asker,
    words: str,
    actor_id: int | None,
    now: datetime,
) -> PrivacyRequest:
    """Take in a request; the clock runs from the day on which it came. Flushes for its public id.

    Raises `RuleBroken` "privacy_requests_too_many" (`most`).
    """
    key = name_digest(about.name)
    alike = select(func.count()).select_from(PrivacyRequest).where(
        PrivacyRequest.edition_id == edition_id, PrivacyRequest.team_id == about.team_id,
        PrivacyRequest.name_key == key, PrivacyRequest.state.in_(LIVE),
    )  # fmt: skip
    if (db.session.scalar(alike) or 0) >= MOST_OPEN:
        raise RuleBroken("privacy_requests_too_many", most=MOST_OPEN)
    zone = db.session.scalar(select(Edition.timezone).where(Edition.id == edition_id)) or "UTC"
    day = local_day(now, zone)
    row = PrivacyRequest(
        edition_id=edition_id, kind=kind, team_id=about.team_id, user_id=about.user_id, name=about.name, name_key=key,
        asked_by=asker.kind, asker=asker.name, email=asker.email, words=words, at=now, by_id=actor_id,
        answer_due=end_of(answer_day(day), zone), due=end_of(last_day(kind, day), zone),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()  # its public id is part of the answer
    _note(row, "asked", actor_id, now, kind=kind.value, asked_by=asker.kind.value)
    return row


def answer(*, edition_id: int, public_id: str, words: str, actor_id: int | None, now: datetime) -> PrivacyRequest:
    """Answer that a request was received and what happens now. Raises `NotFound`, "privacy_wrong_state", …_missing."""
    row = _open(edition_id, public_id, RequestState.OPEN)
    row.answer, row.answered_at, row.answered_by = _said(words), now, actor_id
    row.state = RequestState.ANSWERED
    _note(row, "answered", actor_id, now, late=now >= row.answer_due)
    return row


def close(
    *, edition_id: int, public_id: str, words: str, refused: bool, actor_id: int | None, now: datetime
) -> PrivacyRequest:
    """Close a request with what was done, or why not; closing one that is open answers it, too.

    Raises `NotFound`, `RuleBroken` "privacy_wrong_state", "privacy_answer_missing".
    """
    row = _open(edition_id, public_id, *LIVE)
    row.outcome, row.closed_at, row.closed_by = _said(words), now, actor_id
    if row.answered_at is None:
        row.answer, row.answered_at, row.answered_by = row.outcome, now, actor_id
    row.state = RequestState.REFUSED if refused else RequestState.DONE
    _note(row, "closed", actor_id, now, refused=refused, late=now >= row.due)
    return row


def extend(*, edition_id: int, public_id: str, words: str, actor_id: int | None, now: datetime) -> PrivacyRequest:
    """Extend the time to carry a request out, once, by 15 days, with the reason that the person reads.

    Raises `NotFound`, `RuleBroken` "privacy_wrong_state", "privacy_answer_missing".
    """
    row = _open(edition_id, public_id, *LIVE)
    if row.extended_at is not None:
        raise RuleBroken("privacy_wrong_state")
    row.extended_reason, row.extended_at = _said(words)[:500], now
    row.due += timedelta(days=EXTENSION_DAYS)
    _note(row, "extended", actor_id, now)
    return row


def _open(edition_id: int, public_id: str, *states: RequestState) -> PrivacyRequest:
    row = db.session.scalar(
        select(PrivacyRequest)
        .where(PrivacyRequest.edition_id == edition_id, PrivacyRequest.public_id == public_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound
    if row.state not in states:
        raise RuleBroken("privacy_wrong_state")
    return row


def _said(words: str) -> str:
    if not words.strip():
        raise RuleBroken("privacy_answer_missing")
    return words.strip()[:2000]


def _note(row: PrivacyRequest, action: str, actor_id: int | None, now: datetime, **facts: object) -> None:
    # No name: the trail outlives the people's data.
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{row.edition_id}",
        action=f"privacy.{action}",
        subject=f"request:{row.public_id}",
        **facts,
    )
