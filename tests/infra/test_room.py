"""Readings of the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from contest.infra.room import Room, look, usage

GB = 1 << 30


@pytest.mark.parametrize(
    ("free", "state", "left"),
    [
        (50 * GB, "", 49 * GB),
        (10 * GB, "", 9 * GB),
        (10 * GB - 1, "low", 9 * GB - 1),
        (GB + 1, "low", 1),
        (GB, "full", 0),
        (0, "full", 0),
    ],
)
def test_the_alarm_comes_before_the_floor(free: int, state: str, left: int) -> None:
    found = Room(total=200 * GB, free=free, floor=GB)
    assert ("full" if found.full else "low" if found.low else "") == state
    assert found.left == left


def test_a_small_disk_is_low_at_twice_its_floor() -> None:
    assert Room(total=10 * GB, free=2 * GB - 1, floor=GB).low
    assert not Room(total=10 * GB, free=2 * GB, floor=GB).low


def test_without_a_floor_nothing_is_low_before_it_is_full() -> None:
    assert not Room(total=10, free=1, floor=0).low
    assert Room(total=10, free=0, floor=0).full


def test_a_folder_that_is_not_there_yet_is_read_through_the_one_above(tmp_path: Path) -> None:
    assert usage(tmp_path / "a" / "b")[0] == usage(tmp_path)[0] > 0
    assert look(tmp_path, 7).floor == 7
