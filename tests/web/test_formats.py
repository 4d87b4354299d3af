"""Moments, numbers and sizes as people read them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask, g
from flask.ctx import RequestContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contest.editions.rules import LocalText
from contest.web.formats import DEFAULT_ZONE, decimal_text, filesize, is_english, local, localtime, zone_name
from tests.factories import Make

MOMENT = datetime(2026, 12, 31, 18, 5, tzinfo=UTC)  # 1:05 of the new year in Ho Chi Minh City


@dataclass(frozen=True)
class Named:
    name: LocalText


@dataclass(frozen=True)
class Row:
    name_vi: str
    name_en: str


def page(app: Flask, locale: str) -> AbstractContextManager[RequestContext | Any]:
    return app.test_request_context("/", headers={"Cookie": f"locale={locale}"})


@pytest.fixture
def vietnamese(sqlite_app: Flask) -> Iterator[None]:
    with page(sqlite_app, "vi"):
        yield


@pytest.fixture
def english(sqlite_app: Flask) -> Iterator[None]:
    with page(sqlite_app, "en"):
        yield


@pytest.mark.usefixtures("vietnamese")
@pytest.mark.parametrize(("style", "shown"), [("full", "01/01/2027 01:05"), ("date", "01/01/2027"), ("time", "01:05")])
def test_moments_are_shown_in_local_time(style: str, shown: str) -> None:
    assert localtime(MOMENT, style) == shown


@pytest.mark.usefixtures("vietnamese")
def test_a_zone_may_be_named_and_no_moment_is_nothing() -> None:
    assert localtime(MOMENT, "time", "Europe/Paris") == "19:05"
    assert localtime(None) == ""


@pytest.mark.usefixtures("vietnamese")
def test_a_term_that_ends_at_midnight_ends_with_the_day_before() -> None:
    midnight = datetime(2026, 11, 25, 17, tzinfo=UTC)  # 26 November in Ho Chi Minh City
    assert localtime(midnight, "last_day") == "25/11/2026"
    assert localtime(midnight + timedelta(minutes=1), "last_day") == "26/11/2026"


@pytest.mark.usefixtures("vietnamese")
def test_no_other_style_is_known() -> None:
    with pytest.raises(KeyError):
        localtime(MOMENT, "long")


def test_the_zone_is_that_of_the_edition_in_view(app: Flask, make: Make) -> None:
    facts = make.facts(make.edition(timezone="Asia/Tokyo"))
    with page(app, "vi"):
        assert zone_name() == DEFAULT_ZONE
        g.edition = facts
        assert zone_name() == "Asia/Tokyo"
        assert localtime(MOMENT, "time") == "03:05"


def test_outside_of_a_request_the_zone_is_the_usual_one() -> None:
    assert zone_name() == "Asia/Ho_Chi_Minh"
    assert not is_english()


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (Decimal("14.50"), "14,50", "14.50"),
        (Decimal("1E+3"), "1000", "1000"),
        (Decimal("1E-7"), "0,0000001", "0.0000001"),
        (Decimal("-0.5"), "-0,5", "-0.5"),
        ("7.25", "7,25", "7.25"),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_decimals_keep_every_digit(sqlite_app: Flask, value: Decimal | str | None, vi: str, en: str) -> None:
    with page(sqlite_app, "vi"):
        assert decimal_text(value) == vi
    with page(sqlite_app, "en"):
        assert decimal_text(value) == en


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4))
def test_a_shown_decimal_is_the_same_number(vietnamese: None, number: Decimal) -> None:
    assert Decimal(decimal_text(number).replace(",", ".")) == number


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (LocalText("Sơ khảo", "Preliminary"), "Sơ khảo", "Preliminary"),
        (LocalText("Sơ khảo"), "Sơ khảo", "Sơ khảo"),
        (LocalText("", "Preliminary"), "Preliminary", "Preliminary"),
        (Named(LocalText("Sơ khảo", "Preliminary")), "Sơ khảo", "Preliminary"),
        (Row("Bảng A", "Track A"), "Bảng A", "Track A"),
        (Row("Bảng A", ""), "Bảng A", "Bảng A"),
        (Row("", "Track A"), "Track A", "Track A"),
        (Row("", ""), "", ""),
        (None, "", ""),
    ],
)
def test_wordings_fall_back_to_the_other_language(sqlite_app: Flask, value: Any, vi: str, en: str) -> None:
    with page(sqlite_app, "vi"):
        assert local(value) == vi
    with page(sqlite_app, "en"):
        assert local(value) == en


@pytest.mark.parametrize(
    ("size", "vi", "en"),
    [
        (0, "0 B", "0 B"),
        (1023, "1023 B", "1023 B"),
        (1024, "1 KB", "1 KB"),
        (1024 * 1024 - 1, "1023 KB", "1023 KB"),
        (1024 * 1024, "1,0 MB", "1.0 MB"),
        (2_516_582, "2,4 MB", "2.4 MB"),
    ],
)
def test_sizes_are_short(sqlite_app: Flask, size: int, vi: str, en: str) -> None:
    with page(sqlite_app, "vi"):
        assert filesize(size) == vi
    with page(sqlite_app, "en"):
        assert filesize(size) == en
