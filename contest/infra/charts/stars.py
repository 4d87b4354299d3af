"""A star of criteria: the own values as a polygon, a field's median as a broken one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contest.infra.charts.drawing import (
    INK,
    LIGHT,
    MAIN,
    SMALL,
    Point,
    document,
    dot,
    group,
    legend,
    line,
    points,
    tag,
    words,
)
from contest.infra.charts.geometry import spoke
from contest.infra.charts.text import broken, clean, cut, width_of

FEWEST = 3  # spokes; fewer span no area
RINGS = (0.25, 0.5, 0.75, 1.0)
SIDE = 78.0  # room for the labels left and right of the star
LABEL_LINE = 14.0
MOST_LINES = 3
NEARLY = 0.3


@dataclass(frozen=True, slots=True)
class Spoke:
    """A criterion: shares of its scale from 0 to 1, none where there is no value; `words` when pointed at."""

    label: str
    words: str
    own: float | None
    median: float | None = None


def radar(spokes: Sequence[Spoke], *, title: str, width: float, names: tuple[str, str]) -> str:
    """Return the star; `names` say whose the polygon and the broken line are. Raises `ValueError` below three spokes.

    A missing value lies in the centre, without a mark.
    """
    if len(spokes) < FEWEST:
        raise ValueError("a star needs three spokes")
    compared = any(one.median is not None for one in spokes)
    marks = (dot(0, 0), dot(0, 0, "ring"))
    shown = [(mark, cut(name, width - 24, SMALL)) for mark, name in zip(marks, names, strict=True)]
    shown = shown if compared else shown[:1]
    made, y = legend(shown, 0, width, [width_of(text, SMALL) for _mark, text in shown])
    radius = width / 2 - SIDE
    edge = LABEL_LINE * MOST_LINES + 10
    centre = (width / 2, y + edge + radius)
    inside = [made, *_web(len(spokes), radius, centre)]
    if compared:
        inside.append(_shape([one.median for one in spokes], radius, centre, dashed=True))
    inside.append(_shape([one.own for one in spokes], radius, centre, dashed=False))
    for place, one in enumerate(spokes):
        inside.append(group(f"{clean(one.label)}: {one.words}", *_tips(one, place, len(spokes), radius, centre)))
        inside += _label(one, place, len(spokes), radius, centre, width)
    return document(width, centre[1] + radius + edge, title, *inside)


def _web(count: int, radius: float, centre: Point) -> list[str]:
    rings = [
        tag(
            "polygon",
            class_="bv-c-web",
            points=points(spoke(place, count, radius * ring, centre) for place in range(count)),
            fill="none",
            stroke="#d5cec6",
        )
        for ring in RINGS
    ]
    return [*rings, *(line(centre, spoke(place, count, radius, centre)) for place in range(count))]


def _shape(shares: Sequence[float | None], radius: float, centre: Point, *, dashed: bool) -> str:
    corners = points(spoke(place, len(shares), radius * _held(one), centre) for place, one in enumerate(shares))
    if dashed:
        return tag(
            "polygon", class_="bv-c-line-ink", points=corners, fill="none", stroke=INK, stroke_width=1.5,
            stroke_dasharray="5 4",
        )  # fmt: skip
    return tag(
        "polygon", class_="bv-c-area", points=corners, fill=LIGHT, fill_opacity=0.6, stroke=MAIN, stroke_width=2.5,
        stroke_linejoin="round",
    )  # fmt: skip


def _held(share: float | None) -> float:
    return 0.0 if share is None else min(max(share, 0.0), 1.0)


def _tips(one: Spoke, place: int, count: int, radius: float, centre: Point) -> list[str]:
    found = []
    for share, look in ((one.median, "ring"), (one.own, "main")):
        if share is not None:
            found.append(dot(*spoke(place, count, radius * _held(share), centre), look, 4))
    return found


def _label(one: Spoke, place: int, count: int, radius: float, centre: Point, width: float) -> list[str]:
    x, y = spoke(place, count, radius + 10, centre)
    across = (x - centre[0]) / radius
    anchor = "middle" if abs(across) < NEARLY else ("start" if across > 0 else "end")
    room = {"middle": 2 * min(x, width - x), "start": width - x, "end": x}[anchor]
    lines = broken(one.label, room, SMALL, lines=MOST_LINES)
    first = y + 4 - (len(lines) - 1) * LABEL_LINE / 2
    if anchor == "middle":
        first = y - (len(lines) - 1) * LABEL_LINE if y < centre[1] else y + 8
    return [words(text, x, first + row * LABEL_LINE, anchor=anchor) for row, text in enumerate(lines)]
