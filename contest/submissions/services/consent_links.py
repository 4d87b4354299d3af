"""Links by which a guardian or a member consents without an account: each gives once, and takes back ever after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update

from contest.accounts.models import User
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.infra.signing import new_token, token_hash
from contest.letters import name_digest
from contest.submissions.consenting import Giver
from contest.submissions.models import ConsentLink, Team, TeamMember

LINK_LIFE = timedelta(days=400)
MAILS_A_DAY = 3
"""To one guardian or member; and for a whole team ten times as many."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A fresh link, shown once: the database keeps its hash only."""

    token: str
    expires_at: datetime


def issue_link(
    *,
    member: TeamMember,
    giver: Giver,
    giver_name: str,
    email: str,
    actor_id: int | None,
    now: datetime,
) -> Issued:
    """Issue a link for one person about one member; earlier ones that were not used end.

    A guardian is asked by a separate way: the address must be none of the team's own. Raises `RuleBroken`
    "guardian_is_team" or "consent_mails_too_many" (`most`).
    """
    team = member.team
    _require_own_way(team, giver, email)
    key = name_digest(member.name)
    _require_few(team.id, key, giver, now)
    mine = (ConsentLink.team_id == team.id, ConsentLink.name_key == key, ConsentLink.giver == giver)
    db.session.execute(
        update(ConsentLink)
        .where(*mine, ConsentLink.used_at.is_(None), ConsentLink.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    issued = Issued(new_token(), now + LINK_LIFE)
    row = ConsentLink(
        token_hash=token_hash(issued.token), team_id=team.id, name=member.name, name_key=key, giver=giver,
        giver_name=giver_name, email=email, created_at=now, expires_at=issued.expires_at, by_id=actor_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()  # its public id is what the trail names
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{team.edition_id}",
        action="consent.asked",
        subject=f"consent-link:{row.public_id}",
        team=team.public_id,
        giver=giver.value,
    )
    return issued


def _require_own_way(team: Team, giver: Giver, email: str) -> None:
    if giver is not Giver.GUARDIAN:
        return
    captain = db.session.scalar(select(User.email).where(User.id == team.captain_id)) if team.captain_id else None
    own = {one.casefold() for one in (team.email, captain or "") if one}
    if email.casefold() in own:
        raise RuleBroken("guardian_is_team")


def _require_few(team_id: int, key: str, giver: Giver, now: datetime) -> None:
    day = ConsentLink.created_at > now - timedelta(days=1)
    of_team = select(func.count()).select_from(ConsentLink).where(ConsentLink.team_id == team_id, day)
    of_one = of_team.where(ConsentLink.name_key == key, ConsentLink.giver == giver)
    if (db.session.scalar(of_one) or 0) >= MAILS_A_DAY or (db.session.scalar(of_team) or 0) >= 10 * MAILS_A_DAY:
        raise RuleBroken("consent_mails_too_many", most=MAILS_A_DAY)


def find_link(token: str, now: datetime) -> ConsentLink:
    """Return the link of a token; unknown, ended and expired ones alike raise `NotFound`."""
    row = db.session.scalar(
        select(ConsentLink).where(
            ConsentLink.token_hash == token_hash(token),
            ConsentLink.expires_at > now,
            or_(ConsentLink.revoked_at.is_(None), ConsentLink.used_at.is_not(None)),
        )
    )
    if row is None:
        raise NotFound
    return row


def use_link(token: str, now: datetime) -> ConsentLink:
    """Use up the giving of a link; of two at once exactly one succeeds. Raises `NotFound`, or "consent_link_used"."""
    row = find_link(token, now)
    used = db.session.execute(
        update(ConsentLink)
        .where(ConsentLink.id == row.id, ConsentLink.used_at.is_(None), ConsentLink.revoked_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]  # a cursor result has it
        raise RuleBroken("consent_link_used")
    db.session.refresh(row)
    return row
