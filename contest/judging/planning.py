"""From a round as it stands to a proposed plan: what is fixed, what may change, and why a seat stays empty.

Submissions and judges are positions; pairs are (submission, judge).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from contest.judging.affinity import field_affinity
from contest.judging.assignment import Advice, AssignmentPlan, AssignmentProblem, Pair, Unfilled, assign
from contest.judging.conflicts import ConflictReason
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
else:
    np = lazy("numpy")


NEUTRAL = 0.5  # the affinity of a judge who did not name the field
ABOVE_MEAN = 1.25  # a judge who named no maximum gets at most so many times the mean, if seats can be filled that way
EVEN_LOADS = 20.0  # a matching field is worth a load of about a quarter more than the others


class Holding(StrEnum):
    """What an existing assignment is to a new plan: free to go, placed by hand, scored on, or withdrawn from."""

    FREE = "free"
    PINNED = "pinned"
    STARTED = "started"
    RECUSED = "recused"


STAYS = frozenset({Holding.PINNED, Holding.STARTED})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A judge as the planner sees one; `interests` are folded names of fields, loads count per round."""

    interests: frozenset[str] = frozenset()
    min_load: int | None = None
    max_load: int | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """A round before planning. `subjects`: the folded field names of each submission.

    `wanted`: judges per submission, None when everybody judges everything. `blocked`: pairs with a conflict of
    interest and its reasons. `held`: the assignments in force.
    """

    subjects: tuple[frozenset[str], ...]
    judges: tuple[Candidate, ...]
    wanted: int | None
    blocked: Mapping[Pair, frozenset[ConflictReason]]
    held: Mapping[Pair, Holding]

    @property
    def seats(self) -> int:
        """How many judges each submission should have."""
        return len(self.judges) if self.wanted is None else self.wanted

    def loads(self) -> list[int]:
        """Return how many submissions each judge holds; recused ones and conflicts do not count."""
        counted = [0] * len(self.judges)
        for pair, holding in self.held.items():
            if holding is not Holding.RECUSED and pair not in self.blocked:
                counted[pair[1]] += 1
        return counted


class BarReason(StrEnum):
    """Why a judge cannot take a seat of a submission."""

    CONFLICT = "conflict"
    RECUSED = "recused"
    FULL = "full"


@dataclass(frozen=True, slots=True, order=True)
class Bar:
    """One judge who cannot take an empty seat."""

    judge: int
    reason: BarReason


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty seats of one submission, and for each judge who does not sit there the reason."""

    unfilled: Unfilled
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a plan would make of the round; all pairs sorted.

    `pairs` is the plan, `locked` those of the assignments in force that nothing may touch (scored on or withdrawn
    from), in the plan or not. `loads` count the plan per judge.
    """

    seed: int
    pairs: tuple[Pair, ...]
    added: tuple[Pair, ...]
    removed: tuple[Pair, ...]
    kept: tuple[Pair, ...]
    locked: tuple[Pair, ...]
    loads: tuple[int, ...]
    gaps: tuple[Gap, ...]
    advice: tuple[Advice, ...]
    components: int


def propose(board: Board, *, seed: int, keep: bool) -> Proposal:
    """Plan the round anew around what is fixed; with `keep`, assignments in force move only to fill a seat.

    Assignments with a scorecard or placed by hand stay, one that the judge withdrew from never comes back, and a
    conflict of interest wins over all of them.
    """
    plan = assign(_problem(board, keep=keep, even=True), seed=seed)
    if plan.unfilled:
        plan = assign(_problem(board, keep=keep, even=False), seed=seed)
    pairs = tuple(zip(plan.submission.tolist(), plan.judge.tolist(), strict=True))
    planned = set(pairs)
    locked = {pair for pair, holding in board.held.items() if holding in (Holding.STARTED, Holding.RECUSED)}
    loose = board.held.keys() - locked
    return Proposal(
        seed=seed,
        pairs=pairs,
        added=tuple(sorted(planned - board.held.keys())),
        removed=tuple(sorted(loose - planned)),
        kept=tuple(sorted(loose & planned)),
        locked=tuple(sorted(locked)),
        loads=tuple(plan.loads.tolist()),
        gaps=_gaps(board, plan, planned),
        advice=plan.advice,
        components=plan.components,
    )


def _problem(board: Board, *, keep: bool, even: bool) -> AssignmentProblem:
    """Return what is to be assigned; `even` holds judges without a maximum near the mean load."""
    n_submissions, n_judges = len(board.subjects), len(board.judges)
    affinity = field_affinity(board.subjects, [judge.interests for judge in board.judges])
    open_pairs = np.ones((n_submissions, n_judges), dtype=bool)
    recused = {pair for pair, holding in board.held.items() if holding is Holding.RECUSED}
    for pair in {*board.blocked, *recused}:
        open_pairs[pair] = False
    submission, judge = np.nonzero(open_pairs)
    return AssignmentProblem(
        n_submissions=n_submissions,
        n_judges=n_judges,
        submission=submission,
        judge=judge,
        affinity=NEUTRAL + (1 - NEUTRAL) * affinity[submission, judge],
        seats=np.full(n_submissions, board.seats, dtype=np.int64),
        min_load=np.array([one.min_load or 0 for one in board.judges], dtype=np.int64),
        max_load=np.array(_most_loads(board, even=even), dtype=np.int64),
        pinned=tuple(pair for pair, holding in board.held.items() if holding in STAYS),
        current=tuple(pair for pair, holding in board.held.items() if holding is Holding.FREE),
        keep=1.0 if keep else 0.0,
        balance=EVEN_LOADS,
    )


def _most_loads(board: Board, *, even: bool) -> list[int]:
    n_submissions = len(board.subjects)
    mean = n_submissions * board.seats / max(1, len(board.judges))
    usual = min(n_submissions, math.ceil(mean * ABOVE_MEAN)) if even else n_submissions
    return [
        max(usual, held, one.min_load or 0) if one.max_load is None else one.max_load
        for one, held in zip(board.judges, board.loads(), strict=True)
    ]


def _gaps(board: Board, plan: AssignmentPlan, planned: set[Pair]) -> tuple[Gap, ...]:
    return tuple(Gap(unfilled, tuple(_bars(board, unfilled.submission, planned))) for unfilled in plan.unfilled)


def _bars(board: Board, submission: int, planned: set[Pair]) -> Iterator[Bar]:
    """Say of each judge who does not sit there why; who may sit and has room does sit, the plan being a maximum."""
    for judge in range(len(board.judges)):
        pair = (submission, judge)
        if pair in board.blocked:
            yield Bar(judge, BarReason.CONFLICT)
        elif board.held.get(pair) is Holding.RECUSED:
            yield Bar(judge, BarReason.RECUSED)
        elif pair not in planned:
            yield Bar(judge, BarReason.FULL)
