"""Who is affected by an incident: whose records were opened in a time, by whom or by one account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from contest.accounts.models import User
from contest.editions.models import Edition
from contest.editions.privacy import AgeBand
from contest.infra.audit import AuditEntry
from contest.infra.db import db
from contest.judging.models import Look
from contest.submissions.models import Submission, Team, TeamMember

CHILD = 16
YOUNG = (AgeBand.UNDER_7, AgeBand.FROM_7, AgeBand.FROM_13)


@dataclass(frozen=True, slots=True)
class Affected:
    """A person whose records were opened: how to reach them, whether they are a child, and by what.

    `child` is "yes", "no", or "unknown" where no age is known: treat that as a child. `records` are kinds of pages with
    what they were about, in their order.
    """

    edition: str
    team: str
    name: str
    child: str
    reach: str
    records: tuple[str, ...]
    first_at: datetime


def affected(*, since: datetime, until: datetime, account: str = "", today: date) -> tuple[Affected, ...]:
    """Return the members of every team whose records were opened in [since, until), in the order of their numbers.

    A page that tells of all entries of an edition affects all of its teams. `account` (an e-mail or a phone number)
    narrows it to what one account opened.
    """
    looks = select(Look).where(Look.first_at >= since, Look.first_at < until).order_by(Look.first_at, Look.id)
    if account:
        who = select(User.id).where(or_(User.email == account, User.phone == account))
        looks = looks.where(Look.user_id.in_(who))
    seen: dict[int, list[Look]] = defaultdict(list)
    for look in db.session.scalars(looks):
        for team_id in _teams(look):
            seen[team_id].append(look)
    return tuple(_people(seen, today))


def acts_of(account: str, *, since: datetime, until: datetime) -> tuple[tuple[datetime, str, str], ...]:
    """Return (moment, action, subject) of what an account did in [since, until), from the audit trail."""
    who = select(User.id).where(or_(User.email == account, User.phone == account))
    rows = db.session.execute(
        select(AuditEntry.at, AuditEntry.action, AuditEntry.subject)
        .where(AuditEntry.actor_id.in_(who), AuditEntry.at >= since, AuditEntry.at < until)
        .order_by(AuditEntry.id)
    )
    return tuple((row.at, row.action, row.subject) for row in rows)


def _teams(look: Look) -> list[int]:
    chosen = select(Submission.team_id).order_by(Submission.id)
    if look.submission_id is None:
        return list(db.session.scalars(chosen.where(Submission.edition_id == look.edition_id)))
    return list(db.session.scalars(chosen.where(Submission.id == look.submission_id)))


def _people(seen: dict[int, list[Look]], today: date) -> Iterator[Affected]:
    rows = db.session.execute(
        select(TeamMember, Team.name.label("team"), Team.email, Team.phone, Edition.code, User.email.label("captain"))
        .join(Team, Team.id == TeamMember.team_id)
        .join(Edition, Edition.id == Team.edition_id)
        .outerjoin(User, User.id == Team.captain_id)
        .where(TeamMember.team_id.in_(seen))
        .order_by(TeamMember.id)
    )
    for row in rows:
        looks = seen[row.TeamMember.team_id]
        yield Affected(
            row.code,
            row.team,
            row.TeamMember.name,
            _child(row.TeamMember, today),
            row.email or row.captain or row.phone or "",
            tuple(dict.fromkeys(f"{one.page} {one.subject}".strip() for one in looks)),
            looks[0].first_at,
        )


def _child(member: TeamMember, today: date) -> str:
    if member.birth_date is None:
        return "unknown" if member.age_band is None else ("yes" if member.age_band in YOUNG else "no")
    born = member.birth_date
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return "yes" if age < CHILD else "no"
