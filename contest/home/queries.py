"""Reads for the front door."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from contest.accounts.models import Membership, User
from contest.accounts.roles import Role
from contest.editions.models import Edition
from contest.infra.db import db


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be given a way in."""

    user_id: int
    name: str
    role: Role
    edition_id: int


def count_editions() -> int:
    """Return how many editions there are."""
    return db.session.scalar(select(func.count()).select_from(Edition)) or 0


def demo_people() -> list[Person]:
    """Return one organiser, judge and captain of the newest test edition; empty when there is none."""
    edition_id = db.session.scalar(select(Edition.id).where(Edition.is_test).order_by(Edition.id.desc()).limit(1))
    if edition_id is None:
        return []
    rows = db.session.execute(
        select(User.id, User.name, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.edition_id == edition_id, Membership.role.in_((Role.ORGANISER, Role.JUDGE, Role.CAPTAIN)))
        .order_by(Membership.id)
    )
    first: dict[Role, Person] = {}
    for user_id, name, role in rows:
        first.setdefault(role, Person(user_id, name, role, edition_id))
    return [first[role] for role in (Role.ORGANISER, Role.JUDGE, Role.CAPTAIN) if role in first]
