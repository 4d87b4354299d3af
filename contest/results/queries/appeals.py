"""Reads about appeals: a team's own, and the organisers' list."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from contest.accounts.models import User
from contest.commitments import reveal
from contest.editions.facts import RoundFacts
from contest.editions.models import Round
from contest.infra.db import db
from contest.results.frozen import report_in
from contest.results.models import Appeal, Correction, Snapshot
from contest.results.report import Line, RoundReport
from contest.results.reviews import AppealEffect, CorrectionStatus
from contest.submissions.models import Submission, Team


@dataclass(frozen=True, slots=True)
class AppealLine:
    """An appeal with its answer; `effect` is None until it is answered. `version` is the one it is about."""

    public_id: str
    round_id: int
    submission: str
    title: str
    team: str
    version: int
    text: str
    filed_at: datetime
    effect: AppealEffect | None
    answer: str
    answered_by: str
    answered_at: datetime | None
    correction: CorrectionStatus | None


_APPEALS = (
    select(
        Appeal,
        Submission.code,
        Submission.title,
        Team.name.label("team"),
        User.name.label("answerer"),
        Correction.status.label("correction"),
    )
    .join(Submission, Submission.id == Appeal.submission_id)
    .join(Team, Team.id == Submission.team_id)
    .outerjoin(User, User.id == Appeal.answered_by)
    .outerjoin(Correction, Correction.id == Appeal.correction_id)
    .order_by(Appeal.id)
)


def _line(row: Any) -> AppealLine:
    one: Appeal = row.Appeal
    return AppealLine(
        public_id=one.public_id,
        round_id=one.round_id,
        submission=row.code,
        title=row.title,
        team=row.team,
        version=one.version,
        text=one.text,
        filed_at=one.filed_at,
        effect=one.effect,
        answer=one.answer,
        answered_by=row.answerer or "",
        answered_at=one.answered_at,
        correction=row.correction,
    )


def appeals_of(round_id: int) -> tuple[AppealLine, ...]:
    """Return the appeals of a round, the oldest first, in one query."""
    return tuple(map(_line, db.session.execute(_APPEALS.where(Appeal.round_id == round_id))))


def appeals_about(submission_id: int) -> dict[int, AppealLine]:
    """Return a submission's appeals by round id, in one query."""
    rows = db.session.execute(_APPEALS.where(Appeal.submission_id == submission_id))
    return {one.round_id: one for one in map(_line, rows)}


def published_lines(edition_id: int, code: str) -> dict[int, Line]:
    """Return a submission's lines in the published results by round id, in one query."""
    rows = db.session.execute(
        select(Snapshot.round_id, Snapshot.payload, Snapshot.names)
        .join(Round, (Round.id == Snapshot.round_id) & (Round.published_version == Snapshot.version))
        .where(Round.edition_id == edition_id)
    )
    found = ((row.round_id, _line_of(report_in(json.loads(reveal(row.payload, row.names))), code)) for row in rows)
    return {round_id: line for round_id, line in found if line is not None}


def _line_of(report: RoundReport, code: str) -> Line | None:
    return next((line for line in report.lines if line.entrant.code == code), None)


def takes_part(round_: RoundFacts, submission_id: int) -> bool:
    """Tell whether a submission is in the published results of a round."""
    code = db.session.scalar(select(Submission.code).where(Submission.id == submission_id))
    return code is not None and round_.id in published_lines(round_.edition_id, code)
