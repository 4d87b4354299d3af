from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.rules import (
    LocalText,
    RoundRules,
    Rubric,
    Source,
)
from contest.errors import RuleBroken
from tests.editions.samples import spec


def test_a_wording_falls_back_to_the_other_language() -> None:
    both, vietnamese, english = LocalText("Vòng", "Round"), LocalText("Vòng"), LocalText("", "Round")
    assert [one.in_("vi") for one in (both, vietnamese, english)] == ["Vòng", "Vòng", "Round"]
    assert [one.in_("en_GB") for one in (both, vietnamese, english)] == ["Round", "Vòng", "Round"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"code": ""}, "criterion_without_code"),
        ({"step": Decimal(0)}, "scale_empty"),
        ({"step": Decimal(-1)}, "scale_empty"),
        ({"maximum": Decimal(0)}, "scale_empty"),
        ({"minimum": Decimal(11)}, "scale_empty"),
        ({"step": Decimal(3)}, "scale_not_whole_steps"),
        ({"weight": Decimal("-0.1")}, "weight_negative"),
        ({"floor": Decimal("10.5")}, "floor_outside_scale"),
        ({"minimum": Decimal(1), "maximum": Decimal(5), "floor": Decimal(0)}, "floor_outside_scale"),
    ],
)
def test_scales_on_which_no_mark_could_be_stored(values: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        spec(**values)
    assert refused.value.code == code


def test_marks_and_points_of_a_scale_that_starts_at_one() -> None:
    five = spec(minimum=Decimal(1), maximum=Decimal(5), step=Decimal("0.25"))
    assert five.max_points == 16
    assert [five.points_of(Decimal(mark)) for mark in ("1", "1.25", "5")] == [0, 1, 16]
    assert five.value_of(16) == 5


@pytest.mark.parametrize("mark", ["-0.5", "10.5", "NaN", "Infinity"])
def test_marks_outside_the_scale_are_refused_with_the_scale(mark: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        spec().points_of(Decimal(mark))
    assert refused.value.code == "score_out_of_range"
    assert (refused.value.facts["low"], refused.value.facts["high"]) == (Decimal(0), Decimal(10))


def test_marks_between_the_steps_are_refused_with_the_step() -> None:
    with pytest.raises(RuleBroken) as refused:
        spec().points_of(Decimal("7.25"))
    assert refused.value.code == "score_off_step"
    assert refused.value.facts["step"] == Decimal("0.5")


@given(
    st.integers(min_value=-50, max_value=50),
    st.integers(min_value=1, max_value=400),
    st.sampled_from(["0.01", "0.25", "0.5", "1", "5"]),
    st.data(),
)
def test_points_and_marks_are_two_spellings_of_one_thing(low: int, steps: int, step: str, data: st.DataObject) -> None:
    one = spec(minimum=Decimal(low), maximum=low + steps * Decimal(step), step=Decimal(step))
    assert one.max_points == steps
    points = data.draw(st.integers(min_value=0, max_value=steps))
    assert one.points_of(one.value_of(points)) == points


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"decimals": -1}, "decimals_out_of_range"),
        ({"decimals": 7}, "decimals_out_of_range"),
        ({"trim": -1}, "trim_negative"),
        ({"min_judges": 0}, "min_judges_below_one"),
        ({"judges_per_submission": 0}, "judges_per_submission_below_one"),
    ],
)
def test_numbers_that_no_round_can_work_with(values: dict[str, int], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        RoundRules(**values)  # type: ignore[arg-type]  # parametrized
    assert refused.value.code == code


def test_a_rubric_refuses_equal_codes_and_weights_of_zero() -> None:
    with pytest.raises(RuleBroken) as twice:
        Rubric((spec("A"), spec("B"), spec("A")))
    assert (twice.value.code, twice.value.facts) == ("criterion_twice", {"criterion": "A"})
    with pytest.raises(RuleBroken, match="weights_sum_to_zero"):
        Rubric((spec("A", weight=Decimal(0)), spec("B", weight=Decimal(0))))
    assert Rubric((spec("A", weight=Decimal(0)), spec("B"))).maximum == 10


def test_the_highest_total_and_what_judges_fill() -> None:
    rubric = Rubric((spec("A", weight=Decimal("2.5")), spec("ATT", source=Source.ORGANISER, maximum=Decimal(15))))
    assert rubric.maximum == 40
    assert [one.code for one in rubric.judged] == ["A"]
    assert Rubric().maximum == 0
