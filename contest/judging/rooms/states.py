"""What the operator of a live event says about an entry."""

from __future__ import annotations

from enum import StrEnum


class EntryState(StrEnum):
    """Whether judges can be sent to an entry now. Busy: somebody talks to the team; away: nobody is there."""

    PRESENT = "present"
    BUSY = "busy"
    AWAY = "away"
