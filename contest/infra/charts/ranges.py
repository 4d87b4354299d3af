"""Values along a scale: intervals with a dot, boxes with every value, and a place among the quartiles of a field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from contest.infra.charts.drawing import NORMAL, SMALL, box, document, dot, group, legend, line, words
from contest.infra.charts.geometry import Scale, piled, quartiles, ticks
from contest.infra.charts.text import broken, clean, cut, width_of

Number = Callable[[float], str]
LABEL_LINE = 16.0
EDGE = 14.0  # what stands at the ends of a scale has room for half its label
DOT = 3.2
AXIS = 20.0


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """A label with an interval, a dot in it, and a hollow ring to compare with; `words` stand at the right."""

    label: str
    words: str
    low: float
    high: float
    dot: float
    ring: float | None = None


def intervals(rows: Sequence[IntervalRow], *, title: str, width: float, number: Number) -> str:
    """Return the intervals below each other on one scale that holds them all."""
    ends = [
        value for row in rows for value in (row.low, row.high, row.dot, *((row.ring,) if row.ring is not None else ()))
    ]
    scale = Scale(min(ends, default=0), max(ends, default=1), EDGE, width - EDGE)
    inside, y = [], AXIS
    for row in rows:
        head, y = _head(row.label, row.words, y, width)
        span = line((scale.at(row.low), y + 9), (scale.at(row.high), y + 9), "main", thick=3)
        ring = "" if row.ring is None else dot(scale.at(row.ring), y + 9, "ring")
        inside.append(group(f"{clean(row.label)}: {row.words}", *head, span, ring, dot(scale.at(row.dot), y + 9)))
        y += 26
    return document(width, y, title, *_grid(scale, y, number), *inside)


@dataclass(frozen=True, slots=True)
class StripRow:
    """A label with all its values."""

    label: str
    words: str
    values: Sequence[float]


def strips(rows: Sequence[StripRow], *, title: str, width: float, number: Number, ends: tuple[float, float]) -> str:
    """Return a row per label: every value as a dot, behind them a box of the middle half with a line at the median."""
    scale = Scale(*ends, EDGE, width - EDGE)
    inside, y = [], AXIS
    for row in rows:
        head, y = _head(row.label, row.words, y, width)
        inside.append(group(f"{clean(row.label)}: {row.words}", *head, *_strip(row.values, scale, y + 14)))
        y += 40
    return document(width, y, title, *_grid(scale, y, number), *inside)


def _strip(values: Sequence[float], scale: Scale, y: float) -> Iterable[str]:
    if not values:
        return
    places = sorted(scale.at(value) for value in values)
    low, middle, high = quartiles(places)
    yield line((places[0], y), (places[-1], y), "soft")
    yield box(low, y - 10, high - low, 20, "light")
    for x, offset in zip(places, piled(places, DOT * 1.7, 9), strict=True):
        yield dot(x, y + offset, "ring", DOT)
    yield line((middle, y - 12), (middle, y + 12), "ink", thick=2.5)


@dataclass(frozen=True, slots=True)
class PositionRow:
    """One scale from `low` to `high`: an own value, and the quartiles of a field, none when it is too small to show."""

    label: str
    words: str
    low: float
    high: float
    own: float | None
    field: tuple[float, float, float] | None = None


def positions(
    rows: Sequence[PositionRow], *, title: str, width: float, number: Number, names: tuple[str, str, str]
) -> str:
    """Return a scale per row: a diamond for the own value, a box and a line for the field.

    `names` say what the diamond, the box (the middle half of the field) and the line (its median) are.
    """
    compared = any(row.field is not None for row in rows)
    marks = (dot(0, 0, "diamond"), box(-8, -5, 16, 10, "light"), line((0, -7), (0, 7), "ink", thick=2.5))
    shown = [(mark, cut(name, width - 24, SMALL)) for mark, name in zip(marks, names, strict=True)]
    shown = shown if compared else shown[:1]
    made, y = legend(shown, 0, width, [width_of(text, SMALL) for _mark, text in shown])
    inside, y = [made], y + 8
    for row in rows:
        head, y = _head(row.label, row.words, y, width)
        inside.append(group(f"{clean(row.label)}: {row.words}", *head, *_position(row, y + 12, width, number)))
        y += 44
    return document(width, y, title, *inside)


def _position(row: PositionRow, y: float, width: float, number: Number) -> Iterable[str]:
    scale = Scale(row.low, row.high, EDGE, width - EDGE)
    yield line((EDGE, y), (width - EDGE, y), "soft", thick=1.5)
    for value in (row.low, row.high):
        yield line((scale.at(value), y - 4), (scale.at(value), y + 4), "soft", thick=1.5)
        yield words(number(value), scale.at(value), y + 21, "soft", size=11, anchor="middle")
    if row.field is not None:
        low, middle, high = map(scale.at, row.field)
        yield box(low, y - 8, high - low, 16, "light")
        yield line((middle, y - 10), (middle, y + 10), "ink", thick=2.5)
    if row.own is not None:
        yield dot(scale.at(row.own), y, "diamond")


def _head(label: str, said: str, y: float, width: float) -> tuple[list[str], float]:
    """Return the label of a row with its words at the right, and where the row goes on."""
    spoken = cut(said, width * 0.6, NORMAL, bold=True)
    lines = broken(label, width - width_of(spoken, NORMAL, bold=True) - 12, NORMAL)
    drawn = [words(text, 0, y + 13 + place * LABEL_LINE, size=NORMAL) for place, text in enumerate(lines)]
    drawn.append(words(spoken, width, y + 13, "strong", size=NORMAL, anchor="end"))
    return drawn, y + len(lines) * LABEL_LINE + 2


def _grid(scale: Scale, bottom: float, number: Number) -> Iterable[str]:
    for value in ticks(scale.low, scale.high):
        yield line((scale.at(value), AXIS - 3), (scale.at(value), bottom))
        yield words(number(value), scale.at(value), 12, "soft", anchor="middle")
