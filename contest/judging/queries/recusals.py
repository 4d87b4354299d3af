"""Who withdrew from which submission, and whether somebody took the place meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.editions.rules import LocalText
from contest.infra.db import db
from contest.judging.models import Assignment, Judge, Scorecard
from contest.judging.states import ScorecardStatus
from contest.submissions.models import Submission

_Other = aliased(Assignment)
_REPLACED = exists().where(
    _Other.round_id == Assignment.round_id,
    _Other.submission_id == Assignment.submission_id,
    _Other.id != Assignment.id,
    _Other.created_at > Scorecard.updated_at,
)


def was_replaced(assignment_id: int) -> bool:
    """Tell whether another judge was given the submission after this one withdrew, in one query."""
    found = select(_REPLACED).select_from(Assignment).join(Scorecard, Scorecard.assignment_id == Assignment.id)
    return bool(db.session.scalar(found.where(Assignment.id == assignment_id)))


@dataclass(frozen=True, slots=True)
class Recusal:
    """A paper that a judge withdrew from; `handed_in` tells that its marks would count again."""

    assignment: str
    judge: str
    submission: str
    title: str
    round_name: LocalText
    reason: str
    at: datetime
    handed_in: bool
    replaced: bool
    open: bool


def recusals_of(edition_id: int) -> tuple[Recusal, ...]:
    """Return every withdrawal in an edition, the latest first, in one query."""
    rows = db.session.execute(
        select(
            *(Assignment.public_id, Judge.name, Submission.code, Submission.title, Round.name_vi, Round.name_en),
            *(Round.state, Scorecard.recusal_reason, Scorecard.updated_at, Scorecard.submitted_at),
            _REPLACED.label("replaced"),
        )
        .select_from(Assignment)
        .join(Scorecard, Scorecard.assignment_id == Assignment.id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .join(Round, Round.id == Assignment.round_id)
        .where(Round.edition_id == edition_id, Scorecard.status == ScorecardStatus.RECUSED)
        .order_by(Scorecard.updated_at.desc(), Assignment.id.desc())
    )
    return tuple(
        Recusal(
            assignment=row.public_id,
            judge=row.name,
            submission=row.code,
            title=row.title,
            round_name=LocalText(row.name_vi, row.name_en),
            reason=row.recusal_reason,
            at=row.updated_at,
            handed_in=row.submitted_at is not None,
            replaced=bool(row.replaced),
            open=row.state in (RoundState.OPEN, RoundState.SCORING),
        )
        for row in rows
    )
