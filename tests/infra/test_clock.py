"""The server's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from contest.infra import clock

NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


def test_now_is_aware_utc_and_moves() -> None:
    first = clock.now()
    assert first.tzinfo is UTC
    assert abs(datetime.now(UTC) - first) < timedelta(seconds=5)
    assert clock.now() >= first


def test_a_stopped_clock_stands_and_runs_on_afterwards() -> None:
    with clock.stopped_at(NEW_YEAR):
        assert clock.now() == clock.now() == NEW_YEAR
    assert clock.now() != NEW_YEAR


def test_clocks_nest() -> None:
    later = NEW_YEAR + timedelta(days=1)
    with clock.stopped_at(NEW_YEAR):
        with clock.stopped_at(later):
            assert clock.now() == later
        assert clock.now() == NEW_YEAR


def test_the_clock_runs_on_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), clock.stopped_at(NEW_YEAR):
        raise ZeroDivisionError
    assert clock.now() != NEW_YEAR
