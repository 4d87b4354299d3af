"""Sessions: a signed-in device is a row, and ending the row signs the device out."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update

from contest.accounts.models import UserSession
from contest.errors import NotFound
from contest.infra import audit
from contest.infra.db import db
from contest.infra.signing import new_token, token_hash

SESSION_LIFE = timedelta(days=14)


def start_session(
    *,
    user_id: int,
    device: str,
    now: datetime,
    life: timedelta = SESSION_LIFE,
    round_id: int | None = None,
    place: str = "",
) -> str:
    """Open a session for a device, paired for one round or for all the person may do, and return its token."""
    token = new_token()
    db.session.add(
        UserSession(
            token_hash=token_hash(token),
            user_id=user_id,
            created_at=now,
            expires_at=now + life,
            device=device[:200],
            seen_at=now,
            place=place,
            round_id=round_id,
        )
    )
    return token


def note_use(*, token: str, place: str, now: datetime) -> None:
    """Note that a device is in use, and where; the caller asks no more often than it has to be known."""
    db.session.execute(
        update(UserSession)
        .where(UserSession.token_hash == token_hash(token))
        .values(seen_at=now, place=place)
        .execution_options(synchronize_session=False)
    )


def note_sign_in(*, user_id: int, now: datetime) -> None:
    """Note that a person came in, whatever the way was."""
    audit.record(at=now, actor_id=user_id, scope="accounts", action="session.started", subject=f"user:{user_id}")


def end_session(*, token: str, now: datetime) -> None:
    """End the session of a token on every device that holds it."""
    user_id = db.session.scalar(
        update(UserSession)
        .where(UserSession.token_hash == token_hash(token), UserSession.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(UserSession.user_id)
    )
    if user_id is not None:
        audit.record(at=now, actor_id=user_id, scope="accounts", action="session.left", subject=f"user:{user_id}")


def note_proved(*, user_id: int, way: str, now: datetime) -> None:
    """Note that somebody proved once more who they are: by "password", "app" or "passkey"."""
    subject = f"user:{user_id}"
    audit.record(at=now, actor_id=user_id, scope="accounts", action="session.proved", subject=subject, way=way)


def renew_session(*, token: str, now: datetime, way: str = "") -> str:
    """Give a session a new token after its person has proved who they are; the old one opens nothing any more.

    `way` is noted, unless that was done with what was used up. Raises `NotFound` when it has ended.
    """
    fresh = new_token()
    renewed = db.session.scalar(
        update(UserSession)
        .where(UserSession.token_hash == token_hash(token), UserSession.revoked_at.is_(None))
        .values(token_hash=token_hash(fresh), proved_at=now)
        .returning(UserSession.user_id)
    )
    if renewed is None:
        raise NotFound
    if way:
        note_proved(user_id=renewed, way=way, now=now)
    return fresh


def end_device(*, session_id: int, user_id: int, actor_id: int, now: datetime) -> None:
    """End one session of a person; raise `NotFound` when it is not theirs or has ended."""
    ended = db.session.scalar(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.user_id == user_id, UserSession.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(UserSession.id)
    )
    if ended is None:
        raise NotFound
    audit.record(at=now, actor_id=actor_id, scope="accounts", action="session.ended", subject=f"user:{user_id}")


def end_all_sessions(*, user_id: int, actor_id: int | None, now: datetime, but: str | None = None) -> None:
    """End every session of a person, except the one with the token `but`."""
    ending = update(UserSession).where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None))
    if but is not None:
        ending = ending.where(UserSession.token_hash != token_hash(but))
    db.session.execute(ending.values(revoked_at=now))
    audit.record(at=now, actor_id=actor_id, scope="accounts", action="sessions.ended", subject=f"user:{user_id}")
