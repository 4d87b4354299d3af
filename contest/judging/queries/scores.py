"""The marks of a round as the ranking engine wants them: positions instead of ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select

from contest.editions.facts import RoundFacts
from contest.editions.rules import Source
from contest.infra.db import db
from contest.judging.models import Assignment, Conflict, Judge, Score, Scorecard
from contest.judging.scoring import Scorecard as Card
from contest.judging.states import ScorecardStatus
from contest.letters import natural_key

# A paper that was set aside with its judge is no paper of the round any more; it stays stored, to be read.
_STANDS = Scorecard.status.is_(None) | (Scorecard.status != ScorecardStatus.VOIDED)


@dataclass(frozen=True, slots=True)
class JudgeLine:
    """A judge of the round."""

    id: int
    code: str
    name: str
    organisation: str


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """The judges by code, and one card per assignment; `card.judge` and `card.submission` are positions."""

    judges: tuple[JudgeLine, ...]
    cards: tuple[Card, ...]


def score_table(round_: RoundFacts, submission_ids: Sequence[int]) -> ScoreTable:
    """Return every assignment of the round as a card, in three queries.

    Cards of other submissions are left out, and those that were set aside when the panel changed.
    """
    place = {submission_id: position for position, submission_id in enumerate(submission_ids)}
    # A conflict declared after the marks were given puts the card aside as if the judge had withdrawn.
    conflicted = exists().where(
        Conflict.judge_id == Assignment.judge_id, Conflict.submission_id == Assignment.submission_id
    )
    assignments = db.session.execute(
        select(
            Assignment.submission_id,
            Assignment.judge_id,
            Scorecard.id,
            Scorecard.status,
            conflicted.label("conflicted"),
        )
        .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
        .where(Assignment.round_id == round_.id, _STANDS)
        .order_by(Assignment.id)
    ).all()
    judges = _judges_of(round_.id)
    seat = {judge.id: position for position, judge in enumerate(judges)}
    marks = _marks(round_)
    blank: Mapping[int, int] = {}
    columns = [
        criterion_id
        for criterion_id, criterion in zip(round_.criterion_ids, round_.rubric.criteria, strict=True)
        if criterion.source is Source.JUDGES
    ]
    cards = tuple(
        Card(
            judge=seat[row.judge_id],
            submission=place[row.submission_id],
            points=tuple(marks.get(row.id, blank).get(column) for column in columns),
            submitted=row.status is ScorecardStatus.SUBMITTED,
            recused=row.status is ScorecardStatus.RECUSED or bool(row.conflicted),
            abstained=row.status is ScorecardStatus.ABSTAINED,
        )
        for row in assignments
        if row.submission_id in place
    )
    return ScoreTable(judges=judges, cards=cards)


def _judges_of(round_id: int) -> tuple[JudgeLine, ...]:
    seated = (
        select(Assignment.judge_id)
        .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
        .where(Assignment.round_id == round_id, _STANDS)
    )
    rows = db.session.execute(
        select(Judge.id, Judge.code, Judge.name, Judge.organisation).where(Judge.id.in_(seated))
    ).all()
    ordered = sorted(rows, key=lambda row: natural_key(row.code))
    return tuple(JudgeLine(row.id, row.code, row.name, row.organisation) for row in ordered)


def _marks(round_: RoundFacts) -> dict[int, dict[int, int]]:
    """Return points by scorecard id and criterion id."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    rows = db.session.execute(
        select(Score.scorecard_id, Score.criterion_id, Score.points).where(Score.criterion_id.in_(round_.criterion_ids))
    )
    for scorecard_id, criterion_id, points in rows:
        found[scorecard_id][criterion_id] = points
    return found
