"""The table of submissions and judges: what stands in each cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from contest.judging.assignment import Pair
from contest.judging.papers import WITHOUT_MARKS, PaperState
from contest.judging.planning import Holding
from contest.judging.queries.assignments import RoundBoard, RoundPlan
from contest.judging.queries.conflicts import SubmissionLine
from contest.judging.queries.proposals import KeptPlan

Mark = Callable[[Pair], str]
# A larger table is of no use to anybody: then each submission lists the names of its judges.
MOST_CELLS = 20_000
IN_FORCE = frozenset({"free", "pinned", "draft", "submitted"})
PLANNED = frozenset({"added", "kept", "locked", "pinned"})


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One submission: its cells in the order of the judges, each the name of a mark, and who sits there.

    `fits`: how well each judge fits, in per cent; empty when the table is too large to be shown.
    """

    submission: SubmissionLine
    cells: tuple[str, ...]
    names: tuple[str, ...]
    count: int
    fits: tuple[int, ...] = ()


def matrix(board: RoundBoard, mark: Mark, taken: frozenset[str]) -> list[MatrixRow]:
    rows = []
    fits = _fits(board)
    for place, submission in enumerate(board.submissions):
        cells = tuple(mark((place, column)) for column in range(len(board.judges)))
        sitting = [judge.name for judge, cell in zip(board.judges, cells, strict=True) if cell in taken]
        rows.append(MatrixRow(submission, cells, tuple(sitting), len(sitting), fits[place] if fits else ()))
    return rows


def _fits(board: RoundBoard) -> list[tuple[int, ...]]:
    if not fits(board):
        return []
    return [tuple(row) for row in (board.board.fitted().matrix * 100).round().astype(int).tolist()]


def marks_now(board: RoundBoard) -> Mark:
    def mark(pair: Pair) -> str:
        held = board.held.get(board.ids(pair))
        if held is None:
            return "blocked" if pair in board.board.blocked else ""
        if held.state not in WITHOUT_MARKS and pair in board.board.blocked:
            return "clash"
        if held.state is PaperState.NOT_STARTED:
            return "pinned" if held.pinned else "free"
        return held.state.value

    return mark


def marks_planned(plan: RoundPlan | KeptPlan) -> Mark:
    proposal, marks, board = plan.proposal, dict[Pair, str](), plan.board
    for pairs, name in (
        (proposal.added, "added"),
        (proposal.removed, "removed"),
        (proposal.kept, "kept"),
        (proposal.locked, "locked"),
    ):
        marks |= dict.fromkeys(pairs, name)
    pins = [pair for pair in proposal.kept if board.board.held[pair] is Holding.PINNED]
    if isinstance(plan, KeptPlan):
        pins.extend(plan.hand.pinned)
    marks |= dict.fromkeys(pins, "pinned")
    states = {pair: board.held[board.ids(pair)].state for pair in proposal.locked}

    def mark(pair: Pair) -> str:
        if pair in states and states[pair] in WITHOUT_MARKS:
            return states[pair].value
        if pair in states and pair in board.board.blocked:
            return "clash"
        return marks.get(pair) or ("blocked" if pair in board.board.blocked else "")

    return mark


def fits(board: RoundBoard) -> bool:
    return len(board.submissions) * len(board.judges) <= MOST_CELLS
