"""The clock of a presentation: what it says at each moment, whoever presses what, and when."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.errors import RuleBroken
from contest.stage.timer import EXTRA, MINUTE, Command, Lengths, Part, Timer, left, lengths, moment_of, pressed
from tests.factories import NOON

WHOLE = lengths(5, 3)
S = timedelta(seconds=1)


def after(seconds: float) -> datetime:
    return NOON + seconds * S


def played(*presses: tuple[Command, float]) -> Timer:
    timer = Timer()
    for command, seconds in presses:
        timer = pressed(timer, command, after(seconds))
    return timer


def test_lengths_come_from_the_rules_and_a_part_without_minutes_has_none() -> None:
    assert lengths(5, 3) == Lengths(300_000, 180_000)
    assert lengths(None, None) == Lengths(0, 0)


@pytest.mark.parametrize(
    ("presses", "at", "expected"),
    [
        ((), 100, 300_000),
        (((Command.START, 0),), 61.5, 238_500),
        (((Command.START, 0), (Command.PAUSE, 10)), 99, 290_000),
        (((Command.START, 0), (Command.PAUSE, 10), (Command.START, 50)), 55, 285_000),
        (((Command.START, 0), (Command.START, 30)), 40, 260_000),
        (((Command.PAUSE, 5), (Command.PAUSE, 9)), 10, 300_000),
        (((Command.START, 0),), 312, -12_000),
        (((Command.START, 0), (Command.ADD, 3), (Command.ADD, 4)), 10, 350_000),
        (((Command.START, 0), (Command.ADD, 3), (Command.RESET, 20)), 90, 300_000),
        (((Command.START, 0), (Command.ANSWERS, 200)), 210, 170_000),
        (((Command.START, 0), (Command.PAUSE, 9), (Command.ANSWERS, 200)), 210, 180_000),
        (((Command.START, 0), (Command.PITCH, 9)), 10, 290_000),
    ],
)
def test_what_is_left(presses: tuple[tuple[Command, float], ...], at: float, expected: int) -> None:
    assert left(played(*presses), WHOLE, after(at)) == expected


def test_no_more_than_half_an_hour_is_added() -> None:
    timer = Timer(extra=30 * MINUTE - EXTRA)
    full = pressed(timer, Command.ADD, NOON)
    assert full.extra == 30 * MINUTE
    with pytest.raises(RuleBroken) as refused:
        pressed(full, Command.ADD, NOON)
    assert refused.value.code == "timer_extra"


@given(st.lists(st.tuples(st.sampled_from([Command.START, Command.PAUSE]), st.integers(0, 900)), max_size=12))
def test_only_the_time_between_start_and_pause_is_spent(presses: list[tuple[Command, int]]) -> None:
    ordered = sorted(presses, key=lambda press: press[1])
    running, spent, last = False, 0, 0
    for command, at in ordered:
        spent += (at - last) if running else 0
        running, last = command is Command.START, at
    spent += (1_000 - last) if running else 0
    assert played(*ordered).elapsed(after(1_000)) == 1_000 * spent


@pytest.mark.parametrize(
    ("claimed", "changed", "expected"),
    [
        (None, None, 0),
        (-20, None, -20),  # pressed on a phone that was cut off
        (-20, -5, -5),  # but something came after it: it counts from there
        (40, None, 0),  # a wrong clock: never in the future
        (-4_000, None, -1_800),  # nor longer ago than a phone may have been away
        (-4_000, -3_000, -1_800),
    ],
)
def test_when_a_button_counts_as_pressed(claimed: float | None, changed: float | None, expected: float) -> None:
    said = None if claimed is None else after(claimed)
    before = None if changed is None else after(changed)
    assert moment_of(said, before, NOON) == after(expected)


def test_switching_the_part_keeps_running_from_its_own_beginning() -> None:
    timer = played((Command.START, 0), (Command.ADD, 1), (Command.ANSWERS, 100))
    assert timer == Timer(Part.ANSWERS, since=after(100))
