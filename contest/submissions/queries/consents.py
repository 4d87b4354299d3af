"""The consents about the members of teams: what is in force, what is missing, and what may be published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, select

from contest.accounts.models import User
from contest.editions.models import Edition
from contest.editions.moments import local_day
from contest.editions.privacy import AgePolicy, PrivacyRules, privacy_from_json
from contest.infra.db import db
from contest.letters import name_digest
from contest.submissions.consenting import Age, Giver, Means, Purpose, latest, missing
from contest.submissions.models import Consent, ConsentText, Team, TeamMember

Key = tuple[int, str]
"""A member: the team's id and `name_digest` of the name."""


@dataclass(frozen=True, slots=True)
class Said:
    """One record of a consent."""

    public_id: str
    purpose: Purpose
    giver: Giver
    given: bool
    means: Means
    at: datetime
    by: str
    by_team: bool
    giver_name: str
    attested_by: str
    note: str
    scan: str
    text_version: int | None
    text_sha256: str


@dataclass(frozen=True, slots=True)
class MemberConsents:
    """A member with what was said about his or her data, the oldest word first."""

    edition_id: int
    team_id: int
    team: str
    member_id: int
    name: str
    age: Age
    position: int
    said: tuple[Said, ...] = ()
    words: Mapping[Purpose, Mapping[Giver, bool]] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """What records go by."""
        return self.team_id, name_digest(self.name)

    def missing(self, purpose: Purpose, policy: AgePolicy, day: date) -> tuple[Giver, ...]:
        """Return whose word is missing for a purpose on a day."""
        return missing(self.words.get(purpose, {}), self.age, policy, day)

    def last(self, purpose: Purpose) -> Said | None:
        """Return the latest record of a purpose."""
        return next((one for one in reversed(self.said) if one.purpose is purpose), None)


def privacy_rules_of(edition_id: int) -> PrivacyRules:
    """Return how an edition asks for consents."""
    data = db.session.scalar(select(Edition.privacy_rules).where(Edition.id == edition_id))
    return privacy_from_json(data or {})


def day_in(edition_id: int, now: datetime) -> date:
    """Return the day of a moment where the edition is: ages change at its midnight."""
    zone = db.session.scalar(select(Edition.timezone).where(Edition.id == edition_id))
    return local_day(now, zone or "UTC")


def lacking(edition_id: int, team_id: int, now: datetime) -> tuple[MemberConsents, ...]:
    """Return the members of a team who may not take part yet, in four queries."""
    return tuple(member for member, absent in taking_part(edition_id, team_id, now) if absent)


def taking_part(edition_id: int, team_id: int, now: datetime) -> tuple[tuple[MemberConsents, tuple[Giver, ...]], ...]:
    """Return the members of a team who are asked to agree to take part, each with whose word is missing.

    Where the edition requires no consents, only those of whom a consent was taken back.
    """
    rules, day = privacy_rules_of(edition_id), day_in(edition_id, now)
    members = members_with_consents(edition_id, team_ids=[team_id])
    if rules.required:
        policy = rules.policy(day)
        return tuple((one, one.missing(Purpose.TAKE_PART, policy, day)) for one in members)
    ended = [(one, tuple(g for g, yes in one.words.get(Purpose.TAKE_PART, {}).items() if not yes)) for one in members]
    return tuple((one, absent) for one, absent in ended if absent)


def members_with_consents(edition_id: int, *, team_ids: Collection[int] | None = None) -> tuple[MemberConsents, ...]:
    """Return the members of an edition's teams with their consents, by team and place, in two queries."""
    which: list[ColumnElement[bool]] = [Team.edition_id == edition_id]
    if team_ids is not None:
        which.append(Team.id.in_(team_ids))
    said = _said(*which)
    people = db.session.execute(
        select(TeamMember, Team.name.label("team"), Team.edition_id)
        .join(Team, Team.id == TeamMember.team_id)
        .where(*which)
        .order_by(Team.id, TeamMember.position, TeamMember.id)
    )
    return tuple(_member(row.TeamMember, row.edition_id, row.team, said) for row in people)


def _member(row: TeamMember, edition_id: int, team: str, said: Mapping[Key, list[Said]]) -> MemberConsents:
    records = tuple(said.get((row.team_id, name_digest(row.name)), ()))
    words = latest((one.purpose, one.giver, one.given) for one in records)
    age = Age(row.birth_date, row.age_band)
    return MemberConsents(edition_id, row.team_id, team, row.id, row.name, age, row.position, records, words)


def _said(*which: ColumnElement[bool]) -> dict[Key, list[Said]]:
    rows = db.session.execute(
        select(Consent, User.name.label("by"), ConsentText.version, ConsentText.sha256)
        .join(Team, Team.id == Consent.team_id)
        .outerjoin(User, User.id == Consent.by_id)
        .outerjoin(ConsentText, ConsentText.id == Consent.text_id)
        .where(*which)
        .order_by(Consent.id)
    )
    found: dict[Key, list[Said]] = defaultdict(list)
    for row in rows:
        one = row.Consent
        found[one.team_id, one.name_key].append(
            Said(
                one.public_id, one.purpose, one.giver, one.given, one.means, one.at, row.by or "", one.by_team,
                one.giver_name, one.attested_by, one.note, one.scan_name, row.version, row.sha256 or "",
            )
        )  # fmt: skip
    return found
