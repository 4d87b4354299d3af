"""What is counted in memory and told seldom."""

from __future__ import annotations

from datetime import timedelta

from contest.infra import cache
from contest.infra.tally import Counted, Tally
from tests.conftest import NOON

SECOND = timedelta(seconds=1)


def test_it_counts_by_key_from_the_first_to_the_last_time() -> None:
    tally = Tally()
    for key, seconds in (("a", 0), ("b", 1), ("a", 5)):
        tally.add(key, NOON + seconds * SECOND)
    assert tally.take() == [Counted("a", 2, NOON, NOON + 5 * SECOND), Counted("b", 1, NOON + SECOND, NOON + SECOND)]
    assert tally.take() == []


def test_it_is_due_when_the_first_time_lies_far_enough_back() -> None:
    tally = Tally(length=timedelta(minutes=10))
    assert not tally.is_due(NOON)
    tally.add("a", NOON)
    assert not tally.is_due(NOON + timedelta(minutes=10) - SECOND)
    assert tally.is_due(NOON + timedelta(minutes=10))
    tally.take()
    assert not tally.is_due(NOON + timedelta(days=1))


def test_a_flood_of_keys_is_counted_as_one() -> None:
    tally = Tally(most=2)
    for number in range(1000):
        tally.add(f"key {number}", NOON)
    assert [(one.key, one.times) for one in tally.take()] == [("key 0", 1), ("key 1", 1), ("", 998)]


def test_what_could_not_be_told_is_counted_again() -> None:
    tally = Tally()
    tally.add("a", NOON)
    taken = tally.take()
    tally.add("a", NOON + SECOND)
    tally.give_back(taken)
    assert tally.take() == [Counted("a", 2, NOON, NOON + SECOND)]


def test_it_is_emptied_with_the_caches() -> None:
    tally = Tally()
    tally.add("a", NOON)
    cache.clear_all()
    assert tally.take() == []
