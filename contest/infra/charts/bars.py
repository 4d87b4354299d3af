"""Counts: bars beside each other's labels, and columns over the days with a marked deadline."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from contest.infra.charts.drawing import NORMAL, SMALL, box, document, group, legend, line, striped, words
from contest.infra.charts.geometry import Scale, ceiling, ticks
from contest.infra.charts.text import broken, clean, cut, width_of

Number = Callable[[float], str]
BAR, LABEL_LINE = 14.0, 16.0
MOST_COLUMN = 34.0


@dataclass(frozen=True, slots=True)
class BarRow:
    """A label with a full part, and a striped part behind it; `words` stand at the end of the bar."""

    label: str
    full: float
    words: str
    striped: float = 0.0


def bars(rows: Sequence[BarRow], *, title: str, width: float, parts: tuple[str, str] | None = None) -> str:
    """Return horizontal bars with their labels above them, broken or cut to fit; `parts` names full and striped."""
    room = max((width_of(clean(row.words), NORMAL, bold=True) for row in rows), default=0) + 10
    scale = Scale(0, max((row.full + row.striped for row in rows), default=1) or 1, 0, max(40.0, width - room))
    inside, y = [], 0.0
    if parts is not None:
        made, high = _parts(parts, width)
        inside.append(made)
        y += high + 8
    for row in rows:
        lines = broken(row.label, width, NORMAL)
        drawn = [words(text, 0, y + 13 + place * LABEL_LINE, size=NORMAL) for place, text in enumerate(lines)]
        y += len(lines) * LABEL_LINE + 3
        full, end = scale.at(row.full), scale.at(row.full + row.striped)
        drawn.append(box(0, y, full, BAR))
        if row.striped:
            drawn.append(striped(full, y, end - full, BAR))
        drawn.append(words(row.words, end + 7, y + 12, "strong", size=NORMAL))
        inside.append(group(f"{clean(row.label)}: {row.words}", *drawn))
        y += BAR + 11
    return document(width, max(y, 20), title, *inside)


def _parts(names: tuple[str, str], width: float) -> tuple[str, float]:
    marks = (box(-7, -5, 14, 10), striped(-7, -5, 14, 10))
    shown = [(mark, cut(name, width - 24, SMALL)) for mark, name in zip(marks, names, strict=True)]
    return legend(shown, 0, width, [width_of(text, SMALL) for _mark, text in shown])


@dataclass(frozen=True, slots=True)
class Column:
    """A count of one day: `label` stands below it where there is room, `words` when pointed at."""

    label: str
    value: float
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment between the columns: `after` columns stand before it, in parts of a column as well."""

    after: float
    words: str


def columns(
    days: Sequence[Column], *, title: str, width: float, number: Number, marks: Sequence[Mark] = (), height: float = 220
) -> str:
    """Return a column per day over round lines; each mark is a broken line with its words above the columns."""
    top = 8 + 16.0 * len(marks)
    bottom = height - 24
    up = Scale(0, ceiling(max((day.value for day in days), default=1)), bottom, top)
    steps = ticks(0, up.high, 4, whole=True)
    left = max(width_of(number(one), SMALL) for one in steps) + 8
    inside = [
        line((left, up.at(one)), (width, up.at(one)), "soft" if not one else "grid")
        + words(number(one), left - 6, up.at(one) + 4, "soft", anchor="end")
        for one in steps
    ]
    slot = (width - left) / max(1, len(days))
    wide = min(MOST_COLUMN, slot * 0.72)
    for place, day in enumerate(days):
        middle = left + slot * (place + 0.5)
        inside.append(
            group(
                f"{clean(day.label)}: {day.words}",
                box(middle - wide / 2, up.at(day.value), wide, bottom - up.at(day.value)),
            )
        )
    inside += _day_labels(days, left, slot, width, bottom + 17)
    inside += [_mark(mark, number_, left, slot, width, bottom) for number_, mark in enumerate(marks)]
    return document(width, height, title, *inside)


def _day_labels(days: Sequence[Column], left: float, slot: float, width: float, y: float) -> list[str]:
    """Return every n-th label, n as small as room allows."""
    widest = max((width_of(clean(day.label), SMALL) for day in days), default=0.0)
    every = max(1, math.ceil((widest + 10) / slot))
    places = [(place, left + slot * (place + 0.5)) for place in range(0, len(days), every)]
    inside = [(place, middle) for place, middle in places if middle + widest / 2 <= width or len(days) == 1]
    return [words(days[place].label, middle, y, "soft", anchor="middle") for place, middle in inside]


def _mark(mark: Mark, place: int, left: float, slot: float, width: float, bottom: float) -> str:
    x = min(max(left + slot * mark.after, left), width - 1)
    y = 12 + 16.0 * place
    text = cut(mark.words, width, SMALL)
    start = min(max(x - width_of(text, SMALL) / 2, 0.0), width - width_of(text, SMALL))
    return group(mark.words, line((x, y + 4), (x, bottom), "ink", thick=1.5, dashes="5 4"), words(text, start, y))
