"""Submissions with their teams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from contest.accounts.models import User
from contest.infra.db import db
from contest.submissions.codes import code_key
from contest.submissions.facts import (
    NO_PARTICULARS,
    Access,
    OwnRow,
    Particulars,
    SubmissionFacts,
    TeamDetails,
    TeamFacts,
)
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission, Team, TeamMember

CAPTAIN_PLACE = 0


def submitted_of(edition_id: int) -> tuple[SubmissionFacts, ...]:
    """Return the submitted ones (no draft, withdrawn or disqualified) by code, in two queries."""
    return _facts(Submission.edition_id == edition_id, Submission.status == SubmissionStatus.SUBMITTED)


def all_of(edition_id: int) -> tuple[SubmissionFacts, ...]:
    """Return every submission of the edition, whatever its state, by code, in two queries."""
    return _facts(Submission.edition_id == edition_id)


def facts_by_ids(submission_ids: Sequence[int]) -> dict[int, SubmissionFacts]:
    """Return submissions by id, in the order of their codes, in two queries."""
    return {facts.id: facts for facts in _facts(Submission.id.in_(submission_ids))}


def _facts(*where: ColumnElement[bool]) -> tuple[SubmissionFacts, ...]:
    joined = select(Submission, Team).join(Team, Team.id == Submission.team_id).where(*where)
    rows = db.session.execute(joined).all()
    members: dict[int, list[str]] = defaultdict(list)
    people = (
        select(TeamMember.team_id, TeamMember.name)
        .where(TeamMember.team_id.in_(select(Submission.team_id).where(*where)))
        .order_by(TeamMember.team_id, TeamMember.position)
    )
    for person in db.session.execute(people):
        members[person.team_id].append(person.name)
    found = (_one(row.Submission, row.Team, members[row.Team.id]) for row in rows)
    return tuple(sorted(found, key=lambda facts: code_key(facts.code)))


def _one(row: Submission, team: Team, members: Sequence[str]) -> SubmissionFacts:
    return SubmissionFacts(
        id=row.id,
        public_id=row.public_id,
        code=row.code,
        title=row.title,
        summary=row.summary,
        status=row.status,
        team_id=team.id,
        team_name=team.name,
        school=team.school,
        members=tuple(members),
        mentor=team.mentor_name,
        track_id=row.track_id,
        field_id=row.field_id,
        email=team.email,
        phone=team.phone,
    )


def access_of(edition_id: int, public_id: str) -> Access | None:
    """Return whose submission it is and where it stands; none when the edition has no such submission."""
    row = db.session.execute(
        select(Submission.id, Submission.public_id, Submission.code, Submission.status, Team.id, Team.captain_id)
        .join(Team, Team.id == Submission.team_id)
        .where(Submission.edition_id == edition_id, Submission.public_id == public_id)
    ).one_or_none()
    if row is None:
        return None
    return Access(
        id=row[0],
        public_id=row[1],
        edition_id=edition_id,
        code=row[2],
        status=row[3],
        team_id=row[4],
        captain_id=row[5],
    )


def own_submissions(edition_id: int, user_id: int) -> tuple[OwnRow, ...]:
    """Return the submissions of the teams that this person leads, by code, in one query."""
    rows = db.session.execute(
        select(
            Submission.public_id,
            Submission.code,
            Submission.title,
            Team.name,
            Submission.status,
            Submission.submitted_at,
        )
        .join(Team, Team.id == Submission.team_id)
        .where(Submission.edition_id == edition_id, Team.captain_id == user_id)
    )
    return tuple(sorted((OwnRow(*row) for row in rows), key=lambda own: code_key(own.code)))


def _told(member: TeamMember) -> Particulars:
    return Particulars(member.birth_date, member.school, member.age_band)


def _particulars(members: Sequence[TeamMember]) -> tuple[Particulars, ...]:
    told = tuple(_told(one) for one in members)
    return told if any(one != NO_PARTICULARS for one in told) else ()


def team_of(team_id: int) -> TeamFacts | None:
    """Return a team as its captain sees it, in two queries."""
    captain = aliased(User)
    row = db.session.execute(
        select(Team, captain.name.label("captain"))
        .outerjoin(captain, captain.id == Team.captain_id)
        .where(Team.id == team_id)
    ).one_or_none()
    if row is None:
        return None
    team: Team = row.Team
    people = db.session.scalars(
        select(TeamMember).where(TeamMember.team_id == team_id).order_by(TeamMember.position)
    ).all()
    others = [one for one in people if one.position != CAPTAIN_PLACE]
    leader = next((one for one in people if one.position == CAPTAIN_PLACE), None)
    details = TeamDetails(
        name=team.name,
        school=team.school,
        members=tuple(one.name for one in others),
        mentor_name=team.mentor_name,
        mentor_email=team.mentor_email,
        mentor_phone=team.mentor_phone,
        mentor_school=team.mentor_school,
        captain_particulars=NO_PARTICULARS
        if leader is None
        else Particulars(leader.birth_date, leader.school, leader.age_band),
        particulars=_particulars(others),
        declared=team.declared,
    )
    return TeamFacts(
        id=team.id,
        edition_id=team.edition_id,
        captain=row.captain or "",
        email=team.email,
        phone=team.phone,
        details=details,
        captain_apart=leader is not None,
    )
