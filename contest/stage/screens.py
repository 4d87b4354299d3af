"""What the projector shows between and during the presentations."""

from __future__ import annotations

from enum import StrEnum


class Screen(StrEnum):
    """The clock, who is next, a pause, or nothing but a dark screen."""

    TIMER = "timer"
    NEXT = "next"
    BREAK = "break"
    BLANK = "blank"
