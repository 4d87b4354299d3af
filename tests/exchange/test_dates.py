"""Dates of sheets: the likely reading, the other one, and what a column tells of both."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.errors import RuleBroken
from contest.exchange.dates import DateHints, DateRead, clean_date, clean_moment, date_hints


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "value", "other"),
    [
        ("26/11/2003", "2003-11-26", None),
        ("25-02-04", "2004-02-25", None),
        ("2008-01-12", "2008-01-12", None),
        ("2026-09-14 13:37:00", "2026-09-14", None),
        ("09/20/2026", "2026-09-20", None),
        ("12/09/2026", "2026-09-12", "2026-12-09"),
        ("05/05/2000", "2000-05-05", None),
        ("1.2.03", "2003-02-01", "2003-01-02"),
        ("99-12-31", "1999-12-31", None),
        ("31-12-99", "1999-12-31", None),
        ("00-01-02", "2000-01-02", None),
        ("29/02/2024", "2024-02-29", None),
        (" 26 / 11 / 2003 ", None, None),
        ("29/02/2023", None, None),
        ("32/01/2023", None, None),
        ("13/13/2023", None, None),
        ("123/1/2003", None, None),
        ("2003", None, None),
        ("sinh năm 2003", None, None),
        ("", None, None),
        ("26/11/2003 25:00", None, None),
        ("２６/11/2003", None, None),
    ],
)
def test_spellings(text: str, value: str | None, other: str | None) -> None:
    if value is None:
        with pytest.raises(RuleBroken) as caught:
            clean_date(text)
        assert caught.value.code == "date_unknown"
        return
    read = DateRead(date.fromisoformat(value), date.fromisoformat(other) if other else None)
    assert clean_date(text) == read


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("17/09/2026 06:30:00", "2026-09-17 06:30:00"),
        ("09/20/2026 21:34:00", "2026-09-20 21:34:00"),
        ("26/09/2026 6:23", "2026-09-26 06:23:00"),
        ("26/09/2026 6:23:01 CH", "2026-09-26 18:23:01"),
        ("26/09/2026, 12:05 SA", "2026-09-26 00:05:00"),
        ("9/26/2026 12:05 pm", "2026-09-26 12:05:00"),
        ("2026-09-26T06:23:01", "2026-09-26 06:23:01"),
    ],
)
def test_times_of_day(text: str, moment: str) -> None:
    assert clean_moment(text).value == at(moment)


def test_real_dates_are_taken_as_they_are() -> None:
    assert clean_moment(at("2026-09-14 13:37:00+07:00")).value == at("2026-09-14 13:37:00")
    assert clean_moment(date(2010, 2, 24)).value == at("2010-02-24")
    assert clean_date(at("2010-02-24 05:00")) == DateRead(date(2010, 2, 24))


def test_hints_decide() -> None:
    text = "12/09/2026"
    assert clean_date(text, DateHints(day_first=True)) == DateRead(date(2026, 9, 12))
    assert clean_date(text, DateHints(day_first=False)) == DateRead(date(2026, 12, 9))
    assert clean_date("26/09/2026", DateHints(day_first=False)) == DateRead(date(2026, 9, 26))
    assert clean_date(text, DateHints(earliest=date(2026, 12, 1))) == DateRead(date(2026, 12, 9))
    assert clean_date(text, DateHints(latest=date(2026, 9, 30))) == DateRead(date(2026, 9, 12))
    assert clean_date(text, DateHints(earliest=date(2030, 1, 1))) == DateRead(date(2026, 9, 12), date(2026, 12, 9))


def test_two_digits_belong_to_the_last_possible_century() -> None:
    assert clean_date("01-06-26", DateHints(latest=date(2025, 1, 1))).value == date(1926, 6, 1)
    assert clean_date("01-06-26", DateHints(latest=date(2026, 9, 1))).value == date(2026, 6, 1)


def test_a_column_that_agrees_gives_the_order() -> None:
    assert date_hints(["26/11/2003", "05/04/2000", "2008-01-12", "x", ""]) == DateHints(day_first=True)
    assert date_hints(["09/20/2026", "09/10/2026"]) == DateHints(day_first=False)


def test_a_mixed_column_gives_the_span_of_its_sure_dates() -> None:
    hints = date_hints(["17/09/2026", "09/20/2026", "12/09/2026", "2026-09-03 04:27:00", "05/05/2026 01:00"])
    assert hints == DateHints(None, date(2026, 4, 28), date(2026, 9, 27))


def test_a_column_without_evidence_gives_nothing() -> None:
    assert date_hints([]) == DateHints()
    assert date_hints(["12/09/2026", "2008-01-12"]) == DateHints()


def test_spans_end_where_the_calendar_does() -> None:
    assert date_hints(["01/13/0001", "31/12/9999"]) == DateHints(None, date(1, 1, 6), date(9999, 12, 31))


DATES = st.dates(date(1950, 1, 1), date(2049, 12, 31))


@given(DATES, st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%m/%d/%Y", "%d.%m.%Y"]))
def test_one_of_the_readings_is_right(day: date, pattern: str) -> None:
    read = clean_date(day.strftime(pattern))
    assert day in (read.value, read.other)


@given(st.lists(DATES, min_size=1))
def test_a_day_first_column_with_one_late_day_is_read_without_doubt(days: list[date]) -> None:
    texts = [day.strftime("%d/%m/%Y") for day in (*days, date(2003, 11, 26))]
    hints = date_hints(texts)
    assert [clean_date(text, hints) for text in texts[:-1]] == [DateRead(day) for day in days]


@given(st.one_of(st.text(max_size=30), st.text(alphabet="0123456789/-.: ACHS", max_size=24)))
def test_only_one_refusal(text: str) -> None:
    try:
        read = clean_date(text)
    except RuleBroken as error:
        assert error.code == "date_unknown"  # noqa: PT017 -- most texts are refused, all must be in this way
        return
    assert read.value != read.other
    assert date_hints([text]).day_first in (None, True, False)
