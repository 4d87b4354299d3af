"""Random assignments and marks of a rehearsal, round after round, along the way that a real round takes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contest.editions import services as editions
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.queries import editions_by_ids, rounds_of
from contest.editions.rules import Source
from contest.errors import Refused
from contest.home.rehearsal.chance import Fill, Paper, Wish, deal, papers, points
from contest.home.services.rehearsal_entrants import Entrants
from contest.infra.db import db
from contest.judging.models import Advancement, Assignment, MeasuredScore, Score, Scorecard
from contest.judging.queries.rounds import participants
from contest.judging.states import ScorecardStatus
from contest.results import services as results


@dataclass(frozen=True, slots=True)
class _Stage:
    """One round to fill, and by whose chance."""

    round: RoundFacts
    entrants: Entrants
    chance: random.Random
    now: datetime


def score_rounds(
    edition_id: int, wish: Wish, entrants: Entrants, chance: random.Random, *, actor_id: int, now: datetime
) -> None:
    """Score the first `wish.rounds` rounds: all but the last wholly and to the end, the last as `wish.fill` says."""
    if wish.fill is Fill.TEAMS:
        return
    edition = editions_by_ids([edition_id])[0]
    rounds = rounds_of(edition_id)[: wish.rounds]
    for place, round_ in enumerate(rounds):
        last = place == len(rounds) - 1
        editions.open_scoring(round_id=round_.id, actor_id=actor_id, now=now)
        _fill(_Stage(round_, entrants, chance, now), wish.fill if last else Fill.ALL)
        if not last:
            _go_on(edition, round_, rounds[place + 1], entrants, actor_id, now)


def _fill(stage: _Stage, fill: Fill) -> None:
    taking_part = participants(stage.round)
    pairs = deal(stage.chance, taking_part, list(stage.entrants.judges), stage.round.rules.judges_per_submission)
    fates = papers(stage.chance, len(pairs), fill)
    for (submission_id, judge_id), fate in zip(pairs, fates, strict=True):
        row = Assignment(round_id=stage.round.id, judge_id=judge_id, submission_id=submission_id, created_at=stage.now)
        row.scorecard = _scorecard(stage, submission_id, judge_id, fate)
        db.session.add(row)
    _measure(stage, taking_part)
    db.session.flush()  # the next step reads what was written
    if any(fate is not Paper.NOTHING for fate in fates):
        editions.lock_rubric(round_id=stage.round.id, now=stage.now)


def _scorecard(stage: _Stage, submission_id: int, judge_id: int, fate: Paper) -> Scorecard | None:
    if fate is Paper.NOTHING:
        return None
    done = fate is Paper.HANDED_IN
    lean = stage.entrants.judges[judge_id].lean
    judged = _judged(stage.round)
    return Scorecard(
        status=ScorecardStatus.SUBMITTED if done else ScorecardStatus.DRAFT,
        rubric_version=stage.round.rubric_version,
        updated_at=stage.now,
        submitted_at=stage.now if done else None,
        scores=[
            Score(criterion_id=i, points=_points(stage, submission_id, i, lean), max_points=_limit(stage.round, i))
            for i in (judged if done else judged[: (len(judged) + 1) // 2])
        ],
    )


def _judged(round_: RoundFacts) -> list[int]:
    criteria = zip(round_.criterion_ids, round_.rubric.criteria, strict=True)
    return [i for i, criterion in criteria if criterion.source is Source.JUDGES]


def _limit(round_: RoundFacts, criterion_id: int) -> int:
    return round_.rubric.criteria[round_.criterion_ids.index(criterion_id)].max_points


def _points(stage: _Stage, submission_id: int, criterion_id: int, lean: float) -> int:
    criterion = stage.round.rubric.criteria[stage.round.criterion_ids.index(criterion_id)]
    level = stage.entrants.teams[submission_id].level
    return points(stage.chance, criterion, level, lean, whole=stage.round.rules.whole_marks)


def _measure(stage: _Stage, taking_part: Sequence[int]) -> None:
    """Write a mark on every criterion that no judge fills, except where a raw number is measured and converted."""
    judged = set(_judged(stage.round))
    open_ = [
        i
        for i, criterion in zip(stage.round.criterion_ids, stage.round.rubric.criteria, strict=True)
        if i not in judged and criterion.measure is None
    ]
    db.session.add_all(
        MeasuredScore(
            criterion_id=i,
            submission_id=submission_id,
            points=_points(stage, submission_id, i, 0.0),
            max_points=_limit(stage.round, i),
        )
        for submission_id in taking_part
        for i in open_
    )


def _go_on(
    edition: EditionFacts,
    round_: RoundFacts,
    target: RoundFacts,
    entrants: Entrants,
    actor_id: int,
    now: datetime,
) -> None:
    """Finish the round and let the best into the next one, by its own rules where these can decide.

    Where a person would have to decide first (a tie, a quorum, an alarm), the better half by invention goes on.
    """
    try:
        with db.session.begin_nested():
            _finish(edition, round_.id, actor_id, now)
    except Refused:
        _advance_the_better_half(round_, target, entrants, now)


def _finish(edition: EditionFacts, round_id: int, actor_id: int, now: datetime) -> None:
    results.close_round(edition=edition, round_id=round_id, actor_id=actor_id, now=now)
    results.confirm_round(edition=edition, round_id=round_id, actor_id=actor_id, now=now)
    results.finalise_round(edition=edition, round_id=round_id, actor_id=actor_id, now=now)
    results.advance_round(edition=edition, round_id=round_id, actor_id=actor_id, now=now)


def _advance_the_better_half(round_: RoundFacts, target: RoundFacts, entrants: Entrants, now: datetime) -> None:
    groups: dict[int | None, list[int]] = {}
    for submission_id in participants(round_):
        groups.setdefault(entrants.tracks[submission_id], []).append(submission_id)
    for group in groups.values():
        best = sorted(group, key=lambda one: (-entrants.teams[one].level, one))[: (len(group) + 1) // 2]
        db.session.add_all(
            Advancement(round_id=target.id, submission_id=submission_id, decided_at=now) for submission_id in best
        )
    db.session.flush()  # the next round reads who takes part
