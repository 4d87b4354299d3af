"""What a virus scanner said of a file."""

from __future__ import annotations

from enum import StrEnum


class ScanState(StrEnum):
    """`NONE`: there was no scanner when the file came. Quarantined and unscanned files are closed to their readers."""

    NONE = "none"
    CLEAN = "clean"
    QUARANTINED = "quarantined"
    UNSCANNED = "unscanned"


CLOSED = frozenset({ScanState.QUARANTINED, ScanState.UNSCANNED})
