"""The order in which a judge reads."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.judging.order import in_reading_order, next_unfinished
from contest.judging.papers import DeskRow, PaperState

STATES = {
    ".": PaperState.NOT_STARTED,
    "d": PaperState.DRAFT,
    "s": PaperState.SUBMITTED,
    "r": PaperState.RECUSED,
}


def row(number: int, state: PaperState = PaperState.NOT_STARTED) -> DeskRow:
    return DeskRow(number, f"p{number}", f"BT-{number:03d}", "", None, "", state)


def rows(states: str) -> list[DeskRow]:
    return [row(number, STATES[state]) for number, state in enumerate(states, start=1)]


def order(numbers: list[int], judge_id: int = 1, round_id: int = 1) -> list[int]:
    return [r.id for r in in_reading_order(map(row, numbers), judge_id=judge_id, round_id=round_id)]


ids = st.lists(st.integers(1, 10_000), unique=True, max_size=40)


@given(ids)
def test_the_order_does_not_depend_on_the_order_of_the_rows(numbers: list[int]) -> None:
    assert order(sorted(numbers)) == order(numbers[::-1])
    assert sorted(order(numbers)) == sorted(numbers)


@given(ids, st.integers(10_001, 20_000))
def test_a_later_assignment_moves_nobody(numbers: list[int], late: int) -> None:
    after = order([*numbers, late])
    assert [number for number in after if number != late] == order(numbers)


def test_the_order_is_the_same_on_every_machine() -> None:
    assert order(list(range(1, 9))) == [4, 8, 2, 7, 1, 3, 6, 5]


def test_judges_and_rounds_have_orders_of_their_own() -> None:
    twelve = list(range(1, 13))
    assert len({tuple(order(twelve, judge_id=judge, round_id=r)) for judge in range(1, 21) for r in (1, 2)}) == 40


def test_every_submission_comes_first_about_equally_often() -> None:
    first = Counter(order(list(range(1, 6)), judge_id=judge)[0] for judge in range(1, 1001))
    assert set(first) == {1, 2, 3, 4, 5}
    assert min(first.values()) > 150
    assert max(first.values()) < 250


@pytest.mark.parametrize(
    ("states", "after", "follower"),
    [
        ("", "", None),
        ("...", "", "p1"),
        ("...", "p1", "p2"),
        ("...", "p3", "p1"),
        ("s.s", "p3", "p2"),
        ("d..", "p2", "p3"),
        ("d.s", "p2", "p1"),
        ("dd.", "", "p3"),
        ("dds", "p1", "p2"),
        ("dss", "p1", None),
        ("ssr", "", None),
        ("r.r", "", "p2"),
        (".sd", "p9", "p1"),
    ],
)
def test_the_next_one_goes_round_new_ones_first_never_itself(states: str, after: str, follower: str | None) -> None:
    found = next_unfinished(rows(states), after=after)
    assert (found.public_id if found else None) == follower


@given(st.text(alphabet=".dsr", max_size=12), st.integers(0, 13))
def test_going_on_ends_when_everything_is_done(states: str, start: int) -> None:
    desk, here, visited = rows(states), f"p{start}", 0
    while (follower := next_unfinished(desk, after=here)) is not None:
        assert follower.state in (PaperState.NOT_STARTED, PaperState.DRAFT)
        desk = [row(r.id, PaperState.SUBMITTED) if r.id == follower.id else r for r in desk]
        here, visited = follower.public_id, visited + 1
    waiting = [r for r in desk if r.state in (PaperState.NOT_STARTED, PaperState.DRAFT)]
    assert visited <= len(states)
    assert [r.public_id for r in waiting] in ([], [here])
