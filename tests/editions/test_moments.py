from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.moments import offset_label, to_utc, to_wall

HCM = "Asia/Ho_Chi_Minh"


def test_noon_in_ho_chi_minh_city_is_five_in_utc() -> None:
    assert to_utc(datetime(2026, 10, 8, 12, 0), HCM) == datetime(2026, 10, 8, 5, 0, tzinfo=UTC)  # noqa: DTZ001 wall time
    assert to_wall(datetime(2026, 10, 8, 5, 0, tzinfo=UTC), HCM) == datetime(2026, 10, 8, 12, 0)  # noqa: DTZ001 wall time
    assert to_utc(None, HCM) is None
    assert to_wall(None, HCM) is None


def test_a_repeated_hour_means_its_first_run() -> None:
    twice = datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001 wall time
    assert to_utc(twice, "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001 wall times
def test_there_and_back_without_clock_changes(wall: datetime) -> None:
    assert to_wall(to_utc(wall, HCM), HCM) == wall


@pytest.mark.parametrize(
    ("zone", "month", "label"),
    [
        (HCM, 10, "GMT+7"),
        ("UTC", 10, "GMT"),
        ("Asia/Kolkata", 10, "GMT+5:30"),
        ("America/St_Johns", 1, "GMT-3:30"),
        ("Europe/Berlin", 7, "GMT+2"),
        ("Europe/Berlin", 1, "GMT+1"),
    ],
)
def test_zones_as_people_write_them(zone: str, month: int, label: str) -> None:
    assert offset_label(zone, datetime(2026, month, 8, tzinfo=UTC)) == label
