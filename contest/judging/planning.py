"""From a round as it stands to a proposed plan: what is fixed, what may change, and why a seat stays empty.

Submissions and judges are positions; pairs are (submission, judge).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from contest.judging.affinity import Fit, Knowledge, Known, Topic, fit
from contest.judging.assignment import Advice, AdviceCode, AssignmentPlan, AssignmentProblem, Pair, Unfilled, assign
from contest.judging.colleagues import barred, together
from contest.judging.conflicts import ConflictReason
from contest.judging.plan import Progress, unheard
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np

    from contest.judging.plan import Bools, Floats, Ints
else:
    np = lazy("numpy")


NEUTRAL = 0.5  # the affinity of a judge who did not name the field
ABOVE_MEAN = (
    1.25  # a judge who named no maximum gets at most so many times the mean, if seats can be filled well that way
)
FOREIGN = 2.0  # the penalty of a judge who does not read the submission's language: above every affinity
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
    """A judge as the planner sees one; `interests` are folded names of fields, loads count per round.

    One who has `left` the panel keeps what is held and gets nothing new.
    """

    interests: frozenset[str] = frozenset()
    min_load: int | None = None
    max_load: int | None = None
    left: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """A round before planning. `subjects`: the folded field names of each submission.

    `wanted`: judges per submission, None when everybody judges everything. `blocked`: pairs with a conflict of
    interest and its reasons. `held`: the assignments in force. `fit`: how well everybody fits; without it only fields
    that judges named count.
    """

    subjects: tuple[frozenset[str], ...]
    judges: tuple[Candidate, ...]
    wanted: int | None
    blocked: Mapping[Pair, frozenset[ConflictReason]]
    held: Mapping[Pair, Holding]
    fit: Fit | None = None
    colleagues: frozenset[tuple[int, int]] = frozenset()
    keep_apart: bool = False

    def fitted(self) -> Fit:
        """Return how well everybody fits."""
        topics, known = map(Topic, self.subjects), (Knowledge(judge.interests) for judge in self.judges)
        return fit(Known(tuple(topics), tuple(known))) if self.fit is None else self.fit

    @property
    def seats(self) -> int:
        """How many judges each submission should have; everybody means everybody who is still on the panel."""
        return sum(not judge.left for judge in self.judges) if self.wanted is None else self.wanted

    def may_sit(self, pair: Pair) -> bool:
        """Tell whether the judge may be given the submission at all: no conflict, not withdrawn, not gone."""
        holding = self.held.get(pair)
        if pair in self.blocked or holding is Holding.RECUSED:
            return False
        return holding is not None or not self.judges[pair[1]].left

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
    LEFT = "left"
    FULL = "full"
    OPEN = "open"
    """Could take it: the seat was left empty by hand."""


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

    @property
    def empty(self) -> int:
        """How many seats stay empty."""
        return sum(gap.unfilled.seats for gap in self.gaps)


def propose(board: Board, *, seed: int, keep: bool, progress: Progress = unheard) -> Proposal:
    """Plan the round anew around what is fixed; with `keep`, assignments in force move only to fill a seat.

    Assignments with a scorecard or placed by hand stay, one that the judge withdrew from never comes back, and a
    conflict of interest wins over all of them. Colleagues who must be kept apart are parted by planning again.
    """
    found = _proposed(board, seed=seed, keep=keep, progress=progress)
    while board.keep_apart and (seats := _clashing(board, found.pairs)):
        more = dict.fromkeys(seats, frozenset({ConflictReason.COLLEAGUE}))
        board = replace(board, blocked={**more, **board.blocked})
        found = _proposed(board, seed=seed, keep=keep, progress=progress)
    return found


def _clashing(board: Board, pairs: Collection[Pair]) -> frozenset[Pair]:
    """Return the seats that are barred next, so that no two colleagues sit on one submission."""
    matrix = board.fitted().matrix
    return barred(
        together(pairs, board.colleagues),
        board.colleagues,
        stays=lambda pair: board.held.get(pair) in STAYS,
        fits=lambda pair: float(matrix[pair]),
    ).difference(board.blocked)


def _proposed(board: Board, *, seed: int, keep: bool, progress: Progress) -> Proposal:
    plan = assign(problem_of(board, keep=keep, even=True), seed=seed, progress=progress)
    if plan.unfilled or any(one.code is AdviceCode.PENALTY_USED for one in plan.advice):
        plan = assign(problem_of(board, keep=keep, even=False), seed=seed)
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


def problem_of(board: Board, *, keep: bool, even: bool) -> AssignmentProblem:
    """Return what is to be assigned; `even` holds judges without a maximum near the mean load."""
    n_submissions, n_judges = len(board.subjects), len(board.judges)
    fitted = board.fitted()
    submission, judge = np.nonzero(_open_pairs(board))
    return AssignmentProblem(
        n_submissions=n_submissions,
        n_judges=n_judges,
        submission=submission,
        judge=judge,
        affinity=NEUTRAL + (1 - NEUTRAL) * fitted.matrix[submission, judge].astype(np.float64),
        seats=_seats(board),
        min_load=np.array([one.min_load or 0 for one in board.judges], dtype=np.int64),
        max_load=np.array(_most_loads(board, even=even), dtype=np.int64),
        pinned=tuple(pair for pair, holding in board.held.items() if holding in STAYS),
        current=tuple(pair for pair, holding in board.held.items() if holding is Holding.FREE),
        keep=1.0 if keep else 0.0,
        penalty=FOREIGN * fitted.foreign[submission, judge] if fitted.foreign.any() else None,
        balance=EVEN_LOADS,
    )


def affinities(board: Board) -> Floats:
    """Return how well each judge fits each submission, 0 to 1, as a matrix submissions x judges."""
    return NEUTRAL + (1 - NEUTRAL) * board.fitted().matrix.astype(np.float64)


def _open_pairs(board: Board) -> Bools:
    """Return as a matrix who may be given what."""
    found = np.ones((len(board.subjects), len(board.judges)), dtype=bool)
    found[:, [judge.left for judge in board.judges]] = False
    for pair in board.held:
        found[pair] = True
    for pair in (*board.blocked, *(one for one, holding in board.held.items() if holding is Holding.RECUSED)):
        found[pair] = False
    return found


def _seats(board: Board) -> Ints:
    """Return the judges wanted per submission; where everybody is, what a judge who left has scored comes on top."""
    seats = np.full(len(board.subjects), board.seats, dtype=np.int64)
    if board.wanted is None:
        for pair, holding in board.held.items():
            if holding in STAYS and board.judges[pair[1]].left and pair not in board.blocked:
                seats[pair[0]] += 1
    return seats


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
        elif not board.may_sit(pair):
            yield Bar(judge, BarReason.LEFT)
        elif pair not in planned:
            yield Bar(judge, BarReason.FULL)
