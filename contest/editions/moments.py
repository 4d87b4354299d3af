"""Wall-clock times of an edition's place, and the moments they stand for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_HOUR = 3600


def to_utc(wall: datetime | None, timezone: str) -> datetime | None:
    """Return the moment of a naive local time; of a time that a clock change repeats, the first one."""
    return None if wall is None else wall.replace(tzinfo=ZoneInfo(timezone), fold=0).astimezone(UTC)


def to_wall(moment: datetime | None, timezone: str) -> datetime | None:
    """Return the naive local time of a moment, as an input of a form shows it."""
    return None if moment is None else moment.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)


def local_day(moment: datetime, timezone: str) -> date:
    """Return the day of a moment in a place: it changes at that place's midnight."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def end_of(day: date, timezone: str) -> datetime:
    """Return the midnight at the end of a local day: the first moment that is too late for it."""
    wall = datetime.combine(day + timedelta(days=1), time.min)
    return wall.replace(tzinfo=ZoneInfo(timezone), fold=0).astimezone(UTC)


def offset_label(timezone: str, moment: datetime) -> str:
    """Return how people write the zone: "GMT+7", "GMT-3:30", "GMT"."""
    offset = moment.astimezone(ZoneInfo(timezone)).utcoffset()
    seconds = 0 if offset is None else int(offset.total_seconds())
    if not seconds:
        return "GMT"
    hours, rest = divmod(abs(seconds), _HOUR)
    minutes = f":{rest // 60:02d}" if rest else ""
    return f"GMT{'-' if seconds < 0 else '+'}{hours}{minutes}"
