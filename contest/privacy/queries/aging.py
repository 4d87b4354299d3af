"""What is too old, by the schedule; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, func, or_, select, true

from contest.accounts.models import Membership, User
from contest.editions.models import Edition, Round
from contest.infra import wiping
from contest.infra.alarms import SITE, Alarm
from contest.infra.background import OPEN_STATES
from contest.infra.db import Base, db
from contest.infra.mail import MailStatus
from contest.letters import name_digest
from contest.privacy.catalogue import CATALOGUE
from contest.privacy.classes import Data, Keep
from contest.privacy.models import Erasure, RetentionRules
from contest.privacy.persons import Subject
from contest.privacy.queries.plan import ENTRY_GOES
from contest.privacy.retention import TERMS, Term, cutoff, goes_at
from contest.submissions.models import Team, TeamMember

DATED = {
    "consents": "at",
    "consent_links": "expires_at",
    "privacy_requests": "closed_at",
    "looks": "first_at",
    "alarms": "at",
    "outbox_mails": "created_at",
    "certificate_files": "made_at",
    "import_drafts": "expires_at",
    "jobs": "finished_at",
    "user_sessions": "expires_at",
    "sign_in_links": "expires_at",
    "half_sign_ins": "expires_at",
    "passkey_challenges": "expires_at",
}
"""Table -> the moment from which its rows grow old."""
OPEN = {"outbox_mails": ("status", (MailStatus.WAITING,)), "jobs": ("state", OPEN_STATES)}
"""Rows that still have something to do stay however old they are."""


@dataclass(frozen=True, slots=True)
class Aging:
    """An edition with its schedule: the days that it set, and when its contest ended."""

    id: int
    code: str
    days: Mapping[str, int]
    ended_at: datetime | None

    def due(self, term: Term, now: datetime) -> bool:
        """Tell whether a class that counts from the end has to go."""
        at = goes_at(term, self.days, self.ended_at)
        return at is not None and at <= now


@dataclass(frozen=True, slots=True)
class Old:
    """Rows of one table that are too old: `edition` is None for what belongs to accounts."""

    keep: Keep
    edition: str | None
    table: Table
    where: ColumnElement[bool]

    @property
    def count(self) -> int:
        """Return how many there are."""
        return db.session.scalar(select(func.count()).select_from(self.table).where(self.where)) or 0

    def files(self) -> set[str]:
        """Return the keys of their stored files."""
        columns = [self.table.c[name] for name in CATALOGUE[self.table.name].of(Data.FILE)]
        return {key for one in columns for key in db.session.scalars(select(one).where(self.where, one.is_not(None)))}


def aging_editions(edition_id: int | None = None) -> tuple[Aging, ...]:
    """Return every edition, or one, with its schedule. A contest ends when its last round is published."""
    rows = db.session.execute(
        select(Edition.id, Edition.code, RetentionRules.days)
        .outerjoin(RetentionRules, RetentionRules.edition_id == Edition.id)
        .where(true() if edition_id is None else Edition.id == edition_id)
        .order_by(Edition.id)
    ).all()
    return tuple(Aging(row.id, row.code, row.days or {}, _ended(row.id)) for row in rows)


def _ended(edition_id: int) -> datetime | None:
    last = select(Round.published_at).where(Round.edition_id == edition_id).order_by(Round.position.desc()).limit(1)
    return db.session.scalar(last)


def old_rows(editions: tuple[Aging, ...], now: datetime, *, ways_in: bool = True) -> Iterator[Old]:
    """Yield what is too old, by class, edition and table; rows of accounts once, by the usual times."""
    for term in TERMS:
        for edition in editions:
            yield from _of_edition(term, edition, now)
        if term.keep is Keep.ACCESS and ways_in:
            old = and_(Alarm.scope == SITE, Alarm.at <= cutoff(term, {}, now))
            yield Old(term.keep, None, Base.metadata.tables["alarms"], old)
        if term.keep is Keep.WAYS_IN and ways_in:
            for name in _tables(term):
                table = Base.metadata.tables[name]
                yield Old(term.keep, None, table, table.c[DATED[name]] <= cutoff(term, {}, now))


def _tables(term: Term) -> Iterator[str]:
    return (name for name in DATED if CATALOGUE[name].keep is term.keep)


def _of_edition(term: Term, edition: Aging, now: datetime) -> Iterator[Old]:
    if term.keep is Keep.ENTRIES and edition.due(term, now):
        for name in ENTRY_GOES:
            table = Base.metadata.tables[name]
            yield Old(term.keep, edition.code, table, wiping.rows_of(table, edition.id))
    elif not term.after_contest and term.keep is not Keep.WAYS_IN:
        for name in _tables(term):
            table = Base.metadata.tables[name]
            where = and_(wiping.rows_of(table, edition.id), table.c[DATED[name]] <= cutoff(term, edition.days, now))
            if name in OPEN:
                column, states = OPEN[name]
                where = and_(where, table.c[column].not_in(states))
            yield Old(term.keep, edition.code, table, where)


def people_due(editions: tuple[Aging, ...], now: datetime) -> Iterator[tuple[str, Subject]]:
    """Yield (edition code, person) whose time is over: accounts with no role in an edition that is not over, members.

    Administrators stay, and so do the accounts of committees, which other editions need.
    """
    term = next(one for one in TERMS if one.keep is Keep.ACCOUNTS)
    over = {one.id: one.code for one in editions if one.due(term, now)}
    erased = set(db.session.scalars(select(Erasure.alias)))
    if not over:
        return
    here = select(Membership.user_id).where(Membership.edition_id.in_(over))
    elsewhere = select(Membership.user_id).where(
        or_(Membership.edition_id.not_in(over), Membership.role.in_(("organiser", "secretary", "observer")))
    )
    accounts = select(User.id, User.name).where(User.id.in_(here), User.id.not_in(elsewhere), User.is_admin.is_(False))
    for row in db.session.execute(accounts.order_by(User.id)):
        if row.name not in erased:
            yield next(iter(over.values())), Subject(user_id=row.id)
    members = (
        select(Team.edition_id, Team.id, TeamMember.name)
        .join(TeamMember, TeamMember.team_id == Team.id)
        .where(Team.edition_id.in_(over))
        .order_by(TeamMember.id)
    )
    for member in db.session.execute(members):
        if member.name not in erased:
            yield over[member.edition_id], Subject(team_id=member.id, name_key=name_digest(member.name))
