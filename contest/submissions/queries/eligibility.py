"""Who enters and who runs an edition, for the rules of entry; and what the rules find."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from contest.accounts.models import Membership, User
from contest.accounts.roles import COMMITTEE, JURY
from contest.editions.entry_rules import Effect, EligibilityRules
from contest.editions.entry_rules_json import entry_rules_from_json
from contest.editions.models import Edition, Field, Track
from contest.editions.moments import to_wall
from contest.infra.db import db
from contest.likeness import same_person
from contest.submissions.eligibility import Passed, Standing, review
from contest.submissions.entrants import Entrant, Official, Person
from contest.submissions.models import EntryException, Submission, Team, TeamMember
from contest.submissions.queries.facts import CAPTAIN_PLACE

_TICK = timedelta(microseconds=1)


def standing_of(edition_id: int, submission_id: int) -> Standing:
    """Return what is found about one submission, in one query without rules, in five at most."""
    return next((standing for _, standing in _reviewed(edition_id, (submission_id,))), Standing())


def reviewed(edition_id: int) -> tuple[tuple[Entrant, Standing], ...]:
    """Return the live submissions of an edition with what is found about them, in five queries whatever their number.

    In the order of registering. Without any rule that is on nothing is found, and nothing more is read.
    """
    return _reviewed(edition_id, None)


def _reviewed(edition_id: int, only: Collection[int] | None) -> tuple[tuple[Entrant, Standing], ...]:
    rules, deadline = _rules(edition_id)
    if not rules.any_on:
        return ()
    # A rule that looks at the others needs them all.
    entrants = entrants_of(edition_id, None if rules.looks_around else only)
    officials = () if rules.officials is Effect.OFF else officials_of(edition_id)
    found = review(rules, entrants, officials, deadline=deadline, only=only)
    passed = passed_of(edition_id)
    return tuple((one, Standing(found[one.id], passed.get(one.id, {}))) for one in entrants if one.id in found)


def _rules(edition_id: int) -> tuple[EligibilityRules, date | None]:
    """Return the rules and the local day of the deadline: the day of the last moment before it."""
    row = db.session.execute(
        select(Edition.entry_rules, Edition.submissions_close, Edition.timezone).where(Edition.id == edition_id)
    ).one()
    last = None if row.submissions_close is None else to_wall(row.submissions_close - _TICK, row.timezone)
    return entry_rules_from_json(row.entry_rules), None if last is None else last.date()


def entrants_of(edition_id: int, submission_ids: Collection[int] | None = None) -> tuple[Entrant, ...]:
    """Return submissions with their people, as the rules see them, in two queries; all of the edition without ids."""
    which: list[ColumnElement[bool]] = [Submission.edition_id == edition_id]
    if submission_ids is not None:
        which.append(Submission.id.in_(submission_ids))
    people = _people(*which)
    rows = db.session.execute(
        select(
            Submission.id,
            Submission.public_id,
            Submission.code,
            Submission.status,
            Submission.title,
            Submission.summary,
            Submission.entered_at,
            Submission.submitted_at,
            Team.id.label("team_id"),
            Team.name.label("team"),
            Team.captain_id,
            User.name.label("captain"),
            Team.school,
            Team.email,
            Team.phone,
            Team.mentor_name,
            Team.mentor_school,
            Team.declared,
            Track.code.label("track"),
            Field.code.label("field"),
        )
        .join(Team, Team.id == Submission.team_id)
        .outerjoin(User, User.id == Team.captain_id)
        .outerjoin(Track, Track.id == Submission.track_id)
        .outerjoin(Field, Field.id == Submission.field_id)
        .where(*which)
        .order_by(Submission.id)
    )
    return tuple(_entrant(row, people.get(row.team_id, ())) for row in rows)


def _people(*which: ColumnElement[bool]) -> Mapping[int, list[Any]]:
    rows = db.session.execute(
        select(TeamMember.team_id, TeamMember.name, TeamMember.position, TeamMember.birth_date, TeamMember.school)
        .where(TeamMember.team_id.in_(select(Submission.team_id).where(*which)))
        .order_by(TeamMember.team_id, TeamMember.position)
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.team_id].append(row)
    return found


def _entrant(row: Row[*tuple[Any, ...]], people: Collection[Any]) -> Entrant:
    leader = _leader(row, people)
    return Entrant(
        id=row.id,
        public_id=row.public_id,
        code=row.code,
        team_id=row.team_id,
        team=row.team,
        status=row.status,
        title=row.title,
        summary=row.summary,
        school=row.school,
        track=row.track or "",
        field=row.field or "",
        entered_at=row.entered_at or row.submitted_at,
        people=tuple(_person(row, one, is_captain=one is leader) for one in people),
        mentor=row.mentor_name,
        mentor_school=row.mentor_school,
        declared=row.declared,
        email=row.email,
        phone=row.phone,
    )


def _leader(team: Row[*tuple[Any, ...]], people: Collection[Any]) -> Any:
    """Return the captain's row; in a team from a file, whose members are all alike, the one of the account's name."""
    apart = next((one for one in people if one.position == CAPTAIN_PLACE), None)
    if apart is not None or team.captain is None:
        return apart
    return next((one for one in people if same_person(one.name, team.captain)), None)


def _person(team: Row[*tuple[Any, ...]], one: Any, *, is_captain: bool) -> Person:
    """Return a member; account and contacts are the captain's, who has registered with them."""
    if not is_captain:
        return Person(one.name, one.birth_date, one.school)
    return Person(
        one.name,
        one.birth_date,
        one.school,
        is_captain=True,
        user_id=team.captain_id,
        email=team.email,
        phone=team.phone,
    )


def officials_of(edition_id: int) -> tuple[Official, ...]:
    """Return the committee and the jury, one entry per person and kind, in one query."""
    rows = db.session.execute(
        select(User.id, User.name, User.email, User.phone, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.edition_id == edition_id, Membership.role.in_([*COMMITTEE, *JURY]))
        .order_by(User.id, Membership.role)
    )
    found = (Official(row.name, row.id, row.role in JURY, row.email or "", row.phone or "") for row in rows)
    return tuple(dict.fromkeys(found))


def passed_of(edition_id: int) -> dict[int, dict[str, Passed]]:
    """Return what the committee let pass and has not taken back, by submission and key, in one query."""
    rows = db.session.execute(
        select(EntryException, User.name)
        .join(Submission, Submission.id == EntryException.submission_id)
        .outerjoin(User, User.id == EntryException.actor_id)
        .where(Submission.edition_id == edition_id, EntryException.ended_at.is_(None))
    )
    found: dict[int, dict[str, Passed]] = defaultdict(dict)
    for one, author in rows:
        found[one.submission_id][one.key] = Passed(one.reason, author or "", one.at)
    return found
