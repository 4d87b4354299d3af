"""Assignments, scorecards and marks of an edition as rows of a bundle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from contest.editions.facts import RoundFacts
from contest.editions.models import Criterion, Round
from contest.editions.rules import Source
from contest.exchange.bundle.model import BundleAssignment, BundleMeasured, BundleScore, BundleScorecard
from contest.exchange.cleaning import clean_block, clean_text
from contest.infra.db import db
from contest.judging.models import Assignment, MeasuredScore, Score, Scorecard
from contest.judging.states import ScorecardStatus


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes by row id; a round comes whole."""

    rounds: Mapping[int, RoundFacts]
    submissions: Mapping[int, str]
    judges: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Papers:
    """What the judges were given and what they gave, and what was measured."""

    assignments: tuple[BundleAssignment, ...]
    scorecards: tuple[BundleScorecard, ...]
    scores: tuple[BundleScore, ...]
    measured: tuple[BundleMeasured, ...]


def papers_of(edition_id: int, codes: Codes) -> Papers:
    """Return every assignment, scorecard and mark in three queries.

    A blank mark of a scorecard stands as a score that was not given, a recusal or an abstention as the word on each
    criterion; a paper that was set aside says so, and its marks are left out.
    """
    rows = db.session.execute(
        select(
            Assignment.round_id,
            Assignment.judge_id,
            Assignment.submission_id,
            Assignment.pinned,
            Scorecard.id,
            Scorecard.status,
            Scorecard.feedback,
            Scorecard.private_note,
            Scorecard.recusal_reason,
        )
        .join(Round, Round.id == Assignment.round_id)
        .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
        .where(Round.edition_id == edition_id)
        .order_by(Assignment.id)
    ).all()
    marks = _marks(edition_id)
    papers = [row for row in rows if row.id is not None]
    measured = list(_measured(edition_id, codes))
    return Papers(
        assignments=tuple(BundleAssignment(*_card(row, codes), row.pinned) for row in rows),
        scorecards=tuple(_scorecard(row, codes) for row in papers),
        scores=(
            *(score for row in papers for score in _scores(row, marks[row.id], codes)),
            *(each for each in measured if isinstance(each, BundleScore)),
        ),
        measured=tuple(each for each in measured if isinstance(each, BundleMeasured)),
    )


def _card(row: Row[*tuple[Any, ...]], codes: Codes) -> tuple[str, str, str]:
    return codes.rounds[row.round_id].code, codes.judges[row.judge_id], codes.submissions[row.submission_id]


def _marks(edition_id: int) -> Mapping[int, Mapping[int, int]]:
    """Return points by scorecard id and criterion id."""
    rows = db.session.execute(
        select(Score.scorecard_id, Score.criterion_id, Score.points)
        .join(Criterion, Criterion.id == Score.criterion_id)
        .join(Round, Round.id == Criterion.round_id)
        .where(Round.edition_id == edition_id)
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for scorecard_id, criterion_id, points in rows:
        found[scorecard_id][criterion_id] = points
    return found


def _scorecard(row: Row[*tuple[Any, ...]], codes: Codes) -> BundleScorecard:
    return BundleScorecard(
        *_card(row, codes),
        status=row.status,
        feedback=clean_block(row.feedback),
        private_note=clean_block(row.private_note),
        recusal_reason=clean_text(row.recusal_reason),
    )


def _scores(row: Row[*tuple[Any, ...]], marks: Mapping[int, int], codes: Codes) -> Iterator[BundleScore]:
    round_ = codes.rounds[row.round_id]
    card = _card(row, codes)
    if row.status is ScorecardStatus.VOIDED:  # the marks stay on record here, and are no part of the contest
        return
    recused, abstained = row.status is ScorecardStatus.RECUSED, row.status is ScorecardStatus.ABSTAINED
    for criterion_id, criterion in zip(round_.criterion_ids, round_.rubric.criteria, strict=True):
        if criterion.source is Source.JUDGES:
            points = None if recused or abstained else marks.get(criterion_id)
            yield BundleScore(*card, criterion.code, points, recused, abstained)


def _measured(edition_id: int, codes: Codes) -> Iterator[BundleScore | BundleMeasured]:
    criteria = {
        criterion_id: (round_.code, criterion.code)
        for round_ in codes.rounds.values()
        for criterion_id, criterion in zip(round_.criterion_ids, round_.rubric.criteria, strict=True)
    }
    rows = db.session.execute(
        select(
            MeasuredScore.criterion_id,
            MeasuredScore.submission_id,
            MeasuredScore.judge_id,
            MeasuredScore.points,
            MeasuredScore.raw,
        )
        .join(Criterion, Criterion.id == MeasuredScore.criterion_id)
        .join(Round, Round.id == Criterion.round_id)
        .where(Round.edition_id == edition_id)
        .order_by(MeasuredScore.id)
    )
    for criterion_id, submission_id, judge_id, points, raw in rows:
        round_code, code = criteria[criterion_id]
        submission = codes.submissions[submission_id]
        if raw is not None:
            yield BundleMeasured(round_code, code, submission, raw)
        else:
            yield BundleScore(round_code, "" if judge_id is None else codes.judges[judge_id], submission, code, points)
