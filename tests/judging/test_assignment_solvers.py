"""The plan against other solvers: as many seats as networkx's maximum flow, the total of HiGHS, the bound of an LP."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from contest.judging.assignment import AssignmentProblem, assign
from tests.judging.plans import listed, random_problem

SEEDS = st.integers(0, 10**6)
QUICK = settings(max_examples=60, deadline=None, derandomize=True)


def most_seats(one: AssignmentProblem) -> int:
    graph = nx.DiGraph()
    graph.add_nodes_from(["from", "to"])
    for submission, seats in enumerate(one.seats.tolist()):
        graph.add_edge("from", ("s", submission), capacity=seats)
    for judge, most in enumerate(one.max_load.tolist()):
        graph.add_edge(("j", judge), "to", capacity=most)
    for submission, judge in listed(one):
        graph.add_edge(("s", submission), ("j", judge), capacity=1)
    return int(nx.maximum_flow_value(graph, "from", "to"))


def incidence(one: AssignmentProblem) -> tuple[csr_array, csr_array]:
    pairs, ones = np.arange(len(one.judge)), np.ones(len(one.judge))
    teams = csr_array((ones, (one.submission, pairs)), shape=(one.n_submissions, len(pairs)))
    loads = csr_array((ones, (one.judge, pairs)), shape=(one.n_judges, len(pairs)))
    return teams, loads


def highs(one: AssignmentProblem, filled: int) -> float | None:
    """Return the greatest total affinity less penalty with `filled` seats and every minimum; None without a plan."""
    teams, loads = incidence(one)
    penalty = np.zeros(len(one.judge)) if one.penalty is None else one.penalty
    limits = [
        LinearConstraint(teams, 0, one.seats),
        LinearConstraint(loads, one.min_load, one.max_load),
        LinearConstraint(np.ones((1, len(one.judge))), filled, filled),
    ]
    found = milp(penalty - one.affinity, integrality=np.ones(len(one.judge)), bounds=Bounds(0, 1), constraints=limits)
    return float(-found.fun) if found.success else None


def with_affinity(one: AssignmentProblem, seed: int, *, penalty: bool) -> AssignmentProblem:
    draw = np.random.default_rng(seed)
    tiers = draw.choice([0.0, 0.0, 0.5, 1.0, 2.0], len(one.judge)) if penalty else None
    return replace(one, affinity=draw.random(len(one.judge)).round(3), penalty=tiers, balance=0.0, mixing=0.0)


@QUICK
@given(SEEDS, st.integers(0, 12), st.integers(0, 9))
def test_as_many_seats_as_a_maximum_flow(seed: int, submissions: int, judges: int) -> None:
    one = random_problem(seed, submissions, judges, plain=True)
    plan = assign(one, seed=seed % 5)
    assert len(plan.judge) == most_seats(one)
    assert sum(gap.seats for gap in plan.unfilled) == int(one.seats.sum()) - most_seats(one)


@pytest.mark.parametrize("seed", range(12))
def test_minimum_loads_never_cost_a_seat(seed: int) -> None:
    one = random_problem(seed, 30, 14, plain=True)
    pushed = replace(one, min_load=np.array([(seed + j) % 4 for j in range(14)]))
    assert len(assign(pushed).judge) == most_seats(one)


@QUICK
@given(seed=SEEDS, submissions=st.integers(1, 8), judges=st.integers(1, 6), penalty=st.booleans())
def test_without_fairness_and_mixing_the_total_is_that_of_highs(
    seed: int, submissions: int, judges: int, *, penalty: bool
) -> None:
    one = with_affinity(random_problem(seed, submissions, judges, plain=True), seed, penalty=penalty)
    assume(len(one.judge))
    plan = assign(one)
    expected = highs(one, most_seats(one))
    assert expected is not None
    chosen = {pair: place for place, pair in enumerate(zip(one.submission.tolist(), one.judge.tolist(), strict=True))}
    places = [chosen[pair] for pair in zip(plan.submission.tolist(), plan.judge.tolist(), strict=True)]
    lost = 0.0 if one.penalty is None else float(one.penalty[places].sum())
    assert plan.total_affinity - lost == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("seed", range(15))
def test_minimum_loads_cost_what_they_cost_highs(seed: int) -> None:
    drawn = with_affinity(random_problem(seed, 12, 6, plain=True), seed, penalty=False)
    one = replace(drawn, min_load=np.minimum(1, np.bincount(drawn.judge, minlength=6)), max_load=np.full(6, 6))
    expected = highs(one, most_seats(one))
    plan = assign(one)
    if expected is None:
        assert (plan.loads < one.min_load).any()
        return
    assert (plan.loads >= one.min_load).all()
    assert plan.total_affinity == pytest.approx(expected, abs=1e-5)


def max_min(one: AssignmentProblem) -> float:
    """Return the LP bound on the mean affinity of the submission that is worst off, every seat filled."""
    teams, loads = (matrix.toarray() for matrix in incidence(one))
    worst = np.ones((one.n_submissions, 1))
    nothing = np.zeros((one.n_judges, 1))
    means = teams * one.affinity / one.seats[:, None]
    rows = np.block([[-means, worst], [loads, nothing], [-loads, nothing]])
    limits = np.concatenate([np.zeros(one.n_submissions), one.max_load, -one.min_load])
    goal = np.append(np.zeros(len(one.judge)), -1.0)
    seated = np.block([[teams, np.zeros((one.n_submissions, 1))]])
    found = linprog(goal, rows, limits, seated, one.seats, bounds=[(0, 1)] * len(goal))
    assert found.success
    return float(-found.fun)


def contested(seed: int, submissions: int, judges: int) -> AssignmentProblem:
    """Draw a round in which many want the same few judges."""
    draw = np.random.default_rng(seed)
    skill = draw.random(judges)
    affinity = np.clip(skill[None, :] * (0.6 + 0.4 * draw.random((submissions, judges))), 0, 1)
    submission, judge = np.nonzero(draw.random((submissions, judges)) > 0.1)
    load = -(-2 * submissions // judges)
    return AssignmentProblem(
        submissions,
        judges,
        submission,
        judge,
        affinity[submission, judge],
        np.full(submissions, 2),
        np.full(judges, max(0, load - 2)),
        np.full(judges, load + 1),
    )


@pytest.mark.parametrize("seed", range(10))
def test_the_bound_on_the_worst_off_is_a_bound(seed: int) -> None:
    one = contested(seed, 24, 8)
    best = max_min(one)
    for mixing in (0.0, 0.01):
        plan = assign(replace(one, mixing=mixing))
        assert plan.worst_affinity <= best + 1e-6
        assert best - 1e-6 <= plan.worst_bound <= best + 0.13


def highest_worst(one: AssignmentProblem) -> float:
    """Return the best mean affinity of the worst-off submission that any plan reaches, by integer programming."""
    teams, loads = (matrix.toarray() for matrix in incidence(one))
    means = np.block([[teams * one.affinity / one.seats[:, None], -np.ones((one.n_submissions, 1))]])
    limits = [
        LinearConstraint(means, 0, np.inf),
        LinearConstraint(np.block([[teams, np.zeros((one.n_submissions, 1))]]), one.seats, one.seats),
        LinearConstraint(np.block([[loads, np.zeros((one.n_judges, 1))]]), one.min_load, one.max_load),
    ]
    whole = np.append(np.ones(len(one.judge)), 0)
    goal = np.append(np.zeros(len(one.judge)), -1.0)
    found = milp(goal, integrality=whole, bounds=Bounds(0, 1), constraints=limits)
    assert found.success
    return float(-found.fun)


@pytest.mark.parametrize("seed", range(6))
def test_the_worst_off_is_lifted_nearly_as_high_as_any_plan_can(seed: int) -> None:
    one = contested(seed, 12, 6)
    blind = assign(replace(one, balance=0.0, mixing=0.0))
    best = highest_worst(one)
    for mixing in (0.0, 0.01):
        reached = assign(replace(one, mixing=mixing)).worst_affinity
        assert blind.worst_affinity <= reached <= best + 1e-6
        assert reached >= 0.93 * best
