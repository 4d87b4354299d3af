"""Who may confirm a file that waits."""

from __future__ import annotations

from datetime import datetime

from contest.accounts.roles import Identity, Nobody
from contest.exchange.waiting import WaitingFile


def can_use_file(user: Identity | Nobody, file: WaitingFile, now: datetime) -> bool:
    """Tell whether the file is the person's own and still there; the matching query is `queries.waiting_file`."""
    return user.id == file.user_id and now < file.expires_at
