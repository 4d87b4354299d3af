"""The clock of one presentation: the minutes of the pitch, then those of the answers, kept as facts and not as ticks.

What is kept is how much was spent before, and since when the clock runs. Whoever knows these two and the time can show
the same digits: the server, the projector, a phone; and they go on when the network is gone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from contest.errors import RuleBroken

MINUTE = 60_000
EXTRA = 30_000
MOST_EXTRA = 30 * MINUTE
PATIENCE = timedelta(minutes=30)
"""How long ago a button may have been pressed on a phone that had no network."""


class Part(StrEnum):
    """What the clock measures."""

    PITCH = "pitch"
    ANSWERS = "answers"


class Command(StrEnum):
    """What the operator does to the clock. Start also resumes; pitch and answers switch, with a fresh clock."""

    START = "start"
    PAUSE = "pause"
    RESET = "reset"
    PITCH = "pitch"
    ANSWERS = "answers"
    ADD = "add"


@dataclass(frozen=True, slots=True)
class Timer:
    """The clock. `spent` and `extra` in milliseconds; `since` is when it began to run, None while it stands."""

    part: Part = Part.PITCH
    spent: int = 0
    since: datetime | None = None
    extra: int = 0

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self.since is not None

    def elapsed(self, now: datetime) -> int:
        """Return the milliseconds that are used up at `now`."""
        if self.since is None:
            return self.spent
        return self.spent + max(0, round((now - self.since) / timedelta(milliseconds=1)))


@dataclass(frozen=True, slots=True)
class Lengths:
    """Milliseconds of the pitch and of the answers; 0 for a part that the rules do not know."""

    pitch: int
    answers: int

    def of(self, part: Part) -> int:
        """Return the length of a part."""
        return self.pitch if part is Part.PITCH else self.answers


def lengths(pitch_minutes: int | None, answer_minutes: int | None) -> Lengths:
    """Return the lengths that the rules of a round give."""
    return Lengths((pitch_minutes or 0) * MINUTE, (answer_minutes or 0) * MINUTE)


def left(timer: Timer, whole: Lengths, now: datetime) -> int:
    """Return the milliseconds that are left at `now`; negative once the time is over."""
    return whole.of(timer.part) + timer.extra - timer.elapsed(now)


def pressed(timer: Timer, command: Command, at: datetime) -> Timer:
    """Return the clock after a button was pressed at `at`.

    Pressing start on a running clock, or pause on one that stands, changes nothing: two operators may press at once.
    Raises `RuleBroken` "timer_extra" when half an hour was added already.
    """
    if command is Command.START:
        return timer if timer.running else replace(timer, since=at)
    if command is Command.PAUSE:
        return replace(timer, spent=timer.elapsed(at), since=None)
    if command is Command.ADD:
        if timer.extra + EXTRA > MOST_EXTRA:
            raise RuleBroken("timer_extra")
        return replace(timer, extra=timer.extra + EXTRA)
    if command is Command.RESET:
        return Timer(timer.part)
    part = Part(command.value)
    return timer if timer.part is part else Timer(part, since=at if timer.running else None)


def moment_of(claimed: datetime | None, changed: datetime | None, now: datetime) -> datetime:
    """Return when a button counts as pressed: as its phone says, but not before the last change nor in the future.

    A phone that was cut off sends its buttons later; a wrong clock moves nothing by more than `PATIENCE`.
    """
    if claimed is None:
        return now
    earliest = now - PATIENCE if changed is None else max(changed, now - PATIENCE)
    return min(now, max(claimed, earliest))
