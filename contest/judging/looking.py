"""What is written down when somebody opens what belongs to somebody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST = 100
# What of an address says which thing was opened; the number of a page within a file does not.
SUBJECTS = (
    *("round_code", "submission_code", "submission_id", "public_id", "person", "file_id", "late_id"),
    *("certificate_id", "certificate_file", "letter_id", "paper", "scan_id"),
    *("member_id", "consent_record", "privacy_request"),
)


def bursts(moments: Sequence[datetime], most: int, within: timedelta) -> list[tuple[int, int]]:
    """Return where more than `most` moments, in order, lie within a time: as places from, to (exclusive).

    Bursts that overlap are one.
    """
    found: list[tuple[int, int]] = []
    start = 0
    for end, moment in enumerate(moments, 1):
        while moment - moments[start] >= within:
            start += 1
        if end - start <= most:
            continue
        if found and found[-1][1] > start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One look. `kind` says what `key` is the id of, "" for what is nobody's alone."""

    edition_code: str
    user_id: int
    page: str
    subject: str
    kind: str = ""
    key: str = ""


def line_of(page: str, named: Mapping[str, object], variable: str, kind: str, *, user_id: int) -> Line:
    """Return the line for an address by its variables; `variable` tells whose it is, or is ""."""
    subject = " ".join(dict.fromkeys(str(named[name]) for name in SUBJECTS if name in named))[:LONGEST]
    return Line(str(named["edition_code"]), user_id, page, subject, kind, str(named.get(variable, "")))
