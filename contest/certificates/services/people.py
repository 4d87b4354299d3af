"""Volunteers, and consents to print a young person's name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from contest.certificates.kinds import Basis
from contest.certificates.models import NameConsent, Volunteer
from contest.certificates.texts import name_key
from contest.editions.services.rows import edition_row, trace
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db
from contest.submissions.models import Team, TeamMember

MOST_VOLUNTEERS = 2_000


def add_volunteers(
    *, edition_id: int, people: Sequence[tuple[str, str, str]], actor_id: int | None, now: datetime
) -> int:
    """Add people as (name, task, e-mail); who stands there already with the same name and task is left out.

    Returns how many were added. Raises `RuleBroken` "edition_archived", "volunteers_too_many" (`most`).
    """
    edition_row(edition_id)
    rows = db.session.execute(select(Volunteer.name, Volunteer.task).where(Volunteer.edition_id == edition_id))
    known = {(name_key(name), name_key(task)) for name, task in rows}
    added = 0
    for name, task, email in people:
        key = (name_key(name), name_key(task))
        if key not in known:
            known.add(key)
            added += 1
            db.session.add(
                Volunteer(edition_id=edition_id, name=name, task=task, email=email, added_at=now, added_by=actor_id)
            )
    if len(known) > MOST_VOLUNTEERS:
        raise RuleBroken("volunteers_too_many", most=MOST_VOLUNTEERS)
    trace("volunteers.added", edition_id=edition_id, actor_id=actor_id, now=now, count=added)
    return added


def remove_volunteer(*, edition_id: int, public_id: str, actor_id: int | None, now: datetime) -> None:
    """Take a volunteer off the list; a certificate that was issued stays in the register. Raises `NotFound`."""
    edition_row(edition_id)
    row = db.session.scalar(
        select(Volunteer).where(Volunteer.edition_id == edition_id, Volunteer.public_id == public_id)
    )
    if row is None:
        raise NotFound
    db.session.delete(row)
    trace("volunteers.removed", edition_id=edition_id, actor_id=actor_id, now=now, subject=f"volunteer:{public_id}")


def record_consents(
    *,
    edition_id: int,
    member_ids: Sequence[int],
    basis: Basis,
    how: str,
    actor_id: int | None,
    now: datetime,
    captain_id: int | None = None,
) -> int:
    """Record that these members' names may be printed, and how that was told; those with a record keep theirs.

    `captain_id`: only members of this captain's teams, recorded as the team's own word. Returns how many were recorded.
    Raises `NotFound` for a member of another edition or team, `RuleBroken` "edition_archived".
    """
    edition_row(edition_id)
    asked = (
        select(TeamMember).join(Team).where(Team.edition_id == edition_id, TeamMember.id.in_(member_ids))
        if captain_id is None
        else select(TeamMember)
        .join(Team)
        .where(Team.edition_id == edition_id, Team.captain_id == captain_id, TeamMember.id.in_(member_ids))
    )
    members = db.session.scalars(asked).all()
    if len(members) != len(set(member_ids)):
        raise NotFound
    known = _in_force(edition_id)
    added = 0
    for member in members:
        key = (member.team_id, name_key(member.name))
        if key not in known:
            known.add(key)
            added += 1
            db.session.add(
                NameConsent(
                    team_id=member.team_id, name=member.name, name_key=key[1], basis=basis, how=how,
                    by_team=captain_id is not None, at=now, by_id=actor_id,
                )
            )  # fmt: skip
    facts: dict[str, Any] = {"count": added, "basis": basis.value, "how": how, "by_team": captain_id is not None}
    trace("consents.recorded", edition_id=edition_id, actor_id=actor_id, now=now, **facts)
    return added


def _in_force(edition_id: int) -> set[tuple[int, str]]:
    rows = db.session.execute(
        select(NameConsent.team_id, NameConsent.name_key)
        .join(Team, Team.id == NameConsent.team_id)
        .where(Team.edition_id == edition_id, NameConsent.ended_at.is_(None))
    )
    return {(row.team_id, row.name_key) for row in rows}


def end_consent(
    *, edition_id: int, public_id: str, actor_id: int | None, now: datetime, captain_id: int | None = None
) -> None:
    """Note that a consent was taken back; the record stays with both authors. Raises `NotFound`."""
    edition_row(edition_id)
    asked = (
        select(NameConsent)
        .join(Team, Team.id == NameConsent.team_id)
        .where(Team.edition_id == edition_id, NameConsent.public_id == public_id, NameConsent.ended_at.is_(None))
    )
    if captain_id is not None:
        asked = asked.where(Team.captain_id == captain_id)
    row = db.session.scalar(asked)
    if row is None:
        raise NotFound
    row.ended_at, row.ended_by_id = now, actor_id
    trace("consents.ended", edition_id=edition_id, actor_id=actor_id, now=now, subject=f"consent:{public_id}")
