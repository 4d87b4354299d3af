"""Numbers as people and files write them, read exactly.

The grammar (TRUST SC-08): an optional ASCII sign, ASCII digits, and optionally one separator with more digits after it.
The separator is a point or a comma and both mean the same: `8.5` is `8,5`. Nothing else is a number here: no grouping,
no exponent, no `nan`, no digits of other scripts, no lone separator (`.5`, `5.`).
"""

from __future__ import annotations

import re
from decimal import Decimal

from contest.errors import RuleBroken

LONGEST = 40
"""Characters of the longest text that is looked at; longer ones are refused unread."""

_GRAMMAR = re.compile(r"([+-]?)([0-9]+)(?:[.,]([0-9]+))?")
_GROUP = 3


def parse_decimal(text: str) -> Decimal:
    """Read a number that a person typed; surrounding white space is trimmed.

    Three digits after the separator could be a grouped thousand (`1.000`, `1,000`) and are refused, unless the part
    before it is zero (`0,125`). Zero never comes back negative. Raises `RuleBroken` "number_invalid" or
    "number_ambiguous", both with `text` (cut to `LONGEST` characters).
    """
    sign, whole, rest = _parts(text)
    if len(rest) == _GROUP and whole.strip("0"):
        raise RuleBroken("number_ambiguous", text=text.strip())
    return _joined(sign, whole, rest)


def parse_plain(text: str) -> Decimal:
    """Read a number out of a data file, where a separator is always the decimal one: `15.000` is 15.

    Same grammar as `parse_decimal` without its ambiguity. Raises `RuleBroken` "number_invalid" with `text`.
    """
    return _joined(*_parts(text))


def _parts(text: str) -> tuple[str, str, str]:
    found = _GRAMMAR.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if found is None:
        raise RuleBroken("number_invalid", text=text[:LONGEST])
    return found[1], found[2], found[3] or ""


def _joined(sign: str, whole: str, rest: str) -> Decimal:
    value = Decimal(f"{sign}{whole}.{rest}") if rest else Decimal(sign + whole)
    return value or value.copy_abs()


def plain(value: Decimal) -> str:
    """Write a number with a point and without needless zeros: `Decimal("100.0")` is "100", `Decimal("1E+2")` too."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
