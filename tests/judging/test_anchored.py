"""Closed panels with anchors: whole panels, nobody in conflict, and one net as soon as there is an anchor."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from contest.judging.anchored import NO_PANEL, dealt_evenly, plan_panels
from contest.judging.assignment import Pair
from contest.judging.conflicts import ConflictReason
from contest.judging.planning import Board, Candidate, Holding

BARRED = frozenset({ConflictReason.DECLARED})


def board(
    entries: int, judges: int, blocked: list[Pair] | None = None, held: dict[Pair, Holding] | None = None
) -> Board:
    subjects = tuple(frozenset({f"field {at % 3}"}) for at in range(entries))
    return Board(subjects, (Candidate(),) * judges, None, dict.fromkeys(blocked or [], BARRED), held or {})


@given(st.integers(0, 10**6))
def test_every_plan_of_panels_obeys(seed: int) -> None:
    draw = random.Random(seed)
    n, m, panels = draw.randint(0, 10), draw.randint(0, 7), draw.randint(1, 3)
    blocked = [(one, other) for one in range(n) for other in range(m) if draw.random() < 0.12]
    panel_of = [draw.choice([NO_PANEL, *range(panels)]) for _ in range(m)]
    wanted = draw.randint(0, 4)
    plan = plan_panels(board(n, m, blocked), panel_of, wanted)
    pairs = set(plan.pairs)
    assert len(plan.pairs) == len(pairs)
    assert not pairs & set(blocked)
    assert not {pair for pair in pairs if panel_of[pair[1]] == NO_PANEL}
    assert len(plan.anchors) == min(wanted, plan.possible)
    members = {own: {at for at, one in enumerate(panel_of) if one == own} for own in set(panel_of) - {NO_PANEL}}
    for one in range(n):
        panels_of_entry = {panel_of[judge] for entry, judge in pairs if entry == one}
        if one in plan.anchors:
            assert panels_of_entry == set(members)
        elif one in plan.empty:
            assert panels_of_entry == set()
        else:
            (own,) = panels_of_entry
            assert {judge for entry, judge in pairs if entry == one} == members[own] - {
                judge for entry, judge in blocked if entry == one
            }
    assert {one for one in range(n) if one in plan.empty} == {
        one for one in range(n) if all((one, judge) in blocked for group in members.values() for judge in group)
    }


def test_three_panels_share_thirty_entries_evenly_and_three_anchors_link_them() -> None:
    panel_of = dealt_evenly(9, 3)
    assert panel_of == (0, 1, 2) * 3
    plan = plan_panels(board(30, 9), panel_of, 3)
    assert (plan.loads, plan.empty, plan.short) == ((12, 12, 12), (), ())
    assert (plan.linked.groups, plan.apart.groups) == (1, 3)
    assert plan.linked.comparability > 0
    assert plan.apart.comparability == 0
    assert len({one % 3 for one in plan.anchors}) == 3  # one of each field


def test_more_anchors_compare_better() -> None:
    values = [plan_panels(board(30, 6), dealt_evenly(6, 2), count).linked.comparability for count in (0, 1, 3, 6)]
    assert values == sorted(values)
    assert len(set(values)) == 4


def test_anchors_that_are_in_force_stay_and_what_was_begun_stays_too() -> None:
    held = {(5, 0): Holding.STARTED, (6, 1): Holding.PINNED, (7, 2): Holding.FREE}
    plan = plan_panels(board(8, 4, held=held), (0, 0, 1, 1), 2, fixed={4, 7})
    assert plan.anchors == (4, 7)
    assert {(5, 0), (5, 1), (6, 0), (6, 1)} <= set(plan.pairs)
    assert not {(5, 2), (6, 2)} & set(plan.pairs)


def test_an_entry_that_a_member_of_each_panel_must_not_see_is_judged_by_a_smaller_panel() -> None:
    plan = plan_panels(board(4, 4, [(2, 0), (2, 2)]), (0, 0, 1, 1), 0)
    assert plan.short == (2,)
    assert len([pair for pair in plan.pairs if pair[0] == 2]) == 1


def test_nobody_in_a_panel_judges_nothing() -> None:
    plan = plan_panels(board(3, 2), (NO_PANEL, NO_PANEL), 2)
    assert (plan.pairs, plan.anchors, plan.possible, plan.empty) == ((), (), 0, (0, 1, 2))
    assert dealt_evenly(2, 0) == (NO_PANEL, NO_PANEL)
