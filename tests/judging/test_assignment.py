from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.judging.assignment import AdviceCode, AssignmentPlan, Unfilled, UnfilledReason, assign
from tests.judging.plans import (
    all_plans,
    everybody,
    excess,
    listed,
    most_seats,
    objective,
    pairs_of,
    problem,
    random_problem,
)

SEEDS = st.integers(0, 10**6)


def spread(plan: AssignmentPlan) -> int:
    return int(plan.loads.max() - plan.loads.min())


def told(plan: AssignmentPlan) -> list[tuple[AdviceCode, int | None, int | None, int]]:
    return [(one.code, one.judge, one.submission, one.count) for one in plan.advice]


def test_everyone_gets_the_same_load() -> None:
    plan = assign(problem(everybody(20, 12), [3] * 20, [10] * 12))
    assert plan.loads.tolist() == [5] * 12
    assert (plan.unfilled, plan.advice, plan.components) == ((), (), 1)
    assert len(set(pairs_of(plan))) == 60


def test_the_plan_is_sorted_and_sums_up() -> None:
    given = problem(everybody(3, 3), [1] * 3, [1] * 3, affinity=[0.1, 0.9, 0.2, 0.3, 0.4, 0.5, 0.25, 0.7, 0.8])
    plan = assign(given)
    assert pairs_of(plan) == sorted(pairs_of(plan))
    liked = dict(zip(everybody(3, 3), given.affinity.tolist(), strict=True))
    assert plan.total_affinity == pytest.approx(sum(liked[pair] for pair in pairs_of(plan)), abs=1e-15)


def test_seventeen_judges_and_eighteen_entries_take_less_than_a_second() -> None:
    pairs = [pair for pair in everybody(18, 17) if sum(pair) % 5]
    start = time.process_time()
    plan = assign(problem(pairs, [3] * 18, [4] * 17))
    assert time.process_time() - start < 1
    assert (len(plan.judge), plan.unfilled, spread(plan)) == (54, (), 1)


def test_a_wide_panel_is_mixed_not_repeated() -> None:
    plan = assign(problem(everybody(60, 12), [3] * 60, [15] * 12))
    panels = {tuple(plan.judge[plan.submission == one].tolist()) for one in range(60)}
    assert plan.components == 1
    assert len(panels) > 30


def test_a_conflict_is_never_assigned_and_the_seat_is_explained() -> None:
    plan = assign(problem([(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2)], [3, 3, 3], [9, 9, 9]))
    assert plan.unfilled == (
        Unfilled(0, 1, UnfilledReason.TOO_FEW_JUDGES),
        Unfilled(1, 1, UnfilledReason.TOO_FEW_JUDGES),
    )
    assert assign(problem([], [2], [9])).unfilled == (Unfilled(0, 2, UnfilledReason.NO_JUDGE),)


def test_full_judges_are_another_reason_than_too_few() -> None:
    plan = assign(problem(everybody(2, 2), [3, 3], [1, 1]))
    assert plan.unfilled == (
        Unfilled(0, 1, UnfilledReason.TOO_FEW_JUDGES),
        Unfilled(0, 1, UnfilledReason.JUDGES_FULL),
        Unfilled(1, 1, UnfilledReason.TOO_FEW_JUDGES),
        Unfilled(1, 1, UnfilledReason.JUDGES_FULL),
    )


def test_a_seat_is_found_along_a_path() -> None:
    plan = assign(problem([(0, 0), (0, 1), (1, 0)], [1, 1], [1, 1]))
    assert pairs_of(plan) == [(0, 1), (1, 0)]


def test_empty_seats_are_spread() -> None:
    held = [(0, 0), (0, 1), (0, 2)]
    plan = assign(problem(everybody(3, 3), [3] * 3, [1] * 3, current=held))
    assert [sum(plan.submission == one) for one in range(3)] == [1, 1, 1]
    assert (plan.kept, plan.moved) == (1, 2)


def test_pins_stay_even_against_the_limits_and_are_reported() -> None:
    pins = [(0, 0), (0, 1), (1, 0)]
    plan = assign(problem(everybody(2, 2), [1, 1], [1, 1], pinned=pins))
    assert pairs_of(plan) == sorted(pins)
    assert told(plan) == [(AdviceCode.PINS_ABOVE_SEATS, None, 0, 1), (AdviceCode.PINS_ABOVE_MAXIMUM, 0, None, 1)]


def test_a_pin_on_a_conflict_is_not_assigned() -> None:
    plan = assign(problem([(0, 1)], [1], [1, 1], pinned=[(0, 0), (7, 0), (0, -1)]))
    assert pairs_of(plan) == [(0, 1)]
    assert told(plan) == [
        (AdviceCode.PIN_NOT_ELIGIBLE, -1, 0, 1),
        (AdviceCode.PIN_NOT_ELIGIBLE, 0, 0, 1),
        (AdviceCode.PIN_NOT_ELIGIBLE, 0, 7, 1),
    ]


def test_minimum_loads_come_before_evenness() -> None:
    pairs = [(one, other) for one in range(6) for other in range(3)]
    plan = assign(problem(pairs, [1] * 6, [6] * 3, [0, 4, 0]))
    assert plan.loads.tolist() == [1, 4, 1]


def test_impossible_minima_are_reported_not_raised() -> None:
    plan = assign(problem(everybody(1, 2), [1], [5, 1], [3, 2]))
    assert plan.loads.sum() == 1
    below = {one.judge: one.count for one in plan.advice if one.code is AdviceCode.BELOW_MINIMUM}
    assert below == {j: [3, 2][j] - int(plan.loads[j]) for j in range(2)}
    assert (AdviceCode.MINIMUM_ABOVE_MAXIMUM, 1, None, 1) in told(plan)
    assert (AdviceCode.MINIMUMS_ABOVE_SEATS, None, None, 4) in told(plan)


def test_a_good_plan_is_kept_whole() -> None:
    given = problem(everybody(12, 6), [2] * 12, [5] * 6)
    plan = assign(given)
    again = assign(replace(given, current=tuple(pairs_of(plan)), keep=1.0), seed=99)
    assert pairs_of(again) == pairs_of(plan)
    assert (again.kept, again.moved) == (24, 0)


def test_when_a_judge_leaves_only_the_gaps_are_filled() -> None:
    plan = assign(problem(everybody(12, 6), [2] * 12, [5] * 6))
    left = [pair for pair in everybody(12, 6) if pair[1] != 0]
    again = assign(problem(left, [2] * 12, [5] * 6, current=pairs_of(plan), keep=1.0))
    assert (again.kept, again.moved) == (20, 0)
    assert sorted(again.loads.tolist()) == [0, 4, 5, 5, 5, 5]


def test_keep_holds_current_pairs_against_evenness_but_not_against_a_seat() -> None:
    current = [(one, 0) for one in range(4)]
    given = problem(everybody(4, 2), [1] * 4, [4, 4], current=current)
    assert assign(given).loads.tolist() == [2, 2]
    kept = assign(replace(given, keep=1.0))
    assert (kept.loads.tolist(), kept.kept, kept.moved) == ([4, 0], 4, 0)
    assert assign(replace(given, keep=1.0, min_load=np.array([0, 1]))).loads.tolist() == [3, 1]
    narrow = problem([(0, 0), (0, 1), (1, 0)], [1, 1], [1, 1], current=[(0, 0)], keep=1.0)
    assert pairs_of(assign(narrow)) == [(0, 1), (1, 0)]


@pytest.mark.parametrize("seed", range(12))
def test_a_path_breaks_as_few_current_pairs_as_it_can(seed: int) -> None:
    pairs = [(0, 0), (0, 2), (1, 1), (1, 2), (2, 0), (2, 1)]
    liked = [0.0, 0.0, 1.0, 0.0, 1.0, 0.0]
    plan = assign(problem(pairs, [1] * 3, [1, 1, 2], affinity=liked, current=[(0, 0)], keep=1.0), seed=seed)
    assert pairs_of(plan) == [(0, 0), (1, 2), (2, 1)]


def test_affinity_less_penalty_breaks_ties() -> None:
    pairs = everybody(1, 3)
    assert pairs_of(assign(problem(pairs, [1], [1] * 3, affinity=[0.2, 0.9, 0.5]))) == [(0, 1)]
    plan = assign(problem(pairs, [1], [1] * 3, affinity=[0.2, 0.9, 0.5], penalty=[0, 0.8, 0]))
    assert (pairs_of(plan), plan.total_affinity) == ([(0, 2)], 0.5)
    assert pairs_of(assign(problem(pairs, [1], [1] * 3, affinity=[float("nan"), 0.1, float("nan")]))) == [(0, 1)]


def test_a_pair_listed_twice_counts_once_with_its_higher_affinity() -> None:
    plan = assign(problem([(0, 0), (0, 0)], [2], [2], affinity=[0.25, 0.75]))
    assert (pairs_of(plan), plan.total_affinity) == ([(0, 0)], 0.75)


def test_components_are_counted_among_those_who_take_part() -> None:
    plan = assign(problem([(0, 0), (1, 1), (2, 1)], [1, 1, 1], [3, 3, 3]))
    assert plan.components == 2
    assert assign(problem([], [0], [1])).components == 0


def test_pairs_may_come_as_arrays() -> None:
    given = problem(everybody(3, 3), [2] * 3, [2] * 3, pinned=[(0, 0), (1, 1)], current=[(2, 2)])
    arrays = replace(given, pinned=np.array(given.pinned), current=np.array(given.current))
    assert pairs_of(assign(arrays)) == pairs_of(assign(given))
    empty = replace(given, pinned=np.zeros((0, 2), dtype=int), current=np.array([]))
    assert pairs_of(assign(empty)) == pairs_of(assign(replace(given, pinned=(), current=())))


@pytest.mark.parametrize("sizes", [(0, 0), (0, 3), (3, 0)])
def test_nothing_to_assign(sizes: tuple[int, int]) -> None:
    submissions, judges = sizes
    plan = assign(problem([], [2] * submissions, [2] * judges))
    assert pairs_of(plan) == []
    assert plan.loads.tolist() == [0] * judges
    assert plan.total_affinity == 0
    assert [one.seats for one in plan.unfilled] == [2] * submissions


@pytest.mark.parametrize(
    "change",
    [
        {"judge": np.array([0])},
        {"affinity": np.array([])},
        {"penalty": np.array([1.0])},
        {"seats": np.array([1])},
        {"min_load": np.array([1])},
        {"max_load": np.array([1, 1, 1])},
        {"panels": np.array([0])},
        {"submission": np.array([0, 2])},
        {"judge": np.array([-1, 0])},
    ],
)
def test_arrays_that_do_not_fit_are_an_error_of_the_caller(change: dict[str, Any]) -> None:
    given = problem([(0, 0), (1, 1)], [1, 1], [1, 1])
    with pytest.raises(ValueError, match=r"length|load|position"):
        replace(given, **change)


QUIET = settings(max_examples=60, deadline=None, derandomize=True)


@QUIET
@given(SEEDS, st.integers(0, 8), st.integers(0, 6), st.integers(0, 3), st.sampled_from([0.0, 0.01]))
def test_the_hard_rules_always_hold(seed: int, submissions: int, judges: int, plan_seed: int, mixing: float) -> None:
    given = replace(random_problem(seed, submissions, judges), mixing=mixing, keep=[0.0, 0.3, 1.0][seed % 3])
    plan = assign(given, seed=plan_seed)
    chosen = pairs_of(plan)
    assert len(set(chosen)) == len(chosen)
    assert set(chosen) <= listed(given)
    assert set(given.pinned) <= set(chosen)
    assert excess(given, set(chosen)) == 0
    assert plan.loads.tolist() == [sum(other == j for _, other in chosen) for j in range(judges)]
    missing = objective(given, set(chosen))[0]
    assert sum(one.seats for one in plan.unfilled) == missing
    assert plan.kept == len(set(given.current) & set(chosen))
    assert plan.moved == len(set(given.current) - set(chosen))
    below = sum(one.count for one in plan.advice if one.code is AdviceCode.BELOW_MINIMUM)
    assert below == objective(given, set(chosen))[2]
    assert 0 <= plan.worst_affinity <= plan.worst_bound + 1e-9
    assert 0 <= plan.comparability <= 1 + 1e-9


@QUIET
@given(SEEDS, st.integers(0, 4), st.integers(0, 3), st.sampled_from([0.0, 1.0]))
def test_no_plan_fills_more_or_leaves_fewer_below_the_minimum(
    seed: int, submissions: int, judges: int, keep: float
) -> None:
    given = replace(random_problem(seed, submissions, judges), keep=keep)
    best = min(objective(given, plan)[:3] for plan in all_plans(given))
    assert objective(given, set(pairs_of(assign(given))))[:3] == best


@pytest.mark.parametrize("seed", range(30))
def test_no_plan_is_better_on_the_largest_that_can_be_searched(seed: int) -> None:
    given = random_problem(seed, 4, 3)
    best = min(objective(given, plan)[:3] for plan in all_plans(given))
    assert objective(given, set(pairs_of(assign(given, seed=seed))))[:3] == best


@QUIET
@given(SEEDS, st.integers(1, 4), st.integers(1, 3))
def test_between_equal_judges_loads_are_as_even_as_can_be(seed: int, submissions: int, judges: int) -> None:
    drawn = random_problem(seed, submissions, judges, plain=True)
    given = replace(drawn, affinity=np.full(len(drawn.affinity), 0.5), mixing=0.0)
    plan = set(pairs_of(assign(given)))
    teams = [sum(one == s for one, _ in plan) for s in range(submissions)]
    alike = (
        one for one in all_plans(given) if [sum(place == s for place, _ in one) for s in range(submissions)] == teams
    )
    assert objective(given, plan)[3] == min(objective(given, one)[3] for one in alike)


@pytest.mark.parametrize("seed", range(40))
def test_as_many_seats_as_a_maximum_flow(seed: int) -> None:
    given = random_problem(seed, 30, 14, plain=True)
    assert len(assign(given, seed=seed).judge) == most_seats(given)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_the_list_changes_nothing(seed: int, shuffle: object) -> None:
    given = random_problem(seed, 8, 6)
    order = sorted(range(len(given.judge)), key=lambda _: shuffle.random())  # type: ignore[attr-defined]  # a Random
    mixed = replace(
        given,
        submission=given.submission[order],
        judge=given.judge[order],
        affinity=given.affinity[order],
        pinned=tuple(given.pinned)[::-1],
        current=tuple(given.current)[::-1],
    )
    plan, again = assign(given, seed=5), assign(mixed, seed=5)
    assert pairs_of(plan) == pairs_of(again)
    assert (plan.unfilled, plan.advice, plan.total_affinity) == (again.unfilled, again.advice, again.total_affinity)


def test_the_seed_decides_among_equals() -> None:
    given = problem(everybody(10, 6), [2] * 10, [4] * 6)
    plans = {tuple(pairs_of(assign(given, seed=seed))) for seed in range(5)}
    assert len(plans) == 5
    assert pairs_of(assign(given, seed=3)) == pairs_of(assign(given, seed=3))


def test_a_plan_is_the_same_on_every_machine() -> None:
    liked = [0.9, 0.8, 0.1, 0.2, 0.3, 0.7, 0.6, 0.1, 0.2, 0.1, 0.9, 0.5, 0.6, 0.3, 0.2, 0.8]
    plan = assign(problem(everybody(4, 4), [2] * 4, [2] * 4, affinity=liked), seed=1)
    assert pairs_of(plan) == [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2), (2, 3), (3, 0), (3, 3)]


def test_both_arrays_may_be_of_any_integer_type() -> None:
    given = problem(everybody(3, 2), [1] * 3, [2] * 2)
    small = replace(given, submission=given.submission.astype(np.int16), judge=given.judge.astype(np.uint8))
    assert pairs_of(assign(small)) == pairs_of(assign(given))
