"""The table of submissions and judges: what stands in each cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from contest.judging.assignment import Pair
from contest.judging.papers import WITHOUT_MARKS, PaperState
from contest.judging.queries.assignments import RoundBoard, RoundPlan
from contest.judging.queries.conflicts import SubmissionLine

Mark = Callable[[Pair], str]
# A larger table is of no use to anybody: then each submission lists the names of its judges.
MOST_CELLS = 20_000
IN_FORCE = frozenset({"free", "pinned", "draft", "submitted"})
PLANNED = frozenset({"added", "kept", "locked"})


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One submission: its cells in the order of the judges, each the name of a mark, and who sits there."""

    submission: SubmissionLine
    cells: tuple[str, ...]
    names: tuple[str, ...]
    count: int


def matrix(board: RoundBoard, mark: Mark, taken: frozenset[str]) -> list[MatrixRow]:
    rows = []
    for place, submission in enumerate(board.submissions):
        cells = tuple(mark((place, column)) for column in range(len(board.judges)))
        sitting = [judge.name for judge, cell in zip(board.judges, cells, strict=True) if cell in taken]
        rows.append(MatrixRow(submission, cells, tuple(sitting), len(sitting)))
    return rows


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


def marks_planned(plan: RoundPlan) -> Mark:
    proposal, marks = plan.proposal, dict[Pair, str]()
    for pairs, name in (
        (proposal.added, "added"),
        (proposal.removed, "removed"),
        (proposal.kept, "kept"),
        (proposal.locked, "locked"),
    ):
        marks |= dict.fromkeys(pairs, name)
    states = {pair: plan.board.held[plan.board.ids(pair)].state for pair in proposal.locked}

    def mark(pair: Pair) -> str:
        if pair in states and states[pair] in WITHOUT_MARKS:
            return states[pair].value
        if pair in states and pair in plan.board.board.blocked:
            return "clash"
        return marks.get(pair) or ("blocked" if pair in plan.board.board.blocked else "")

    return mark


def fits(board: RoundBoard) -> bool:
    return len(board.submissions) * len(board.judges) <= MOST_CELLS
