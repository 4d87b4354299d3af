"""A live event: the least seen entry next, never a conflict, never twice, nothing kept for the absent."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from contest.judging.assignment import Pair
from contest.judging.live import Floor, next_entries

NOTHING: frozenset[Pair] = frozenset()


def floor(submissions: int, judges: int, seats: int, **values: object) -> Floor:
    plain = Floor(submissions, seats, frozenset(range(submissions)), NOTHING, NOTHING, NOTHING, (None,) * judges, {})
    return replace(plain, **values)  # type: ignore[arg-type]  # fields of the floor


def give(room: Floor, judge: int, batch: int = 1) -> Floor:
    pairs = {(one, judge) for one in next_entries(room, judge, batch)}
    return replace(room, given=room.given | pairs, waiting=room.waiting | pairs)


def done(room: Floor, judge: int) -> Floor:
    return replace(room, waiting=frozenset(pair for pair in room.waiting if pair[1] != judge))


def drawn(seed: int) -> tuple[Floor, random.Random]:
    draw = random.Random(seed)
    n, m = draw.randint(1, 9), draw.randint(1, 6)
    barred = frozenset((one, other) for one in range(n) for other in range(m) if draw.random() < 0.15)
    room = tuple(draw.choice([None, None, 2, 4]) for _ in range(m))
    affinity = {(one, other): draw.random() for one in range(n) for other in range(m)}
    return floor(n, m, draw.randint(1, m + 1), barred=barred, room=room, affinity=affinity), draw


def walk(room: Floor, draw: random.Random, steps: int) -> list[tuple[Floor, int, Floor]]:
    """Let judges come and go at random: each step somebody finishes and asks, or entries close and open."""
    told = []
    for _ in range(steps):
        judge = draw.randrange(len(room.room))
        if draw.random() < 0.2:
            closed = frozenset(one for one in range(room.n_submissions) if draw.random() < 0.2)
            room = replace(room, open=frozenset(range(room.n_submissions)) - closed)
        room = done(room, judge)
        after = give(room, judge, draw.choice([1, 1, 1, 2]))
        spent = len(after.given) - len(room.given)
        limits = tuple(limit if limit is None or at != judge else limit - spent for at, limit in enumerate(after.room))
        after = replace(after, room=limits)
        told.append((room, judge, after))
        room = after
    return told


@given(st.integers(0, 10**6))
def test_never_a_conflict_never_twice_never_too_many_and_nowhere_that_is_closed(seed: int) -> None:
    for before, _judge, after in walk(*drawn(seed), steps=25):
        new = after.given - before.given
        assert not new & before.barred
        assert {one for one, _ in new} <= before.open
        assert all(count <= after.seats for count in after.seen())
        assert all(limit is None or limit >= 0 for limit in after.room)


@given(st.integers(0, 10**6))
def test_the_spread_grows_past_one_only_when_the_judge_must_not_take_a_less_seen_entry(seed: int) -> None:
    for before, judge, after in walk(*drawn(seed), steps=25):
        counts = before.seen()
        for entry, _ in after.given - before.given:
            less = [one for one in before.open if counts[one] < counts[entry]]
            assert all((one, judge) in before.barred | after.given for one in less)


@given(st.integers(1, 8), st.integers(1, 8), st.integers(0, 10**6))
def test_without_conflicts_entries_are_seen_equally_often_up_to_one(entries: int, judges: int, seed: int) -> None:
    """Judges who are present take turns in any order, each as often as the others up to one."""
    draw, room = random.Random(seed), floor(entries, judges, judges)
    for _ in range(entries):
        order = list(range(judges))
        draw.shuffle(order)
        for judge in order:
            room = give(done(room, judge), judge)
    assert room.seen() == [judges] * entries


@given(st.integers(2, 8), st.integers(1, 8), st.integers(0, 10**6))
def test_while_every_judge_sees_one_entry_the_spread_is_at_most_one(entries: int, judges: int, seed: int) -> None:
    draw, room = random.Random(seed), floor(entries, judges, judges)
    for judge in draw.sample(range(judges), judges):
        room = give(room, judge)
        assert max(room.seen()) - min(room.seen()) <= 1


@given(st.integers(0, 10**6))
def test_who_has_something_under_way_gets_it_again_and_nothing_more(seed: int) -> None:
    for _before, judge, after in walk(*drawn(seed), steps=10):
        mine = {one for one, other in after.waiting if other == judge}
        if mine:
            assert set(next_entries(after, judge, 1)) == mine
            assert next_entries(after, judge, 1) == next_entries(after, judge, 1)


def test_the_absent_cost_nothing() -> None:
    """Of ten judges four come; every entry gets the four, none waits for the six."""
    room = floor(5, 10, 10)
    for _ in range(5):
        for judge in (1, 4, 6, 9):
            room = give(done(room, judge), judge)
    assert room.seen() == [4] * 5


def test_an_absent_entry_is_skipped_and_comes_back_first() -> None:
    room = floor(3, 4, 4, open=frozenset({0, 2}))
    for judge in range(3):
        room = give(room, judge)
    assert room.seen() == [2, 0, 1]
    back = replace(room, open=frozenset(range(3)))
    assert next_entries(back, 3, 1) == (1,)


def test_a_booth_where_nobody_is_comes_before_one_with_a_judge() -> None:
    under_way = frozenset({(0, 0)})
    room = floor(2, 3, 3, given=under_way | {(1, 1)}, waiting=under_way)
    assert next_entries(room, 2, 1) == (1,)


def test_judges_who_shared_nothing_yet_are_brought_together() -> None:
    # Judge 0 has met judge 1 at entry 0; entry 1 was seen by judge 1, entry 2 by the stranger.
    room = floor(3, 3, 3, given=frozenset({(0, 0), (0, 1), (1, 1), (2, 2)}))
    assert next_entries(room, 0, 1) == (2,)


def test_among_equals_the_one_that_fits_best() -> None:
    room = floor(3, 1, 1, affinity={(1, 0): 0.9, (2, 0): 0.4})
    assert next_entries(room, 0, 1) == (1,)
    assert next_entries(room, 0, 3) == (1, 2, 0)


def test_nothing_is_left_when_all_is_seen_or_closed() -> None:
    assert next_entries(floor(2, 1, 1, given=frozenset({(0, 0), (1, 0)})), 0, 1) == ()
    assert next_entries(floor(2, 1, 1, open=frozenset()), 0, 1) == ()
    assert next_entries(floor(2, 1, 1, room=(0,)), 0, 1) == ()
