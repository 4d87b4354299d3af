"""A team whose captain has still to open a mail: what the mail carries, and taking the team over.

Registering by e-mail does the same for every address: the team is written and waits without a captain. Whoever reads
the mail at that address takes it over, with the account that the address has, or with one that is made then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from contest.accounts.models import User
from contest.accounts.queries import user_by_login
from contest.accounts.roles import Role
from contest.accounts.services import create_user, grant_role
from contest.errors import NotFound
from contest.infra.db import db
from contest.infra.signing import seal_until, unseal_at
from contest.submissions.models import Submission, Team, TeamMember
from contest.submissions.queries.facts import CAPTAIN_PLACE
from contest.submissions.services.rows import note
from contest.submissions.services.teams import check_quota

CONFIRM_LIFE = timedelta(days=14)
_PURPOSE = "registration"


@dataclass(frozen=True, slots=True)
class Claim:
    """A team that waits for its captain. `owner_id` is the account of the address; none when one is to be made."""

    submission_id: int
    submission_public_id: str
    team_id: int
    team: str
    captain: str
    email: str
    owner_id: int | None


def confirmation_token(*, submission_public_id: str, email: str, secret_key: str, now: datetime) -> str:
    """Return what the mail to a captain carries: it opens this one team for this one address."""
    return seal_until(secret_key, _PURPOSE, (submission_public_id, email), now + CONFIRM_LIFE)


def claim_of(edition_id: int, token: str, *, secret_key: str, now: datetime) -> Claim:
    """Return the team that a token is for; raise `NotFound` when it is over, was used, or belongs elsewhere."""
    facts = unseal_at(secret_key, _PURPOSE, token, now)
    if facts is None:
        raise NotFound
    public_id, email = facts
    asked = (
        select(
            Submission.id, Submission.public_id, Team.id.label("team_id"), Team.name, TeamMember.name.label("captain")
        )
        .join(Team, Team.id == Submission.team_id)
        .join(TeamMember, (TeamMember.team_id == Team.id) & (TeamMember.position == CAPTAIN_PLACE))
        .where(Submission.edition_id == edition_id, Submission.public_id == public_id, Team.captain_id.is_(None))
    )
    row = db.session.execute(asked).one_or_none()
    if row is None:
        raise NotFound
    owner = db.session.scalar(select(User.id).where(User.email == email))
    return Claim(row.id, row.public_id, row.team_id, row.name, row.captain, email, owner)


def take_over(*, edition_id: int, claim: Claim, password: str | None, now: datetime) -> int:
    """Make the owner of the address the captain and return the id; an account is made where there is none.

    `password` is for an account that is made, none for one without. Of two at once exactly one succeeds. Raises
    `NotFound` for whoever comes second and for a closed account, `RuleBroken` "too_many_teams" or a code of
    `passwords.check_password`.
    """
    user = user_by_login(claim.email)
    if user is None and claim.owner_id is not None:
        raise NotFound
    if user is None:
        user = create_user(name=claim.captain, email=claim.email, password=password, now=now)
    check_quota(edition_id, user.id)
    taking = update(Team).where(Team.id == claim.team_id, Team.captain_id.is_(None)).values(captain_id=user.id)
    if db.session.scalar(taking.returning(Team.id)) is None:
        raise NotFound
    grant_role(user_id=user.id, edition_id=edition_id, role=Role.CAPTAIN, actor_id=user.id, now=now)
    note(db.session.get_one(Submission, claim.submission_id), "confirmed", actor_id=user.id, now=now)
    return user.id
