"""Recovery codes: ten on paper, each replaces the second factor once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from contest.accounts.models import User
from contest.accounts.second.factors import RECOVERY_CODES, is_one_time_code, plain_recovery_code
from contest.accounts.second.models import RecoveryCode
from contest.accounts.second.services.app import use_app_code
from contest.infra import audit
from contest.infra.db import db
from contest.infra.signing import new_recovery_code, token_hash


def renew_codes(*, user_id: int, now: datetime) -> tuple[str, ...]:
    """Make ten new codes and return them, to be shown once; those before are worthless."""
    # Locked: two requests at once must not leave twenty.
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update())
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = tuple(new_recovery_code() for _ in range(RECOVERY_CODES))
    db.session.add_all([RecoveryCode(user_id=user_id, code_hash=token_hash(code)) for code in codes])
    audit.record(at=now, actor_id=user_id, scope="accounts", action="second.codes_made", subject=f"user:{user_id}")
    return codes


def first_codes(*, user_id: int, now: datetime) -> tuple[str, ...]:
    """Make the codes that come with a first second factor; nothing when there are unused ones."""
    left = select(RecoveryCode.id).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)).limit(1)
    return () if db.session.scalar(left) is not None else renew_codes(user_id=user_id, now=now)


def use_recovery_code(*, user_id: int, code: str, now: datetime) -> bool:
    """Tell whether it is an unused code of the person and use it up; of two simultaneous uses exactly one succeeds."""
    used = (
        update(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
        .where(RecoveryCode.code_hash == token_hash(plain_recovery_code(code)))
        .values(used_at=now)
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    )
    if db.session.scalar(used) is None:
        return False
    audit.record(at=now, actor_id=user_id, scope="accounts", action="second.code_used", subject=f"user:{user_id}")
    return True


def accept_code(*, user_id: int, code: str, secret_key: str, now: datetime) -> str | None:
    """Use up what was typed: return "app" for six digits of the app, "code" for a recovery code, none when neither."""
    if is_one_time_code(code):
        return "app" if use_app_code(user_id=user_id, code=code, secret_key=secret_key, now=now) else None
    return "code" if use_recovery_code(user_id=user_id, code=code, now=now) else None
