"""Files that wait for a yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LIFE = timedelta(hours=24)
MOST_WAITING = 5
"""Files that one person may have waiting; the oldest give way."""


class Purpose(StrEnum):
    """What a file is for."""

    BUNDLE = "bundle"
    FORM = "form"
    NOTES = "notes"


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """An uploaded file between preview and confirmation."""

    id: int
    public_id: str
    user_id: int
    edition_id: int | None
    purpose: Purpose
    filename: str
    storage_key: str
    expires_at: datetime
