"""Reads about second factors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from contest.accounts.models import Membership, User
from contest.accounts.roles import COMMITTEE
from contest.accounts.second.factors import Factors, FirstStep, PasskeyFacts
from contest.accounts.second.models import AppKey, HalfSignIn, Passkey, RecoveryCode
from contest.infra.db import db
from contest.infra.signing import token_hash


def _has_one() -> ColumnElement[bool]:
    app = select(AppKey.user_id).where(AppKey.user_id == User.id, AppKey.sealed.is_not(None)).exists()
    return or_(app, select(Passkey.id).where(Passkey.user_id == User.id).exists())


def has_second_factor(user_id: int) -> bool:
    """Tell whether the person has an authenticator app or a passkey: signing in then takes a second step."""
    return db.session.scalar(select(User.id).where(User.id == user_id, _has_one())) is not None


def has_app(user_id: int) -> bool:
    """Tell whether the person has a confirmed authenticator app."""
    found = select(AppKey.user_id).where(AppKey.user_id == user_id, AppKey.sealed.is_not(None))
    return db.session.scalar(found) is not None


def has_passkey(user_id: int) -> bool:
    """Tell whether the person has a passkey."""
    return db.session.scalar(select(Passkey.id).where(Passkey.user_id == user_id).limit(1)) is not None


def factors_of(user_id: int) -> Factors:
    """Return what the person has set up; passkeys in the order they were added."""
    since = db.session.scalar(select(AppKey.set_at).where(AppKey.user_id == user_id, AppKey.sealed.is_not(None)))
    keys = db.session.execute(
        select(Passkey.public_id, Passkey.name, Passkey.added_at, Passkey.used_at)
        .where(Passkey.user_id == user_id)
        .order_by(Passkey.id)
    )
    left = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return Factors(since, tuple(PasskeyFacts(*row) for row in keys), db.session.scalar(left) or 0)


def credential_ids(user_id: int) -> Sequence[str]:
    """Return the identifiers of the person's passkeys, base64url, in the order they were added."""
    return db.session.scalars(
        select(Passkey.credential_id).where(Passkey.user_id == user_id).order_by(Passkey.id)
    ).all()


def half_way(token: str, now: datetime) -> tuple[int, FirstStep] | None:
    """Return whose half sign-in it is and by which way it began; none when used, expired or unknown."""
    row = db.session.execute(
        select(HalfSignIn.user_id, HalfSignIn.way)
        .join(User, User.id == HalfSignIn.user_id)
        .where(HalfSignIn.token_hash == token_hash(token), HalfSignIn.used_at.is_(None))
        .where(HalfSignIn.expires_at > now, User.is_active)
    ).one_or_none()
    return None if row is None else (row.user_id, row.way)


def committee_counts(edition_id: int) -> tuple[int, int]:
    """Return how many organisers and secretaries the edition has, and how many of them have a second factor."""
    held = (
        select(User.id, _has_one().label("safe"))
        .where(User.is_active)
        .where(
            User.id.in_(
                select(Membership.user_id).where(Membership.edition_id == edition_id, Membership.role.in_(COMMITTEE))
            )
        )
    )
    rows = db.session.execute(held).all()
    return len(rows), sum(bool(row.safe) for row in rows)
