"""Who is named: volunteers, and the members of teams with their age and the consents to print their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from contest.accounts.models import User
from contest.certificates.kinds import Basis
from contest.certificates.models import Volunteer
from contest.certificates.roll import Member
from contest.infra.db import db
from contest.letters import name_digest
from contest.submissions.consenting import Giver, Purpose
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission, Team, TeamMember
from contest.submissions.queries.consents import MemberConsents, members_with_consents


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """A consent in force: on what basis, how it was given, who recorded it and when.

    Not `whole`: only the young person has agreed, which is enough from the age at which nobody else is asked.
    """

    public_id: str
    basis: Basis
    how: str
    by_team: bool
    at: datetime
    by: str
    whole: bool = True


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member of a team of which something was handed in."""

    team_id: str
    team: str
    member_id: int
    name: str
    birth_date: date | None
    consent: ConsentFacts | None


def volunteers_of(edition_id: int) -> Sequence[Volunteer]:
    """Return the volunteers in the order in which they were named."""
    return db.session.scalars(select(Volunteer).where(Volunteer.edition_id == edition_id).order_by(Volunteer.id)).all()


def members_of(edition_id: int, *, captain_id: int | None = None) -> tuple[MemberLine, ...]:
    """Return the members of the teams that handed something in, by team; of one captain's teams when given."""
    entered = select(Submission.team_id).where(
        Submission.edition_id == edition_id, Submission.status == SubmissionStatus.SUBMITTED
    )
    asked = (
        select(Team.id, Team.public_id, Team.name.label("team"), TeamMember.id.label("member_id"), TeamMember.name)
        .add_columns(TeamMember.birth_date)
        .join(TeamMember, TeamMember.team_id == Team.id)
        .where(Team.edition_id == edition_id, Team.id.in_(entered))
        .order_by(Team.id, TeamMember.position)
    )
    if captain_id is not None:
        asked = asked.where(Team.captain_id == captain_id)
    consents = _consents(edition_id)
    return tuple(
        MemberLine(
            row.public_id,
            row.team,
            row.member_id,
            row.name,
            row.birth_date,
            consents.get((row.id, name_digest(row.name))),
        )
        for row in db.session.execute(asked)
    )


def _consents(edition_id: int) -> dict[tuple[int, str], ConsentFacts]:
    return _in_force(members_with_consents(edition_id))


def _in_force(members: Sequence[MemberConsents]) -> dict[tuple[int, str], ConsentFacts]:
    found = ((one, facts_of(one)) for one in members)
    return {one.key: facts for one, facts in found if facts is not None}


def _taken_back(member: MemberConsents) -> bool:
    return not all(member.words.get(Purpose.PUBLISH_NAME, {}).values())


def facts_of(member: MemberConsents) -> ConsentFacts | None:
    """Return the consent to print a member's name, if one is in force."""
    words = member.words.get(Purpose.PUBLISH_NAME, {})
    last = member.last(Purpose.PUBLISH_NAME)
    if last is None or not words or not all(words.values()):
        return None
    basis = Basis.OF_AGE if Giver.OF_AGE in words else Basis.CONSENT
    both = basis is Basis.OF_AGE or Giver.GUARDIAN in words
    return ConsentFacts(last.public_id, basis, last.note, last.by_team, last.at, last.by, both)


def _youngest(first: Member | None, birth: date | None) -> date | None:
    if first is None:
        return birth
    return None if birth is None or first.birth_date is None else max(birth, first.birth_date)


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a submission today: its row, its team's mail and what is known of the members by name."""

    submission_id: int
    email: str
    mentor_email: str
    mentor: str
    title: str
    team: str
    members: dict[str, Member]


def behind_submissions(edition_id: int) -> dict[str, Behind]:
    """Return what stands behind each submission of an edition, by its code, in three queries.

    Of two namesakes the one without consent, or of unknown or lower age, stands for both.
    """
    said = members_with_consents(edition_id)
    consents, ended = _in_force(said), {one.key for one in said if _taken_back(one)}
    people: dict[int, dict[str, Member]] = {}
    for team_id, name, birth in db.session.execute(
        select(TeamMember.team_id, TeamMember.name, TeamMember.birth_date)
        .join(Team, Team.id == TeamMember.team_id)
        .where(Team.edition_id == edition_id)
    ):
        key = name_digest(name)
        consent = consents.get((team_id, key))
        held = people.setdefault(team_id, {})
        first = held.get(key)
        held[key] = Member(
            birth_date=_youngest(first, birth),
            basis=consent.basis if consent else None,
            alone=bool(consent and not consent.whole),
            ended=(team_id, key) in ended,
        )
    rows = db.session.execute(
        select(Submission.id, Submission.code, Submission.title, Submission.team_id, Team.name.label("team"))
        .add_columns(Team.email, Team.mentor_email, Team.mentor_name, User.email.label("captain_email"))
        .add_columns(Submission.status)
        .join(Team, Team.id == Submission.team_id)
        .outerjoin(User, User.id == Team.captain_id)
        .where(Submission.edition_id == edition_id, Submission.status == SubmissionStatus.SUBMITTED)
        .order_by(Submission.id)
    )
    return {
        row.code: Behind(
            row.id,
            row.captain_email or row.email,
            row.mentor_email,
            row.mentor_name,
            row.title,
            row.team,
            people.get(row.team_id, {}),
        )
        for row in rows
    }
