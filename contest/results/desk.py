"""What the committee notes beside the results: who has come, how a name is read aloud, what a prize needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST_NOTE = 500


class DeskKind(StrEnum):
    """What a note is about."""

    ATTENDANCE = "attendance"
    SPOKEN = "spoken"
    PRIZE = "prize"


class Presence(StrEnum):
    """Whether a team has come."""

    PRESENT = "present"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, order=True)
class DeskKey:
    """One cell that people fill in: a submission by code, and the award by code where it is about one."""

    kind: DeskKind
    submission: str
    award: str = ""


DeskNotes = Mapping[DeskKey, str]
"""Notes by what they are about; attendance is a value of `Presence`. What is not noted is not there."""


@dataclass(frozen=True, slots=True)
class DeskChange:
    """A note before and after; empty for none."""

    key: DeskKey
    before: str
    after: str


def untouched(
    returned: DeskNotes, moments: Mapping[DeskKey, datetime], left_at: datetime | None
) -> tuple[DeskKey, ...]:
    """Return the empty cells whose note was written after the file left: nobody emptied them, they never held it.

    `moments`: when each note was written; `left_at`: when the file was made, to the second.
    """
    if left_at is None:
        return ()
    return tuple(key for key, value in returned.items() if not value and key in moments and moments[key] > left_at)


def changes(before: DeskNotes, after: DeskNotes) -> tuple[DeskChange, ...]:
    """Return what `after` changes, in the order of `after`; what it does not name stays as it is."""
    pairs = ((key, before.get(key, ""), value) for key, value in after.items())
    return tuple(DeskChange(key, old, new) for key, old, new in pairs if old != new)
