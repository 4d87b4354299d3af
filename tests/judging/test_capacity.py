"""The capacity calculator: never a promise that cannot be kept, never fewer judges per entry than possible."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from contest.judging.capacity import Capacity, Work, capacity
from tests.judging.plans import everybody, most_seats, problem

SMALL = st.builds(
    Work,
    entries=st.integers(0, 9),
    minutes=st.integers(1, 30),
    available=st.integers(0, 120),
    judges=st.integers(0, 7),
    wanted=st.integers(0, 5),
)


def test_a_ward_with_forty_entries_and_eight_judges_of_three_hours() -> None:
    found = capacity(Work(entries=40, minutes=12, available=180, judges=8, wanted=3))
    assert found == Capacity(each=15, possible=3, needed=8, spare=0, busiest=180, full=False, full_minutes=480)


def test_a_final_can_be_judged_by_everybody() -> None:
    found = capacity(Work(entries=10, minutes=15, available=180, judges=7, wanted=3))
    assert (found.full, found.full_minutes, found.possible, found.spare) == (True, 150, 7, 7 * 180 - 450)


def test_who_has_less_time_than_one_entry_takes_is_no_help() -> None:
    found = capacity(Work(entries=5, minutes=30, available=20, judges=50, wanted=1))
    assert (found.enough, found.each, found.possible, found.needed) == (False, 0, 0, None)


@given(SMALL)
def test_what_is_possible_can_be_planned_and_one_more_cannot(work: Work) -> None:
    found = capacity(work)
    if not work.entries:
        assert found.possible == work.judges
        return

    def empty(seats: int) -> int:
        asked = problem(everybody(work.entries, work.judges), [seats] * work.entries, [found.each] * work.judges)
        return seats * work.entries - most_seats(asked)

    assert empty(found.possible) == 0
    assert empty(found.possible + 1) > 0
    assert found.full is (work.judges > 0 and found.possible == work.judges and found.full_minutes <= work.available)


@given(SMALL)
def test_the_judges_needed_are_enough_and_one_fewer_is_not(work: Work) -> None:
    needed = capacity(work).needed
    if needed is None or not work.entries or not work.wanted:
        return
    with_needed = Work(work.entries, work.minutes, work.available, needed, work.wanted)
    assert capacity(with_needed).possible >= work.wanted
    with_fewer = Work(work.entries, work.minutes, work.available, needed - 1, work.wanted)
    assert capacity(with_fewer).possible < work.wanted
    assert capacity(with_needed).spare >= 0
