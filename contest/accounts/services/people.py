"""Accounts: created by organisers, registrations and commands; changed by their owners."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.accounts.services.links import revoke_links
from contest.accounts.services.passwords import hash_chosen
from contest.accounts.services.roles import grant_role
from contest.accounts.services.sessions import end_all_sessions
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.infra.hashing import password_matches


def create_user(
    *,
    name: str,
    now: datetime,
    email: str | None = None,
    phone: str | None = None,
    password: str | None = None,
    is_admin: bool = False,
) -> User:
    """Create a person; flushes so that the new id can be used.

    `email` is lower case and `phone` E.164, see `logins`. Raises `RuleBroken` "login_taken" or a code of
    `passwords.check_password`.
    """
    kept = None if password is None else hash_chosen(password, own=(name, email, phone))
    if _owners(email, phone):
        raise RuleBroken("login_taken")
    user = User(
        name=name,
        email=email or None,
        phone=phone or None,
        password_hash=kept,
        is_admin=is_admin,
        created_at=now,
    )
    db.session.add(user)
    db.session.flush()  # the id is needed for memberships and links
    return user


def invent_people(*, names: Sequence[str], rehearsal_id: int, now: datetime) -> list[User]:
    """Create people for a rehearsal: no address, no password, no role elsewhere; flushes for the ids."""
    people = [User(name=name, rehearsal_id=rehearsal_id, created_at=now) for name in names]
    db.session.add_all(people)
    db.session.flush()  # the ids are needed for teams, judges and roles
    return people


def _owners(email: str | None, phone: str | None) -> list[User]:
    same = [column == value for column, value in ((User.email, email), (User.phone, phone)) if value]
    return list(db.session.scalars(select(User).where(or_(*same)).limit(2))) if same else []


def add_person(
    *,
    name: str,
    edition_id: int,
    role: Role,
    actor_id: int | None,
    now: datetime,
    email: str | None = None,
    phone: str | None = None,
) -> User:
    """Give a role to the person with this e-mail or phone, whose account is made when there is none.

    An existing account keeps its own name. Raises `RuleBroken` "login_taken" when e-mail and phone belong to two
    people, "account_closed" when the account was closed.
    """
    owners = _owners(email, phone)
    if len(owners) > 1:
        raise RuleBroken("login_taken")
    user = owners[0] if owners else create_user(name=name, email=email, phone=phone, now=now)
    if not user.is_active:
        raise RuleBroken("account_closed")
    grant_role(user_id=user.id, edition_id=edition_id, role=role, actor_id=actor_id, now=now)
    return user


def _person(user_id: int) -> User:
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound
    return user


def _refuse_address(user: User, email: str | None, phone: str | None) -> None:
    if user.rehearsal_id is not None and (email or phone):
        raise RuleBroken("invented_person")


def change_profile(
    *, user_id: int, name: str, email: str | None, phone: str | None, locale: str | None, now: datetime
) -> None:
    """Change a person's own particulars; a new e-mail or phone makes unused links worthless.

    Raises `RuleBroken` "login_taken", "invented_person" when an address is given to somebody invented.
    """
    user = _person(user_id)
    _refuse_address(user, email, phone)
    if any(owner.id != user_id for owner in _owners(email, phone)):
        raise RuleBroken("login_taken")
    values = {"name": name, "email": email or None, "phone": phone or None, "locale": locale or None}
    changed = sorted(field for field, value in values.items() if getattr(user, field) != value)
    for field in changed:
        setattr(user, field, values[field])
    if not changed:
        return
    audit.record(
        at=now, actor_id=user_id, scope="accounts", action="profile.changed", subject=f"user:{user_id}", fields=changed
    )
    if {"email", "phone"} & set(changed):
        revoke_links(user_id=user_id, edition_id=None, actor_id=user_id, now=now)


def correct_person(
    *, user_id: int, name: str, email: str | None, phone: str | None, actor_id: int | None, now: datetime
) -> bool:
    """Correct an account that others keep, e.g. a guest's mistyped address; tell whether it was theirs to correct.

    An account with a password belongs to its owner, an administrator's to nobody else: they stay as they are. A new
    e-mail or phone makes unused links worthless. Raises `RuleBroken` "login_taken", "invented_person".
    """
    user = _person(user_id)
    _refuse_address(user, email, phone)
    if user.password_hash is not None or user.is_admin:
        return False
    if any(owner.id != user_id for owner in _owners(email, phone)):
        raise RuleBroken("login_taken")
    moved = (user.email, user.phone) != (email or None, phone or None)
    user.name, user.email, user.phone = name, email or None, phone or None
    audit.record(at=now, actor_id=actor_id, scope="accounts", action="profile.corrected", subject=f"user:{user_id}")
    if moved:
        revoke_links(user_id=user_id, edition_id=None, actor_id=actor_id, now=now)
    return True


def change_password(*, user_id: int, current: str, new: str, session: str, now: datetime) -> None:
    """Set a password; every other device is signed out and unused links die.

    `session` is the token of the device in hand, which stays. Raises `RuleBroken` "password_wrong" when a password is
    set and `current` is not it, or a code of `passwords.check_password`.
    """
    user = _person(user_id)
    if user.password_hash is not None and not password_matches(user.password_hash, current):
        raise RuleBroken("password_wrong")
    user.password_hash = hash_chosen(new, own=(user.name, user.email, user.phone))
    audit.record(at=now, actor_id=user_id, scope="accounts", action="password.changed", subject=f"user:{user_id}")
    end_all_sessions(user_id=user_id, actor_id=user_id, now=now, but=session)
    revoke_links(user_id=user_id, edition_id=None, actor_id=user_id, now=now)
