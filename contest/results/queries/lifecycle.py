"""Reads about the way of a round: who is on its council, what was decided, what is still to settle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from contest.accounts.models import Membership, User
from contest.accounts.roles import Role
from contest.editions.facts import EditionFacts, RoundFacts
from contest.infra.db import db
from contest.infra.signing import fingerprint
from contest.judging.models import Judge
from contest.letters import name_key
from contest.results.models import Attendance, Confirmation, RulingRow
from contest.results.preconditions import EntryState, Member, Situation
from contest.results.queries.books import reconciliation_of
from contest.results.report import Line, RoundReport, to_payload
from contest.results.rulings import Ruling, RulingKind
from contest.submissions.models import Submission

COUNCIL = (Role.CHAIR, Role.SECRETARY)


@dataclass(frozen=True, slots=True)
class CouncilSeat:
    """A person of the council with the account that stands for them; `note` is a judge's organisation."""

    user_id: int
    person: str
    member: Member
    note: str = ""


@dataclass(frozen=True, slots=True)
class StandingRuling:
    """A ruling as people read it; `entry` is empty when it is about the whole round."""

    id: int
    kind: RulingKind
    entry: str
    value: str
    reason: str
    author: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The confirmation in force."""

    id: int
    name: str
    as_chair: bool
    fingerprint: str
    confirmed_at: datetime


def has_chair(edition_id: int) -> bool:
    """Tell whether anybody who can sign in is the chair of the jury."""
    chair = (
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.edition_id == edition_id, Membership.role == Role.CHAIR, User.is_active)
        .limit(1)
    )
    return db.session.scalar(chair) is not None


def council_of(edition_id: int, round_id: int) -> tuple[CouncilSeat, ...]:
    """Return chair, secretary and judges with their attendance, the chair first, then by name, in three queries."""
    seats: dict[int, CouncilSeat] = {}
    for row in _officers(edition_id):
        seat = seats.setdefault(row.id, _seat(row.id, row.public_id, row.name))
        chair, secretary = row.role is Role.CHAIR, row.role is Role.SECRETARY
        held = replace(seat.member, chair=seat.member.chair or chair, secretary=seat.member.secretary or secretary)
        seats[row.id] = replace(seat, member=held)
    for one in _judges(edition_id):
        seat = seats.get(one.id) or _seat(one.id, one.public_id, one.name)
        seats[one.id] = replace(seat, member=replace(seat.member, judge=True), note=one.organisation)
    there = _attendance(round_id)
    noted = [replace(one, member=replace(one.member, present=there.get(one.user_id))) for one in seats.values()]
    return tuple(sorted(noted, key=_place))


def _officers(edition_id: int) -> Sequence[Any]:
    return db.session.execute(
        select(User.id, User.public_id, User.name, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.edition_id == edition_id, Membership.role.in_(COUNCIL))
    ).all()


def _judges(edition_id: int) -> Sequence[Any]:
    return db.session.execute(
        select(User.id, User.public_id, Judge.name, Judge.organisation)
        .join(User, User.id == Judge.user_id)
        .where(Judge.edition_id == edition_id, Judge.left_at.is_(None))
    ).all()


def _seat(user_id: int, person: str, name: str) -> CouncilSeat:
    return CouncilSeat(user_id, person, Member(name, chair=False, secretary=False, judge=False, present=None))


def _place(seat: CouncilSeat) -> tuple[bool, bool, object, int]:
    return not seat.member.chair, not seat.member.secretary, name_key(seat.member.name), seat.user_id


def _attendance(round_id: int) -> dict[int, bool]:
    rows = db.session.execute(select(Attendance.user_id, Attendance.present).where(Attendance.round_id == round_id))
    return {row.user_id: row.present for row in rows}


_RULINGS = (
    select(RulingRow, Submission.code)
    .outerjoin(Submission, Submission.id == RulingRow.submission_id)
    .where(RulingRow.revoked_at.is_(None))
    .order_by(RulingRow.id)
)


def standing_rulings(round_id: int) -> tuple[StandingRuling, ...]:
    """Return the decisions in force, oldest first, in one query."""
    return tuple(
        StandingRuling(row.id, row.kind, code or "", row.value, row.reason, row.author, row.decided_at)
        for row, code in db.session.execute(_RULINGS.where(RulingRow.round_id == round_id))
    )


def confirmation_of(round_id: int) -> Confirmed | None:
    """Return the confirmation in force."""
    row = db.session.scalar(
        select(Confirmation)
        .where(Confirmation.round_id == round_id, Confirmation.revoked_at.is_(None))
        .order_by(Confirmation.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    return Confirmed(row.id, row.name, row.as_chair, row.fingerprint, row.confirmed_at)


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in writing about a round: the decisions in force, and who confirmed the results, if anybody."""

    rulings: tuple[StandingRuling, ...]
    confirmed: Confirmed | None


def written_of(round_id: int) -> Written:
    """Return what stands in writing, in two queries."""
    return Written(standing_rulings(round_id), confirmation_of(round_id))


def situation_of(
    edition: EditionFacts, round_: RoundFacts, report: RoundReport, written: Written, at_line: Sequence[str] = ()
) -> Situation:
    """Return what the preconditions look at, in a fixed number of queries; `report` is the live one."""
    return Situation(
        rules=round_.rules,
        rubric=round_.rubric,
        entries=tuple(_entry(line) for line in report.lines),
        books=reconciliation_of(round_, report),
        judges=len(report.judges),
        council=tuple(seat.member for seat in council_of(edition.id, round_.id)),
        rulings=tuple(
            Ruling(one.kind, None, one.value, one.reason, one.author) for one in written.rulings if not one.entry
        ),
        at_line=tuple(at_line),
        confirmed=written.confirmed.fingerprint if written.confirmed else None,
        current=fingerprint(to_payload(report)),
        judge_names={judge.code: judge.name for judge in report.judges},
    )


def _entry(line: Line) -> EntryState:
    return EntryState(
        code=line.entrant.code,
        status=line.status,
        reason=line.reason,
        awaits_chair=line.awaits_chair,
        alarm=line.alarm,
    )
