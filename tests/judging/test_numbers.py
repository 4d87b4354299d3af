from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.judging.numbers import format_decimal, half_up, round_half_up, scaled


@pytest.mark.parametrize(
    ("value", "places", "printed"),
    [
        (Decimal("2.345"), 2, "2.35"),
        (Decimal("2.344999999999999999999999999999999999"), 2, "2.34"),
        (Decimal("-2.345"), 2, "-2.35"),
        (Decimal("0.5"), 0, "1"),
        (Decimal("1.5"), 0, "2"),
        (Decimal("2.5"), 0, "3"),
        (Decimal("-0.5"), 0, "-1"),
        (Decimal("-0.4"), 0, "0"),
        (Decimal("9.995"), 2, "10.00"),
        (Fraction(1, 3), 3, "0.333"),
        (Fraction(2, 3), 3, "0.667"),
        (Fraction(1, 8), 2, "0.13"),
        (7, 2, "7.00"),
        (0, 2, "0.00"),
        (Decimal("1E+3"), 1, "1000.0"),
        (Decimal("1E-30"), 6, "0.000000"),
    ],
)
def test_halves_go_away_from_zero_once(value: Decimal | Fraction | int, places: int, printed: str) -> None:
    assert format_decimal(value, places) == printed


@given(st.fractions(max_denominator=4000), st.integers(0, 6))
def test_rounding_is_the_nearest_printable_number(value: Fraction, places: int) -> None:
    rounded = Fraction(round_half_up(value, places))
    unit = Fraction(1, 10**places)
    assert (rounded / unit).denominator == 1
    assert abs(rounded - value) <= unit / 2
    if abs(rounded - value) == unit / 2:
        assert abs(rounded) > abs(value)


@given(st.decimals(-1000, 1000, places=5), st.integers(0, 4))
def test_rounding_agrees_with_the_standard_library(value: Decimal, places: int) -> None:
    assert round_half_up(value, places) == value.quantize(Decimal(1).scaleb(-places), decimal.ROUND_HALF_UP)


def test_no_decimal_context_changes_a_result() -> None:
    long = "12345678901234567890123456789012345.67"
    with decimal.localcontext() as context:
        context.prec = 3
        context.rounding = decimal.ROUND_DOWN
        assert format_decimal(Decimal(long), 1) == "12345678901234567890123456789012345.7"


def test_no_result_is_nan_or_infinite() -> None:
    with pytest.raises(ValueError, match="NaN"):
        round_half_up(Decimal("nan"), 2)
    with pytest.raises(OverflowError):
        round_half_up(Decimal("inf"), 2)


@given(st.integers(), st.integers(1, 10**12))
def test_half_up_is_symmetric(numerator: int, denominator: int) -> None:
    assert half_up(-numerator, denominator) == -half_up(numerator, denominator)
    assert abs(half_up(numerator, denominator) * denominator - numerator) * 2 <= denominator


@given(st.integers(), st.integers(0, 8))
def test_scaled_keeps_every_digit_and_place(units: int, places: int) -> None:
    value = scaled(units, places)
    assert Fraction(value) == Fraction(units, 10**places)
    assert len(f"{value:f}".partition(".")[2]) == places
