"""A change of a round in its middle, as it is shown before it is done."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from contest.editions.facts import RoundFacts
from contest.editions.models import Round
from contest.editions.phases import BEFORE_CLOSE
from contest.infra.db import db
from contest.infra.signing import fingerprint
from contest.judging.assignment import Pair
from contest.judging.calibration import calibrate
from contest.judging.design import Design, design_of
from contest.judging.models import Assignment
from contest.judging.panel_change import Fate
from contest.judging.planning import Board
from contest.judging.queries.assignments import RoundBoard, round_board
from contest.judging.queries.conflicts import SubmissionLine
from contest.judging.queries.panel import PanelJudge
from contest.judging.queries.scores import score_table
from contest.judging.reshuffle import Moves, Wish, in_force, reshuffle, without
from contest.judging.scoring import TotalScale, counted_points
from contest.judging.totals import scale_factor

FEWEST_JUDGES, FEWEST_ENTRIES = 3, 6  # below, nobody can say how far marks spread
REACH = 1.645  # standard deviations on either side that hold 90 % of a normal distribution


@dataclass(frozen=True, slots=True)
class Asked:
    """What the organiser asks for; `leaving` are ids of judges, the rest as in `Wish`."""

    wanted: int | None
    leaving: frozenset[int] = frozenset()
    fate: Fate = Fate.STAY
    share: bool = False
    move: bool = False


@dataclass(frozen=True, slots=True)
class Touched:
    """A judge whose list changes: how long it was and is, what comes, what goes; or who leaves."""

    judge: PanelJudge
    before: int
    after: int
    gets: tuple[SubmissionLine, ...]
    loses: tuple[SubmissionLine, ...]
    leaves: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """How marks of this round spread so far: the noise of one scorecard in points, and the ratios of the model."""

    noise: float
    ratios: tuple[float, float]


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """What would happen. `digest` changes when anything would; `elsewhere`: papers of leaving judges in other rounds.

    `before` and `after` describe the round as planned now and then; `sure` are the two half-widths of a 90 % interval
    of a fair result in points, once all is scored; None while too little is scored to know.
    """

    board: RoundBoard
    asked: Asked
    moves: Moves
    before: Design
    after: Design
    sure: tuple[float, float] | None
    elsewhere: Mapping[int, int]
    digest: str

    def touched(self) -> tuple[Touched, ...]:
        """Return the judges whose lists change, in the order of the board."""
        was, now = in_force(self.board.board), self.moves.pairs
        before, after = Counter(one for _, one in was), Counter(one for _, one in now)
        gets, loses = _by_judge(set(now) - set(was)), _by_judge(set(was) - set(now))
        return tuple(
            Touched(
                judge,
                before[at],
                after[at],
                self._lines(gets.get(at, ())),
                self._lines(loses.get(at, ())),
                judge.id in self.asked.leaving,
            )
            for at, judge in enumerate(self.board.judges)
            if at in gets or at in loses or judge.id in self.asked.leaving
        )

    def _lines(self, places: Iterable[int]) -> tuple[SubmissionLine, ...]:
        return tuple(self.board.submissions[one] for one in sorted(places))

    def empty(self) -> tuple[tuple[SubmissionLine, int], ...]:
        """Return the submissions with empty seats afterwards, and how many."""
        seats: Counter[int] = Counter()
        for gap in self.moves.gaps:
            seats[gap.unfilled.submission] += gap.unfilled.seats
        return tuple((self.board.submissions[one], count) for one, count in sorted(seats.items()))

    def late(self) -> tuple[PanelJudge, ...]:
        """Return the judges who hold nothing in this round yet."""
        return tuple(self.board.judges[at] for at in self.moves.late)


def _by_judge(pairs: Iterable[Pair]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for submission, judge in pairs:
        found.setdefault(judge, []).append(submission)
    return found


def change_plan(round_: RoundFacts, asked: Asked) -> ChangePlan:
    """Return what the change would do to the round as it stands, in twelve queries."""
    board = round_board(round_)
    place = {judge.id: at for at, judge in enumerate(board.judges)}
    wish = Wish(
        asked.wanted,
        frozenset(place[one] for one in asked.leaving if one in place),
        asked.fate,
        asked.share,
        asked.move,
    )
    moves = reshuffle(board.board, _gone(board, wish), wish)
    size = len(board.submissions), len(board.judges)
    spread = _spread(round_, board)
    ratios = spread.ratios if spread else None
    designs = design_of(in_force(board.board), *size, ratios), design_of(moves.pairs, *size, ratios)
    return ChangePlan(
        board=board,
        asked=asked,
        moves=moves,
        before=designs[0],
        after=designs[1],
        sure=_half_widths(spread, *designs),
        elsewhere=_elsewhere(round_, asked.leaving),
        digest=_digest(board, asked, moves),
    )


def _gone(board: RoundBoard, wish: Wish) -> Board:
    """Return the board without the judges who leave."""
    row = {line.id: at for at, line in enumerate(board.submissions)}
    column = {judge.id: at for at, judge in enumerate(board.judges)}
    states = {(row[one], column[other]): line.state for (one, other), line in board.held.items()}
    return without(board.board, states, wish)


def _digest(board: RoundBoard, asked: Asked, moves: Moves) -> str:
    parts = [sorted(map(board.ids, pairs)) for pairs in (moves.added, moves.left, moves.surplus, moves.moved)]
    states = sorted([*pair, line.state.value] for pair, line in board.held.items() if pair[1] in asked.leaving)
    told = [asked.wanted, sorted(asked.leaving), asked.fate.value, asked.share, asked.move]
    return fingerprint([board.round.id, board.board.wanted, told, parts, states])


def _elsewhere(round_: RoundFacts, leaving: Iterable[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Assignment.judge_id, func.count())
        .join(Round, Round.id == Assignment.round_id)
        .where(
            Assignment.judge_id.in_(leaving),
            Round.edition_id == round_.edition_id,
            Round.id != round_.id,
            Round.state.in_(BEFORE_CLOSE),
        )
        .group_by(Assignment.judge_id)
    )
    return {row[0]: row[1] for row in rows}


def _spread(round_: RoundFacts, board: RoundBoard) -> Spread | None:
    """Return how the marks handed in so far spread; None while there are too few."""
    ids = [line.id for line in board.submissions]
    table = score_table(round_, ids) if ids and round_.rubric.judged else None
    if table is None:
        return None
    scale = TotalScale(round_.rubric)
    factor = float(scale_factor(round_.rubric, round_.rules.scale_to)) / scale.denominator
    counted = [(card, counted_points(card, round_.rules.counting)) for card in table.cards]
    rows = [(card.submission, card.judge, scale.total(points) * factor) for card, points in counted if points]
    enough = len({one for one, _, _ in rows}) >= FEWEST_ENTRIES and len({one for _, one, _ in rows}) >= FEWEST_JUDGES
    if not enough:
        return None
    model = calibrate(
        [one for one, _, _ in rows],
        [one for _, one, _ in rows],
        [one for _, _, one in rows],
        n_submissions=len(ids),
        n_judges=len(table.judges),
    ).model
    return Spread(math.sqrt(model.variance[2]), model.ratios) if min(model.variance[2], *model.ratios) > 0 else None


def _half_widths(spread: Spread | None, before: Design, after: Design) -> tuple[float, float] | None:
    if spread is None or before.doubt is None or after.doubt is None:
        return None
    return REACH * spread.noise * before.doubt, REACH * spread.noise * after.doubt
