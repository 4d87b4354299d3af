"""Reads about sign-ins with providers outside."""

from __future__ import annotations

from sqlalchemy import select

from contest.accounts.models import User
from contest.accounts.outside.models import OutsideLogin
from contest.infra.db import db


def providers_of(user_id: int) -> frozenset[str]:
    """Return the keys of the providers that a person is linked with."""
    return frozenset(db.session.scalars(select(OutsideLogin.provider).where(OutsideLogin.user_id == user_id)))


def owner_of(issuer: str, subject: str) -> User | None:
    """Return the person whom an issuer knows by this subject, closed accounts too."""
    known = select(User).join(OutsideLogin, OutsideLogin.user_id == User.id)
    return db.session.scalar(known.where(OutsideLogin.issuer == issuer, OutsideLogin.subject == subject))


def is_linked(user_id: int, issuer: str) -> bool:
    """Tell whether a person is linked with an issuer, under whatever subject."""
    found = select(OutsideLogin.id).where(OutsideLogin.user_id == user_id, OutsideLogin.issuer == issuer)
    return db.session.scalar(found) is not None
