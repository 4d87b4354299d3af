"""Reads about the health of a panel: the scorecards handed in so far, and what they show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from contest.editions.facts import RoundFacts
from contest.infra.cache import FrozenCache
from contest.infra.db import db
from contest.judging.health import Finding, Load, Papers, judge_signs, late_signs, submission_signs
from contest.judging.models import Assignment, Judge, Scorecard, ScoreEventRow
from contest.judging.queries.conflicts import SubmissionLine, submission_lines
from contest.judging.queries.rounds import participants
from contest.judging.queries.scores import JudgeLine, score_table
from contest.judging.scoring import Scorecard as Card
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
else:
    np = lazy("numpy")

HOUR, MINUTE = 3600.0, 60.0
PAUSE = 180.0  # minutes after which a judge did something else in between
Row = tuple[int, int, tuple[int, ...], float, float | None]
"""Submission, judge, points, the hour at which the scorecard was handed in, and the minutes that it took if known."""


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
    times = _times(round_.id)
    rows = tuple(
        (
            card.submission,
            card.judge,
            _points(card),
            *times.get((ids[card.submission], table.judges[card.judge].id), (0.0, None)),
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


def _times(round_id: int) -> Mapping[tuple[int, int], tuple[float, float | None]]:
    """Return by submission and judge the hour of handing in and the minutes from the first save until then.

    A scorecard that was handed in with its first save took as long as its judge had since the one before, unless that
    is a pause. What somebody else typed in (from paper) has no time.
    """
    others = func.sum(case((ScoreEventRow.actor_id != Judge.user_id, 1), else_=0)).label("others")
    rows = db.session.execute(
        select(
            Assignment.submission_id,
            Assignment.judge_id,
            Scorecard.submitted_at,
            func.min(ScoreEventRow.at).label("begun"),
            others,
        )
        .join(Scorecard, Scorecard.assignment_id == Assignment.id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .outerjoin(ScoreEventRow, ScoreEventRow.assignment_id == Assignment.id)
        .where(Assignment.round_id == round_id, Scorecard.submitted_at.is_not(None))
        .group_by(Assignment.id, Scorecard.id)
        .order_by(Scorecard.submitted_at, Assignment.id)
    )
    before: dict[int, datetime] = defaultdict(lambda: datetime.min.replace(tzinfo=UTC))
    times: dict[tuple[int, int], tuple[float, float | None]] = {}
    for row in rows:
        begun = row.begun if row.begun is not None and row.begun < row.submitted_at else before[row.judge_id]
        took = (row.submitted_at - begun).total_seconds() / MINUTE
        known = not row.others and (begun == row.begun or took <= PAUSE)
        times[row.submission_id, row.judge_id] = row.submitted_at.timestamp() / HOUR, took if known else None
        before[row.judge_id] = row.submitted_at
    return times


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
    points = np.array([points for _, _, points, _, _ in rows], dtype=np.float64).reshape(len(rows), len(criteria))
    papers = Papers(
        submission=np.array([one for one, _, _, _, _ in rows], dtype=np.intp),
        judge=np.array([judge for _, judge, _, _, _ in rows], dtype=np.intp),
        marks=low + points * np.array([float(c.step) for c in criteria]),
        weights=np.array([float(c.weight) for c in criteria]),
        low=low,
        high=high,
        n_submissions=len(wanted),
        n_judges=n_judges,
        when=np.array([hour for _, _, _, hour, _ in rows], dtype=np.float64),
        minutes=np.array([took for _, _, _, _, took in rows], dtype=np.float64),  # none becomes NaN
    )
    return judge_signs(papers), submission_signs(papers, np.array(wanted, dtype=np.intp))
