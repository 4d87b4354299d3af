from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from contest.judging.matching import Matching


def full(submissions: int, judges: int, seats: int, most: int) -> Matching:
    everyone = [list(range(judges)) for _ in range(submissions)]
    return Matching(everyone, [seats] * submissions, [0] * judges, [most] * judges)


def test_a_pair_is_placed_once_and_only_where_there_is_room() -> None:
    matching = full(2, 2, seats=1, most=1)
    assert matching.place(0, 0)
    assert not matching.place(0, 0)
    assert not matching.place(0, 1)
    assert not matching.place(1, 0)
    assert matching.place(1, 1)
    assert (matching.loads, matching.missing, matching.teams) == ([1, 1], [0, 0], [{0}, {1}])


def test_a_placed_pair_takes_no_second_seat() -> None:
    matching = full(1, 1, seats=2, most=2)
    assert matching.place(0, 0)
    assert not matching.place(0, 0)
    assert matching.missing == [1]


def test_a_pin_may_exceed_seats_and_loads_and_never_moves() -> None:
    matching = Matching([[0, 1], [0, 1]], [0, 1], [0, 0], [0, 3])
    matching.pin(0, 0)
    matching.pin(1, 0)
    assert (matching.loads, matching.missing) == ([2, 0], [0, 0])
    matching.even_out_loads([0, 1], keep=False)
    assert matching.teams == [{0}, {0}]


def test_the_direct_start_takes_the_least_loaded_judge() -> None:
    matching = full(4, 2, seats=1, most=4)
    matching.fill_directly([3, 2, 1, 0])
    assert matching.loads == [2, 2]
    assert matching.teams == [{1}, {0}, {1}, {0}]


def test_the_direct_start_may_stop_short_of_a_maximum() -> None:
    matching = Matching([[0, 1], [0]], [1, 1], [0, 0], [1, 1])
    matching.fill_directly([0, 1])
    assert matching.missing == [0, 1]
    matching.fill_along_paths([0, 1])
    assert (matching.missing, matching.teams) == ([0, 0], [{1}, {0}])


def test_a_seat_moves_from_the_rich_to_the_poor() -> None:
    matching = full(2, 2, seats=2, most=1)
    matching.place(0, 0)
    matching.place(0, 1)
    matching.fill_along_paths([0, 1])
    assert matching.missing == [0, 2]
    matching.spread_empty_seats([0, 1])
    assert matching.missing == [1, 1]
    assert matching.loads == [1, 1]


def test_minimum_loads_are_lifted_along_a_path() -> None:
    matching = Matching([[0, 1], [1, 2], [0]], [1, 1, 1], [0, 0, 1], [2, 1, 1])
    matching.place(0, 0)
    matching.place(2, 0)
    matching.place(1, 1)
    matching.lift_minimum_loads([0, 1, 2])
    assert matching.loads == [1, 1, 1]
    assert matching.teams == [{1}, {2}, {0}]


def test_a_minimum_above_the_maximum_is_not_chased() -> None:
    matching = full(2, 2, seats=1, most=1)
    matching.least = [0, 5]
    matching.place(0, 0)
    matching.place(1, 1)
    matching.lift_minimum_loads([0, 1])
    assert matching.loads == [1, 1]


def test_kept_pairs_stay_where_they_are() -> None:
    matching = full(4, 2, seats=1, most=4)
    for submission in range(3):
        matching.place(submission, 0)
    matching.fill_along_paths([3])
    assert matching.loads == [4, 0]
    matching.even_out_loads([0, 1], keep=True)
    assert matching.loads == [3, 1]
    assert matching.teams == [{0}, {0}, {0}, {1}]
    matching.even_out_loads([0, 1], keep=False)
    assert matching.loads == [2, 2]


@given(st.integers(0, 8), st.integers(1, 5), st.integers(0, 4), st.integers(0, 9))
def test_the_books_balance(submissions: int, judges: int, seats: int, most: int) -> None:
    matching = full(submissions, judges, seats, most)
    order = list(range(submissions))
    matching.fill_directly(order)
    matching.fill_along_paths(order)
    matching.spread_empty_seats(order)
    matching.lift_minimum_loads(list(range(judges)))
    matching.even_out_loads(list(range(judges)), keep=False)
    placed = sum(len(team) for team in matching.teams)
    assert placed == sum(matching.loads) == submissions * seats - sum(matching.missing)
    assert placed == min(submissions * min(seats, judges), judges * min(most, submissions))
    assert max(matching.loads) - min(matching.loads) <= 1
    assert max(matching.missing, default=0) - min(matching.missing, default=0) <= 1
