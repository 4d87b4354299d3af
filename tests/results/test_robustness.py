"""How sure a ranking is, and what one change would do to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.judging.calibration import Calibration
from contest.judging.normal import below, density, hazard
from contest.results.robustness import (
    Cards,
    Change,
    Without,
    leave_one_out,
    next_scorecards,
    podium_of,
    rank_chances,
    ranks_of,
    tie_bands,
)
from tests.judging.contests import Rows, complete, drawn

SEEDS = st.integers(0, 10**6)
FEW = settings(deadline=None, derandomize=True, max_examples=25)
NAN = float("nan")


def cards(table: Any, weights: tuple[float, ...] = (1.0,), taken: Any = None) -> Cards:
    """Cards of a complete table (submissions x judges, or x criteria as well), or only those `taken`."""
    table = np.asarray(table, dtype=float)
    table = table.reshape(*table.shape, 1) if table.ndim == 2 else table
    submission, judge = np.divmod(np.arange(table.shape[0] * table.shape[1]), table.shape[1])
    all_ = Cards(submission, judge, table.reshape(-1, table.shape[2]), np.array(weights), *table.shape[:2])
    return all_ if taken is None else all_.without(np.asarray(taken).ravel())


def change(found: tuple[Change, ...], without: Without, which: int | str) -> Change:
    (one,) = [one for one in found if (one.without, one.which) == (without, which)]
    return one


def test_equal_values_share_a_rank_and_nan_has_none() -> None:
    assert ranks_of(np.array([5.0, 7.0, 5.0, NAN, 1.0])).tolist() == [2, 1, 2, 0, 4]
    assert ranks_of(np.array([[1.0, 2.0], [2.0, 2.0]])).tolist() == [[2, 1], [1, 1]]
    assert ranks_of(np.array([])).tolist() == []


@FEW
@given(values=st.lists(st.sampled_from([1.0, 2.0, 3.0, NAN]), max_size=9))
def test_a_rank_is_one_more_than_how_many_are_better(values: list[float]) -> None:
    expected = [0 if np.isnan(one) else 1 + sum(other > one for other in values) for one in values]
    assert ranks_of(np.array(values)).tolist() == expected


def test_chances_are_counted() -> None:
    draws = np.array([[3.0, 2, 1, NAN], [3, 1, 2, NAN], [1, 3, 2, NAN], [3, 2, 1, NAN]])
    found = rank_chances(draws, tops=(1, 2), level=0.5)
    assert found.chance.tolist() == [[0.75, 0.25, 0, 0], [0.75, 0.75, 0.5, 0]]
    assert found.best.tolist() == [1, 2, 2, 0]
    assert found.worst.tolist() == [1, 2, 3, 0]


@FEW
@given(seed=SEEDS)
def test_chances_add_up_and_ranges_hold_nine_tenths(seed: int) -> None:
    draws = np.random.default_rng(seed).standard_normal((200, 12))
    found = rank_chances(draws)
    np.testing.assert_allclose(found.chance.sum(axis=1), [1, 3])
    ranks = ranks_of(draws)
    assert (((found.best <= ranks) & (ranks <= found.worst)).mean(axis=0) >= 0.9).all()
    assert (((found.best < ranks) & (ranks < found.worst)).mean(axis=0) <= 0.9).all()


def test_the_surely_best_is_first() -> None:
    found = drawn(20, 8, 6, 1, noise=0.05)
    chances = rank_chances(found.fit().draw(500, 0))
    best = int(np.nanargmax(found.fit().value))
    assert chances.chance[0, best] > 0.95
    assert chances.best[best] == 1


def test_bands_part_where_the_first_surely_beats_the_next() -> None:
    random = np.random.default_rng(1)
    draws = np.array([9.0, 8.9, 5.0, 1.0, 1.1]) + 0.3 * random.standard_normal((400, 5))
    draws = np.column_stack((draws, np.full(400, NAN)))
    assert tie_bands(draws).tolist() == [1, 1, 2, 3, 3, 0]
    assert tie_bands(np.full((3, 2), NAN)).tolist() == [0, 0]


def test_a_podium_is_what_is_printed() -> None:
    assert podium_of(np.array([7.004, 7.001, 6.0, 6.5, NAN]), 3, 2) == ((0, 1, 3), (0, 1))
    assert podium_of(np.array([7.005, 7.004, 6.0]), 1, 2) == ((0,), (0,))
    assert podium_of(np.array([6.0, 6.0, 6.0, 6.0]), 3, 2) == ((0, 1, 2, 3), (0, 1, 2, 3))


def test_a_judge_who_alone_made_the_winner_is_named() -> None:
    table = np.array([[7.0, 7, 7, 10], [8, 8, 8, 6], [5, 5, 5, 5], [4, 4, 4, 4], [3, 3, 3, 3]])
    found = leave_one_out(cards(table), size=1)
    assert podium_of(table.mean(axis=1), 1, 2)[1] == (0,)
    alone = change(found, Without.JUDGE, 3)
    assert (alone.winners, alone.winner_changes, alone.podium_changes) == ((1,), True, True)
    assert not change(found, Without.JUDGE, 0).winner_changes
    assert change(found, Without.SCORECARD, 3).winners == (1,)
    assert not change(found, Without.SCORECARD, 8).winner_changes


def test_a_criterion_and_a_weight_that_decide_are_named() -> None:
    marks = np.array([[[10.0, 5]] * 3, [[5, 9.5]] * 3, [[1, 1]] * 3, [[2, 1]] * 3])
    marks[1, 0, 0] = 5.5  # else no noise would be left
    found = leave_one_out(cards(marks, (0.5, 0.5)), size=1)
    assert change(found, Without.CRITERION, 0).winners == (1,)
    assert change(found, Without.CRITERION, 1).winners == (0,)
    assert change(found, Without.LIGHTER, 0).winner_changes
    assert change(found, Without.HEAVIER, 1).winner_changes
    assert not change(found, Without.HEAVIER, 0).winner_changes
    assert {one.without for one in found} == set(Without)


def test_one_criterion_cannot_be_left_out() -> None:
    found = leave_one_out(cards(np.random.default_rng(0).integers(1, 10, (6, 4))))
    assert {one.without for one in found} == {Without.JUDGE, Without.SCORECARD, Without.METHOD}
    assert [one.which for one in found if one.without is Without.METHOD] == ["mean", "robust"]


def test_another_method_may_have_another_winner() -> None:
    """Submissions 0 and 1 are as good, but only 0 met the kind judge 0; 2 to 9 show how kind."""
    table = np.array(
        [[i % 5 + j * 0.2 * (-1) ** i + (2.0 if j == 0 else 0.0) + 2 for j in range(4)] for i in range(10)]
    )
    table[0], table[1] = [10.0, 8, 8, 0], [0, 8.5, 8.4, 8.6]
    taken = np.ones(table.shape, dtype=bool)
    taken[0, 3] = taken[1, 0] = False
    found = leave_one_out(cards(table, taken=taken), size=1)
    assert change(found, Without.METHOD, "mean").winners == (0,)
    assert change(found, Without.METHOD, "mean").winner_changes
    assert cards(table, taken=taken).fit("severity").shown[:2].argmax() == 1


def test_what_has_no_score_left_leaves_the_podium() -> None:
    table = np.array([[9.0, 1], [7, 6], [5, 6], [4, 3]])
    taken = np.array([[True, False]] + [[True, True]] * 3)
    found = leave_one_out(cards(table, taken=taken), size=1)
    assert 0 not in change(found, Without.SCORECARD, 0).podium


def free_pairs(panel: Rows) -> set[tuple[int, int]]:
    seen = set(zip(panel.submission.tolist(), panel.judge.tolist(), strict=True))
    return {(i, j) for i in range(panel.n_submissions) for j in range(panel.n_judges)} - seen


@FEW
@given(seed=SEEDS, count=st.integers(1, 8), per_judge=st.sampled_from([None, 1, 2]))
def test_extra_scorecards_respect_capacity_and_conflicts(seed: int, count: int, per_judge: int | None) -> None:
    panel, random = drawn(15, 6, 2, seed), np.random.default_rng(seed)
    capacity = random.integers(0, 3, 6)
    free = sorted(free_pairs(panel))
    barred = [free[at] for at in random.permutation(len(free))[: len(free) // 2]]
    found = next_scorecards(panel.fit(), capacity, barred=barred, count=count, per_judge=per_judge)
    pairs = [(one.submission, one.judge) for one in found]
    assert len(set(pairs)) == len(pairs) <= count
    assert set(pairs) <= set(free) - set(barred)
    used = np.bincount([judge for _, judge in pairs], minlength=6)
    assert (used <= np.minimum(capacity, per_judge or count)).all()
    assert all(one.gain > 0 for one in found)


def test_the_line_of_the_podium_is_where_scores_are_asked_for() -> None:
    """Far above and far below nothing is to be learnt; places 3 and 4 are level."""
    quality = np.array([10.0, 9, 6.05, 6.0, 2, 1.5, 1, 0.5])
    panel = complete(quality[:, None] + 0.3 * np.random.default_rng(2).standard_normal((8, 4))).taken(slice(None))
    panel = Rows(panel.submission, panel.judge, panel.score, 8, 6)  # two judges have time left
    found = next_scorecards(panel.fit(), [9] * 6, count=4)
    assert {one.submission for one in found} == {2, 3}
    assert {one.judge for one in found} == {4, 5}
    ordered = next_scorecards(panel.fit(), [9] * 6, count=6, ordered=True)
    assert {one.submission for one in ordered} >= {2, 3}


def test_a_batch_begins_with_the_single_best_and_then_looks_elsewhere() -> None:
    panel = drawn(20, 6, 2, 3)
    single, batch = (next_scorecards(panel.fit(), [9] * 6, count=count) for count in (1, 5))
    assert batch[0] == single[0]
    assert len({(one.submission, one.judge) for one in batch}) == 5
    asked = set(next_scorecards(panel.fit(), [9] * 6, count=6, per_judge=1))
    assert {one.judge for one in asked} == set(range(6))


def test_where_nothing_can_be_asked_or_learnt_nothing_is() -> None:
    panel = drawn(10, 4, 2, 1)
    assert next_scorecards(panel.fit(), [0] * 4, count=3) == ()
    assert next_scorecards(panel.fit(), [9] * 4, barred=free_pairs(panel), count=3) == ()
    assert next_scorecards(panel.fit(), [9] * 4, size=10) == ()
    assert next_scorecards(complete(np.full((6, 3), 5)).fit(), [9] * 3) == ()
    assert next_scorecards(panel.fit(), [9] * 4, barred=[(99, 0), (0, 99)], count=1) != ()


def test_the_uncertainty_after_a_scorecard_is_that_of_the_larger_panel() -> None:
    """The gain of the second of a batch is what a fit with the first at its expected value would say."""
    panel = drawn(12, 5, 2, 4)
    found = panel.fit(ratios=panel.fit().ratios)
    first, second = next_scorecards(found, [9] * 5, count=2)
    expected = found.model.mean + found.value[first.submission] + found.severity[first.judge]
    larger = Rows(
        np.append(panel.submission, first.submission),
        np.append(panel.judge, first.judge),
        np.append(panel.score, expected),
        12,
        5,
    ).fit(ratios=found.ratios)
    scaled = replace(larger.model, variance=(*larger.model.variance[:2], found.variance.noise))
    (again,) = next_scorecards(_with_model(larger, scaled), [9] * 5, count=1)
    assert (again.submission, again.judge) == (second.submission, second.judge)
    assert again.gain == pytest.approx(second.gain, rel=0.02)


def textbook_gains(panel: Rows, found: Calibration, added: list[tuple[int, int]], size: int) -> dict[Any, float]:
    """What each further scorecard is worth, from the covariance of all submissions and judges as one dense matrix."""
    n, judges = panel.n_submissions, panel.n_judges
    seen = [*zip(panel.submission.tolist(), panel.judge.tolist(), strict=True), *added]
    design = np.array([np.eye(n + judges)[i] + np.eye(n + judges)[n + j] for i, j in seen])
    prior = np.repeat(1 / np.array([found.variance.team, found.variance.judge]), [n, judges])
    cover = np.linalg.inv(np.diag(prior) + design.T @ design / found.variance.noise)
    order = np.argsort(-found.value)
    gains = {}
    for i, j in free_pairs(panel) - set(added):
        o = order[size] if i in order[:size] else order[size - 1]
        own = np.eye(n + judges)[i] + np.eye(n + judges)[n + j]
        lead = np.eye(n + judges)[i] - np.eye(n + judges)[o]
        step = np.array([abs(lead @ cover @ own) / np.sqrt(own @ cover @ own + found.variance.noise)])
        z = -abs(found.value[i] - found.value[o]) / step
        gains[i, j] = float((step * (z * below(z) + density(z)))[0])
    return gains


@pytest.mark.parametrize("seed", range(3))
def test_gains_are_those_of_the_textbook(seed: int) -> None:
    panel = drawn(12, 5, 2, seed)
    found = panel.fit(ratios=panel.fit().ratios)
    added: list[tuple[int, int]] = []
    for extra in next_scorecards(found, [9] * 5, count=4):
        gains = textbook_gains(panel, found, added, 3)
        pair = extra.submission, extra.judge
        assert extra.gain == pytest.approx(gains[pair], rel=1e-6)
        assert gains[pair] == pytest.approx(max(gains.values()), rel=1e-6)  # two judges may be worth the same
        added.append(pair)


def _with_model(found: Calibration, model: Any) -> Calibration:
    return replace(found, model=model)


def test_the_normal_distribution() -> None:
    z = np.array([-8.0, -1.96, 0.0, 1.0, 5.9, 6.1, 9.0])
    np.testing.assert_allclose(below(z[:4]), [6.22e-16, 0.0249979, 0.5, 0.8413447], rtol=1e-3)
    np.testing.assert_allclose(density(z[2:4]), [0.3989423, 0.2419707], rtol=1e-6)
    assert (np.diff(hazard(z)) > 0).all()
    assert (hazard(z) > z).all()
    np.testing.assert_allclose(hazard(z[2:4]), [0.7978846, 1.5251353], rtol=1e-6)
    np.testing.assert_allclose(hazard(np.array([5.999999, 6.000001])), 6.158, rtol=1e-3)
