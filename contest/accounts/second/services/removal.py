"""Second factors are taken away: by their owner, or by the administrator for who has lost a phone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from contest.accounts.second.models import AppKey, HalfSignIn, Passkey, RecoveryCode
from contest.accounts.second.queries import has_second_factor
from contest.accounts.services import end_all_sessions
from contest.errors import NotFound
from contest.infra import audit
from contest.infra.db import db


def remove_app(*, user_id: int, now: datetime) -> None:
    """Take away the app's key; raise `NotFound` when there is none."""
    gone = delete(AppKey).where(AppKey.user_id == user_id, AppKey.sealed.is_not(None)).returning(AppKey.user_id)
    if db.session.scalar(gone) is None:
        raise NotFound
    _removed("second.app_removed", user_id, now)


def remove_passkey(*, user_id: int, public_id: str, now: datetime) -> None:
    """Take away one passkey; raise `NotFound` when it is not the person's."""
    gone = delete(Passkey).where(Passkey.user_id == user_id, Passkey.public_id == public_id).returning(Passkey.id)
    if db.session.scalar(gone) is None:
        raise NotFound
    _removed("second.passkey_removed", user_id, now)


def _removed(action: str, user_id: int, now: datetime) -> None:
    audit.record(at=now, actor_id=user_id, scope="accounts", action=action, subject=f"user:{user_id}")
    if not has_second_factor(user_id):  # codes replace a factor; without one they open nothing
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def remove_everything(*, user_id: int, actor_id: int | None, now: datetime) -> None:
    """Take away all second factors of a person and end every session; raise `NotFound` when there are none."""
    if not has_second_factor(user_id):
        raise NotFound
    for table in (AppKey, Passkey, RecoveryCode, HalfSignIn):
        db.session.execute(delete(table).where(table.user_id == user_id))
    audit.record(at=now, actor_id=actor_id, scope="accounts", action="second.removed", subject=f"user:{user_id}")
    end_all_sessions(user_id=user_id, actor_id=actor_id, now=now)
