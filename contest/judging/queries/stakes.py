"""Which rounds are closed to a person of the committee who has a stake in an entry."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select

from contest.accounts.models import Membership, User
from contest.accounts.roles import COMMITTEE, Identity, Nobody, Role
from contest.editions.models import Edition, Round
from contest.editions.phases import RoundState
from contest.infra.db import db
from contest.judging.models import Advancement
from contest.judging.stakes import UNLINKED, Person, RoundPlace, TeamContacts, closed_rounds, has_stake
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission, Team

_UNLINKED = exists().where(
    Membership.user_id == User.id, Membership.edition_id == Edition.id, Membership.role.in_(UNLINKED)
)
_ENTRIES = (
    select(
        *(Submission.id, Edition.id.label("edition_id"), Team.captain_id, Team.email, Team.phone),
        *(Team.mentor_name, Team.mentor_email, Team.mentor_phone),
        *(User.id.label("user_id"), User.name, User.email.label("own_email"), User.phone.label("own_phone")),
        _UNLINKED.label("unlinked"),
    )
    .select_from(Edition)
    .join(Team, Team.edition_id == Edition.id)
    .join(Submission, (Submission.team_id == Team.id) & (Submission.status == SubmissionStatus.SUBMITTED))
    .join(User, User.id > 0)
)


def rounds_closed_to(edition_code: str, user: Identity | Nobody) -> frozenset[str]:
    """Return the codes of the rounds of which this person must see no mark, rank or count; mostly none.

    Only those who may read the committee's pages are asked about; to others they are closed anyway. One query for who
    has no stake in any entry, three for who has.
    """
    rows = db.session.execute(_ENTRIES.where(Edition.code == edition_code, User.id == user.id)).all()
    if not rows or not (user.is_admin or user.holds(rows[0].edition_id, *COMMITTEE, Role.CHAIR, Role.OBSERVER)):
        return frozenset()
    own = frozenset(row.id for row in rows if row.unlinked or has_stake(*_facts(row)))
    if not own:
        return frozenset()
    rounds = db.session.execute(
        select(Round.id, Round.code, Round.state).where(Round.edition_id == rows[0].edition_id).order_by(Round.position)
    ).all()
    later = set(db.session.scalars(select(Advancement.round_id).where(Advancement.submission_id.in_(own))))
    places = [
        RoundPlace(row.id, number == 0 or row.id in later, row.state is RoundState.PUBLISHED)
        for number, row in enumerate(rounds)
    ]
    closed = closed_rounds(places)
    return frozenset(row.code for row in rounds if row.id in closed)


def _facts(row: Any) -> tuple[Person, TeamContacts]:
    person = Person(row.user_id, row.name, row.own_email or "", row.own_phone or "")
    contacts = TeamContacts(
        captain_id=row.captain_id,
        emails=(row.email, row.mentor_email),
        phones=(row.phone, row.mentor_phone),
        mentor=row.mentor_name,
        mentor_reachable=bool(row.mentor_email or row.mentor_phone),
    )
    return person, contacts
