"""What is known of how well judges fit, and how the organiser weighs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, or_, select

from contest.editions.facts import RoundFacts
from contest.editions.models import Edition, Field, Round, Track
from contest.infra.db import db
from contest.judging.affinity import (
    Fit,
    FitRules,
    Knowledge,
    Known,
    Topic,
    fit,
    languages_of,
    rules_from_json,
    words_of,
)
from contest.judging.models import Assignment, Judge, Scorecard
from contest.judging.queries.bids import bids_of
from contest.judging.queries.conflicts import IdPair
from contest.judging.states import ScorecardStatus
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission


def fit_rules_of(edition_id: int) -> FitRules:
    """Return how the organiser weighs the parts of the fit, in one query."""
    stored = db.session.scalar(select(Edition.fit_rules).where(Edition.id == edition_id))
    return rules_from_json(stored or {})


def fit_of(round_: RoundFacts, submissions: Sequence[int], judges: Sequence[int]) -> Fit:
    """Return how well these judges fit these submissions, both by their ids; their places are the positions.

    Five queries, whatever the sizes.
    """
    topics, people, past = _topics(round_.edition_id), _people(round_.edition_id), _past(round_)
    row = {one: place for place, one in enumerate(submissions)}
    column = {one: place for place, one in enumerate(judges)}
    loads = Counter(judge for _, judge in past)
    inside = {pair: (row[pair[0]], column[pair[1]]) for pair in past if pair[0] in row and pair[1] in column}
    bids = {
        (row[one], column[other]): bid
        for (one, other), bid in bids_of(round_.edition_id).items()
        if one in row and other in column
    }
    known = Known(
        tuple(topics.get(one, Topic()) for one in submissions),
        tuple(_knowledge(people[one], loads[one]) if one in people else Knowledge() for one in judges),
        bids,
        frozenset(inside.values()),
    )
    return fit(known, fit_rules_of(round_.edition_id))


def _topics(edition_id: int) -> Mapping[int, Topic]:
    rows = db.session.execute(
        select(
            Submission.id,
            Submission.title,
            Submission.summary,
            *(Field.code.label("field_code"), Field.name_vi.label("field_vi"), Field.name_en.label("field_en")),
            *(Track.code.label("track_code"), Track.name_vi.label("track_vi"), Track.name_en.label("track_en")),
        )
        .outerjoin(Field, Field.id == Submission.field_id)
        .outerjoin(Track, Track.id == Submission.track_id)
        .where(Submission.edition_id == edition_id, Submission.status == SubmissionStatus.SUBMITTED)
    )
    return {
        row.id: Topic(
            words_of(*filter(None, (row.field_code, row.field_vi, row.field_en))),
            words_of(*filter(None, (row.track_code, row.track_vi, row.track_en))),
            f"{row.title}\n{row.summary}",
        )
        for row in rows
    }


def _people(edition_id: int) -> Mapping[int, Row[Any]]:
    columns: tuple[Any, ...] = (Judge.id, Judge.fields, Judge.languages, Judge.profile, Judge.experience)
    return {row.id: row for row in db.session.execute(select(*columns).where(Judge.edition_id == edition_id))}


def _knowledge(row: Row[Any], past_load: int) -> Knowledge:
    return Knowledge(
        words_of(*row.fields.split(";")), row.profile, languages_of(row.languages), row.experience, past_load
    )


def _past(round_: RoundFacts) -> Sequence[IdPair]:
    """Return the (submission id, judge id) of earlier rounds, once per round; whoever withdrew did not judge."""
    away = (ScorecardStatus.RECUSED, ScorecardStatus.ABSTAINED, ScorecardStatus.VOIDED)
    rows = db.session.execute(
        select(Assignment.submission_id, Assignment.judge_id)
        .join(Round, Round.id == Assignment.round_id)
        .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
        .where(Round.edition_id == round_.edition_id, Round.position < round_.position)
        .where(or_(Scorecard.status.is_(None), Scorecard.status.not_in(away)))
        .order_by(Assignment.id)
    )
    return [(row.submission_id, row.judge_id) for row in rows]
