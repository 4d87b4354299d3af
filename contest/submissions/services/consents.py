"""Recording what is said about the data of members. Every word is a record of its own; none is ever changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.letters import name_digest
from contest.submissions.consenting import Giver, Means, Purpose
from contest.submissions.lifecycle import Act, SubmissionStatus, after
from contest.submissions.models import Consent, Submission, Team, TeamMember
from contest.submissions.queries.consents import day_in, lacking, members_with_consents, privacy_rules_of
from contest.submissions.services.rows import note


@dataclass(frozen=True, slots=True)
class Scan:
    """A signed paper that was stored."""

    key: str
    name: str
    kind: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Word:
    """How something is said: by what means, in which words, and who stands for it."""

    means: Means
    by_team: bool = False
    giver_name: str = ""
    attested_by: str = ""
    note: str = ""
    text_id: int | None = None
    link_id: int | None = None
    scan: Scan | None = None


def say(
    *,
    team_id: int,
    name: str,
    purposes: Sequence[Purpose],
    givers: Sequence[Giver],
    given: bool,
    word: Word,
    actor_id: int | None,
    now: datetime,
) -> tuple[str, ...]:
    """Record a word for each purpose and giver; returns the public ids, by purpose and giver.

    That the consent to take part is taken back holds what the team has handed in, at once; the committee decides.
    Raises `NotFound` for an unknown team.
    """
    team = db.session.get(Team, team_id)
    if team is None:
        raise NotFound
    rows = [_row(team_id, name, purpose, giver, word, actor_id, now) for purpose in purposes for giver in givers]
    for row in rows:
        row.given = given
    db.session.add_all(rows)
    db.session.flush()  # their public ids are part of the answer
    for row in rows:
        audit.record(
            at=now,
            actor_id=actor_id,
            scope=f"edition:{team.edition_id}",
            action="consent.given" if given else "consent.withdrawn",
            subject=f"consent:{row.public_id}",
            # No name: the trail outlives the people's data.
            team=team.public_id,
            purpose=row.purpose.value,
            giver=row.giver.value,
            means=word.means.value,
        )
    if not given and Purpose.TAKE_PART in purposes:
        _hold(team_id, actor_id, now)
    return tuple(row.public_id for row in rows)


def _row(
    team_id: int, name: str, purpose: Purpose, giver: Giver, word: Word, actor_id: int | None, now: datetime
) -> Consent:
    scan = word.scan
    return Consent(
        team_id=team_id,
        name=name,
        name_key=name_digest(name),
        purpose=purpose,
        giver=giver,
        means=word.means,
        at=now,
        by_id=actor_id,
        by_team=word.by_team,
        giver_name=word.giver_name,
        attested_by=word.attested_by,
        note=word.note,
        text_id=word.text_id,
        link_id=word.link_id,
        scan_key=scan.key if scan else None,
        scan_name=scan.name if scan else "",
        scan_type=scan.kind if scan else "",
        scan_sha256=scan.sha256 if scan else "",
    )


def _hold(team_id: int, actor_id: int | None, now: datetime) -> None:
    rows = db.session.scalars(
        select(Submission)
        .where(Submission.team_id == team_id, Submission.status == SubmissionStatus.SUBMITTED)
        .order_by(Submission.id)
        .with_for_update()
    )
    for row in rows:
        row.status, row.updated_at = after(row.status, Act.HOLD), now
        note(row, "held", actor_id=actor_id, now=now)


def require_consents(row: Submission, now: datetime) -> None:
    """Refuse to take up what a member may not take part in yet: nobody is judged before the consents are there.

    Where an edition asks for none, only what was taken back counts. Raises `RuleBroken` "consents_missing" (`count` of
    the members).
    """
    count = len(lacking(row.edition_id, row.team_id, now))
    if count:
        raise RuleBroken("consents_missing", count=count)


def hold_unconsented(team: Team, *, actor_id: int | None, now: datetime) -> None:
    """Hold what a team has handed in when a member lacks a consent that the edition requires."""
    db.session.flush()  # its members were just written
    if privacy_rules_of(team.edition_id).required and lacking(team.edition_id, team.id, now):
        _hold(team.id, actor_id, now)


def submitted_in(edition_id: int) -> frozenset[int]:
    """Return what is handed in in an edition: what a file brings beside it is looked at by itself."""
    handed_in = select(Submission.id).where(
        Submission.edition_id == edition_id, Submission.status == SubmissionStatus.SUBMITTED
    )
    return frozenset(db.session.scalars(handed_in))


def hold_imported(
    edition_id: int, *, but: Collection[int] = (), actor_id: int | None, now: datetime
) -> tuple[str, ...]:
    """Hold what came in by a file when a member lacks a consent that the edition requires; return the codes.

    As from the form of the site: nothing goes to the judges before. `but` are submissions that are left as they are.
    """
    rules = privacy_rules_of(edition_id)
    if not rules.required:
        return ()
    db.session.flush()  # teams and members were just written
    day = day_in(edition_id, now)
    policy = rules.policy(day)
    members = members_with_consents(edition_id)
    teams = {one.team_id for one in members if one.missing(Purpose.TAKE_PART, policy, day)}
    rows = db.session.scalars(
        select(Submission)
        .where(Submission.edition_id == edition_id, Submission.status == SubmissionStatus.SUBMITTED)
        .order_by(Submission.id)
    )
    held = [row for row in rows if row.team_id in teams and row.id not in but]
    for row in held:
        row.status, row.updated_at = after(row.status, Act.HOLD), now
        note(row, "held", actor_id=actor_id, now=now)
    return tuple(row.code for row in held)


def member_of(edition_id: int, member_id: int, *, team_id: int | None = None) -> TeamMember:
    """Return a member of an edition, of one team when given; raises `NotFound`."""
    asked = select(TeamMember).join(Team).where(Team.edition_id == edition_id, TeamMember.id == member_id)
    row = db.session.scalar(asked if team_id is None else asked.where(Team.id == team_id))
    if row is None:
        raise NotFound
    return row
