"""The measurement of assignments: its rounds are repeatable, its examination finds what is wrong."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import _assigning, _targets, assignment
from benchmarks._instances import SEATS, all_pairs_of, invent, looked_up, pairs


def test_a_round_is_the_same_each_time_and_holds_eligible_pairs_once() -> None:
    submission, judge, affinity = pairs(invent("M", 7))
    for one, other in zip(pairs(invent("M", 7)), (submission, judge, affinity), strict=True):
        assert np.array_equal(one, other)
    known, able = looked_up(invent("M", 7), submission, judge)
    assert able.all()
    assert np.allclose(known, affinity)
    assert len(np.unique(submission * 60 + judge)) == len(judge)
    assert np.bincount(submission, minlength=500).min() >= SEATS


def test_the_wider_list_holds_the_narrow_one() -> None:
    one = invent("M", 8)
    submission, judge, _ = pairs(one)
    few = np.array([3, 77, 499])
    wide = all_pairs_of(one, few)
    narrow = np.isin(submission, few)
    assert set(zip(submission[narrow], judge[narrow], strict=True)) <= set(zip(wide[0], wide[1], strict=True))


def test_the_examination_counts_what_is_wrong() -> None:
    one = invent("S", 1)
    found = _assigning.examined(one, np.repeat(np.arange(60), 2), np.tile([0, 0], 60))
    assert (found["twice"], found["empty"], found["above"], found["comparability"]) == (60, 60, 100, 0.0)
    assert found["below"] == 11 * 10
    assert found["conflicts"] > 0


@pytest.mark.parametrize("engine", ["greedy", "flow", "fair", "mixed", "re-assign"])
def test_every_engine_is_measured(engine: str) -> None:
    one = invent("S", 11)
    found = _assigning.measure(engine, one, pairs(one))
    assert (found["conflicts"], found["twice"], found["above"]) == (0, 0, 0)
    if engine != "greedy":
        assert found["empty"] == 0
        assert assignment.mistakes_in("S", engine, found, 0) == []
    assert 100 < found["total"] < 180


def test_a_plan_of_ours_that_is_wrong_is_counted() -> None:
    one = {"conflicts": 1, "twice": 0, "above": 0, "below": 0, "empty": 2, "comparability": 0.0}
    one |= {"bound": 0.4, "min": 0.5, "said": 0.3, "moved": 4}
    assert len(assignment.mistakes_in("S", "mixed", one, 1)) == 6
    assert assignment.mistakes_in("S", "greedy", one, 1) == []


def test_targets_are_told_for_what_was_measured() -> None:
    fine = {"cpu": 0.2, "peak": 140.0, "min": 0.5, "bound": 0.5, "comparability": 0.8, "conflicts": 0, "total": 13720.0}
    poor = {**fine, "cpu": 0.6, "min": 0.4, "comparability": 0.0, "moved": 1, "conflicts": 2}
    found = {("L", "fair"): [fine, fine], ("L", "re-assign"): [poor, {**poor, "cpu": 0.2}]}
    told = {(row["engine"], row["target"]): row["holds"] for row in _targets.targets(found, [11, 1])}
    assert told == {
        ("fair", "cpu s"): "yes",
        ("fair", "peak MB"): "yes",
        ("fair", "worst / bound"): "yes",
        ("fair", "conflicts"): "yes",
        ("fair", "in more than one group"): "yes",
        ("fair", "total / MinMax, seed 1"): "yes",
        ("fair", "worst, MinMax, seed 1"): "NO",
        ("re-assign", "cpu s"): "NO",
        ("re-assign", "conflicts"): "NO",
        ("re-assign", "in more than one group"): "NO",
        ("re-assign", "other pairs moved"): "NO",
    }
    assert not any("MinMax" in str(row["target"]) for row in _targets.targets(found, [11, 12]))


def test_a_round_without_a_judge_for_every_seat_has_a_plain_flow_too() -> None:
    one = invent("S", 11)
    submission, judge, affinity = pairs(one)
    some = (submission != 5) | (np.cumsum(submission == 5) <= 1)
    found = _assigning.flow(one, (submission[some], judge[some], affinity[some]))
    assert np.bincount(found[0], minlength=60).tolist() == [1 if team == 5 else 3 for team in range(60)]
