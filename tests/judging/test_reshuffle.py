"""A round that changes in its middle: what was begun stays, and no pair moves that need not."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.judging.assignment import Pair
from contest.judging.conflicts import ConflictReason
from contest.judging.design import design_of
from contest.judging.panel_change import Fate
from contest.judging.papers import PaperState
from contest.judging.planning import Board, Candidate, Holding, propose
from contest.judging.reshuffle import Moves, Wish, in_force, reshuffle, without

FREE, PINNED, STARTED, RECUSED = Holding.FREE, Holding.PINNED, Holding.STARTED, Holding.RECUSED
STATE = {FREE: PaperState.NOT_STARTED, PINNED: PaperState.NOT_STARTED, STARTED: PaperState.SUBMITTED}
STATES = {**STATE, RECUSED: PaperState.RECUSED}


def board(
    submissions: int, judges: int, wanted: int | None, held: dict[Pair, Holding], most: int | None = None
) -> Board:
    return Board((frozenset(),) * submissions, (Candidate(max_load=most),) * judges, wanted, {}, held)


def planned(submissions: int, judges: int, wanted: int, most: int | None = None) -> Board:
    empty = board(submissions, judges, wanted, {}, most)
    return board(submissions, judges, wanted, dict.fromkeys(propose(empty, seed=1, keep=False).pairs, FREE), most)


def change(before: Board, wish: Wish) -> Moves:
    return reshuffle(before, without(before, {p: STATES[h] for p, h in before.held.items()}, wish), wish)


def drawn(seed: int) -> tuple[Board, Wish]:
    draw = random.Random(seed)
    n, m = draw.randint(0, 9), draw.randint(0, 6)
    cells = [(one, other) for one in range(n) for other in range(m)]
    held = {pair: draw.choice([FREE, FREE, FREE, PINNED, STARTED, RECUSED]) for pair in cells if draw.random() < 0.4}
    blocked = {pair: frozenset({ConflictReason.DECLARED}) for pair in cells if draw.random() < 0.1}
    judges = tuple(Candidate(max_load=draw.choice([None, None, 3, 5])) for _ in range(m))
    wish = Wish(
        wanted=draw.choice([None, 1, 2, 3]),
        leaving=frozenset(at for at in range(m) if draw.random() < 0.2),
        fate=draw.choice(list(Fate)),
        share=draw.random() < 0.5,
        move=draw.random() < 0.5,
    )
    return Board((frozenset(),) * n, judges, draw.choice([1, 2, 3]), blocked, held), wish


@given(st.integers(0, 10**6))
def test_every_change_respects_what_is_fixed(seed: int) -> None:
    before, wish = drawn(seed)
    found = change(before, wish)
    was, now = set(in_force(before)), set(found.pairs)
    assert len(found.pairs) == len(now)  # nobody gets an entry twice
    assert not now & before.blocked.keys()
    assert not {pair for pair in found.added if before.held.get(pair) is RECUSED}
    assert not {pair for pair in found.added if pair[1] in wish.leaving}
    begun = {pair for pair in was if before.held[pair] is STARTED and pair[1] not in wish.leaving}
    assert begun <= now
    assert {pair for pair in was if before.held[pair] is PINNED and pair[1] not in wish.leaving} <= now
    gone = [*found.left, *found.surplus, *found.moved]
    assert sorted(gone) == sorted(was - now)
    assert now == (was - set(gone)) | set(found.added)
    if wish.fate is Fate.STAY:
        assert {pair for pair in was if before.held[pair] is STARTED} <= now


@given(st.integers(0, 10**6))
def test_without_leave_to_move_no_pair_moves(seed: int) -> None:
    before, wish = drawn(seed)
    still = Wish(wish.wanted, wish.leaving, wish.fate)
    assert change(before, still).moved == ()


@given(st.integers(0, 10**6))
def test_the_same_wish_twice_changes_nothing_more(seed: int) -> None:
    before, wish = drawn(seed)
    wish = Wish(wish.wanted, frozenset(), wish.fate, move=wish.move)
    found = change(before, wish)
    held = {pair: before.held.get(pair, FREE) for pair in found.pairs}
    kept = {pair: holding for pair, holding in before.held.items() if holding is RECUSED or pair in before.blocked}
    after = Board(before.subjects, before.judges, wish.wanted, before.blocked, {**kept, **held})
    assert not change(after, wish).changes


def test_twenty_of_four_hundred_judges_leave_and_no_other_pair_moves() -> None:
    dealt = {(one, (one * step + shift) % 400): FREE for one in range(400) for step, shift in ((1, 0), (7, 3), (11, 9))}
    before = board(400, 400, 3, dealt)
    found = change(before, Wish(3, frozenset(range(0, 400, 20)), move=True))
    gone = [pair for pair in before.held if pair[1] % 20 == 0]
    assert (len(found.left), found.moved, found.surplus, found.empty) == (len(gone), (), (), 0)
    assert len(found.added) == len(gone) == 1200 - len(set(found.pairs) & set(dealt))


@pytest.mark.parametrize(("wanted", "added", "surplus"), [(3, 12, 0), (1, 0, 12), (2, 0, 0), (None, 36, 0)])
def test_more_or_fewer_judges_per_entry_touch_only_those_seats(wanted: int | None, added: int, surplus: int) -> None:
    before = planned(12, 5, 2)
    found = change(before, Wish(wanted, move=True))
    assert (len(found.added), len(found.surplus), found.moved, found.empty) == (added, surplus, (), 0)
    loads = Counter(pair[1] for pair in found.pairs)
    assert max(loads.values()) - min(loads.values()) <= 1


def test_fewer_judges_per_entry_never_cost_what_was_begun_or_placed_by_hand() -> None:
    held = {(0, 0): STARTED, (0, 1): PINNED, (0, 2): FREE, (1, 0): FREE, (1, 1): FREE, (1, 2): STARTED}
    found = change(board(2, 3, 3, held), Wish(1))
    assert found.pairs == ((0, 0), (0, 1), (1, 2))
    assert found.surplus == ((0, 2), (1, 0), (1, 1))


def test_a_late_judge_gets_empty_seats_only_or_a_fair_share_of_what_nobody_began() -> None:
    four = planned(12, 4, 2)
    before = board(12, 5, 2, four.held)  # type: ignore[arg-type]  # a dict, as it was made
    assert change(before, Wish(2)).changes is False
    found = change(before, Wish(2, share=True))
    loads = Counter(pair[1] for pair in found.pairs)
    assert (found.late, loads[4], len(found.added), len(found.moved)) == ((4,), 4, 4, 4)
    assert sorted(loads.values()) == [4, 5, 5, 5, 5]


def test_a_late_judge_gets_nothing_that_was_begun() -> None:
    held = dict.fromkeys(planned(6, 2, 2).held, STARTED)
    found = change(board(6, 3, 2, held), Wish(2, share=True, move=True))
    assert (found.late, found.changes) == ((2,), False)


def test_a_late_team_is_placed_without_moving_anybody() -> None:
    six = planned(6, 4, 2)
    found = change(board(7, 4, 2, dict(six.held)), Wish(2))
    assert [pair[0] for pair in found.added] == [6, 6]
    assert (found.moved, found.surplus) == ((), ())


def test_others_move_only_where_that_fills_a_seat() -> None:
    # Judge 1 alone is free for submission 1 but full with submission 0, which judge 0 may take.
    held = {(0, 1): FREE}
    blocked = {(1, 0): frozenset({ConflictReason.DECLARED})}
    before = Board((frozenset(),) * 2, (Candidate(max_load=1),) * 2, 1, blocked, held)
    assert change(before, Wish(1)).empty == 1
    moved = change(before, Wish(1, move=True))
    assert (moved.pairs, moved.moved, moved.empty) == (((0, 0), (1, 1)), ((0, 1),), 0)


def test_a_design_says_how_sure_results_will_be() -> None:
    loose, tight = [planned(12, 5, wanted) for wanted in (2, 4)]
    few, many = (design_of(one.held, 12, 5, (1.0, 0.5)) for one in (loose, tight))
    assert (few.groups, many.groups) == (1, 1)
    assert few.doubt is not None
    assert many.doubt is not None
    assert many.doubt < few.doubt
    assert design_of([(0, 0), (1, 1)], 2, 2).groups == 2
    assert design_of([(0, 0), (1, 1)], 2, 2).comparability == 0.0
    assert design_of([], 0, 0, (1.0, 1.0)).doubt is None


def test_the_doubt_is_that_of_the_textbook() -> None:
    """Two submissions, two judges, everything seen: var = share + share^2 * sum of the covariance of the judges."""
    found = design_of([(0, 0), (0, 1), (1, 0), (1, 1)], 2, 2, (1.0, 1.0))
    # share = 1/3; precision = diag(3) - 2/3 of ones = [[7/3, -2/3], [-2/3, 7/3]]; the sum of its inverse is 6/5.
    assert found.doubt == pytest.approx((1 / 3 + 6 / 5 / 9) ** 0.5)
