"""Find everything that leads to a person, and the rows that are theirs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Table, false, or_, select

from contest.accounts.models import Membership, User
from contest.infra.db import Base, db
from contest.judging.models import Judge
from contest.letters import name_digest
from contest.privacy.classes import TableEntry
from contest.privacy.persons import Person, Subject
from contest.submissions.models import Submission, Team, TeamMember

BY_ADDRESS = ("email", "recipient")
ALIVE = "team_members"


def person_of(subject: Subject) -> Person:
    """Return what leads to the subject; nothing does for somebody unknown.

    An account brings along the member of the same name in the teams that it leads, and a member brings along the
    account that leads the team under the same name.
    """
    users, members = _anchors(subject)
    led = set(db.session.scalars(select(Team.id).where(Team.captain_id.in_(users))))
    in_teams = led | set(db.session.scalars(select(TeamMember.team_id).where(TeamMember.id.in_(members))))
    mates = db.session.scalars(
        select(TeamMember).where(TeamMember.team_id.in_(in_teams)).order_by(TeamMember.team_id, TeamMember.position)
    ).all()
    accounts = db.session.scalars(select(User).where(User.id.in_(users)).order_by(User.id)).all()
    judges = db.session.scalars(select(Judge).where(Judge.user_id.in_(users)).order_by(Judge.id)).all()
    own = {one.id for one in mates if one.id in members}
    names = {one.name for one in accounts} | {one.name for one in judges} | {m.name for m in mates if m.id in own}
    crowded = {one.team_id for one in mates if one.id not in own}
    contacts = {text for one in accounts for text in (one.email, one.phone) if text}
    contacts |= {text for one in judges for text in (one.email, one.phone) if text}
    contacts |= _team_contacts(in_teams - crowded)
    editions = set(db.session.scalars(select(Team.edition_id).where(Team.id.in_(in_teams))))
    editions |= set(db.session.scalars(select(Membership.edition_id).where(Membership.user_id.in_(users))))
    return Person(
        users=frozenset(users),
        members=frozenset(own),
        teams=frozenset(in_teams),
        sole=frozenset(in_teams - crowded),
        entries=frozenset(db.session.scalars(select(Submission.id).where(Submission.team_id.in_(in_teams)))),
        judges=frozenset(one.id for one in judges),
        editions=frozenset(editions | {one.edition_id for one in judges}),
        names=frozenset(names),
        contacts=frozenset(contacts),
        others=tuple(dict.fromkeys(one.name for one in mates if one.id not in own)),
    )


def _anchors(subject: Subject) -> tuple[set[int], set[int]]:
    if subject.user_id is not None:
        users = set(db.session.scalars(select(User.id).where(User.id == subject.user_id)))
        names = set(map(name_digest, db.session.scalars(select(User.name).where(User.id.in_(users)))))
        teams = set(db.session.scalars(select(Team.id).where(Team.captain_id.in_(users))))
    else:
        names, teams = {subject.name_key}, set(filter(None, [subject.team_id]))
        lead = select(User.id, User.name).join(Team, Team.captain_id == User.id).where(Team.id == subject.team_id)
        users = {row.id for row in db.session.execute(lead) if name_digest(row.name) in names}
    rows = db.session.execute(select(TeamMember.id, TeamMember.name).where(TeamMember.team_id.in_(teams)))
    return users, {row.id for row in rows if name_digest(row.name) in names}


def _team_contacts(teams: set[int]) -> set[str]:
    rows = db.session.execute(select(Team.email, Team.phone).where(Team.id.in_(teams)))
    return {text for row in rows for text in row if text}


def table_of(entry: TableEntry) -> Table:
    """Return the table that an entry of the catalogue describes."""
    return Base.metadata.tables[entry.table]


def rows_of(entry: TableEntry, person: Person) -> ColumnElement[bool]:
    """Return which rows of a table are reached from a person; none for a table without ways."""
    table = table_of(entry)
    return or_(false(), *(_way(table, table.columns[name], person) for name in entry.mine))


def _way(table: Table, column: Column[Any], person: Person) -> ColumnElement[bool]:
    if column.name == "name":
        return _by_name(table, column, person)
    if column.name in BY_ADDRESS:
        return column.in_(sorted(person.contacts))
    if column.name == "id":
        return column.in_(sorted(_anchored(table.name, person)))
    target = next(iter(column.foreign_keys)).column.table
    if target.name in _ANCHORS:
        return column.in_(sorted(_anchored(target.name, person)))
    return column.in_(_through(target, person))


_ANCHORS = {
    "users": "users",
    "team_members": "members",
    "teams": "teams",
    "submissions": "entries",
    "judges": "judges",
}


def _anchored(table: str, person: Person) -> frozenset[int]:
    return getattr(person, _ANCHORS[table]) if table in _ANCHORS else frozenset()


def _through(target: Table, person: Person) -> Any:
    """Return the ids of assignments and scorecards of the person as a judge."""
    if target.name == "assignments":
        return select(target.columns.id).where(target.columns.judge_id.in_(sorted(person.judges)))
    papers = Base.metadata.tables["assignments"]
    return select(target.columns.id).where(target.columns.assignment_id.in_(_through(papers, person)))


def _by_name(table: Table, column: Column[Any], person: Person) -> ColumnElement[bool]:
    """Return the rows that name the person within the own teams, or in the own editions where no team is named."""
    place: ColumnElement[bool] = false()
    if "team_id" in table.columns:
        place = table.columns.team_id.in_(sorted(person.teams))
    if "edition_id" in table.columns:
        here = table.columns.edition_id.in_(sorted(person.editions))
        place = or_(place, here & table.columns.team_id.is_(None) if "team_id" in table.columns else here)
    near = db.session.execute(select(column).where(place).distinct()).scalars()
    return place & column.in_(sorted(filter(person.is_named, near)))
