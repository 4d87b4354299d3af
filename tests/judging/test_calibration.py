"""Fair scores from judges who each saw other submissions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.judging import additive
from contest.judging.calibration import Method, calibrate
from contest.judging.crossed import Crossed
from contest.judging.reml import Absorbed, Sums, most_likely
from contest.results.robustness import ranks_of
from tests.judging.contests import Rows, complete, drawn, rows, textbook

SEEDS = st.integers(0, 10**6)
FEW = settings(deadline=None, derandomize=True, max_examples=25)
EVERY = list(Method)
ADDITIVE = [Method.SEVERITY, Method.MEAN]
SMALL = [(8, 4, 2, 1), (8, 5, 3, 2), (10, 4, 3, 3), (10, 6, 3, 4), (12, 5, 2, 5)]
SMALL += [(12, 6, 3, 6), (9, 4, 2, 7), (14, 5, 2, 11), (10, 5, 4, 9), (16, 6, 2, 10)]


@pytest.mark.parametrize("size", SMALL, ids=str)
def test_variances_and_effects_are_those_of_the_textbook(size: tuple[int, int, int, int]) -> None:
    panel = drawn(*size)
    expected = textbook(panel)
    found = panel.fit(ratios=panel.fit().ratios)  # without averaging over other variances
    assert min(expected.variance) > 1e-3  # inside: at a bound the two would differ by how near they go
    variance = (found.variance.team, found.variance.judge, found.variance.noise)
    np.testing.assert_allclose(variance, expected.variance, rtol=0, atol=1e-6)
    np.testing.assert_allclose(found.value, expected.team, rtol=0, atol=1e-6)
    np.testing.assert_allclose(found.severity, expected.judge, rtol=0, atol=1e-6)
    np.testing.assert_allclose(found.model.mean, expected.mean, rtol=0, atol=1e-6)


def test_a_variance_that_is_nothing_stays_at_its_bound() -> None:
    panel = complete([[1, 2, 3], [3, 1, 2], [2, 3, 1]])  # all submissions alike, all judges alike
    found = panel.fit()
    assert found.variance.team < 1e-7
    assert found.variance.judge < 1e-7
    assert found.variance.noise == pytest.approx(6 / 8, abs=1e-6)
    np.testing.assert_allclose(found.shown, [2, 2, 2], atol=1e-12)


@FEW
@given(seed=SEEDS, noise=st.sampled_from([0.3, 1.0, 3.0]))
def test_no_other_variances_are_more_likely(seed: int, noise: float) -> None:
    """Also where the likelihood has its maximum at a bound, or beside a bound that looks tempting from afar."""
    rows_ = drawn(10, 9, 2, seed, noise=noise)
    score = rows_.score - rows_.score.mean()
    panel = Crossed.of(rows_.submission, rows_.judge, score, 10, 9)
    sums, ratios = Sums.of(panel), np.geomspace(1e-8, 1e3, 60)
    g_team, g_judge = most_likely(panel)
    best = Absorbed.at(sums, g_team).fit(g_judge).like[0]
    assert max(Absorbed.at(sums, float(g)).fit(ratios).like.max() for g in ratios) <= best + 1e-7


@pytest.mark.parametrize("method", ADDITIVE)
@FEW
@given(seed=SEEDS, n=st.integers(1, 15), judges=st.integers(1, 7))
def test_in_a_complete_design_the_fair_score_is_the_raw_mean(method: Method, seed: int, n: int, judges: int) -> None:
    table = np.random.default_rng(seed).integers(1, 11, (n, judges))
    found = complete(table).fit(method=method)
    np.testing.assert_allclose(found.shown, table.mean(axis=1), rtol=0, atol=1e-12)
    np.testing.assert_array_equal(found.raw, found.shown if method is Method.MEAN else found.raw)


@pytest.mark.parametrize("method", EVERY)
@settings(FEW, max_examples=8)
@given(seed=SEEDS)
def test_the_order_of_the_rows_changes_not_a_single_bit(method: Method, seed: int) -> None:
    panel = drawn(12, 5, 3, seed)
    panel = panel.taken([*range(36), 0, 0]).scored([*panel.score, 1 / 3, 9.1])  # one judge scored the first three times
    order = np.random.default_rng(seed).permutation(len(panel.score))
    one, two = panel.fit(method=method), panel.taken(order).fit(method=method)
    for name in ("value", "shown", "raw", "severity", "severity_sd", "component"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    np.testing.assert_array_equal(one.draw(3, 1), two.draw(3, 1))


@pytest.mark.parametrize("method", EVERY)
@settings(FEW, max_examples=8)
@given(seed=SEEDS)
def test_names_do_not_matter(method: Method, seed: int) -> None:
    panel, random = drawn(12, 5, 3, seed), np.random.default_rng(seed)
    teams, judges = random.permutation(12), random.permutation(5)
    renamed = Rows(teams[panel.submission], judges[panel.judge], panel.score, 12, 5)
    one, two = panel.fit(method=method), renamed.fit(method=method)
    np.testing.assert_allclose(two.shown[teams], one.shown, atol=1e-6)
    np.testing.assert_allclose(two.severity[judges], one.severity, atol=1e-6)


@FEW
@given(seed=SEEDS, more=st.floats(0.1, 5))
def test_a_higher_score_never_costs_a_rank(seed: int, more: float) -> None:
    panel = drawn(14, 6, 3, seed)
    row = seed % len(panel.score)
    ratios = panel.fit().ratios
    before = panel.fit(ratios=ratios)
    after = panel.scored(panel.score + more * (np.arange(len(panel.score)) == row)).fit(ratios=ratios)
    team = panel.submission[row]
    assert after.value[team] > before.value[team]
    gain = after.value - before.value
    assert gain[team] == gain.max()
    assert ranks_of(after.value)[team] <= ranks_of(before.value)[team]


@FEW
@given(seed=SEEDS, kinder=st.floats(-50, 50))
def test_in_a_complete_design_a_kinder_judge_changes_no_rank(seed: int, kinder: float) -> None:
    table = np.random.default_rng(seed).integers(1, 11, (9, 4)).astype(float)
    before = complete(table).fit()
    table[:, 0] += kinder
    after = complete(table).fit()
    np.testing.assert_allclose(after.shown, before.shown + kinder / 4, atol=1e-9)
    np.testing.assert_array_equal(ranks_of(np.round(after.shown, 9)), ranks_of(np.round(before.shown + kinder / 4, 9)))


@FEW
@given(seed=SEEDS, factor=st.floats(0.01, 100), shift=st.floats(-1000, 1000))
def test_another_scale_gives_the_same_scores_on_that_scale(seed: int, factor: float, shift: float) -> None:
    panel = drawn(10, 5, 3, seed)
    one, two = panel.fit(), panel.scored(shift + factor * panel.score).fit()
    np.testing.assert_allclose(two.shown, shift + factor * one.shown, rtol=1e-6, atol=1e-5 * factor)
    np.testing.assert_allclose(two.severity, factor * one.severity, rtol=1e-4, atol=1e-5 * factor)


def test_who_drew_the_kind_judges_gains_nothing() -> None:
    """Two groups of equal submissions; kind judges score the first, strict ones the second, and judge 2 both."""
    kind, strict = 1.0, -1.0
    seen = [(i, 0 if i < 6 else 1) for i in range(12)] + [(i, 2) for i in range(12)]
    quality = [5.0, 5.5, 6.0, 6.5, 7.0, 7.5] * 2
    cells = [(i, j, quality[i] + (kind, strict, 0.0)[j] + 0.05 * (-1) ** (i * 3 + j)) for i, j in seen]
    found = rows(*cells, n=12, judges=3).fit()
    raw = found.raw[:6].mean() - found.raw[6:].mean()
    fair = found.shown[:6].mean() - found.shown[6:].mean()
    assert raw == pytest.approx(1.0, abs=0.05)
    assert abs(fair) < 0.1
    assert found.severity[0] > 0.9 > -0.9 > found.severity[1]


def test_few_scores_are_trusted_less() -> None:
    cells = [(i, j, 5.0 + i % 3 + 0.5 * ((i + j) % 2)) for i in range(10) for j in range(4)]
    found = rows(*cells, (10, 0, 9.0), (11, 0, 9.0), (11, 1, 9.0), (11, 2, 9.0), (11, 3, 9.0), n=12).fit()
    assert found.raw[10] == found.raw[11]
    assert found.value[11] > found.value[10] > 0
    assert found.shown[11] > found.shown[10]


SCORELESS = [np.nan] * 5
DEGENERATE: dict[str, tuple[Rows, list[float], list[int]]] = {
    "nothing": (rows(), SCORELESS, [-1] * 5),
    "one score": (rows((0, 0, 5)), [5, *SCORELESS[1:]], [0, -1, -1, -1, -1]),
    "only NaN": (rows((0, 0, np.nan)), SCORELESS, [-1] * 5),
    "NaN is missing": (rows((0, 0, np.nan), (1, 1, 3)), [np.nan, 3, *SCORELESS[2:]], [-1, 0, -1, -1, -1]),
    "one judge": (rows((0, 0, 1), (1, 0, 2), (2, 0, 3)), [1, 2, 3, np.nan, np.nan], [0, 0, 0, -1, -1]),
    "one submission": (rows((0, 0, 1), (0, 1, 2), (0, 2, 3)), [2, *SCORELESS[1:]], [0, -1, -1, -1, -1]),
    "all equal": (rows((0, 0, 5), (0, 1, 5), (1, 1, 5), (1, 2, 5)), [5, 5, *SCORELESS[2:]], [0, 0, -1, -1, -1]),
    "two groups": (
        complete([[1, 2, 0, 0], [3, 4, 0, 0]]).taken([0, 1, 4, 5]),
        [1.5, 3.5],
        [0, 0],
    ),
}


@pytest.mark.parametrize("method", ADDITIVE)
@pytest.mark.parametrize("case", list(DEGENERATE))
def test_degenerate_panels_have_defined_answers(case: str, method: Method) -> None:
    panel, shown, component = DEGENERATE[case]
    found = panel.fit(method=method)
    np.testing.assert_allclose(found.shown, shown, atol=1e-9)
    np.testing.assert_array_equal(np.isnan(found.value), np.isnan(shown))
    assert found.component.tolist() == component
    assert np.isfinite(found.severity).all()
    assert np.isfinite(found.severity_sd).all()
    assert found.draw(4, 0).shape == (4, panel.n_submissions)
    np.testing.assert_array_equal(np.isnan(found.draw(4, 0)), np.tile(np.isnan(shown), (4, 1)))


@pytest.mark.parametrize("method", [Method.ROBUST, Method.CEILING])
@pytest.mark.parametrize("case", list(DEGENERATE))
def test_the_other_methods_are_defined_there_too(case: str, method: Method) -> None:
    panel, shown, _ = DEGENERATE[case]
    found = panel.fit(method=method)
    np.testing.assert_array_equal(np.isnan(found.shown), np.isnan(shown))
    np.testing.assert_allclose(found.shown, shown, atol=0.2)
    assert np.isfinite(found.draw(4, 0)[:, ~np.isnan(shown)]).all()


CELLS = st.tuples(st.integers(0, 5), st.integers(0, 4), st.sampled_from([1.0, 2.0, 2.0, 7.5, 10.0, np.nan]))


@pytest.mark.parametrize("method", EVERY)
@settings(FEW, max_examples=12)
@given(cells=st.lists(CELLS, max_size=20))
def test_any_panel_at_all_has_a_defined_answer(method: Method, cells: list[tuple[int, int, float]]) -> None:
    """Disconnected, with gaps, with judges who scored twice, with a single judge or submission, with equal scores."""
    found = rows(*cells, n=6, judges=5).fit(method=method)
    scores = [[score for i, _, score in cells if i == team and not np.isnan(score)] for team in range(6)]
    scored = np.array([bool(given_) for given_ in scores])
    means = [float(np.mean(given_)) if given_ else np.nan for given_ in scores]
    np.testing.assert_allclose(found.raw, means, atol=1e-12)
    for values in (found.value, found.shown, *found.draw(3, 1)):
        np.testing.assert_array_equal(np.isfinite(values), scored)
    assert np.isfinite([found.severity, found.severity_sd]).all()
    assert (found.severity_sd >= 0).all()
    np.testing.assert_array_equal(found.component >= 0, scored)
    for i, j, score in cells:
        others = [other for other, judge, given_ in cells if judge == j and not np.isnan(given_)]
        assert np.isnan(score) or set(found.component[others]) == {found.component[i]}
    assert ranks_of(found.value).tolist() == [
        0 if np.isnan(own) else 1 + int((found.value > own).sum()) for own in found.value
    ]


def test_groups_without_a_common_judge_are_told_apart() -> None:
    panel = rows((0, 0, 1), (0, 1, 2), (1, 1, 3), (2, 2, 4), (3, 2, 5), (3, 3, 6), n=6)
    assert panel.fit().component.tolist() == [0, 0, 1, 1, -1, -1]
    chain = rows(*((i, i, 5.0 + i % 2) for i in range(50)), *((i, i + 1, 5.0) for i in range(49)), n=50, judges=50)
    assert set(chain.fit().component) == {0}


def test_equal_scores_have_no_variance_and_nothing_is_uncertain() -> None:
    found = DEGENERATE["all equal"][0].fit()
    assert (found.variance.team, found.variance.judge, found.variance.noise) == (0, 0, 0)
    assert found.ratios is None
    np.testing.assert_array_equal(found.draw(2, 7)[:, :2], 5)
    assert found.contenders(1).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"submission": [0, 5]}, "between 0 and 4"),
        ({"judge": [0, -1]}, "between 0 and 3"),
        ({"submission": [0.0, 1.0]}, "integers"),
        ({"score": [1.0, np.inf]}, "finite"),
        ({"score": [1.0]}, "one length"),
        ({"method": "median"}, "median"),
    ],
)
def test_what_does_not_fit_is_an_error(change: dict[str, Any], message: str) -> None:
    given_: dict[str, Any] = {"submission": [0, 1], "judge": [0, 1], "score": [1.0, 2.0], **change}
    with pytest.raises(ValueError, match=message):
        calibrate(**given_, n_submissions=5, n_judges=4)


def test_a_judge_without_scores_is_unknown_within_the_spread_of_judges() -> None:
    panel = drawn(12, 5, 3, 3)
    panel = Rows(panel.submission, panel.judge, panel.score, 12, 6)
    found = panel.fit(ratios=panel.fit().ratios)
    assert found.severity[5] == pytest.approx(0, abs=1e-9)
    assert found.severity_sd[5] == pytest.approx(np.sqrt(found.variance.judge))
    assert (found.severity_sd[:5] < found.severity_sd[5]).all()
    averaged = panel.fit()
    assert averaged.severity[5] == pytest.approx(0, abs=1e-9)
    assert (averaged.severity_sd[:5] < averaged.severity_sd[5]).all()


def test_large_panels_are_solved_as_exactly_as_small_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = drawn(300, 40, 3, 5)
    small = panel.fit(ratios=panel.fit().ratios)
    monkeypatch.setattr(additive, "EXACT", 0)
    large = panel.fit(ratios=small.ratios)
    np.testing.assert_allclose(large.shown, small.shown, rtol=0, atol=1e-10)
    np.testing.assert_allclose(large.severity, small.severity, rtol=0, atol=1e-10)
    np.testing.assert_allclose(large.variance.noise, small.variance.noise, rtol=1e-9)
    by_moments = panel.fit()
    assert by_moments.variance.team == pytest.approx(small.variance.team, rel=0.15)
    assert by_moments.variance.noise == pytest.approx(small.variance.noise, rel=0.15)
    assert np.corrcoef(by_moments.value, small.value)[0, 1] > 0.999


def test_averaging_over_variances_ends_where_they_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = drawn(12, 5, 2, 1), drawn(300, 40, 3, 5)
    far = [np.abs(panel.fit().shown - panel.fit(ratios=panel.fit().ratios).shown).max() for panel in (few, many)]
    assert far[0] > 10 * far[1]
    assert far[1] < 0.01
    monkeypatch.setattr(additive, "AVERAGED", 0)
    np.testing.assert_array_equal(few.fit().shown, few.fit(ratios=few.fit().ratios).shown)


def test_draws_of_a_vast_panel_spread_as_those_of_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = drawn(200, 20, 3, 6)
    exact = panel.fit().draw(4000, 1)
    monkeypatch.setattr(additive, "EXACT", 0)
    joint = panel.fit(ratios=panel.fit().ratios).draw(4000, 1)
    monkeypatch.setattr(additive, "DENSE", 0)
    apart = panel.fit().draw(4000, 1, only=np.arange(200))
    np.testing.assert_allclose(joint.std(axis=0).mean(), exact.std(axis=0).mean(), rtol=0.06)
    np.testing.assert_allclose(apart.std(axis=0).mean(), exact.std(axis=0).mean(), rtol=0.06)
    np.testing.assert_allclose(apart.mean(axis=0), exact.mean(axis=0), atol=0.15)


def test_draws_centre_on_the_estimate_and_follow_from_the_seed() -> None:
    panel = drawn(40, 8, 3, 2)
    found = panel.fit()
    draws = found.draw(6000, 4)
    np.testing.assert_allclose(draws.mean(axis=0), found.model.mean + found.value, atol=0.08)
    np.testing.assert_array_equal(draws, panel.fit().draw(6000, 4))
    np.testing.assert_array_equal(draws[:, [3, 1]], found.draw(6000, 4, only=np.array([3, 1])))
    assert not np.array_equal(draws, found.draw(6000, 5))


def test_intervals_hold_the_truth_about_nine_times_in_ten() -> None:
    held = []
    for seed in range(30):
        panel, random = drawn(30, 8, 3, seed), np.random.default_rng(seed)
        for _ in range(30):
            random.permutation(8)
        truth = random.standard_normal(30)
        draws = panel.fit().draw(400, seed)
        low, high = np.quantile(draws, [0.05, 0.95], axis=0)
        level = truth - truth.mean() + draws.mean()
        held.append(((low <= level) & (level <= high)).mean())
    assert 0.85 < np.mean(held) < 0.94


def test_contenders_hold_every_first_place_of_the_draws() -> None:
    found = drawn(60, 10, 3, 8).fit()
    first = set(found.draw(2000, 0).argmax(axis=1).tolist())
    contenders = set(found.contenders(1).tolist())
    assert first <= contenders
    assert len(contenders) < 60


@pytest.mark.parametrize("method", [Method.ROBUST, Method.CEILING])
@pytest.mark.parametrize(("n", "judges"), [(12, 7), (20, 7), (40, 5), (40, 7), (61, 7)])
def test_judges_who_agree_to_the_last_digit_can_be_fitted(n: int, judges: int, method: Method) -> None:
    """Without any noise between judges nothing is left to estimate it from; teams still lie where all put them."""
    level = np.arange(n, dtype=float) * 3 % 61
    found = complete(np.repeat(level[:, None], judges, axis=1)).fit(method=method)
    np.testing.assert_allclose(found.shown, level, atol=0.01)
    np.testing.assert_allclose(found.severity, 0, atol=0.01)
    np.testing.assert_allclose(found.draw(20, 0), np.tile(level, (20, 1)), atol=0.5)


@pytest.mark.parametrize("k", [3, 5])
def test_a_bombed_score_hardly_moves_the_robust_score(k: int) -> None:
    panel = drawn(40, 8, k, 1, noise=0.4)
    bombed = panel.score.copy()
    bombed[0] = 0.0
    moved = {
        method: abs(panel.scored(bombed).fit(method=method).shown[0] - panel.fit(method=method).shown[0])
        for method in (Method.MEAN, Method.SEVERITY, Method.ROBUST)
    }
    assert moved[Method.ROBUST] < 0.15 * moved[Method.SEVERITY]
    assert moved[Method.ROBUST] < 0.15 * moved[Method.MEAN]


def test_the_ceiling_is_seen_where_scores_pile_up() -> None:
    """The best team gets nothing but tens; two judges see the others as spread as they are."""
    random = np.random.default_rng(3)
    latent = 7.5 + 1.5 * random.standard_normal((30, 1)) + 0.6 * random.standard_normal((30, 6))
    table = np.minimum(np.round(latent), 10)
    panel = complete(table)
    plain, aware = panel.fit(), panel.fit(method=Method.CEILING)
    full = (table == 10).all(axis=1)
    assert full.sum() == 3
    assert (aware.shown[full] > plain.shown[full] + 0.5).all()
    middle = (table < 10).all(axis=1)
    np.testing.assert_allclose(aware.shown[middle], plain.shown[middle], atol=0.3)


def test_without_a_pile_there_is_no_ceiling() -> None:
    found = drawn(20, 6, 3, 4).fit(method=Method.CEILING)
    assert np.corrcoef(found.shown, drawn(20, 6, 3, 4).fit().shown)[0, 1] > 0.95


def test_a_vast_robust_panel_agrees_with_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = drawn(200, 20, 4, 9)
    small = panel.fit(method=Method.ROBUST)
    monkeypatch.setattr(additive, "EXACT", 0)
    monkeypatch.setattr(additive, "DENSE", 0)
    vast = panel.fit(method=Method.ROBUST)
    assert np.corrcoef(small.value, vast.value)[0, 1] > 0.99
    assert vast.draw(5, 0).shape == (5, 200)


def test_the_raw_mean_doubts_luck_unless_everybody_saw_everything() -> None:
    panel = drawn(30, 8, 3, 5, severity=1.5)
    found = panel.fit(method=Method.MEAN)
    np.testing.assert_allclose(found.value, found.raw - found.model.mean)
    doubt = found.draw(3000, 0).std(axis=0).mean()
    luck = found.variance.noise / 3 + found.variance.judge / 3 * (1 - 3 / 8)
    assert doubt == pytest.approx(np.sqrt(luck), rel=0.05)
    assert doubt > panel.fit().draw(3000, 0).std(axis=0).mean()
