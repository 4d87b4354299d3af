"""Closed panels with anchors: each panel has its own entries, and a few entries are judged by all panels.

Panels that share no entry cannot be compared: one strict panel costs all its teams. Anchors link them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contest.judging.assignment import Pair, assign
from contest.judging.design import Design, design_of
from contest.judging.planning import STAYS, Board, problem_of
from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
else:
    np = lazy("numpy")

NO_PANEL = -1
SEED = 0  # the same panels have the same plan


@dataclass(frozen=True, slots=True)
class PanelPlan:
    """Who judges what; pairs sorted. `anchors`: entries of all panels, `possible` how many there could be.

    `short`: entries that a panel judges without a member who must not. `empty`: entries that no panel can judge.
    `loads`: entries per panel, anchors included. `linked` and `apart` describe the plan with its anchors and what it
    would be without any.
    """

    pairs: tuple[Pair, ...]
    anchors: tuple[int, ...]
    possible: int
    short: tuple[int, ...]
    empty: tuple[int, ...]
    loads: tuple[int, ...]
    linked: Design
    apart: Design


def plan_panels(board: Board, panel_of: Sequence[int], count: int, fixed: Collection[int] = ()) -> PanelPlan:
    """Share the entries out among the panels, `count` of them to all panels; `fixed` are anchors before others.

    `panel_of`: per judge the number of the panel from 0 on, `NO_PANEL` for none. Conflicts hold; what was begun or
    placed by hand stays.
    """
    able = _able(board)
    candidates = _anchors(board, panel_of, able, fixed)
    anchors = tuple(sorted(candidates[: max(0, count)]))
    pairs, short, empty = _dealt(board, panel_of, able, frozenset(anchors))
    apart = pairs if not anchors else _dealt(board, panel_of, able, frozenset())[0]
    size = len(board.subjects), len(board.judges)
    return PanelPlan(
        pairs=tuple(sorted(pairs)),
        anchors=anchors,
        possible=len(candidates),
        short=short,
        empty=empty,
        loads=_loads(pairs, panel_of),
        linked=design_of(pairs, *size),
        apart=design_of(apart, *size),
    )


def _able(board: Board) -> list[set[int]]:
    """Return per entry the judges who may have it."""
    return [
        {judge for judge in range(len(board.judges)) if board.may_sit((one, judge))}
        for one in range(len(board.subjects))
    ]


def _members(panel_of: Sequence[int]) -> list[list[int]]:
    return [
        [judge for judge, own in enumerate(panel_of) if own == panel] for panel in sorted(set(panel_of) - {NO_PANEL})
    ]


def _anchors(board: Board, panel_of: Sequence[int], able: list[set[int]], fixed: Collection[int]) -> list[int]:
    """Return the entries of which every panel can judge with somebody, the best anchors first.

    Those fixed, then those that the fewest must not judge, then one field after the other.
    """
    panels = _members(panel_of)
    found = [one for one, judges in enumerate(able) if panels and all(judges & set(panel) for panel in panels)]
    barred = {one: sum(len(set(panel) - able[one]) for panel in panels) for one in found}
    seen: Counter[frozenset[str]] = Counter()
    turn = {}
    for one in found:
        turn[one] = seen[board.subjects[one]]
        seen[board.subjects[one]] += 1
    return sorted(found, key=lambda one: (one not in fixed, barred[one], turn[one], one))


def _dealt(
    board: Board, panel_of: Sequence[int], able: list[set[int]], anchors: frozenset[int]
) -> tuple[set[Pair], tuple[int, ...], tuple[int, ...]]:
    panels = _members(panel_of)
    inside = [judge for panel in panels for judge in panel]
    pairs = {(one, judge) for one in anchors for judge in inside if judge in able[one]}
    rest = [one for one in range(len(board.subjects)) if one not in anchors]
    whole = _whole(board, panel_of, anchors) if panels else set()
    pairs |= whole
    loads = [len({one for one, judge in pairs if panel_of[judge] == at}) for at in _numbers(panel_of)]
    placed, short, empty = {one for one, _ in whole}, [], []
    for one in rest:
        if one in placed:
            continue
        choices = [(-len(able[one] & set(panel)), loads[at], at) for at, panel in enumerate(panels)]
        size, _, at = min(choices, default=(0, 0, 0))
        if not size:
            empty.append(one)
            continue
        loads[at] += 1
        short.append(one)
        pairs |= {(one, judge) for judge in panels[at] if judge in able[one]}
    pairs |= {pair for pair, holding in board.held.items() if holding in STAYS and pair not in board.blocked}
    return pairs, tuple(short), tuple(empty)


def _numbers(panel_of: Sequence[int]) -> list[int]:
    return sorted(set(panel_of) - {NO_PANEL})


def _whole(board: Board, panel_of: Sequence[int], anchors: frozenset[int]) -> set[Pair]:
    """Give each entry that is no anchor to one whole panel, evenly; those that no whole panel can take are left out."""
    problem = problem_of(replace(board, wanted=1), keep=False, even=False)
    numbers = np.array([own if own != NO_PANEL else -1 for own in panel_of], dtype=np.int64)
    panels = len(_numbers(panel_of))
    each = -(-(problem.n_submissions - len(anchors)) // max(1, panels))
    limit = np.minimum(np.maximum(problem.max_load - len(anchors), 0), each)
    seats = np.ones(problem.n_submissions, dtype=np.int64)
    seats[sorted(anchors)] = 0
    plan = assign(
        replace(
            problem,
            seats=seats,
            min_load=np.zeros(problem.n_judges, dtype=np.int64),
            max_load=np.where(numbers < 0, 0, limit),
            pinned=tuple(pair for pair in problem.pinned if pair[0] not in anchors and numbers[pair[1]] >= 0),
            panels=numbers,
            mixing=0.0,
        ),
        seed=SEED,
    )
    return set(zip(plan.submission.tolist(), plan.judge.tolist(), strict=True))


def _loads(pairs: Collection[Pair], panel_of: Sequence[int]) -> tuple[int, ...]:
    return tuple(len({one for one, judge in pairs if panel_of[judge] == panel}) for panel in _numbers(panel_of))


def dealt_evenly(judges: int, panels: int) -> tuple[int, ...]:
    """Return a first proposal of panels: the judges in turn, so that neighbours in the list are spread."""
    return tuple(at % panels for at in range(judges)) if panels > 0 else (NO_PANEL,) * judges
