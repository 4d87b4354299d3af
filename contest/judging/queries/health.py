"""Reads about the health of a panel: the scorecards handed in so far, and what they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from contest.editions.facts import RoundFacts
from contest.infra.cache import FrozenCache
from contest.infra.db import db
from contest.judging.health import Finding, Load, Papers, judge_signs, late_signs, submission_signs
from contest.judging.models import Assignment, Scorecard
from contest.judging.queries.conflicts import SubmissionLine, submission_lines
from contest.judging.queries.rounds import participants
from contest.judging.queries.scores import JudgeLine, score_table
from contest.judging.scoring import Scorecard as Card
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
else:
    np = lazy("numpy")

HOUR = 3600.0
Row = tuple[int, int, tuple[int, ...], float]
"""Submission, judge, points, and the hour at which the scorecard was handed in."""


@dataclass(frozen=True, slots=True)
class PanelHealth:
    """The panel of a round and the signs; positions in findings are those of `judges` and `submissions`."""

    judges: tuple[JudgeLine, ...]
    submissions: tuple[SubmissionLine, ...]
    cards: int
    of_judges: tuple[Finding, ...]
    of_submissions: tuple[Finding, ...]


_kept: FrozenCache[tuple[tuple[Finding, ...], tuple[Finding, ...]]] = FrozenCache(16)


def panel_health(round_: RoundFacts, elapsed: float | None) -> PanelHealth:
    """Return the signs of a round in seven queries; `elapsed` is the share of its time that is over, None if unknown.

    Only scorecards that were handed in are looked at. An entry misses a judge when so many have withdrawn that it
    cannot reach the number wanted any more, or when the time is over.
    """
    ids = participants(round_)
    lines = {line.id: line for line in submission_lines(round_.edition_id)}
    table = score_table(round_, ids)
    hours = _hours(round_.id)
    rows = tuple(
        (
            card.submission,
            card.judge,
            _points(card),
            hours.get((ids[card.submission], table.judges[card.judge].id), 0.0),
        )
        for card in table.cards
        if card.counts
    )
    wanted = _wanted(round_, table.cards, len(ids), over=elapsed is not None and elapsed >= 1)
    key = (round_.id, round_.rubric_version, rows, wanted, len(table.judges))
    judges, submissions = _kept.get(key, lambda: _signs(round_, rows, wanted, len(table.judges)))
    late = () if elapsed is None else late_signs(_loads(table.cards, len(table.judges)), elapsed)
    return PanelHealth(table.judges, tuple(lines[one] for one in ids), len(rows), (*late, *judges), submissions)


def _points(card: Card) -> tuple[int, ...]:
    return tuple(one for one in card.points if one is not None)


def _hours(round_id: int) -> Mapping[tuple[int, int], float]:
    rows = db.session.execute(
        select(Assignment.submission_id, Assignment.judge_id, Scorecard.submitted_at)
        .join(Scorecard, Scorecard.assignment_id == Assignment.id)
        .where(Assignment.round_id == round_id)
    )
    return {(one, judge): _hour(at) for one, judge, at in rows if at is not None}


def _hour(moment: datetime) -> float:
    return moment.timestamp() / HOUR


def _wanted(round_: RoundFacts, cards: Sequence[Card], n: int, *, over: bool) -> tuple[int, ...]:
    """Return how many scorecards to ask for: 0 where the judges to come may still bring them."""
    seats = [0] * n
    for card in cards:
        seats[card.submission] += not card.recused and not card.abstained
    need = round_.rules.min_judges
    return tuple(need if over or seat < need else 0 for seat in seats)


def _loads(cards: Sequence[Card], n_judges: int) -> list[Load]:
    asked, done = [0] * n_judges, [0] * n_judges
    for card in cards:
        if not card.recused and not card.abstained:
            asked[card.judge] += 1
            done[card.judge] += card.counts
    return [Load(judge, *pair) for judge, pair in enumerate(zip(asked, done, strict=True))]


def _signs(
    round_: RoundFacts, rows: Sequence[Row], wanted: Sequence[int], n_judges: int
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    criteria = round_.rubric.judged
    if not criteria or not wanted:
        return (), ()
    low, high = (np.array([float(getattr(c, end)) for c in criteria]) for end in ("minimum", "maximum"))
    points = np.array([points for _, _, points, _ in rows], dtype=np.float64).reshape(len(rows), len(criteria))
    papers = Papers(
        submission=np.array([one for one, _, _, _ in rows], dtype=np.intp),
        judge=np.array([judge for _, judge, _, _ in rows], dtype=np.intp),
        marks=low + points * np.array([float(c.step) for c in criteria]),
        weights=np.array([float(c.weight) for c in criteria]),
        low=low,
        high=high,
        n_submissions=len(wanted),
        n_judges=n_judges,
        when=np.array([hour for _, _, _, hour in rows], dtype=np.float64),
    )
    return judge_signs(papers), submission_signs(papers, np.array(wanted, dtype=np.intp))
