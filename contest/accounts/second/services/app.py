"""The authenticator app: a key shared with a phone, and six digits that change every half minute (RFC 6238)."""

from __future__ import annotations

from datetime import datetime

import pyotp
from sqlalchemy import select, update

from contest.accounts.second.factors import matching_step
from contest.accounts.second.models import AppKey
from contest.errors import RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.infra.signing import seal, unseal


def _purpose(user_id: int) -> str:
    return f"app key {user_id}"  # what is sealed for one person opens for no other


def new_app_key() -> str:
    """Return 160 random bits in base32, as RFC 4226 wants them."""
    return pyotp.random_base32()


def start_app(*, user_id: int, secret_key: str) -> None:
    """Make a new key that waits for its first code; the one in use, if any, goes on working until then."""
    row = db.session.get(AppKey, user_id)
    if row is None:
        row = AppKey(user_id=user_id)
        db.session.add(row)
    row.waiting = seal(secret_key, _purpose(user_id), new_app_key())


def waiting_secret(user_id: int, secret_key: str) -> str | None:
    """Return the key that waits for its first code, base32; none when nothing was started."""
    waiting = db.session.scalar(select(AppKey.waiting).where(AppKey.user_id == user_id))
    return None if waiting is None else unseal(secret_key, _purpose(user_id), waiting)


def confirm_app(*, user_id: int, code: str, secret_key: str, now: datetime) -> None:
    """Put the waiting key into use when `code` is one of its codes.

    Raises `RuleBroken` "app_code_wrong", "app_not_started".
    """
    row = db.session.scalar(select(AppKey).where(AppKey.user_id == user_id).with_for_update())
    secret = None if row is None or row.waiting is None else unseal(secret_key, _purpose(user_id), row.waiting)
    if row is None or secret is None:
        raise RuleBroken("app_not_started")
    step = _step_of(secret, code, now, used=0)
    if step is None:
        raise RuleBroken("app_code_wrong")
    row.sealed, row.waiting, row.last_step, row.set_at = row.waiting, None, step, now
    audit.record(at=now, actor_id=user_id, scope="accounts", action="second.app_set", subject=f"user:{user_id}")


def use_app_code(*, user_id: int, code: str, secret_key: str, now: datetime) -> bool:
    """Tell whether it is a code of the person's app and use it up; of two simultaneous uses exactly one succeeds."""
    row = db.session.execute(select(AppKey.sealed, AppKey.last_step).where(AppKey.user_id == user_id)).one_or_none()
    secret = None if row is None or row.sealed is None else unseal(secret_key, _purpose(user_id), row.sealed)
    if row is None or secret is None:
        return False
    step = _step_of(secret, code, now, used=row.last_step)
    if step is None:
        return False
    taken = (
        update(AppKey)
        .where(AppKey.user_id == user_id, AppKey.sealed == row.sealed, AppKey.last_step < step)
        .values(last_step=step)
        .returning(AppKey.user_id)
        .execution_options(synchronize_session=False)
    )
    return db.session.scalar(taken) is not None


def reseal_apps(*, secret_key: str) -> int:
    """Seal every key anew with the key in use now, so that an earlier one can be given up; return how many were."""
    done = 0
    for row in db.session.scalars(select(AppKey).order_by(AppKey.user_id)):
        for name in ("sealed", "waiting"):
            sealed: str | None = getattr(row, name)
            secret = None if sealed is None else unseal(secret_key, _purpose(row.user_id), sealed)
            if secret is not None:
                setattr(row, name, seal(secret_key, _purpose(row.user_id), secret))
                done += 1
    return done


def _step_of(secret: str, code: str, now: datetime, *, used: int) -> int | None:
    return matching_step("".join(code.split()), now, used, pyotp.HOTP(secret).at)
