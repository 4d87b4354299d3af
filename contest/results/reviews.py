"""After the results are frozen: corrections by two persons, and appeals of teams within their window."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from contest.errors import RuleBroken

LONGEST_REASON = 1000
LONGEST_APPEAL = 5000


class CorrectionStatus(StrEnum):
    """Asked by one person; approved or refused by another; done once the next version is frozen."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    DONE = "done"


class AppealEffect(StrEnum):
    """What an answered appeal led to."""

    NONE = "none"
    CORRECTION = "correction"


class AppealWindow(StrEnum):
    """Where the window for appeals stands."""

    NONE = "none"
    BEFORE = "before"
    OPEN = "open"
    OVER = "over"


def appeals_close(published_at: datetime | None, days: int | None) -> datetime | None:
    """Return the first moment at which no appeal is taken any more; None without publication or window."""
    if published_at is None or days is None:
        return None
    return published_at + timedelta(days=days)


def appeal_window(published_at: datetime | None, days: int | None, now: datetime) -> AppealWindow:
    """Tell where the window stands at `now`: NONE where the rules know no appeal, BEFORE until publication."""
    if days is None:
        return AppealWindow.NONE
    closes = appeals_close(published_at, days)
    if closes is None:
        return AppealWindow.BEFORE
    return AppealWindow.OPEN if now < closes else AppealWindow.OVER


def require_second_person(asked_by: int | None, actor_id: int | None) -> None:
    """Refuse that one person both asks and decides. Raises `RuleBroken` "same_person"."""
    if actor_id is None or asked_by == actor_id:
        raise RuleBroken("same_person")
