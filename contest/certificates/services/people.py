"""Volunteers, and consents to print a young person's name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from contest.certificates.kinds import Basis
from contest.certificates.models import Volunteer
from contest.editions.services.rows import edition_row, trace
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db
from contest.letters import name_digest
from contest.submissions.consenting import Giver, Means, Purpose
from contest.submissions.models import Consent, Team, TeamMember
from contest.submissions.queries.consents import members_with_consents
from contest.submissions.services.consents import Word, say

MOST_VOLUNTEERS = 2_000
NAME = Purpose.PUBLISH_NAME


def add_volunteers(
    *, edition_id: int, people: Sequence[tuple[str, str, str]], actor_id: int | None, now: datetime
) -> int:
    """Add people as (name, task, e-mail); who stands there already with the same name and task is left out.

    Returns how many were added. Raises `RuleBroken` "edition_archived", "volunteers_too_many" (`most`).
    """
    edition_row(edition_id)
    rows = db.session.execute(select(Volunteer.name, Volunteer.task).where(Volunteer.edition_id == edition_id))
    known = {(name_digest(name), name_digest(task)) for name, task in rows}
    added = 0
    for name, task, email in people:
        key = (name_digest(name), name_digest(task))
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
    known = {one.key for one in members_with_consents(edition_id) if any(one.words.get(NAME, {}).values())}
    givers = (Giver.OF_AGE,) if basis is Basis.OF_AGE else (Giver.CHILD, Giver.GUARDIAN)
    added = 0
    for member in members:
        key = (member.team_id, name_digest(member.name))
        if key not in known:
            known.add(key)
            added += 1
            say(
                team_id=member.team_id, name=member.name, purposes=[NAME], givers=givers, given=True,
                word=Word(Means.TOLD, by_team=captain_id is not None, note=how), actor_id=actor_id, now=now,
            )  # fmt: skip
    facts: dict[str, Any] = {"count": added, "basis": basis.value, "how": how, "by_team": captain_id is not None}
    trace("consents.recorded", edition_id=edition_id, actor_id=actor_id, now=now, **facts)
    return added


def end_consent(
    *, edition_id: int, public_id: str, actor_id: int | None, now: datetime, captain_id: int | None = None
) -> None:
    """Note that a consent was taken back; the record stays, the taking back is another one. Raises `NotFound`.

    `public_id` is that of a word in force; all words that stand for the name are taken back with it.
    """
    edition_row(edition_id)
    asked = select(Consent).join(Team).where(Team.edition_id == edition_id, Consent.public_id == public_id)
    if captain_id is not None:
        asked = asked.where(Team.captain_id == captain_id)
    row = db.session.scalar(asked)
    held = members_with_consents(edition_id, team_ids=[row.team_id]) if row else ()
    member = next((one for one in held if row and one.key == (row.team_id, row.name_key)), None)
    given = [giver for giver, yes in member.words.get(NAME, {}).items() if yes] if member else []
    if row is None or not given:
        raise NotFound
    word = Word(Means.TOLD, by_team=captain_id is not None)
    say(
        team_id=row.team_id, name=row.name, purposes=[NAME], givers=given, given=False, word=word,
        actor_id=actor_id, now=now,
    )  # fmt: skip
    trace("consents.ended", edition_id=edition_id, actor_id=actor_id, now=now, subject=f"consent:{public_id}")
