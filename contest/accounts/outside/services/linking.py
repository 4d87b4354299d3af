"""A word from a provider outside becomes a person of ours, or is refused; it never gives a role."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from contest.accounts.logins import normal_email
from contest.accounts.outside.models import OutsideLogin
from contest.accounts.outside.providers import Claimed, Provider, may_create, trusted_address
from contest.accounts.outside.queries import is_linked, owner_of
from contest.accounts.queries import user_by_login
from contest.accounts.services import create_user
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db


def person_for(*, provider: Provider, claimed: Claimed, now: datetime) -> int:
    """Return whose sign-in it is: who is linked, else who has the verified address, else who may be new.

    Raises `RuleBroken` "outside_unverified", "outside_unknown" when nobody has the address, "outside_other_person" when
    its owner is linked with somebody else there, "account_closed".
    """
    owner = owner_of(claimed.issuer, claimed.subject)
    if owner is not None:
        if not owner.is_active:
            raise RuleBroken("account_closed")
        return owner.id
    email = normal_email(trusted_address(provider, claimed))
    user = user_by_login(email)
    if user is None and not may_create(provider, email):
        raise RuleBroken("outside_unknown", provider=provider.name)
    if user is None:
        user = create_user(name=claimed.name[:200] or email.partition("@")[0], email=email, now=now)
    link(user_id=user.id, provider=provider, claimed=claimed, now=now)
    return user.id


def link(*, user_id: int, provider: Provider, claimed: Claimed, now: datetime) -> None:
    """Link a person with who they are outside; nothing happens when they are linked so already.

    Raises `RuleBroken` "outside_taken" when that is somebody else's, "outside_other_person" when the person is linked
    with another account there.
    """
    owner = owner_of(claimed.issuer, claimed.subject)
    if owner is not None:
        if owner.id != user_id:
            raise RuleBroken("outside_taken", provider=provider.name)
        return
    if is_linked(user_id, claimed.issuer):
        raise RuleBroken("outside_other_person", provider=provider.name)
    row = OutsideLogin(
        user_id=user_id, issuer=claimed.issuer, subject=claimed.subject, provider=provider.key, linked_at=now
    )
    db.session.add(row)
    subject = f"user:{user_id}"
    audit.record(
        at=now, actor_id=user_id, scope="accounts", action="outside.linked", subject=subject, provider=provider.key
    )


def unlink(*, user_id: int, provider_key: str, now: datetime) -> None:
    """Take a link away; raise `NotFound` when there is none."""
    gone = delete(OutsideLogin).where(OutsideLogin.user_id == user_id, OutsideLogin.provider == provider_key)
    if not db.session.scalars(gone.returning(OutsideLogin.id)).all():
        raise NotFound
    subject = f"user:{user_id}"
    audit.record(
        at=now, actor_id=user_id, scope="accounts", action="outside.unlinked", subject=subject, provider=provider_key
    )
