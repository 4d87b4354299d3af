"""TOML, written exactly: the standard library reads it only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from contest.exchange.bundle.findings import plain

Value = str | bool | int | Decimal | datetime | date | Sequence[str] | Mapping[str, "Value"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def toml_value(value: Value) -> str:
    """Write one value on one line; decimals become strings, so that they stay exact."""
    if isinstance(value, int):
        return str(value).lower()  # True is an int, too
    if isinstance(value, Decimal):
        return f'"{plain(value)}"'
    if isinstance(value, date):  # a moment is a day, too
        return toml_moment(value) if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, str):
        return f'"{"".join(map(_escaped, value))}"'
    if isinstance(value, Mapping):
        return f"{{ {', '.join(toml_pair(key, each) for key, each in value.items())} }}"
    return f"[{', '.join(toml_value(each) for each in value)}]"


def toml_pair(key: str, value: Value) -> str:
    """Write `key = value`."""
    return f"{key if _BARE.fullmatch(key) else toml_value(key)} = {toml_value(value)}"


def toml_moment(moment: datetime) -> str:
    """Write an aware moment with its offset."""
    offset = moment.utcoffset()
    if offset is None or offset % timedelta(minutes=1):
        raise ValueError(f"{moment!r} has no offset of whole minutes")
    return moment.isoformat()


def _escaped(mark: str) -> str:
    if mark in _ESCAPES:
        return _ESCAPES[mark]
    hidden = mark < " " or mark == "\x7f"
    return f"\\u{ord(mark):04X}" if hidden else mark
