"""Acceptance cases of the product that the assignment core answers: 7, 8, 9, 10, 20, 21."""

from __future__ import annotations

from dataclasses import replace

from contest.judging.assignment import RemedyCode, assign
from contest.judging.conflicts import ConflictReason
from contest.judging.planning import Board, Candidate, Holding, propose
from tests.judging.plans import everybody, pairs_of, problem

SCHOOL = frozenset({ConflictReason.SAME_UNIT})


def board(submissions: int, judges: int, **more: object) -> Board:
    empty = Board((frozenset(),) * submissions, (Candidate(),) * judges, None, {}, {})
    return replace(empty, **more)  # type: ignore[arg-type]  # any field


def test_case_7_a_judge_joins_leaves_and_more_are_wanted_yet_nobody_gets_an_entry_twice() -> None:
    first = propose(board(12, 6, wanted=2), seed=0, keep=False)
    held = dict.fromkeys(first.pairs, Holding.FREE)
    joined = propose(board(12, 7, wanted=2, held=held), seed=1, keep=True)
    assert joined.kept == first.pairs
    left = {pair: holding for pair, holding in held.items() if pair[1] != 5}
    barred = {(s, 5): SCHOOL for s in range(12)}
    after = propose(board(12, 6, wanted=2, held=left, blocked=barred), seed=2, keep=True)
    assert set(after.kept) == set(left)
    assert (len(after.pairs), after.gaps) == (24, ())
    more = propose(board(12, 6, wanted=3, held=held), seed=3, keep=True)
    assert set(first.pairs) <= set(more.pairs)
    assert len(set(more.pairs)) == len(more.pairs) == 36


def test_case_8_a_skipped_entry_counts_for_nobody_and_gets_another_judge() -> None:
    held = {(0, 0): Holding.RECUSED, (0, 1): Holding.STARTED}
    one = board(1, 3, wanted=2, held=held)
    found = propose(one, seed=0, keep=True)
    assert found.pairs == ((0, 1), (0, 2))
    assert one.loads() == [0, 1, 0]


def test_case_9_conflicts_hold_in_every_plan_by_hand_and_anew() -> None:
    barred = {(s, j): SCHOOL for s, j in everybody(10, 5) if s % 5 == j}
    held = {(0, 0): Holding.PINNED, (1, 1): Holding.STARTED, (2, 2): Holding.FREE}
    for keep in (False, True):
        for seed in range(4):
            found = propose(board(10, 5, wanted=3, blocked=barred, held=held), seed=seed, keep=keep)
            assert not set(found.pairs) & barred.keys()
            assert len(found.pairs) == 30


def test_case_10_a_conflicted_judge_learns_no_load_from_a_barred_entry() -> None:
    held = {(0, 0): Holding.STARTED, (1, 0): Holding.FREE}
    assert board(2, 2, blocked={(0, 0): SCHOOL}, held=held).loads() == [1, 0]


def test_case_20_seventeen_judges_and_eighteen_entries_with_every_empty_seat_explained() -> None:
    crossed = {(s, j) for s, j in everybody(18, 17) if (5 * s + 3 * j) % 17 < 15}
    plan = assign(problem(sorted(crossed), [16] * 18, [18] * 17))
    assert sum(one.seats for one in plan.unfilled) == 18
    shortages = [one for one in plan.advice if one.submissions]
    assert sorted(s for one in shortages for s in one.submissions) == list(range(18))
    assert all(RemedyCode.INVITE_JUDGES in {remedy.code for remedy in one.remedies} for one in shortages)


def test_case_21_a_changed_panel_keeps_every_begun_scorecard() -> None:
    first = propose(board(9, 4, wanted=2), seed=0, keep=False)
    begun = dict.fromkeys(first.pairs[:7], Holding.STARTED)
    for keep in (False, True):
        found = propose(board(9, 6, wanted=2, held=begun), seed=5, keep=keep)
        assert begun.keys() <= set(found.pairs)
        assert found.locked == tuple(sorted(begun))


def test_a_plan_is_repeatable() -> None:
    one = problem(everybody(18, 17), [5] * 18, [8] * 17)
    assert pairs_of(assign(one, seed=4)) == pairs_of(assign(one, seed=4))
