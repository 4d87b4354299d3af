"""Exact rounding and printing: `editions.numbers` reads numbers, this module rounds them once."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

_TEN = 10


def half_up(numerator: int, denominator: int) -> int:
    """Divide two integers and round to a whole number, an exact half away from zero. `denominator` is positive."""
    doubled = (2 * abs(numerator) + denominator) // (2 * denominator)
    return doubled if numerator >= 0 else -doubled


def scaled(units: int, places: int) -> Decimal:
    """Return `units` of the last printed place as a Decimal with exactly `places` places, whatever its length."""
    return Decimal(f"{units}E-{places}")


def round_half_up(value: Decimal | Fraction | int, places: int) -> Decimal:
    """Round once, on the exact value, to `places` decimal places; an exact half goes away from zero.

    Independent of the decimal context, so that no precision setting can round twice. Raises `ValueError` for NaN and
    `OverflowError` for an infinity, which no result may be.
    """
    numerator, denominator = value.as_integer_ratio()
    return scaled(half_up(numerator * _TEN**places, denominator), places)


def format_decimal(value: Decimal | Fraction | int, places: int) -> str:
    """Print a number with a point and exactly `places` digits after it, rounded half up."""
    return f"{round_half_up(value, places):f}"
