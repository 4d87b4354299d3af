"""The measurement of rankings: its simulation, its yardsticks and its verdicts; and the real panels it reads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from benchmarks import _studies as studies
from benchmarks._clocked import hall, least, vast
from benchmarks._invariants import violations
from benchmarks._panels import SETTINGS, Contest, contest, dirty, recovered, tau_a
from benchmarks._rankers import bradley_terry, drop_extremes, fitted, raw, z_score
from benchmarks.ranking import QUICK, STUDIES, Bench, _chosen, _target, _targets


def small(table: list[list[float]], seen: list[tuple[int, int]]) -> Contest:
    team, judge = np.array(seen).T
    return Contest(team, judge, np.arange(len(table), dtype=float), np.array(table, dtype=float))


def test_a_contest_follows_from_its_seed() -> None:
    one, two, other = (contest(60, 3, "wild", seed) for seed in (5, 5, 6))
    np.testing.assert_array_equal(one.table, two.table)
    np.testing.assert_array_equal(one.judge, two.judge)
    assert not np.array_equal(one.table, other.table)
    assert (one.score.min(), one.score.max()) >= (1, 9)
    assert set(one.score) <= set(range(1, 11))


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_team_has_its_judges_and_loads_are_even(setting: str) -> None:
    given = contest(60, 3, setting, 1)
    assert set(np.bincount(given.team)) == {3}
    assert set(np.bincount(given.judge)) == {12}
    assert len(set(zip(given.team.tolist(), given.judge.tolist(), strict=True))) == 180
    unequal = np.bincount(contest(60, 3, setting, 1, unequal=True).team)
    assert (unequal.min(), unequal.max()) == (1, 5)


def test_what_is_planted() -> None:
    given = contest(60, 5, "trained", 1)
    careless, bombed = dirty(given, "careless", 1), dirty(given, "bombed", 1)
    np.testing.assert_array_equal(careless.table[:, 1:], given.table[:, 1:])
    assert abs(np.corrcoef(careless.table[:, 0], given.quality)[0, 1]) < 0.3
    changed = bombed.table != given.table
    assert 0.02 < changed.mean() < 0.06
    assert set(bombed.table[changed]) == {1.0}


def test_a_tie_counts_as_broken_at_random() -> None:
    truth = np.array([1.0, 2.0, 3.0])
    assert tau_a(truth, truth) == 1
    assert tau_a(-truth, truth) == -1
    assert tau_a(np.array([1.0, 1.0, 2.0]), truth) == pytest.approx(2 / 3)
    assert recovered(np.array([1.0, 5.0, 5.0]), truth, 1) == 0.5
    assert recovered(np.array([5.0, 5.0, 5.0]), truth, 2) == pytest.approx(2 / 3)
    assert recovered(truth, truth, 3) == 1


def test_what_others_do() -> None:
    given = small([[1, 2, 9], [4, 4, 4], [8, 6, 4]], [(i, j) for i in range(3) for j in range(3)])
    np.testing.assert_allclose(raw(given), [4, 4, 6])
    np.testing.assert_allclose(drop_extremes(given), [2, 4, 6])
    assert z_score(given).mean() == pytest.approx(0)
    assert bradley_terry(given).argmax() == 2
    two = small([[1, 9], [5, 5]], [(0, 0), (0, 1), (1, 0), (1, 1)])
    np.testing.assert_allclose(drop_extremes(two), [5, 5])


def test_a_verdict_knows_its_error() -> None:
    assert _target("x", ">=", 0.5, 0.5, 0.0)["holds"] == "yes"
    assert _target("x", ">=", 0.5, 0.49, 0.01)["holds"] == "within error"
    assert _target("x", ">=", 0.5, 0.47, 0.01)["holds"] == "NO"
    assert _target("x", "<=", 0.5, 0.51, float("nan"))["holds"] == "NO"


def test_an_error_leaves_out_what_kinds_of_contest_differ_by() -> None:
    bench = Bench(ThreadPoolExecutor(1), 0, QUICK)
    mean, error = bench.note("x", np.array([1.0, 1.2, 9.0, 9.2]), strata=2)
    assert mean == pytest.approx(5.1)
    assert error == pytest.approx(np.sqrt(0.02 / 4))
    assert np.isnan(bench.note("x", np.array([1.0, 9.0]), strata=2)[1])


def test_what_may_never_happen_does_not() -> None:
    assert set(violations(77, trials=8).values()) == {0}


@pytest.mark.parametrize("name", studies.real_panels())
def test_real_panels_are_recovered_better_than_by_raw_means(name: str) -> None:
    """Two, three and five of nine judges, against the mean of all nine; each by itself takes hundreds of draws."""
    found = np.array([studies.real((name, k, seed)) for k in studies.CUPS for seed in range(20)])
    means, _, fair = found.mean(axis=0)
    assert fair > means + 0.005


def test_the_real_panels_are_whole() -> None:
    shapes = {name: table.shape for name, table in studies.real_panels().items()}
    assert sorted(shapes.values()) == [(10, 9), (10, 9), (11, 9), (37, 9)]
    given = Contest(*np.divmod(np.arange(99), 9), np.zeros(11), studies.real_panels()["panel-trimmed-11x9"])
    np.testing.assert_allclose(fitted(given).shown, given.table.mean(axis=1), atol=1e-12)


def test_extra_scorecards_are_asked_from_who_has_not_scored() -> None:
    found = studies.settling((60, 2, "trained", 3))
    assert set(found) >= {"uniform +0", "uniform +120", "one by one +15", "batches +30"}
    assert all(0 <= share <= 1 for share in found.values())


def test_what_is_timed_is_whole() -> None:
    team, judge, score = vast(1000, 50, 1)
    assert (len(team), set(np.bincount(team)), judge.max() < 50) == (1000, {5}, True)
    assert len(set(zip(team.tolist(), judge.tolist(), strict=True))) == 1000
    assert np.isfinite(score).all()
    cost = least(hall(1), 1, 2)
    assert cost.both == cost.fit + cost.chances > 0


def test_targets_are_told_of_the_studies_that_ran() -> None:
    bench = Bench(ThreadPoolExecutor(1), 0, QUICK)
    assert _targets(bench) == []
    bench.note("cover 12 2 wild", np.array([0.9, 0.9]))
    bench.note("cover 12 2 trained", np.array([0.80, 0.82]))
    bench.note("stress bombed robust tau", np.array([0.8]))
    told = {row["case"]: row["holds"] for row in _targets(bench)}
    assert told == {"stress bombed robust tau": "yes", "coverage, lowest cell": "NO", "coverage, highest cell": "yes"}


def test_studies_are_chosen_by_how_their_names_begin() -> None:
    names = {id(study): name for name, study in STUDIES.items()}
    assert [names[id(study)] for study in _chosen("")] == list(STUDIES)
    assert [names[id(study)] for study in _chosen("real,recovery")] == [
        "recovery-12",
        "recovery-60",
        "recovery-300",
        "real",
    ]
    with pytest.raises(SystemExit, match="no study 'real,vast'"):
        _chosen("real,vast")
