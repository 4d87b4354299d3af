"""TOML text: what is written is what the standard library reads."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.exchange.bundle.toml_text import Value, toml_moment, toml_pair, toml_value

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
FLAT = st.one_of(TEXT, st.booleans(), st.integers(-(2**63), 2**63 - 1))
VALUES = st.one_of(FLAT, st.lists(TEXT), st.dictionaries(TEXT, FLAT))


@given(TEXT, VALUES)
def test_what_is_written_is_read(key: str, value: Value) -> None:
    assert tomllib.loads(toml_pair(key, value)) == {key: value}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('a"b\\c\n\x00\x7f', '"a\\"b\\\\c\\n\\u0000\\u007F"'),
        (True, "true"),
        (15, "15"),
        (Decimal("2.50"), '"2.5"'),
        (Decimal("1E+2"), '"100"'),
        (Decimal("-0.125"), '"-0.125"'),
        (["a", "b"], '["a", "b"]'),
        ([], "[]"),
        ({"vi": "x", "a b": 1}, '{ vi = "x", "a b" = 1 }'),
        (datetime(2026, 10, 1, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")), "2026-10-01T08:00:00+07:00"),
        (datetime(2026, 10, 1, 1, 0, 0, 5, tzinfo=UTC), "2026-10-01T01:00:00.000005+00:00"),
    ],
)
def test_spellings(value: Value, text: str) -> None:
    assert toml_value(value) == text


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()))  # noqa: DTZ001 -- hypothesis wants bounds without a zone
def test_moments_are_read_back_as_the_same_instant(moment: datetime) -> None:
    assert tomllib.loads(f"a = {toml_moment(moment)}")["a"] == moment.replace(
        tzinfo=timezone(moment.utcoffset() or timedelta())
    )


@pytest.mark.parametrize("offset", [None, timezone(timedelta(hours=7, seconds=6))])
def test_a_moment_needs_an_offset_of_whole_minutes(offset: timezone | None) -> None:
    with pytest.raises(ValueError, match="whole minutes"):
        toml_moment(datetime(2026, 1, 1, tzinfo=offset))
