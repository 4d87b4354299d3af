"""Each kind of input that cannot be served says what is missing, in numbers, and its remedies work when applied."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.judging.assignment import (
    Advice,
    AdviceCode,
    AssignmentPlan,
    AssignmentProblem,
    Remedy,
    RemedyCode,
    assign,
)
from tests.judging.plans import everybody, problem, random_problem


def advice(plan: AssignmentPlan, code: AdviceCode) -> list[Advice]:
    return [one for one in plan.advice if one.code is code]


def missing(plan: AssignmentPlan) -> int:
    return sum(one.seats for one in plan.unfilled)


def applied(one: AssignmentProblem, told: Advice, remedy: Remedy) -> AssignmentProblem:
    """Change the input as a remedy says."""
    seats, low, high = one.seats.copy(), one.min_load.copy(), one.max_load.copy()
    pins = {tuple(pair) for pair in np.asarray(one.pinned).reshape(-1, 2).tolist()}
    for change in remedy.changes:
        if remedy.code in (RemedyCode.LOWER_SEATS, RemedyCode.RAISE_SEATS):
            assert seats[change.submission] == change.before
            seats[change.submission] = change.after
        elif remedy.code is RemedyCode.RAISE_MAXIMUM:
            assert high[change.judge] == change.before
            high[change.judge] = change.after
        elif remedy.code is RemedyCode.LOWER_MINIMUM:
            assert low[change.judge] == change.before
            low[change.judge] = change.after
        elif remedy.code is RemedyCode.UNPIN:
            pins.remove((change.submission, change.judge))
        elif remedy.code is RemedyCode.ADD_PAIR:
            pins.add((change.submission, change.judge))
            seats[change.submission] += 1
            high[change.judge] += 1
    changed = replace(one, seats=seats, min_load=low, max_load=high, pinned=tuple(sorted(pins)))
    return invited(changed, told, remedy) if remedy.code is RemedyCode.INVITE_JUDGES else changed


def invited(one: AssignmentProblem, told: Advice, remedy: Remedy) -> AssignmentProblem:
    fresh = [(s, one.n_judges + j) for s in told.submissions for j in range(remedy.judges)]
    return replace(
        one,
        n_judges=one.n_judges + remedy.judges,
        submission=np.concatenate([one.submission, [s for s, _ in fresh]]).astype(np.int64),
        judge=np.concatenate([one.judge, [j for _, j in fresh]]).astype(np.int64),
        affinity=np.concatenate([one.affinity, np.full(len(fresh), 0.5)]),
        penalty=None if one.penalty is None else np.concatenate([one.penalty, np.zeros(len(fresh))]),
        min_load=np.concatenate([one.min_load, np.zeros(remedy.judges, dtype=np.int64)]),
        max_load=np.concatenate([one.max_load, np.full(remedy.judges, remedy.room)]),
    )


def remedies_work(one: AssignmentProblem, told: Advice) -> list[RemedyCode]:
    """Apply each remedy alone: it fills as many seats as it says."""
    before = missing(assign(one))
    for remedy in told.remedies:
        assert missing(assign(applied(one, told, remedy))) == before - remedy.helps, remedy
    return [remedy.code for remedy in told.remedies]


def test_too_few_judges() -> None:
    one = problem(everybody(10, 3), [2] * 10, [5] * 3)
    (told,) = advice(assign(one), AdviceCode.SHORTAGE)
    assert (told.count, told.seats, told.room, len(told.submissions), told.judges) == (5, 20, 15, 10, (0, 1, 2))
    assert remedies_work(one, told) == [RemedyCode.RAISE_MAXIMUM, RemedyCode.INVITE_JUDGES, RemedyCode.LOWER_SEATS]
    raised = told.remedies[0]
    assert sorted(change.after for change in raised.changes) == [6, 7, 7]
    assert (told.remedies[1].judges, told.remedies[1].room) == (1, 5)


def test_one_judge_one_more_is_the_cheapest_remedy() -> None:
    one = problem(everybody(9, 1), [1] * 9, [8])
    (told,) = advice(assign(one), AdviceCode.SHORTAGE)
    (change,) = told.remedies[0].changes
    assert (change.judge, change.before, change.after) == (0, 8, 9)
    assert missing(assign(applied(one, told, told.remedies[0]))) == 0


def test_a_language_that_few_read() -> None:
    readers = {0, 1}
    pairs = [(s, j) for s, j in everybody(48, 12) if s >= 36 or j in readers]
    one = problem(pairs, [3] * 48, [32] * 12)
    (told,) = advice(assign(one), AdviceCode.SHORTAGE)
    assert told.submissions == tuple(range(36))
    assert (told.judges, told.seats, told.room, told.count) == ((0, 1), 108, 64, 44)
    codes = remedies_work(one, told)
    assert codes == [RemedyCode.RAISE_MAXIMUM, RemedyCode.INVITE_JUDGES, RemedyCode.LOWER_SEATS]
    assert told.remedies[0].helps == 8  # both readers on all 36: the third seat needs another reader
    assert told.remedies[1].helps == 44


def test_the_conflicts_of_a_whole_school() -> None:
    pairs = [(s, j) for s, j in everybody(6, 4) if s > 1 or j == 3]
    one = problem(pairs, [2] * 6, [6] * 4)
    (told,) = advice(assign(one), AdviceCode.SHORTAGE)
    assert (told.submissions, told.judges, told.count) == ((0, 1), (3,), 2)
    assert remedies_work(one, told) == [RemedyCode.INVITE_JUDGES, RemedyCode.LOWER_SEATS]


def test_a_submission_that_nobody_may_judge() -> None:
    one = problem([(1, 0)], [2, 1], [3])
    (told,) = advice(assign(one), AdviceCode.SHORTAGE)
    assert (told.submissions, told.judges, told.seats, told.room, told.count) == ((0,), (), 2, 0, 2)
    assert remedies_work(one, told) == [RemedyCode.INVITE_JUDGES, RemedyCode.LOWER_SEATS]
    assert told.remedies[0].judges == 2


def test_minimum_loads_too_high() -> None:
    one = problem(everybody(4, 3), [1] * 4, [9] * 3, [2, 2, 2])
    plan = assign(one)
    (told,) = advice(plan, AdviceCode.MINIMUMS_ABOVE_SEATS)
    assert (told.count, told.seats, told.room) == (2, 4, 6)
    (lower,) = told.remedies
    assert sum(change.before - change.after for change in lower.changes) == lower.helps == 2
    again = assign(applied(one, told, lower))
    assert not advice(again, AdviceCode.BELOW_MINIMUM)
    assert not advice(again, AdviceCode.MINIMUMS_ABOVE_SEATS)
    for below in advice(plan, AdviceCode.BELOW_MINIMUM):
        fewer = advice(assign(applied(one, below, below.remedies[0])), AdviceCode.BELOW_MINIMUM)
        assert sum(other.count for other in fewer) == 2 - below.count


def test_a_pinned_conflict() -> None:
    one = problem([(0, 1)], [1], [1, 1], pinned=[(0, 0)])
    (told,) = advice(assign(one), AdviceCode.PIN_NOT_ELIGIBLE)
    assert [remedy.code for remedy in told.remedies] == [RemedyCode.UNPIN]
    assert assign(applied(one, told, told.remedies[0])).advice == ()


@pytest.mark.parametrize("which", [0, 1])
def test_a_minimum_above_the_maximum(which: int) -> None:
    one = problem(everybody(5, 1), [1] * 5, [2], [4])
    (told,) = advice(assign(one), AdviceCode.MINIMUM_ABOVE_MAXIMUM)
    assert [remedy.code for remedy in told.remedies] == [RemedyCode.RAISE_MAXIMUM, RemedyCode.LOWER_MINIMUM]
    assert not advice(assign(applied(one, told, told.remedies[which])), AdviceCode.MINIMUM_ABOVE_MAXIMUM)


def test_pins_above_the_limits() -> None:
    one = problem(everybody(2, 2), [1, 1], [1, 1], pinned=[(0, 0), (0, 1), (1, 0)])
    plan = assign(one)
    assert [told.code for told in plan.advice] == [AdviceCode.PINS_ABOVE_SEATS, AdviceCode.PINS_ABOVE_MAXIMUM]
    for told in plan.advice:
        (remedy,) = told.remedies
        assert told.code not in [other.code for other in assign(applied(one, told, remedy)).advice]


def test_a_plan_in_two_groups_says_which_pairs_would_link_it() -> None:
    pairs = [(s, j) for s, j in everybody(8, 4) if (s < 4) == (j < 2)] + [(0, 2)]
    one = problem(pairs, [2] * 8, [4] * 4)
    plan = assign(one)
    (told,) = advice(plan, AdviceCode.DISCONNECTED)
    assert (plan.components, told.count, plan.comparability) == (2, 2, 0.0)
    (link,) = told.remedies
    assert [(change.submission, change.judge) for change in link.changes] == [(0, 2)]
    assert assign(applied(one, told, link)).components == 1


def test_pairs_with_a_penalty_are_used_last_and_counted() -> None:
    one = problem(everybody(3, 2), [2] * 3, [3] * 2, affinity=[1.0, 0.1] * 3, penalty=[1, 0] * 3)
    (told,) = advice(assign(one), AdviceCode.PENALTY_USED)
    assert told.count == 3
    assert assign(replace(one, seats=np.array([1, 1, 1]))).advice == ()


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.integers(1, 9), st.integers(0, 6))
def test_every_shortage_adds_up_and_every_remedy_works(seed: int, submissions: int, judges: int) -> None:
    one = random_problem(seed, submissions, judges)
    plan = assign(one)
    told = advice(plan, AdviceCode.SHORTAGE)
    assert sum(each.count for each in told) == missing(plan)
    assert all(each.seats - each.room == each.count > 0 for each in told)
    for each in told:
        codes = remedies_work(one, each)
        assert codes[-2:] == [RemedyCode.INVITE_JUDGES, RemedyCode.LOWER_SEATS]
        assert [remedy.helps for remedy in each.remedies][-2:] == [each.count] * 2


def foreign(readers: set[int], teams: int, judges: int, most: int, seats: int = 3) -> AssignmentProblem:
    """Everybody may judge everything, but only the readers without a penalty."""
    pairs = everybody(teams, judges)
    return problem(pairs, [seats] * teams, [most] * judges, penalty=[0.0 if j in readers else 2.0 for _, j in pairs])


def test_seats_at_a_penalty_say_how_many_readers_there_are() -> None:
    one = foreign({0, 1, 2, 3}, 36, 12, 20)
    plan = assign(one)
    (told,) = advice(plan, AdviceCode.PENALTY_USED)
    assert plan.unfilled == ()
    assert (told.submissions, told.judges) == (tuple(range(36)), (0, 1, 2, 3))
    assert (told.count, told.seats, told.room) == (28, 108, 80)
    assert [remedy.code for remedy in told.remedies] == [
        RemedyCode.RAISE_MAXIMUM,
        RemedyCode.INVITE_JUDGES,
        RemedyCode.LOWER_SEATS,
    ]
    for remedy in told.remedies:
        assert remedy.helps == 28
        assert not advice(assign(applied(one, told, remedy)), AdviceCode.PENALTY_USED), remedy


def test_a_penalty_for_the_sake_of_a_minimum_has_no_shortage() -> None:
    one = replace(foreign({0}, 4, 2, 9, seats=1), min_load=np.array([0, 2]))
    (told,) = advice(assign(one), AdviceCode.PENALTY_USED)
    assert (told.count, told.submissions, told.remedies) == (2, (), ())


def test_a_seat_that_is_empty_is_no_seat_at_a_penalty() -> None:
    one = problem([(0, 0), (0, 1), (1, 0)], [3, 1], [2, 2], penalty=[0.0, 2.0, 0.0])
    told = {(one.code, one.count) for one in assign(one).advice}
    assert told == {(AdviceCode.SHORTAGE, 1), (AdviceCode.PENALTY_USED, 1)}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 5))
def test_every_seat_at_a_penalty_is_told_once(seed: int, submissions: int, judges: int) -> None:
    drawn = random_problem(seed, submissions, judges)
    tiers = np.random.default_rng(seed).choice([0.0, 2.0], len(drawn.judge))
    one = replace(drawn, penalty=tiers)
    plan = assign(one)
    listed = zip(one.submission.tolist(), one.judge.tolist(), tiers.tolist(), strict=True)
    dear = {(submission, judge) for submission, judge, tier in listed if tier}
    used = dear & set(zip(plan.submission.tolist(), plan.judge.tolist(), strict=True)) - set(one.pinned)
    assert sum(told.count for told in advice(plan, AdviceCode.PENALTY_USED)) == len(used)
