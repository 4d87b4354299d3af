"""Exact rounding and printing: `editions.numbers` reads numbers, this module rounds them once."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

_TEN = 10


def half_up(numerator: int, denominator: int) -> int:
    """Divide two integers and round to a whole number, an exact half away from zero. `denominator` is positive."""
    doubled = (2 * abs(numerator) + denominator) // (2 * denominator)
    return doubled if numerator >= 0 else -doubled


def units_of(number: Decimal) -> tuple[int, int]:
    """Split a finite Decimal into (units, places) with places >= 0: 1.60 becomes (160, 2)."""
    sign, digits, exponent = number.as_tuple()
    places = max(0, -int(exponent))
    units = int("".join(map(str, digits)) or "0") * int(_TEN ** (int(exponent) + places))
    return (-units if sign else units), places


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
