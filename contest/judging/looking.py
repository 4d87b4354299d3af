"""What is written down when somebody opens what belongs to somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LONGEST = 100
# What of an address says which thing was opened; the number of a page within a file does not.
SUBJECTS = (
    *("round_code", "submission_code", "submission_id", "public_id", "person", "file_id", "late_id"),
    *("certificate_id", "certificate_file", "letter_id", "paper", "scan_id"),
)


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
