"""How far a round is, per judge and per submission, and who was reminded when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from contest.editions.facts import RoundFacts
from contest.infra.audit import AuditEntry
from contest.infra.db import db
from contest.judging.progress import NOTHING, Seat, Tally, by_judge, by_submission, tally
from contest.judging.queries.assignments import RoundBoard, round_board
from contest.judging.queries.conflicts import SubmissionLine
from contest.judging.queries.panel import PanelJudge

REMINDED = "judge.reminded"


@dataclass(frozen=True, slots=True)
class Reminders:
    """How often a judge was reminded in a round, and when last."""

    count: int
    last: datetime


@dataclass(frozen=True, slots=True)
class JudgeProgress:
    """A judge with what is expected, and the reminders sent."""

    judge: PanelJudge
    tally: Tally
    reminded: Reminders | None


@dataclass(frozen=True, slots=True)
class SubmissionProgress:
    """A submission with its scorecards; `wanted` is how many judges the rules ask for, `needed` how many must score."""

    submission: SubmissionLine
    tally: Tally
    wanted: int
    needed: int


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """The whole round. `conflicted` counts scorecards that a conflict of interest puts aside."""

    total: Tally
    judges: tuple[JudgeProgress, ...]
    submissions: tuple[SubmissionProgress, ...]
    conflicted: int


def progress_of(round_: RoundFacts) -> RoundProgress:
    """Return how far a round is, judges by name and submissions by code, in eight queries.

    Only assignments that judges really have count: no submission that left the round, no declared conflict.
    """
    board = round_board(round_)
    seats = [
        Seat(one.judge_id, one.submission_id, one.state, one.updated_at)
        for pair, one in board.held.items()
        if not _put_aside(board, pair)
    ]
    judges, submissions = by_judge(seats), by_submission(seats)
    reminders = reminders_of(round_)
    return RoundProgress(
        total=tally(seats),
        judges=tuple(
            JudgeProgress(judge, judges.get(judge.id, NOTHING), reminders.get(judge.id)) for judge in board.judges
        ),
        submissions=tuple(
            SubmissionProgress(
                line, submissions.get(line.id, NOTHING), _wanted(board, line.id), round_.rules.min_judges
            )
            for line in board.submissions
        ),
        conflicted=len(board.held) - len(seats),
    )


def _put_aside(board: RoundBoard, pair: tuple[int, int]) -> bool:
    return pair in board.conflicts and board.conflicts[pair].declared


def _wanted(board: RoundBoard, submission_id: int) -> int:
    """Return the seats of a submission; where everybody judges everything, all who may."""
    if board.board.wanted is not None:
        return board.board.wanted
    return sum((submission_id, judge.id) not in board.conflicts for judge in board.judges)


def reminders_of(round_: RoundFacts) -> Mapping[int, Reminders]:
    """Return who was reminded in this round, by judge id, in one query."""
    rows = db.session.execute(
        select(AuditEntry.subject, func.count(), func.max(AuditEntry.at))
        .where(
            AuditEntry.scope == f"edition:{round_.edition_id}",
            AuditEntry.action == REMINDED,
            AuditEntry.facts["round"].as_string() == round_.code,
        )
        .group_by(AuditEntry.subject)
    )
    return {int(subject.partition(":")[2]): Reminders(count, last) for subject, count, last in rows}
