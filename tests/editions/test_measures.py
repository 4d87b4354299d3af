"""From a measured number to a share of a criterion's scale."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.measures import Conversion, Measure
from contest.errors import RuleBroken

LINEAR, LEADER, PLACES = Conversion


def shares(measure: Measure, *raw: int | str | None) -> list[Fraction | None]:
    return list(measure.shares([None if one is None else Decimal(one) for one in raw]))


def test_a_line_between_two_ends_is_cut_off_beyond_them() -> None:
    measure = Measure(LINEAR, best=Decimal(90), worst=Decimal(50))
    assert shares(measure, 50, 60, 90, 40, 95) == [0, Fraction(1, 4), 1, 0, 1]


def test_rule_07_lower_is_better_when_the_best_end_is_the_lower_one() -> None:
    measure = Measure(LINEAR, best=Decimal("0.1"), worst=Decimal("0.5"))
    assert shares(measure, "0.1", "0.2", "0.5", "0.7") == [1, Fraction(3, 4), 0, 0]


def test_the_leader_takes_the_maximum_and_the_others_in_proportion() -> None:
    assert shares(Measure(LEADER), 200, 150, 0, 1) == [1, Fraction(3, 4), 0, Fraction(1, 200)]
    assert shares(Measure(LEADER, lower_is_better=True), 10, 20, 40) == [1, Fraction(1, 2), Fraction(1, 4)]


@pytest.mark.parametrize("lower", [False, True])
def test_below_zero_only_the_leader_gets_anything(*, lower: bool) -> None:
    expected = [0, 1, 0] if lower else [1, 0, 0]
    assert shares(Measure(LEADER, lower_is_better=lower), -1, -5, -2) == expected


def test_nobody_voted_for() -> None:
    assert shares(Measure(LEADER), 0, 0) == [1, 1]


def test_places_are_even_steps_and_equal_numbers_share_the_mean_place() -> None:
    assert shares(Measure(PLACES), 9, 7, 7, 1) == [1, Fraction(1, 2), Fraction(1, 2), 0]
    assert shares(Measure(PLACES, lower_is_better=True), 9, 7, 1) == [0, Fraction(1, 2), 1]
    assert shares(Measure(PLACES), 5) == [1]
    assert shares(Measure(PLACES), 5, 5, 5) == [Fraction(1, 2)] * 3


def test_what_is_not_measured_has_no_share_and_takes_part_in_nobody_elses() -> None:
    assert shares(Measure(PLACES), 9, None, 1) == [1, None, 0]
    assert shares(Measure(LEADER), None, None) == [None, None]


@pytest.mark.parametrize("ends", [(None, None), (Decimal(1), None), (None, Decimal(1)), (Decimal(2), Decimal("2.0"))])
def test_a_line_needs_two_different_ends(ends: tuple[Decimal | None, Decimal | None]) -> None:
    with pytest.raises(RuleBroken) as refused:
        Measure(LINEAR, best=ends[0], worst=ends[1])
    assert refused.value.code == "measure_without_ends"


measures = st.one_of(
    st.builds(Measure, st.just(LINEAR), st.integers(-9, 0).map(Decimal), st.integers(1, 9).map(Decimal)),
    st.builds(Measure, st.sampled_from([LEADER, PLACES]), lower_is_better=st.booleans()),
)


@given(measures, st.lists(st.integers(-20, 20), min_size=1, max_size=8))
def test_shares_lie_on_the_scale_and_follow_the_numbers(measure: Measure, raw: list[int]) -> None:
    found = shares(measure, *raw)
    lower = measure.conversion is LINEAR or measure.lower_is_better  # the best end is the lower one above
    assert all(share is not None and 0 <= share <= 1 for share in found)
    better = sorted(zip(raw, found, strict=True), key=lambda pair: pair[0], reverse=not lower)
    values = [share for _, share in better if share is not None]
    assert values == sorted(values, reverse=True)
