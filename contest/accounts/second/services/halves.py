"""Half sign-ins: what stands between the first factor and the second."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select, update

from contest.accounts.models import User
from contest.accounts.second.factors import HALF_LIFE, FirstStep
from contest.accounts.second.models import HalfSignIn
from contest.errors import RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.infra.signing import new_token, token_hash


class Whole(NamedTuple):
    """Whose sign-in is complete, and the round that the device is paired for, if any."""

    user_id: int
    round_id: int | None


def begin_half(*, user_id: int, way: FirstStep, round_id: int | None, now: datetime) -> str:
    """Note that somebody has shown a first factor and return the token that this browser keeps."""
    db.session.execute(delete(HalfSignIn).where(HalfSignIn.user_id == user_id, HalfSignIn.expires_at <= now))
    token = new_token()
    expires = now + HALF_LIFE
    row = HalfSignIn(token_hash=token_hash(token), user_id=user_id, way=way, round_id=round_id, expires_at=expires)
    db.session.add(row)
    return token


def finish_half(*, token: str, second: str, now: datetime) -> Whole:
    """Use up a half sign-in after its second factor was shown; `second` is noted ("app", "code", "passkey").

    Of two simultaneous uses exactly one succeeds. Raises `RuleBroken` "half_not_valid".
    """
    used = (
        update(HalfSignIn)
        .where(HalfSignIn.token_hash == token_hash(token), HalfSignIn.used_at.is_(None), HalfSignIn.expires_at > now)
        .where(HalfSignIn.user_id.in_(select(User.id).where(User.is_active)))
        .values(used_at=now)
        .returning(HalfSignIn.user_id, HalfSignIn.round_id)
        .execution_options(synchronize_session=False)
    )
    row = db.session.execute(used).first()
    if row is None:
        raise RuleBroken("half_not_valid")
    subject = f"user:{row.user_id}"
    audit.record(at=now, actor_id=row.user_id, scope="accounts", action="second.passed", subject=subject, second=second)
    return Whole(row.user_id, row.round_id)
