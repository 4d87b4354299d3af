"""Teams: registering, changing, importing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from sqlalchemy import func, select, update

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.accounts.services import create_user, grant_role
from contest.editions.entry_rules import Asks
from contest.editions.models import Edition, Field, Track
from contest.editions.queries import asks_of
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.letters import fold
from contest.submissions.codes import code_of
from contest.submissions.facts import NO_PARTICULARS, Imported, Particulars, TeamDetails
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission, Team, TeamMember
from contest.submissions.queries.facts import CAPTAIN_PLACE
from contest.submissions.services.consents import hold_unconsented
from contest.submissions.services.eligibility import blocks_of, refuse_new_blocks
from contest.submissions.services.rows import note, require_open

MOST_MEMBERS = 15
MOST_TEAMS_PER_CAPTAIN = 5


@dataclass(frozen=True, slots=True)
class NewCaptain:
    """An account to be made for a captain: an e-mail (lower case) or a phone (E.164), or both."""

    name: str
    password: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A captain whose e-mail address (lower case) is still to be confirmed: no account is made or looked for."""

    name: str
    email: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """What came out of a registration; `captain_id` is none until the captain's address is confirmed."""

    captain_id: int | None
    team_id: int
    submission_id: int
    submission_public_id: str
    code: str


def register_team(
    *,
    edition_id: int,
    captain: int | NewCaptain | Unconfirmed,
    team: TeamDetails,
    title: str = "",
    track: str | None = None,
    field: str | None = None,
    actor_id: int | None,
    now: datetime,
) -> Registered:
    """Register a team with its draft submission; the captain is a person's id or an account to be made.

    A captain with an unconfirmed address takes the team over later, see `confirming`: until then it has none.

    Raises `RuleBroken` "submissions_not_open", "submissions_closed", "team_name_taken", "too_many_members",
    "too_many_teams", "choice_unknown", "contact_missing", or those of `accounts.services.create_user`.
    """
    number = take_code(edition_id)  # first: it holds the edition's row, so that two equal names cannot slip in together
    require_open(edition_id, now)
    _check_team(edition_id, team)
    person = captain if isinstance(captain, Unconfirmed) else _captain(captain, now)
    account = None if isinstance(person, Unconfirmed) else person.id
    if account is not None:
        check_quota(edition_id, account)
    row = Team(
        edition_id=edition_id,
        captain_id=account,
        email=person.email or "",
        phone=person.phone or "",
        created_at=now,
    )
    _write(row, team, captain=person.name, asks=asks_of(edition_id))
    submission = Submission(edition_id=edition_id, team=row, code=number, title=title, created_at=now, updated_at=now)
    submission.track_id, submission.field_id = track_id_of(edition_id, track), field_id_of(edition_id, field)
    db.session.add(submission)
    db.session.flush()  # the ids and the public id are part of the answer
    actor = actor_id or account
    if account is not None:
        grant_role(user_id=account, edition_id=edition_id, role=Role.CAPTAIN, actor_id=actor, now=now)
    note(submission, "registered", actor_id=actor, now=now, team=row.name)
    return Registered(
        captain_id=account,
        team_id=row.id,
        submission_id=submission.id,
        submission_public_id=submission.public_id,
        code=number,
    )


def update_team(*, team_id: int, team: TeamDetails, actor_id: int | None, now: datetime) -> None:
    """Change what a team says about itself, until the deadline.

    A team that has nothing handed in may do so in the minutes of grace, too. What is handed in is held when somebody
    is named of whom the consents are missing. Raises `NotFound`, or `RuleBroken`
    "submissions_not_open", "submissions_closed", "team_name_taken", "too_many_members", or "would_be_ineligible" when
    something is handed in that a rule of entry would then block.
    """
    edition_id = db.session.scalar(select(Team.edition_id).where(Team.id == team_id))
    if edition_id is None:
        raise NotFound
    db.session.execute(select(Edition.id).where(Edition.id == edition_id).with_for_update())
    row = db.session.scalars(select(Team).where(Team.id == team_id)).one()
    entries = row.submissions
    require_open(edition_id, now, graced=all(one.status is SubmissionStatus.DRAFT for one in entries))
    _check_team(edition_id, team, but=team_id)
    captain = next((member.name for member in row.members if member.position == CAPTAIN_PLACE), "")
    blocked = {one.id: blocks_of(one) for one in entries}
    _write(row, team, captain=captain, asks=asks_of(edition_id))
    for one in entries:
        refuse_new_blocks(one, blocked[one.id])
    hold_unconsented(row, actor_id=actor_id, now=now)
    audit.record(
        at=now, actor_id=actor_id, scope=f"edition:{edition_id}", action="team.changed", subject=f"team:{row.public_id}"
    )


def create_imported(
    *,
    edition_id: int,
    imported: Imported,
    now: datetime,
) -> Submission:
    """Add a submission with a team of its own, as a file describes it; the caller flushes once for all and audits.

    No rule of the entry form applies: what was handed in on paper or elsewhere is taken as it is.
    """
    team = Team(edition_id=edition_id, email=imported.email, phone=imported.phone, created_at=now)
    _write(team, imported.team, captain="", asks=Asks())
    submission = Submission(
        edition_id=edition_id,
        team=team,
        code=imported.code,
        title=imported.title,
        summary=imported.summary,
        track_id=imported.track_id,
        field_id=imported.field_id,
        status=imported.status,
        created_at=now,
        updated_at=now,
        submitted_at=None if imported.status is SubmissionStatus.DRAFT else now,
        entered_at=None if imported.status is SubmissionStatus.DRAFT else now,
    )
    db.session.add(submission)
    return submission


def take_code(edition_id: int) -> str:
    """Take the next free code of the edition; a rolled back transaction gives its number back.

    Holds the edition's row until the transaction ends. Raises `NotFound`.
    """
    taking = (
        update(Edition)
        .where(Edition.id == edition_id)
        .values(next_number=Edition.next_number + 1)
        .returning(Edition.next_number)
    )
    while (number := db.session.scalar(taking)) is not None:
        code = code_of(number - 1)
        taken = select(Submission.id).where(Submission.edition_id == edition_id, Submission.code == code)
        if db.session.scalar(taken) is None:  # an imported one may carry it already
            return code
    raise NotFound


def track_id_of(edition_id: int, code: str | None) -> int | None:
    """Return the row id of a track by its code; raise `RuleBroken` "choice_unknown"."""
    return _chosen(code, db.session.scalar(select(Track.id).where(Track.edition_id == edition_id, Track.code == code)))


def field_id_of(edition_id: int, code: str | None) -> int | None:
    """Return the row id of a field by its code; raise `RuleBroken` "choice_unknown"."""
    return _chosen(code, db.session.scalar(select(Field.id).where(Field.edition_id == edition_id, Field.code == code)))


def _chosen(code: str | None, found: int | None) -> int | None:
    if code and found is None:
        raise RuleBroken("choice_unknown", choice=code)
    return found


def _captain(captain: int | NewCaptain, now: datetime) -> User:
    if isinstance(captain, NewCaptain):
        if not captain.email and not captain.phone:
            raise RuleBroken("contact_missing")
        return create_user(
            name=captain.name, email=captain.email, phone=captain.phone, password=captain.password, now=now
        )
    person = db.session.get(User, captain)
    if person is None:
        raise NotFound
    return person


def _check_team(edition_id: int, team: TeamDetails, *, but: int | None = None) -> None:
    if len(team.members) > MOST_MEMBERS:
        raise RuleBroken("too_many_members", most=MOST_MEMBERS)
    wanted = _name_key(team.name)
    names = db.session.execute(select(Team.id, Team.name).where(Team.edition_id == edition_id))
    if any(row.id != but and _name_key(row.name) == wanted for row in names):
        raise RuleBroken("team_name_taken", name=team.name)


def _name_key(name: str) -> str:
    return " ".join(fold(name).split())


def check_quota(edition_id: int, user_id: int) -> None:
    """Refuse a captain one team too many: raise `RuleBroken` "too_many_teams"."""
    led = db.session.scalar(
        select(func.count()).select_from(Team).where(Team.edition_id == edition_id, Team.captain_id == user_id)
    )
    if (led or 0) >= MOST_TEAMS_PER_CAPTAIN:
        raise RuleBroken("too_many_teams", most=MOST_TEAMS_PER_CAPTAIN)


def _write(row: Team, team: TeamDetails, *, captain: str, asks: Asks) -> None:
    """Write what the team says; what no rule of entry asks for is not kept."""
    row.name, row.school = team.name, team.school
    row.mentor_name, row.mentor_email, row.mentor_phone = team.mentor_name, team.mentor_email, team.mentor_phone
    row.mentor_school = team.mentor_school if asks.mentor_school else ""
    row.declared = team.declared and asks.declaration
    row.members = _members(captain, team, asks)


def _members(captain: str, team: TeamDetails, asks: Asks) -> list[TeamMember]:
    # The captain stands among the members, so that whoever looks for people of a team finds all of them.
    leader = [_member(captain, CAPTAIN_PLACE, team.captain_particulars, asks)] if captain else []
    others = zip_longest(team.members, team.particulars[: len(team.members)], fillvalue=NO_PARTICULARS)
    return leader + [
        _member(str(name), place, told, asks) for place, (name, told) in enumerate(others, CAPTAIN_PLACE + 1)
    ]


def _member(name: str, place: int, told: Particulars, asks: Asks) -> TeamMember:
    return TeamMember(
        name=name,
        position=place,
        birth_date=told.birth_date if asks.birth_dates else None,
        age_band=told.age_band if asks.age_bands else None,
        school=told.school if asks.member_schools else "",
    )
