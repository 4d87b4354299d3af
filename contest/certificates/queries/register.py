"""The register: who may get a certificate now, what was issued, what a code proves, and files that were made."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select

from contest.certificates.kinds import TEAM_KINDS, Hold, Kind, Want
from contest.certificates.look import Look, from_json
from contest.certificates.models import Certificate, CertificateFile, CertificateLook
from contest.certificates.queries.people import Behind, behind_submissions, volunteers_of
from contest.certificates.queries.taken_back import names_in, names_taken_back
from contest.certificates.roll import Candidate, Member, Roll, Source, entrants, hold_of, named, winners
from contest.certificates.texts import tidy
from contest.certificates.veil import names_one, veiled
from contest.editions.facts import EditionFacts
from contest.editions.models import Edition, Round
from contest.editions.phases import FROZEN, EditionState
from contest.editions.queries import round_heads
from contest.editions.rules import RoundKind
from contest.infra.db import db, plain_rows
from contest.judging.models import Judge
from contest.letters import name_digest
from contest.results.models import AwardList
from contest.results.queries.awards import latest_list, settled_awards
from contest.results.queries.snapshots import frozen_report, latest_snapshot
from contest.submissions.models import Submission, Team


@dataclass(frozen=True, slots=True)
class LookFacts:
    """The look of an edition with the keys of its own pictures; the usual one while nobody has saved any."""

    look: Look
    background_key: str | None = None
    logo_key: str | None = None


@dataclass(frozen=True, slots=True)
class RollLine:
    """A candidate with what is in the way: held back, or registered already (valid or revoked)."""

    candidate: Candidate
    hold: Hold | None
    number: str | None
    revoked: bool


@dataclass(frozen=True, slots=True)
class RollPage:
    """The roll of a kind as its page shows it; `stale`: valid certificates that no longer follow from the results."""

    lines: tuple[RollLine, ...]
    want: Want | None
    about: str
    stale: tuple[Certificate, ...]

    @property
    def ready(self) -> tuple[Candidate, ...]:
        """Those to whom a certificate can be issued now."""
        return tuple(line.candidate for line in self.lines if line.hold is None and line.number is None)

    @property
    def held(self) -> tuple[RollLine, ...]:
        """Those who are held back."""
        return tuple(line for line in self.lines if line.hold is not None and line.number is None)

    @property
    def issued(self) -> int:
        """How many hold a valid one."""
        return sum(line.number is not None and not line.revoked for line in self.lines)


def look_of(edition_id: int) -> LookFacts:
    """Return how the certificates of an edition look."""
    row = db.session.get(CertificateLook, edition_id)
    return LookFacts(Look()) if row is None else LookFacts(from_json(row.look), row.background_key, row.logo_key)


def roll_of(edition: EditionFacts, kind: Kind, look: Look, behind: Mapping[str, Behind] | None = None) -> Roll:
    """Return who may get a certificate of a kind, from frozen results where the kind tells any."""
    if kind is Kind.JUDGE:
        return _judges(edition.id)
    if kind is Kind.VOLUNTEER:
        return _volunteers(edition.id)
    behind = behind_submissions(edition.id) if behind is None else behind
    if kind is Kind.MENTOR:
        return Roll(named(_mentors(behind)))
    roll = _winners(edition.id, look) if kind is Kind.WINNER else _entrants(edition.id, kind, look)
    return replace(
        roll,
        candidates=tuple(
            replace(one, email=behind[one.submission].email) for one in roll.candidates if one.submission in behind
        ),
    )


def _winners(edition_id: int, look: Look) -> Roll:
    settled = latest_list(edition_id)
    if settled is None:
        return Roll(want=Want.AWARDS_NOT_SETTLED)
    awards = settled_awards(settled.id)
    return Roll(named(winners(awards, settled.version, settled.fingerprint, look.to)))


def _entrants(edition_id: int, kind: Kind, look: Look) -> Roll:
    rounds = round_heads(edition_id)
    finals = [one for one in rounds if one.kind is RoundKind.FINAL]
    round_ = (finals[-1:] or rounds[1:][-1:]) if kind is Kind.FINALIST else rounds[:1]
    snapshot = latest_snapshot(round_[0].id) if round_ and round_[0].state in FROZEN else None
    if not round_:
        return Roll(want=Want.ROUND_MISSING)
    if snapshot is None:
        return Roll(want=Want.ROUND_NOT_FINAL, about=round_[0].code)
    source = Source(round_[0].code, snapshot.version, snapshot.fingerprint)
    return Roll(named(entrants(kind, frozen_report(snapshot.id), source, look.to)))


def _judges(edition_id: int) -> Roll:
    rows = db.session.scalars(
        select(Judge).where(Judge.edition_id == edition_id, Judge.left_at.is_(None)).order_by(Judge.id)
    ).all()
    people = [Candidate(Kind.JUDGE, tidy(row.name), user_id=row.user_id, email=row.email) for row in rows]
    return Roll(named(people, {place: f"judge:{row.code}" for place, row in enumerate(rows)}))


def _volunteers(edition_id: int) -> Roll:
    rows = volunteers_of(edition_id)
    people = [Candidate(Kind.VOLUNTEER, tidy(row.name), task=tidy(row.task), email=row.email) for row in rows]
    return Roll(named(people, {place: f"volunteer:{row.public_id}" for place, row in enumerate(rows)}))


def _mentors(behind: Mapping[str, Behind]) -> Iterator[Candidate]:
    for code, one in behind.items():
        if tidy(one.mentor):
            yield Candidate(
                Kind.MENTOR, tidy(one.mentor), team=tidy(one.team), title=tidy(one.title), submission=code,
                email=one.mentor_email,
            )  # fmt: skip


def today_in(edition: EditionFacts, now: datetime) -> date:
    """Return the day at the place of the edition."""
    return now.astimezone(ZoneInfo(edition.timezone)).date()


def roll_page(edition: EditionFacts, kind: Kind, now: datetime) -> RollPage:
    """Return the roll of a kind beside the register."""
    behind = behind_submissions(edition.id)
    roll = roll_of(edition, kind, look_of(edition.id).look, behind)
    rows = db.session.scalars(
        select(Certificate).where(Certificate.edition_id == edition.id, Certificate.kind == kind)
    ).all()
    numbers = {row.subject: row for row in sorted(rows, key=lambda row: (row.revoked_at is None, row.sequence))}
    today = today_in(edition, now)
    lines = []
    for one in roll.candidates:
        row = numbers.pop(one.subject, None)
        hold = hold_of(one, member_behind(one, behind), today)
        lines.append(RollLine(one, hold, row.number if row else None, row is not None and row.revoked_at is not None))
    stale = tuple(row for row in numbers.values() if row.revoked_at is None)
    return RollPage(tuple(lines), roll.want, roll.about, stale)


def member_behind(one: Candidate, behind: Mapping[str, Behind]) -> Member:
    """Return what is known today of the person of a candidate; nothing when the name is no longer in the team."""
    found = behind.get(one.submission)
    return found.members.get(name_digest(one.name), Member()) if found else Member()


_OUT = and_(Round.published_version.is_not(None), Edition.state != EditionState.DRAFT)


def _released() -> ColumnElement[bool]:
    """Return which certificates may be known to the world: what they tell has been published."""
    listed = exists().where(
        AwardList.edition_id == Certificate.edition_id,
        AwardList.published_at.is_not(None),
        AwardList.version >= Certificate.list_version,
    )
    told = or_(
        Certificate.kind.not_in(TEAM_KINDS),
        and_(_OUT, or_(Certificate.kind != Kind.WINNER, listed)),
    )
    return and_(Edition.rehearsal_of_id.is_(None), Edition.state != EditionState.DRAFT, told)


def _with_edition(*columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(Certificate)
        .join(Edition, Edition.id == Certificate.edition_id)
        .outerjoin(Round, Round.id == Certificate.round_id)
    )


@dataclass(frozen=True, slots=True)
class Proof:
    """What a code proves: the content as it was issued, its fingerprint, and since when it is revoked.

    `text`: the content as the register holds it. Two that are equal are shown alike. `unnamed` are people of its team
    who took back to be named, and `alias` what stands for them.
    """

    public_id: str
    edition_id: int
    text: str
    fingerprint: str
    revoked_at: datetime | None
    is_test: bool
    unnamed: tuple[str, ...] = ()
    alias: str = ""

    @property
    def content(self) -> Mapping[str, Any]:
        """The content as it may be told today, read anew at every call."""
        issued = cast("Mapping[str, Any]", json.loads(self.text))
        return veiled(issued, self.unnamed, self.alias) if self.unnamed else issued

    @property
    def hides(self) -> bool:
        """Tell whether a name that it was issued with is not told any more."""
        return bool(self.unnamed) and names_one(json.loads(self.text), self.unnamed)


_ALIAS = select(Submission.code).where(Submission.id == Certificate.submission_id).scalar_subquery()
_BY_CODE = _with_edition(
    *(Certificate.public_id, Certificate.edition_id, Certificate.content, Certificate.fingerprint),
    *(Certificate.revoked_at, Edition.is_test, names_taken_back().label("ended"), _ALIAS.label("alias")),
).where(Certificate.code == bindparam("code"), _released())


def proof_of(code: str) -> Proof | None:
    """Return what a code proves, in one query; none for an unknown one and for one that is not published yet."""
    row = plain_rows(_BY_CODE, code=code).one_or_none()
    if row is None:
        return None
    return Proof(
        public_id=row.public_id,
        edition_id=row.edition_id,
        text=row.content,
        fingerprint=row.fingerprint,
        revoked_at=row.revoked_at,
        is_test=bool(row.is_test),
        unnamed=names_in(row.ended),
        alias=row.alias or "",
    )


def own_certificates(edition_id: int, user_id: int) -> Sequence[Certificate]:
    """Return a person's valid certificates that may be known: those of own teams, as a captain, and as a judge."""
    mine = select(Submission.id).join(Team, Team.id == Submission.team_id).where(Team.captain_id == user_id)
    asked = _with_edition(Certificate).where(
        Certificate.edition_id == edition_id,
        Certificate.revoked_at.is_(None),
        or_(Certificate.user_id == user_id, Certificate.submission_id.in_(mine)),
        _released(),
    )
    return db.session.scalars(asked.order_by(Certificate.sequence)).all()


def register_of(edition_id: int) -> Sequence[Certificate]:
    """Return the whole register of an edition in the order of its numbers."""
    return db.session.scalars(
        select(Certificate).where(Certificate.edition_id == edition_id).order_by(Certificate.sequence)
    ).all()


def valid_certificates(
    edition_id: int, *, kind: Kind | None = None, round_id: int | None = None, released: bool = False
) -> Sequence[Certificate]:
    """Return those that are not revoked, by number; of one kind or round, or only those that may be known."""
    asked = _with_edition(Certificate).where(Certificate.edition_id == edition_id, Certificate.revoked_at.is_(None))
    if kind is not None:
        asked = asked.where(Certificate.kind == kind)
    if round_id is not None:
        asked = asked.where(Certificate.round_id == round_id)
    if released:
        asked = asked.where(_released())
    return db.session.scalars(asked.order_by(Certificate.sequence)).all()


def certificate_of(edition_id: int, public_id: str) -> Certificate | None:
    """Return one entry of the register."""
    return db.session.scalar(
        select(Certificate).where(Certificate.edition_id == edition_id, Certificate.public_id == public_id)
    )


def files_of(edition_id: int) -> Sequence[CertificateFile]:
    """Return the files that were made, the newest first."""
    return db.session.scalars(
        select(CertificateFile).where(CertificateFile.edition_id == edition_id).order_by(CertificateFile.id.desc())
    ).all()


def file_of(edition_id: int, public_id: str) -> CertificateFile | None:
    """Return one file that was made."""
    return db.session.scalar(
        select(CertificateFile).where(CertificateFile.edition_id == edition_id, CertificateFile.public_id == public_id)
    )
