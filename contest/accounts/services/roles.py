"""Roles are given and taken per edition; each change is on record and holds from the next request on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from contest.accounts.models import Membership, User
from contest.accounts.roles import Role
from contest.accounts.services.links import revoke_links
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db


def grant_role(*, user_id: int, edition_id: int, role: Role, actor_id: int | None, now: datetime) -> None:
    """Give a person a role in an edition; nothing happens when it is held already.

    Raises `RuleBroken` "invented_person" for somebody who was made for a rehearsal and is to be let in elsewhere.
    """
    held = select(Membership.id).where(
        Membership.user_id == user_id, Membership.edition_id == edition_id, Membership.role == role
    )
    if db.session.scalar(held) is not None:
        return
    if db.session.scalar(select(User.rehearsal_id).where(User.id == user_id)) not in (None, edition_id):
        raise RuleBroken("invented_person")
    db.session.add(Membership(user_id=user_id, edition_id=edition_id, role=role))
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{edition_id}",
        action="role.granted",
        subject=f"user:{user_id}",
        role=role.value,
    )


def revoke_role(*, user_id: int, edition_id: int, role: Role, actor_id: int | None, now: datetime) -> None:
    """Take a role from a person; with the last one the person's unused links of the edition die too.

    Raises `NotFound` when the role is not held, `RuleBroken` "last_organiser" when nobody else could run the edition.
    """
    if role is Role.ORGANISER:
        _keep_an_organiser(user_id, edition_id)
    rows = db.session.scalars(
        select(Membership).where(Membership.user_id == user_id, Membership.edition_id == edition_id)
    ).all()
    held = {row.role: row for row in rows}
    if role not in held:
        raise NotFound
    db.session.delete(held[role])
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{edition_id}",
        action="role.revoked",
        subject=f"user:{user_id}",
        role=role.value,
    )
    if len(held) == 1:
        revoke_links(user_id=user_id, edition_id=edition_id, actor_id=actor_id, now=now)


def _keep_an_organiser(user_id: int, edition_id: int) -> None:
    """Lock the organisers' rows, so that two organisers cannot remove each other at the same moment."""
    organisers = db.session.scalars(
        select(Membership.user_id)
        .where(Membership.edition_id == edition_id, Membership.role == Role.ORGANISER)
        .order_by(Membership.id)
        .with_for_update()
    ).all()
    if list(organisers) == [user_id]:
        raise RuleBroken("last_organiser")
