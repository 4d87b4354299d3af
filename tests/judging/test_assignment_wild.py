"""Whatever is asked for: an answer, every hard rule, as many seats as a maximum flow, one group if that can be."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.judging.assignment import AssignmentPlan, AssignmentProblem, Pair, assign
from tests.judging.plans import all_plans, everybody, listed, objective, pairs_of, problem, random_problem

WILD = st.one_of(st.integers(-3, 6), st.just(10**9))
NUMBERS = st.sampled_from([0.0, 0.25, 0.5, 1.0, 1.5, -1.0, float("nan"), float("inf"), 1e-12])
TIERS = st.sampled_from([0.0, 0.5, 1.0, 40.0, -2.0, 1e9, float("nan")])


@st.composite
def wild(draw: st.DrawFn) -> AssignmentProblem:
    """Draw anything that the arrays can hold: nobody, only conflicts, pairs twice, limits at odds."""
    submissions, judges = draw(st.integers(0, 7)), draw(st.integers(0, 6))
    pairs = everybody(submissions, judges)
    several = draw(st.lists(st.sampled_from(pairs), max_size=45)) if pairs else []
    anywhere = st.lists(st.tuples(st.integers(-1, submissions), st.integers(-1, judges)), max_size=5)
    inside = st.lists(st.sampled_from(pairs), max_size=5) if pairs else st.just([])
    return replace(
        problem(
            several,
            draw(st.lists(WILD, min_size=submissions, max_size=submissions)),
            draw(st.lists(WILD, min_size=judges, max_size=judges)),
            draw(st.lists(WILD, min_size=judges, max_size=judges)),
            affinity=draw(st.lists(NUMBERS, min_size=len(several), max_size=len(several))),
            penalty=draw(st.none() | st.lists(TIERS, min_size=len(several), max_size=len(several))),
            pinned=draw(st.one_of(inside, anywhere)),
            current=draw(st.one_of(inside, anywhere)),
            keep=draw(st.sampled_from([0.0, 0.1, 1.0, -1.0])),
        ),
        balance=draw(st.sampled_from([0.0, 1.0, 20.0, -1.0])),
        mixing=draw(st.sampled_from([0.0, 0.01, 2.0, -1.0])),
        panels=draw(st.none() | st.lists(st.integers(-1, 2), min_size=judges, max_size=judges).map(np.array)),
    )


def pins_of(one: AssignmentProblem) -> set[Pair]:
    return {pair for pair in one.pinned if pair in listed(one)}


def most_seats(one: AssignmentProblem) -> int:
    """Return the seats of a fullest plan: the pins, and a maximum flow through what they leave."""
    pins = pins_of(one)
    held = [Counter(pair[axis] for pair in pins) for axis in (0, 1)]
    graph = nx.DiGraph()
    graph.add_nodes_from(["from", "to"])
    for submission, seats in enumerate(one.seats.tolist()):
        graph.add_edge("from", ("s", submission), capacity=max(0, seats - held[0][submission]))
    for judge, most in enumerate(one.max_load.tolist()):
        graph.add_edge(("j", judge), "to", capacity=max(0, most - held[1][judge]))
    for submission, judge in listed(one) - pins:
        graph.add_edge(("s", submission), ("j", judge), capacity=1)
    return len(pins) + int(nx.maximum_flow_value(graph, "from", "to"))


@settings(max_examples=100, deadline=None)
@given(wild(), st.integers(0, 3))
def test_anything_is_answered_and_every_hard_rule_holds(one: AssignmentProblem, seed: int) -> None:
    plan = assign(one, seed=seed)
    chosen = pairs_of(plan)
    assert chosen == sorted(set(chosen))
    assert set(chosen) <= listed(one)
    assert plan.loads.tolist() == [sum(other == judge for _, other in chosen) for judge in range(one.n_judges)]
    assert 0 <= plan.worst_affinity <= plan.worst_bound + 1e-9 <= 1 + 1e-6
    assert 0 <= plan.comparability <= 1 + 1e-9
    assert 0 <= plan.total_affinity <= len(chosen)
    if one.panels is not None:
        return
    pins = pins_of(one)
    assert pins <= set(chosen)
    for axis, limits in ((0, one.seats.tolist()), (1, one.max_load.tolist())):
        has, pinned = (Counter(pair[axis] for pair in some) for some in (chosen, pins))
        assert all(has[place] <= max(limit, pinned[place], 0) for place, limit in enumerate(limits))
    assert len(chosen) == most_seats(one)
    held = set(one.current) & listed(one)
    assert (plan.kept, plan.moved) == (len(held & set(chosen)), len(held - set(chosen)))


@settings(deadline=None)
@given(wild())
def test_members_of_a_panel_sit_together(one: AssignmentProblem) -> None:
    plan = assign(replace(one, panels=np.arange(one.n_judges) // 2))
    teams: dict[int, set[int]] = {}
    for submission, judge in pairs_of(plan):
        teams.setdefault(submission, set()).add(judge)
    for team in teams.values():
        assert all((judge ^ 1) in team or (judge ^ 1) >= one.n_judges for judge in team)


def groups(pairs: set[Pair]) -> int:
    graph = nx.Graph([(("s", submission), ("j", judge)) for submission, judge in pairs])
    return int(nx.number_connected_components(graph))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 3))
def test_one_group_whenever_a_plan_as_good_has_one(seed: int, submissions: int, judges: int) -> None:
    one = random_problem(seed, submissions, judges)
    plan = assign(one)
    assert plan.components == groups(set(pairs_of(plan)))
    if plan.components > 1:
        mine = objective(one, set(pairs_of(plan)))[:3]
        same = [sum(place == s for place, _ in pairs_of(plan)) for s in range(submissions)]
        assert not any(
            groups(other) == 1
            for other in all_plans(one)
            if objective(one, other)[:3] == mine
            and [sum(place == s for place, _ in other) for s in range(submissions)] == same
        )


def large(seed: int) -> AssignmentProblem:
    """Draw a round like that of 5,000 x 400, a tenth of it: forty judges who know two of sixteen tracks well."""
    draw = np.random.default_rng(seed)
    track, knows = draw.integers(0, 16, 500), draw.integers(0, 16, (40, 2))
    affinity = np.where((track[:, None, None] == knows[None]).any(2), 0.8, 0.2) + 0.2 * draw.random((500, 40))
    submission, judge = np.nonzero(draw.random((500, 40)) > 0.08)
    limits = np.full(500, 3), np.full(40, 25), np.full(40, 50)
    return AssignmentProblem(500, 40, submission, judge, affinity[submission, judge], *limits)


@pytest.mark.parametrize("seed", range(3))
def test_when_one_judge_in_twenty_leaves_no_other_pair_moves(seed: int) -> None:
    one = large(seed)
    before = assign(one)
    gone = [3, 20]
    stays = ~np.isin(one.judge, gone)
    least = one.min_load.copy()
    least[gone] = 0
    rest = {"submission": one.submission[stays], "judge": one.judge[stays], "affinity": one.affinity[stays]}
    plan = assign(replace(one, **rest, min_load=least, current=tuple(pairs_of(before)), keep=1.0))  # type: ignore[arg-type]
    others = {pair for pair in pairs_of(before) if pair[1] not in gone}
    assert others <= set(pairs_of(plan))
    assert (plan.moved, plan.kept, plan.unfilled, plan.components) == (0, len(others), (), 1)
    assert plan.loads[gone].tolist() == [0, 0]


def plan_of(one: AssignmentProblem, told: list[float]) -> AssignmentPlan:
    return assign(one, progress=told.append)


@settings(max_examples=30, deadline=None)
@given(wild())
def test_the_work_done_grows_to_the_whole(one: AssignmentProblem) -> None:
    told: list[float] = []
    plan = plan_of(one, told)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert pairs_of(plan) == pairs_of(assign(one))
