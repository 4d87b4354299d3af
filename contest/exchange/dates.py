"""Dates in the spellings of real sheets, with the second reading whenever there is one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from contest.errors import RuleBroken
from contest.exchange.cleaning import clean_text

_DATE = re.compile(
    r"(?P<a>[0-9]{1,4})[-/.](?P<b>[0-9]{1,2})[-/.](?P<c>[0-9]{1,4})"
    r"(?:[ T,]+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?(?: ?(?P<half>AM|PM|SA|CH))?)?",
    re.IGNORECASE,
)
_LONG_YEAR = 4
_PIVOT = 70  # without a hint, 70-99 belong to the last century
_SPAN = timedelta(days=7)
_NOON = 12


@dataclass(frozen=True, slots=True)
class DateHints:
    """What a column tells about its dates: the order of day and month, and the span in which they lie."""

    day_first: bool | None = None
    earliest: date | None = None
    latest: date | None = None


NO_HINTS = DateHints()


@dataclass(frozen=True, slots=True)
class Moment:
    """The likely reading, and the other one when the text does not decide."""

    value: datetime
    other: datetime | None = None


@dataclass(frozen=True, slots=True)
class DateRead:
    """As `Moment`, without the time of day."""

    value: date
    other: date | None = None


def clean_date(value: str | datetime | date, hints: DateHints = NO_HINTS) -> DateRead:
    """Read a date: `26/11/2003`, `25-02-04`, `2008-01-12`, `09/20/2026` (month first only when it must be).

    Raises `RuleBroken` "date_unknown" with `text`.
    """
    moment = clean_moment(value, hints)
    other = moment.other.date() if moment.other else None
    return DateRead(moment.value.date(), other if other != moment.value.date() else None)


def clean_moment(value: str | datetime | date, hints: DateHints = NO_HINTS) -> Moment:
    """Read a date with an optional time of day, local and without a zone. Raises `RuleBroken` "date_unknown"."""
    if isinstance(value, datetime):
        return Moment(value.replace(tzinfo=None))
    if isinstance(value, date):
        return Moment(datetime.combine(value, time()))
    readings = _readings(value, hints)
    if not readings:
        raise RuleBroken("date_unknown", text=clean_text(value)[:40])
    inside = [each for each in readings if _within(each.date(), hints)] or readings
    return Moment(inside[0], inside[1] if len(inside) > 1 else None)


def date_hints(values: Iterable[str]) -> DateHints:
    """Learn from a column: its order when all sure dates agree, else the span of the sure dates and a week around."""
    sure: list[datetime] = []
    orders: set[bool] = set()
    for value in values:
        named = dict(_named_readings(value, DateHints()))
        if len(set(named.values())) == 1:
            sure.append(next(iter(named.values())))
        if len(named) == 1:
            orders |= {name == "day" for name in named if name in ("day", "month")}
    if len(orders) == 1:
        return DateHints(day_first=orders.pop())
    if not orders or not sure:
        return DateHints()
    return DateHints(None, _shifted(min(sure).date(), -_SPAN), _shifted(max(sure).date(), _SPAN))


def _shifted(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return day


def _readings(text: str, hints: DateHints) -> list[datetime]:
    """Return the valid readings, the likely one first, each once."""
    named = dict(_named_readings(text, hints))
    if hints.day_first is not None:
        first, second = ("day", "month") if hints.day_first else ("month", "day")
        if first in named:
            named.pop(second, None)
    return list(dict.fromkeys(named.values()))


def _named_readings(text: str, hints: DateHints) -> Iterator[tuple[str, datetime]]:
    """Yield ("year" | "day" | "month", moment) for each order in which the numbers make a date."""
    found = _DATE.fullmatch(clean_text(text))
    if not found:
        return
    a, b, c = found["a"], found["b"], found["c"]
    if len(a) == _LONG_YEAR:
        orders = [("year", a, b, c)]
    elif len(a) > 2:  # noqa: PLR2004 -- three digits are neither a day nor a year
        return
    else:
        orders = [("day", c, b, a), ("month", c, a, b)]
        if len(c) <= 2 and not 1 <= int(a) <= 31:  # noqa: PLR2004 -- no day, so it can only be a year
            orders = [("year", a, b, c)]
    for name, year, month, day in orders:
        moment = _moment(_full_year(year, hints), int(month), int(day), found)
        if moment is not None:
            yield name, moment


def _full_year(digits: str, hints: DateHints) -> int:
    year = int(digits)
    if len(digits) > 2:  # noqa: PLR2004 -- written in full
        return year
    last = hints.latest.year if hints.latest else 2000 + _PIVOT - 1
    return 2000 + year if 2000 + year <= last else 1900 + year


def _moment(year: int, month: int, day: int, found: re.Match[str]) -> datetime | None:
    hour = int(found["hour"] or 0)
    half = (found["half"] or "").upper()
    if half in ("PM", "CH") and hour < _NOON:
        hour += _NOON
    if half in ("AM", "SA") and hour == _NOON:
        hour = 0
    try:
        return datetime(year, month, day, hour, int(found["minute"] or 0), int(found["second"] or 0))  # noqa: DTZ001 -- local by nature
    except ValueError:
        return None


def _within(day: date, hints: DateHints) -> bool:
    return (hints.earliest is None or hints.earliest <= day) and (hints.latest is None or day <= hints.latest)
