"""Signs that somebody should look at a judge's marks or at a submission: found when planted, rare when honest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks._alarms import PLANTED, alarms, papers
from benchmarks._panels import SETTINGS, contest
from contest.judging.health import Finding, Load, Papers, Sign, judge_signs, late_signs, submission_signs

CRITERIA = 3


def panel(n: int = 24, judges: int = 6, seed: int = 0, *, criteria: int = CRITERIA) -> Papers:
    """An honest panel: everybody scores everything, from 1 to 10."""
    random = np.random.default_rng(seed)
    submission, judge = np.divmod(np.arange(n * judges), judges)
    level = 5.5 + 1.5 * random.standard_normal(n)[submission] + 0.5 * random.standard_normal(judges)[judge]
    marks = level[:, None] + random.standard_normal((len(level), criteria))
    ends = np.ones(criteria), np.full(criteria, 10.0)
    weights = np.full(criteria, 1 / criteria)
    return Papers(submission, judge, np.clip(np.round(marks), 1, 10), weights, *ends, n, judges)


def marked(given_: Papers, judge: int, marks: Any) -> Papers:
    """The same panel with other marks of one judge: an array, or a function of the old marks."""
    changed, mine = given_.marks.copy(), given_.of(judge)
    changed[mine] = marks(changed[mine]) if callable(marks) else marks
    return replace(given_, marks=changed)


def signs(given_: Papers, judge: int = 0) -> set[Sign]:
    return {found.sign for found in judge_signs(given_) if found.judge == judge}


def one(given_: Papers, sign: Sign) -> Finding:
    (found,) = [found for found in judge_signs(given_) if found.sign is sign]
    return found


def test_an_honest_panel_shows_nothing() -> None:
    assert judge_signs(panel()) == ()
    assert submission_signs(panel(), np.full(24, 6)) == ()


def test_the_same_marks_for_all() -> None:
    given_ = marked(panel(), 2, [7, 6, 7])
    found = one(given_, Sign.FLAT)
    assert (found.judge, found.submission, dict(found.facts)) == (2, None, {"cards": 24, "alike": 24})
    assert signs(given_, 2) == {Sign.FLAT}
    almost = given_.marks.copy()
    almost[np.flatnonzero(given_.judge == 2)[0]] = 3
    assert one(replace(given_, marks=almost), Sign.FLAT).facts["alike"] == 23


def test_where_everybody_is_flat_nobody_is() -> None:
    assert Sign.FLAT not in {found.sign for found in judge_signs(replace(panel(), marks=np.full((144, 3), 7.0)))}


def test_only_the_ends_of_the_scale() -> None:
    given_ = marked(panel(), 1, lambda old: np.where(old.mean(axis=1, keepdims=True) > 5, 10.0, 1.0))
    assert Sign.EXTREMES in signs(given_, 1)
    assert one(given_, Sign.EXTREMES).facts["seen"] == 72


def test_one_mark_copied_to_all_criteria() -> None:
    given_ = marked(panel(), 4, lambda old: np.repeat(old[:, :1], CRITERIA, axis=1))
    found = one(given_, Sign.COPIED)
    assert (found.judge, found.facts["cards"], found.facts["seen"]) == (4, 24, 24)
    assert Sign.HALO not in signs(given_, 4)


def test_copying_counts_in_shares_of_each_scale() -> None:
    given_ = panel()
    wide = replace(given_, marks=given_.marks * [1, 2, 1], low=np.array([1.0, 2, 1]), high=np.array([10.0, 20, 10]))
    copied = marked(wide, 4, lambda old: old[:, :1] * [1, 2, 1])
    assert Sign.COPIED in signs(copied, 4)
    assert Sign.COPIED not in signs(marked(wide, 4, lambda old: np.repeat(old[:, :1], 3, axis=1)), 4)


def test_one_criterion_cannot_be_copied() -> None:
    assert judge_signs(panel(criteria=1)) == ()


def test_two_judges_with_the_very_same_marks() -> None:
    given_ = panel()
    same = marked(given_, 5, given_.marks[given_.of(3)])
    found = [found for found in judge_signs(same) if found.sign is Sign.SAME_AS]
    assert [(f.judge, f.facts["other"], f.facts["shared"]) for f in found] == [(3, 5, 24), (5, 3, 24)]


def test_marks_that_hardly_differ_between_criteria() -> None:
    # half of the cards differ in one step of one criterion
    def halo(old: Any) -> Any:
        marks = np.repeat(old[:, :1], CRITERIA, axis=1)
        marks[::2, 1] = np.clip(marks[::2, 1] + 1, 1, 10)
        marks[1::2, 1] = np.clip(marks[1::2, 1], 1, 10)
        return marks

    given_ = panel(n=40)
    found = one(marked(given_, 0, halo), Sign.HALO)
    assert found.facts["spread"] < 0.3 * found.facts["usual"]


def test_upside_down() -> None:
    given_ = marked(panel(), 3, lambda old: 11 - old)
    assert signs(given_, 3) == {Sign.REVERSED}
    assert {found.judge for found in judge_signs(given_)} == {3}


def test_a_few_entries_sunk() -> None:
    def sunk(old: Any) -> Any:
        old[old.mean(axis=1) > 6.5] = 1
        return old

    assert Sign.WILD_SCORES in signs(marked(panel(), 1, sunk), 1)


def test_marks_at_random() -> None:
    random = np.random.default_rng(1)
    noisy = marked(panel(n=40), 0, random.integers(1, 11, (40, 1)).repeat(CRITERIA, axis=1))
    assert signs(noisy) & {Sign.WILD_SCORES, Sign.DISAGREES}


def test_stricter_by_the_hour() -> None:
    when = np.random.default_rng(4).permutation(144).astype(float)
    given_ = replace(panel(), when=when)
    assert judge_signs(given_) == ()
    hours = (when[given_.of(0)] - when.mean())[:, None] / 144
    found = one(marked(given_, 0, lambda old: np.clip(old - 4 * hours, 1, 10)), Sign.DRIFT)
    assert (found.judge, found.facts["cards"]) == (0, 24)
    assert found.facts["change"] < -1
    assert judge_signs(replace(given_, when=np.full(144, np.nan))) == ()


def test_far_faster_than_the_others() -> None:
    given_ = panel()
    minutes = np.where(given_.judge == 2, 1.0, 12.0) + 0.1 * (given_.submission % 3)
    found = one(replace(given_, minutes=minutes), Sign.FAST)
    assert found.judge == 2
    assert dict(found.facts) == pytest.approx({"minutes": 1.1, "usual": 12.1})
    assert judge_signs(replace(given_, minutes=np.where(given_.judge == 2, np.nan, minutes))) == ()
    assert judge_signs(replace(given_, minutes=np.full(144, 5.0))) == ()


def test_a_judge_with_few_scorecards_is_left_alone() -> None:
    given_ = marked(panel(), 2, [7, 6, 7])
    kept = (given_.judge != 2) | (given_.submission < 3)
    few = Papers(
        given_.submission[kept], given_.judge[kept], given_.marks[kept], given_.weights, given_.low, given_.high, 24, 6
    )
    assert signs(few, 2) == set()


def test_a_judge_whom_nobody_overlaps_is_compared_with_nobody() -> None:
    submission = np.repeat(np.arange(24), 2)
    judge = np.where(submission < 12, np.tile([0, 1], 24), 2)
    marks = np.random.default_rng(0).integers(1, 11, (48, 3)).astype(float)
    ends = np.ones(3), np.full(3, 10.0)
    found = judge_signs(Papers(submission, judge, marks, np.ones(3), *ends, 24, 3))
    assert {one.judge for one in found} <= {0, 1}


def test_nothing_yet() -> None:
    none = np.array([], dtype=np.intp)
    empty = Papers(none, none, np.zeros((0, 3)), np.ones(3), np.ones(3), np.full(3, 10.0), 4, 3)
    assert judge_signs(empty) == ()
    assert [found.sign for found in submission_signs(empty, np.array([2, 0, 1, 0]))] == [Sign.MISSING] * 2


def test_a_split_panel_and_missing_judges() -> None:
    given_ = panel()
    marks = given_.marks.copy()
    marks[given_.submission == 5] = np.array([1, 10, 1, 10, 1, 10])[:, None]
    wanted = np.full(24, 6)
    wanted[7] = 8
    found = submission_signs(replace(given_, marks=marks), wanted)
    assert [(one.submission, one.sign) for one in found] == [(5, Sign.SPLIT), (7, Sign.MISSING)]
    assert found[0].facts["high"] - found[0].facts["low"] > 7
    assert dict(found[1].facts) == {"judges": 6, "wanted": 8}


@pytest.mark.parametrize(
    ("asked", "done", "elapsed", "late"),
    [
        (10, 0, 0.4, False),
        (10, 2, 0.5, True),
        (10, 3, 0.5, False),
        (10, 4, 0.9, True),
        (10, 5, 0.9, False),
        (10, 9, 1.0, True),
        (10, 10, 1.0, False),
        (0, 0, 1.0, False),
    ],
)
def test_late(asked: int, done: int, elapsed: float, late: bool) -> None:  # noqa: FBT001 - a column of the table
    found = late_signs([Load(3, asked, done)], elapsed)
    expected = Finding(Sign.LATE, judge=3, facts={"asked": asked, "done": done})
    assert found == ((expected,) if late else ())


@settings(deadline=None, derandomize=True, max_examples=10)
@given(seed=st.integers(0, 10**6))
def test_signs_do_not_depend_on_the_order_of_the_scorecards(seed: int) -> None:
    given_ = papers(contest(12, 3, "hackathon", seed), seed, PLANTED[seed % len(PLANTED)])
    order = np.random.default_rng(seed).permutation(len(given_.judge))
    rows = {name: getattr(given_, name)[order] for name in ("submission", "judge", "marks", "when")}
    one_way, other = judge_signs(given_), judge_signs(replace(given_, **rows))
    assert [(f.sign, f.judge) for f in one_way] == [(f.sign, f.judge) for f in other]


def test_at_most_one_honest_judge_in_fifty_is_pointed_at() -> None:
    found = [alarms((60, k, setting, seed, "honest")) for k in (3, 5) for setting in SETTINGS for seed in range(2)]
    assert sum(one[1] for one in found) == 180
    assert sum(one[0] for one in found) <= 180 / 50


@pytest.mark.parametrize("planted", PLANTED[1:])
def test_nine_in_ten_planted_judges_are_found(planted: str) -> None:
    found = [alarms((60, 5, setting, seed, planted))[2] for setting in SETTINGS for seed in range(4)]
    assert np.mean(found) >= 0.9
