"""Rank what is printed: places within each track, shared by equal printed results (1-2-2-4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from contest.editions.rules import RoundRules, Rubric
from contest.judging.scoring import OwnResult, Scorecard, TotalScale, own_results


class StandingStatus(StrEnum):
    """Whether a submission takes part in the ranking."""

    RANKED = "ranked"
    INCOMPLETE = "incomplete"
    UNSCORED = "unscored"


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of a ranking.

    `result` and `own_result` are printed, `value` is the same number as `result` for comparing; all three are None
    without a result. `rank` is None unless the status is RANKED. `judges` counts the scorecards that entered.
    """

    submission: int
    track: int | None
    rank: int | None
    result: str | None
    own_result: str | None
    status: StandingStatus
    judges: int
    tied: bool
    value: Decimal | None


def rank(
    rules: RoundRules, rubric: Rubric, submissions: Sequence[int | None], scorecards: Iterable[Scorecard]
) -> tuple[Standing, ...]:
    """Rank the submissions of a round; `submissions` holds the track position of each, None for "no track".

    The answer is ordered by track (those without one last), then by rank, then the incomplete, then the unscored.
    Within a tie, and among the unranked, lines follow the positions of the submissions: that order has no meaning.

    INCOMPLETE: fewer than `rules.min_judges` scorecards count, or too few to trim; the result, if any, is shown but
    takes no rank and no advancing place. UNSCORED: none counts. Tracks are ranked apart. Raises what `own_results`
    raises.
    """
    results = own_results(rules, rubric, scorecards, len(submissions))
    tracks: dict[int | None, list[Standing]] = {}
    for position, (track, own) in enumerate(zip(submissions, results, strict=True)):
        tracks.setdefault(track, []).append(_unranked(position, track, own, rules.min_judges))
    ordered = sorted(tracks, key=lambda track: (track is None, track or 0))
    return tuple(standing for track in ordered for standing in _placed(tracks[track]))


def judge_totals(rubric: Rubric, scorecards: Iterable[Scorecard]) -> dict[tuple[int, int], Decimal]:
    """Return the exact totals of the scorecards that count, by (submission, judge): the matrix of the exports."""
    scale = TotalScale(rubric)
    return {(c.submission, c.judge): scale.decimal(scale.total(c.points)) for c in scorecards if c.counts}


def _unranked(position: int, track: int | None, own: OwnResult, min_judges: int) -> Standing:
    status = StandingStatus.RANKED
    if own.judges == 0:
        status = StandingStatus.UNSCORED
    elif own.value is None or own.judges < min_judges:
        status = StandingStatus.INCOMPLETE
    printed = None if own.value is None else f"{own.value:f}"
    return Standing(position, track, None, printed, printed, status, own.judges, tied=False, value=own.value)


def _placed(track: list[Standing]) -> list[Standing]:
    """Give ranks within one track: a rank is one more than the number of better printed results."""
    ranked = [standing for standing in track if standing.status is StandingStatus.RANKED]
    counts = Counter(standing.value for standing in ranked)
    ranks: dict[Decimal | None, int] = {}
    better = 0
    for value in sorted((value for value in counts if value is not None), reverse=True):
        ranks[value] = better + 1
        better += counts[value]
    placed = [replace(one, rank=ranks[one.value], tied=counts[one.value] > 1) for one in ranked]
    placed.sort(key=lambda standing: standing.rank or 0)
    incomplete = [standing for standing in track if standing.status is StandingStatus.INCOMPLETE]
    unscored = [standing for standing in track if standing.status is StandingStatus.UNSCORED]
    return placed + incomplete + unscored
