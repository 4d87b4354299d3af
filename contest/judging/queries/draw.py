"""Reads about the order of presentation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest.accounts.models import User
from contest.infra.db import db
from contest.judging.draw import Turn, in_order
from contest.judging.models import Draw, DrawTurn
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission, Team


@dataclass(frozen=True, slots=True)
class TurnLine:
    """One presentation as the page shows it; `here` is false once the submission was withdrawn or disqualified."""

    turn: Turn
    title: str
    team: str
    school: str
    here: bool


@dataclass(frozen=True, slots=True)
class DrawnOrder:
    """A draw with its turns as they are called."""

    seed: str
    reason: str
    drawn_at: datetime
    drawn_by: str
    lines: tuple[TurnLine, ...]


def drawn_order(round_id: int) -> DrawnOrder | None:
    """Return the order of presentation of a round in two queries; None before it was drawn."""
    head = db.session.execute(
        select(Draw.id, Draw.seed, Draw.reason, Draw.drawn_at, User.name)
        .outerjoin(User, User.id == Draw.drawn_by)
        .where(Draw.round_id == round_id)
    ).one_or_none()
    if head is None:
        return None
    rows = db.session.execute(
        select(Submission.code, Submission.title, Submission.status, Team.name, Team.school, DrawTurn)
        .join(Submission, Submission.id == DrawTurn.submission_id)
        .join(Team, Team.id == Submission.team_id)
        .where(DrawTurn.draw_id == head.id)
    ).all()
    lines = {
        row.code: TurnLine(
            Turn(row.code, row.DrawTurn.number, row.DrawTurn.moved, row.DrawTurn.move),
            row.title,
            row.name,
            row.school,
            row.status is SubmissionStatus.SUBMITTED,
        )
        for row in rows
    }
    ordered = in_order(line.turn for line in lines.values())
    called = tuple(lines[turn.code] for turn in ordered)
    return DrawnOrder(head.seed, head.reason, head.drawn_at, head.name or "", called)
