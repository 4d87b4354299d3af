"""Reads about the panel: who judges, what each judge holds, who is known already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, exists, func, or_, select

from contest.accounts.models import Membership, SignInLink, User, UserSession
from contest.accounts.roles import Role
from contest.infra.db import db
from contest.judging.models import Assignment, Conflict, Judge, Scorecard
from contest.judging.panel_list import Known, PanelRow
from contest.judging.states import ScorecardStatus
from contest.letters import fold, name_key
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission


@dataclass(frozen=True, slots=True)
class PanelJudge:
    """A judge of an edition. `person` is the public id of the account, used in addresses.

    `email` and `phone` are those that the panel's list gives, `account_email` and `account_phone` those that the
    account signs in with; `owned` says that the person has set a password.
    """

    id: int
    user_id: int
    person: str
    code: str
    name: str
    email: str
    phone: str
    organisation: str
    fields: tuple[str, ...]
    languages: str
    min_load: int | None
    max_load: int | None
    chair: bool
    locale: str | None
    account_email: str
    account_phone: str
    owned: bool
    last_sign_in: datetime | None
    link_until: datetime | None
    left_at: datetime | None = None
    experience: int | None = None


_CHAIR = exists().where(
    Membership.user_id == Judge.user_id, Membership.edition_id == Judge.edition_id, Membership.role == Role.CHAIR
)
_LAST_SIGN_IN = (
    select(func.max(UserSession.created_at)).where(UserSession.user_id == Judge.user_id).correlate(Judge)
).scalar_subquery()
_LINK_UNTIL = (
    select(func.max(SignInLink.expires_at))
    .where(
        SignInLink.user_id == Judge.user_id,
        SignInLink.edition_id == Judge.edition_id,
        SignInLink.used_at.is_(None),
        SignInLink.revoked_at.is_(None),
    )
    .correlate(Judge)
).scalar_subquery()
_COLUMNS: tuple[Any, ...] = (
    Judge.id,
    Judge.user_id,
    Judge.code,
    Judge.name,
    Judge.email,
    Judge.phone,
    Judge.organisation,
    Judge.fields,
    Judge.languages,
    Judge.experience,
    Judge.min_load,
    Judge.max_load,
    Judge.left_at,
    User.public_id,
    User.locale,
    User.email.label("account_email"),
    User.phone.label("account_phone"),
    User.password_hash.is_not(None).label("owned"),
    _CHAIR.label("chair"),
    _LAST_SIGN_IN.label("last_sign_in"),
    _LINK_UNTIL.label("link_until"),
)
_JUDGES: Select[Any] = select(*_COLUMNS).join(User, User.id == Judge.user_id)


def judges_of(edition_id: int) -> tuple[PanelJudge, ...]:
    """Return the judges of an edition in Vietnamese order of their given names, in one query."""
    rows = db.session.execute(_JUDGES.where(Judge.edition_id == edition_id))
    return tuple(sorted(map(_judge, rows), key=lambda judge: (name_key(judge.name), judge.id)))


def judge_of(edition_id: int, person: str) -> PanelJudge | None:
    """Return the judge whose account has this public id; none when the edition has no such judge."""
    return _one(Judge.edition_id == edition_id, User.public_id == person)


def profile_of(judge_id: int) -> str:
    """Return what a judge wrote about the own experience."""
    return db.session.scalar(select(Judge.profile).where(Judge.id == judge_id)) or ""


def judge_by_code(edition_id: int, code: str) -> PanelJudge | None:
    """Return the judge with this code."""
    return _one(Judge.edition_id == edition_id, Judge.code == code)


def _one(*where: ColumnElement[bool]) -> PanelJudge | None:
    row = db.session.execute(_JUDGES.where(*where)).one_or_none()
    return None if row is None else _judge(row)


def _judge(row: Row[Any]) -> PanelJudge:
    return PanelJudge(
        id=row.id,
        user_id=row.user_id,
        person=row.public_id,
        code=row.code,
        name=row.name,
        email=row.email,
        phone=row.phone,
        organisation=row.organisation,
        fields=tuple(filter(None, (part.strip() for part in row.fields.split(";")))),
        languages=row.languages,
        min_load=row.min_load,
        max_load=row.max_load,
        chair=bool(row.chair),
        locale=row.locale,
        account_email=row.account_email or "",
        account_phone=row.account_phone or "",
        owned=bool(row.owned),
        last_sign_in=row.last_sign_in,
        link_until=row.link_until,
        left_at=row.left_at,
        experience=row.experience,
    )


@dataclass(frozen=True, slots=True)
class Work:
    """How many scorecards somebody holds in all rounds, and how many of them are submitted."""

    assigned: int = 0
    done: int = 0


# An assignment is work to do unless its submission left the contest, a conflict was declared, the judge withdrew or
# abstained, or the paper was set aside.
CONFLICTED = exists().where(
    Conflict.judge_id == Assignment.judge_id, Conflict.submission_id == Assignment.submission_id
)
REAL = (
    (Submission.status == SubmissionStatus.SUBMITTED)
    & ~CONFLICTED
    & (
        Scorecard.status.is_(None)
        | Scorecard.status.not_in((ScorecardStatus.RECUSED, ScorecardStatus.ABSTAINED, ScorecardStatus.VOIDED))
    )
)
_DONE = func.coalesce(func.sum(case((Scorecard.status == ScorecardStatus.SUBMITTED, 1), else_=0)), 0)


def _counted(by: Any) -> Select[Any]:
    return (
        select(by, func.count(), _DONE)
        .select_from(Assignment)
        .join(Submission, Submission.id == Assignment.submission_id)
        .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
        .where(REAL)
        .group_by(by)
    )


def work_of(edition_id: int) -> dict[int, Work]:
    """Return what each judge holds over all rounds of the edition, by judge id, in one query."""
    counted = _counted(Assignment.judge_id).where(Submission.edition_id == edition_id)
    return {judge_id: Work(assigned, int(done)) for judge_id, assigned, done in db.session.execute(counted)}


def work_by_round(edition_id: int) -> dict[int, Work]:
    """Return how far each round of the edition is, by round id, in one query."""
    counted = _counted(Assignment.round_id).where(Submission.edition_id == edition_id)
    return {round_id: Work(assigned, int(done)) for round_id, assigned, done in db.session.execute(counted)}


def known_around(edition_id: int, rows: Sequence[PanelRow]) -> Known:
    """Return what speaks against adding these entries: judges of the edition and accounts, in two queries."""
    judges = judges_of(edition_id)
    contacts = {contact for row in rows for contact in (row.entry.email, row.entry.phone) if contact}
    listed: dict[str, str] = {}
    for judge in judges:
        for contact in (judge.email, judge.phone, judge.account_email, judge.account_phone):
            listed.setdefault(contact, judge.name)
    listed.pop("", None)
    owners = db.session.execute(
        select(User.id, User.email, User.phone, User.is_active).where(
            or_(User.email.in_(contacts), User.phone.in_(contacts))
        )
    ).all()
    spelled = [(contact, owner) for owner in owners for contact in (owner.email, owner.phone) if contact in contacts]
    return Known(
        codes=frozenset(fold(judge.code) for judge in judges),
        listed=listed,
        accounts={contact: owner.id for contact, owner in spelled if owner.is_active},
        closed=frozenset(contact for contact, owner in spelled if not owner.is_active),
    )
