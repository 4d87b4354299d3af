"""What is known about how fair and how sure a ranking is: the facts that `fairness.fairness_of` hands out.

Positions are those of the report's lines and judges; numbers are points of the printed scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from contest.results.robustness import Change


@dataclass(frozen=True, slots=True)
class Reason:
    """Why fair and raw differ.

    `code`: none, strict or kind (`some` of the `judges` are in that third of the panel), stricter or kinder (all of
    them together), few (more or fewer scorecards than the others have).
    """

    code: str
    some: int
    judges: int


@dataclass(frozen=True, slots=True)
class FairLine:
    """A submission that can be ranked. Ranks are within its track, by printed numbers; equal ones share.

    `low` and `high` hold 90 % of what the whole panel would give it, `best` and `worst` 90 % of its ranks. `band`
    numbers those that cannot be told apart. `second` is the score by the second opinion.
    """

    position: int
    raw: Decimal
    raw_rank: int
    fair: Decimal
    fair_rank: int
    second: Decimal
    second_rank: int
    low: float
    high: float
    best: int
    worst: int
    first: float
    podium: float
    band: int
    reason: Reason

    @property
    def change(self) -> Decimal:
        """By how much the fair score lies above the raw one."""
        return self.fair - self.raw


@dataclass(frozen=True, slots=True)
class ExampleCard:
    """One scorecard of the worked example: the total, what its judge adds, what is left."""

    total: Decimal
    severity: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True)
class Example:
    """The method on real numbers: one submission, its scorecards, their mean after severity is taken off."""

    position: int
    cards: tuple[ExampleCard, ...]
    raw: Decimal
    mean: Decimal
    fair: Decimal


@dataclass(frozen=True, slots=True)
class Opinion:
    """The podium by one method: pairs of rank and position, best first, equal printed scores share a rank."""

    method: str
    official: bool
    podium: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Trials:
    """What leaving one thing out does; podium and winners are positions, `judges` those behind `Change.which`.

    `method` is the one that is varied. `cards` names submission and judge of each scorecard.
    """

    method: str
    podium: tuple[int, ...]
    winners: tuple[int, ...]
    changes: tuple[Change, ...]
    judges: tuple[int, ...]
    criteria: int
    cards: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Submissions of a track and the judges who link them; `lines` compares them with each other only.

    `note` says why there are no lines, if none. `pairs` are (submission, judge) of the scorecards.
    """

    submissions: tuple[int, ...]
    judges: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]
    note: str | None
    lines: tuple[FairLine, ...]


@dataclass(frozen=True, slots=True)
class TrackFairness:
    """One track, `track` its place in the report (None: without). `note` says why there are no fair scores, if none.

    `lines` are in fair order, `opinions` the podium by each method, the second opinion (`second`) last. `untried` says
    why there are no trials: few (judges or submissions) or many (scorecards). `parts` are the groups of submissions
    that share no judge, where there are several.
    """

    track: int | None
    note: str | None
    lines: tuple[FairLine, ...]
    second: str
    opinions: tuple[Opinion, ...]
    example: Example | None
    trials: Trials | None
    untried: str | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class JudgeSeverity:
    """What a judge adds to a score (below 0 is strict), with the ends of its 90 % interval."""

    judge: int
    severity: float
    low: float
    high: float
    cards: int


@dataclass(frozen=True, slots=True)
class Marking:
    """How one judge marked: the totals from `lowest` to `highest`, and how far they spread beside the panel's.

    `spread`: narrow, usual, wide, or "" where too few scorecards tell. `note` says why severity is not known, if not.
    """

    judge: int
    cards: int
    lowest: Decimal
    highest: Decimal
    spread: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Fairness:
    """The whole round. `official`: the round's own rule takes severity off; else all of this is advice.

    `totals_only`: the results look at more than the judges' totals, or in another way; this page does not. `judges`
    stand from the strictest to the kindest, `markings` by position.
    """

    official: bool
    totals_only: bool
    tracks: tuple[TrackFairness, ...]
    judges: tuple[JudgeSeverity, ...]
    markings: tuple[Marking, ...]
