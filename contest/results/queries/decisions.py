"""Reads about what people decided beside the numbers: rulings, the ledger, measured numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from contest.accounts.models import User
from contest.editions.facts import RoundFacts
from contest.editions.models import Track
from contest.editions.rules import CriterionSpec
from contest.infra.db import db
from contest.judging.models import MeasuredScore
from contest.judging.queries.rounds import participants
from contest.letters import natural_key
from contest.results.models import Adjustment, RulingRow
from contest.results.rulings import RulingKind
from contest.submissions.models import Submission, Team


@dataclass(frozen=True, slots=True)
class RulingLine:
    """A ruling with its history; `revoked_at` is none while it stands, `submission` empty for the whole round."""

    id: int
    kind: RulingKind
    submission: str
    value: str
    reason: str
    author: str
    decided_at: datetime
    revoked_at: datetime | None
    revoked_by: str
    revoked_reason: str


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """Points given or taken, with their history; `withdrawn_at` is none while they count."""

    id: int
    submission: str
    title: str
    points: Decimal
    reason: str
    author: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_reason: str


@dataclass(frozen=True, slots=True)
class Participant:
    """A submission of the round as pages name it."""

    id: int
    code: str
    title: str
    team: str
    track: str


def rulings_of(round_id: int) -> list[RulingLine]:
    """Return every ruling of a round, also the revoked ones, the newest first, in one query."""
    rows = db.session.execute(
        select(RulingRow, Submission.code.label("code"), User.name.label("revoker"))
        .outerjoin(Submission, Submission.id == RulingRow.submission_id)
        .outerjoin(User, User.id == RulingRow.revoked_by)
        .where(RulingRow.round_id == round_id)
        .order_by(RulingRow.id.desc())
    )
    return [
        RulingLine(
            id=row.RulingRow.id,
            kind=row.RulingRow.kind,
            submission=row.code or "",
            value=row.RulingRow.value,
            reason=row.RulingRow.reason,
            author=row.RulingRow.author,
            decided_at=row.RulingRow.decided_at,
            revoked_at=row.RulingRow.revoked_at,
            revoked_by=row.revoker or "",
            revoked_reason=row.RulingRow.revoked_reason,
        )
        for row in rows
    ]


def ledger_of(round_id: int) -> list[LedgerLine]:
    """Return every entry of the ledger, also the withdrawn ones, in the order of their making, in one query."""
    rows = db.session.execute(
        select(Adjustment, Submission.code.label("code"), Submission.title.label("title"), User.name.label("remover"))
        .join(Submission, Submission.id == Adjustment.submission_id)
        .outerjoin(User, User.id == Adjustment.withdrawn_by)
        .where(Adjustment.round_id == round_id)
        .order_by(Adjustment.id)
    )
    return [
        LedgerLine(
            id=row.Adjustment.id,
            submission=row.code,
            title=row.title,
            points=row.Adjustment.points,
            reason=row.Adjustment.reason,
            author=row.Adjustment.author,
            withdrawn_at=row.Adjustment.withdrawn_at,
            withdrawn_by=row.remover or "",
            withdrawn_reason=row.Adjustment.withdrawn_reason,
        )
        for row in rows
    ]


def participants_of(round_: RoundFacts) -> list[Participant]:
    """Return who takes part in a round, by code, in three queries at most."""
    ids = participants(round_)
    rows = db.session.execute(
        select(Submission.id, Submission.code, Submission.title, Team.name, Track.code.label("track"))
        .join(Team, Team.id == Submission.team_id)
        .outerjoin(Track, Track.id == Submission.track_id)
        .where(Submission.id.in_(ids))
    ).all()
    found = [Participant(row.id, row.code, row.title, row.name, row.track or "") for row in rows]
    return sorted(found, key=lambda one: natural_key(one.code))


def entered_numbers(criterion_id: int, spec: CriterionSpec) -> Mapping[int, Decimal]:
    """Return what the organiser entered for a criterion, by submission id: raw numbers, or marks without a measure."""
    rows = db.session.execute(
        select(MeasuredScore.submission_id, MeasuredScore.points, MeasuredScore.raw).where(
            MeasuredScore.criterion_id == criterion_id, MeasuredScore.judge_id.is_(None)
        )
    )
    return {row.submission_id: row.raw if row.points is None else spec.value_of(row.points) for row in rows}
