"""Who takes part: entries by school, by field and by day. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from contest.letters import collate, fold

MOST_DAYS = 120


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: its school as the team wrote it, its field, and when it was handed in; none is a draft."""

    school: str
    field: str
    handed_in: datetime | None


@dataclass(frozen=True, slots=True)
class Group:
    """How many entries share a name, and how many of them are handed in; "" stands for those without a name."""

    name: str
    handed_in: int
    drafts: int

    @property
    def total(self) -> int:
        """Return all of them."""
        return self.handed_in + self.drafts


def grouped(entries: Sequence[Entry], name_of: Callable[[Entry], str]) -> tuple[Group, ...]:
    """Return the groups, the largest first, then in the order of the alphabet; those without a name stand last.

    Spellings that fold to the same letters are one group under the most frequent spelling.
    """
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for entry in entries:
        name = " ".join(name_of(entry).split())
        key = fold(name)
        spellings[key][name] += 1
        counts[key][entry.handed_in is None] += 1
    found = [
        Group(min(spellings[key].items(), key=lambda one: (-one[1], one[0]))[0], *counts[key]) for key in spellings
    ]
    return tuple(sorted(found, key=lambda one: (not one.name, -one.total, collate(one.name))))


def first_of(groups: Sequence[Group], most: int) -> tuple[tuple[Group, ...], Group | None]:
    """Return the first groups, and all others as one, none when there are no others."""
    rest = groups[most:]
    if not rest:
        return tuple(groups), None
    return tuple(groups[:most]), Group("", sum(one.handed_in for one in rest), sum(one.drafts for one in rest))


@dataclass(frozen=True, slots=True)
class Day:
    """How many entries were handed in on a day of the edition's own zone, and until its end."""

    day: date
    count: int
    total: int


def by_day(entries: Sequence[Entry], zone: str, *, until: datetime | None = None) -> tuple[Day, ...]:
    """Return every day from the first hand-in to the last, or to the day of `until` when that is later.

    At most `MOST_DAYS` days, the latest ones: earlier hand-ins count in the totals only.
    """
    here = ZoneInfo(zone)
    counts = Counter(one.handed_in.astimezone(here).date() for one in entries if one.handed_in is not None)
    if not counts:
        return ()
    last = max(counts) if until is None else max(*counts, until.astimezone(here).date())
    first = max(min(counts), last - timedelta(days=MOST_DAYS - 1))
    total = sum(count for day, count in counts.items() if day < first)
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        total += counts[day]
        found.append(Day(day, counts[day], total))
    return tuple(found)


def columns_before(days: Sequence[Day], moment: datetime, zone: str) -> float | None:
    """Return after how many days of the row a moment lies, in parts of a day; none when it is not among them."""
    local = moment.astimezone(ZoneInfo(zone))
    if not days or not days[0].day <= local.date() <= days[-1].day:
        return None
    return (local.date() - days[0].day).days + (local.hour * 60 + local.minute) / (24 * 60)
