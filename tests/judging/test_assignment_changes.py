"""Somebody leaves, comes late, or more judges are wanted: as few pairs move as can be. And panels, and mixing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.judging.assignment import AdviceCode, AssignmentProblem, assign
from tests.judging.plans import all_plans, everybody, listed, objective, pairs_of, problem, random_problem


def round_of(seed: int, submissions: int = 80, judges: int = 16, seats: int = 3) -> AssignmentProblem:
    """Draw a round in which judges know one of four tracks well."""
    draw = np.random.default_rng(seed)
    track, knows = draw.integers(0, 4, submissions), draw.integers(0, 4, judges)
    affinity = np.where(track[:, None] == knows[None, :], 0.8, 0.2) + 0.2 * draw.random((submissions, judges))
    submission, judge = np.nonzero(draw.random((submissions, judges)) > 0.08)
    mean = seats * submissions // judges
    return AssignmentProblem(
        submissions,
        judges,
        submission,
        judge,
        affinity[submission, judge],
        np.full(submissions, seats),
        np.full(judges, mean - 4),
        np.full(judges, mean + 6),
    )


def without(one: AssignmentProblem, gone: list[int]) -> AssignmentProblem:
    stays = ~np.isin(one.judge, gone)
    least = one.min_load.copy()
    least[gone] = 0
    return replace(
        one,
        submission=one.submission[stays],
        judge=one.judge[stays],
        affinity=one.affinity[stays],
        min_load=least,
    )


@pytest.mark.parametrize("seed", range(4))
def test_when_judges_leave_nobody_else_is_touched(seed: int) -> None:
    one = round_of(seed)
    before = set(pairs_of(assign(one)))
    gone = [2, 9]
    plan = assign(replace(without(one, gone), current=tuple(before), keep=1.0))
    stayed = {pair for pair in before if pair[1] not in gone}
    assert stayed <= set(pairs_of(plan))
    assert (plan.kept, plan.moved, plan.unfilled, plan.components) == (len(stayed), 0, (), 1)
    fresh = assign(replace(without(one, gone), current=tuple(before)))
    assert fresh.moved > plan.moved


def test_late_teams_move_nobody_and_little_when_asked_softly() -> None:
    one = round_of(5)
    early = one.submission < 76
    least = np.maximum(0, one.min_load - 2)
    before = assign(
        replace(
            one,
            n_submissions=76,
            submission=one.submission[early],
            judge=one.judge[early],
            affinity=one.affinity[early],
            seats=one.seats[:76],
            min_load=least,
        )
    )
    moved = [assign(replace(one, current=tuple(pairs_of(before)), keep=keep)).moved for keep in (1.0, 0.3, 0.0)]
    assert moved[0] == 0
    assert moved[0] <= moved[1] < moved[2]


def test_one_more_judge_each_gives_nobody_the_same_twice() -> None:
    one = round_of(6)
    before = assign(one)
    more = replace(one, seats=one.seats + 1, max_load=one.max_load + 6, current=tuple(pairs_of(before)), keep=1.0)
    plan = assign(more)
    assert (plan.moved, len(plan.judge), len(set(pairs_of(plan)))) == (0, 4 * 80, 4 * 80)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 3))
def test_no_plan_as_good_keeps_more(seed: int, submissions: int, judges: int) -> None:
    one = replace(random_problem(seed, submissions, judges), keep=1.0)
    pins = set(one.pinned) & listed(one)
    free = replace(one, current=tuple(set(one.current) - pins))
    chosen = set(pairs_of(assign(free)))
    reached = objective(free, chosen)[:3]
    most = max(len(set(free.current) & plan) for plan in all_plans(free) if objective(free, plan)[:3] == reached)
    assert len(set(free.current) & chosen) == most


def test_mixing_spends_at_most_its_share_and_makes_judges_comparable() -> None:
    one = round_of(7)
    plain, mixed = (assign(replace(one, mixing=share)) for share in (0.0, 0.03))
    assert mixed.comparability > plain.comparability + 0.03
    assert 0.97 * plain.total_affinity - 1e-9 <= mixed.total_affinity
    assert mixed.worst_affinity >= plain.worst_affinity - 1e-9
    assert ((mixed.loads >= one.min_load) & (mixed.loads <= one.max_load)).all()


def two_halves() -> AssignmentProblem:
    """Two tracks whose best judges never meet, though all may judge everything."""
    pairs = everybody(12, 6)
    return problem(pairs, [2] * 12, [5] * 6, affinity=[1.0 if (s < 6) == (j < 3) else 0.3 for s, j in pairs])


def test_a_plan_that_falls_apart_is_linked() -> None:
    one = two_halves()
    apart = assign(replace(one, mixing=0.0))
    assert (apart.components, apart.comparability) == (2, 0.0)
    assert [told.code for told in apart.advice] == [AdviceCode.DISCONNECTED]
    for share in (1e-9, 0.01):
        linked = assign(replace(one, mixing=share))
        assert (linked.components, len(linked.judge), linked.advice) == (1, 24, ())


def test_a_link_may_need_a_chain_of_moves() -> None:
    pairs = [(s, j) for s, j in everybody(6, 4) if (s < 3) == (j < 2)] + [(0, 2), (3, 1)]
    one = problem(pairs, [2] * 6, [3] * 4)
    plan = assign(one)
    assert (plan.components, len(plan.judge), plan.loads.tolist()) == (1, 12, [3, 3, 3, 3])


@pytest.mark.parametrize("seed", range(25))
def test_one_group_whenever_a_plan_as_full_has_one(seed: int) -> None:
    one = replace(random_problem(seed, 4, 3, plain=True), seats=np.full(4, 2), max_load=np.full(3, 4))
    plan = assign(one)
    assert plan.components == 1 or plan.unfilled or not plan.judge.size


def test_everybody_judging_everything_is_as_comparable_as_can_be() -> None:
    assert assign(problem(everybody(9, 5), [5] * 9, [9] * 5)).comparability == pytest.approx(1.0, abs=1e-6)


def panelled(numbers: list[int], **more: object) -> AssignmentProblem:
    pairs = [pair for pair in everybody(8, 6) if pair != (0, 1)]
    one = problem(pairs, [3] * 8, [8] * 6, affinity=[0.9 if s % 2 == j // 3 else 0.4 for s, j in pairs])
    return replace(one, panels=np.array(numbers), **more)  # type: ignore[arg-type]  # any field


def test_a_panel_judges_together_and_a_conflict_of_one_bars_all() -> None:
    plan = assign(panelled([0, 0, 0, 1, 1, 1]))
    teams = [plan.judge[plan.submission == s].tolist() for s in range(8)]
    assert all(team in ([0, 1, 2], [3, 4, 5]) for team in teams)
    assert teams[0] == [3, 4, 5]
    assert (plan.unfilled, plan.loads.tolist()) == ((), [3, 3, 3, 5, 5, 5])
    assert plan.total_affinity == pytest.approx(
        sum(0.9 if s % 2 == t[0] // 3 else 0.4 for s, t in enumerate(teams)) * 3
    )


def test_closed_panels_are_apart_and_an_anchor_links_them() -> None:
    plan = assign(panelled([0, 0, 0, 1, 1, 1]))
    (told,) = [one for one in plan.advice if one.code is AdviceCode.DISCONNECTED]
    assert (plan.components, plan.comparability) == (2, 0.0)
    (anchor,) = told.remedies
    assert len(anchor.changes) == 3
    assert len({change.submission for change in anchor.changes}) == 1
    assert {change.judge for change in anchor.changes} in ({0, 1, 2}, {3, 4, 5})


def test_judges_of_no_panel_are_panels_of_one() -> None:
    plan = assign(panelled([0, 0, -1, -1, -1, -1]))
    for s in range(8):
        team = set(plan.judge[plan.submission == s].tolist())
        assert {0, 1} <= team or not {0, 1} & team
    kept = assign(
        panelled(
            [0, 0, -1, -1, -1, -1],
            current=tuple(zip(plan.submission.tolist(), plan.judge.tolist(), strict=True)),
            keep=1.0,
        )
    )
    assert (kept.moved, pairs_of(kept)) == (0, pairs_of(plan))
