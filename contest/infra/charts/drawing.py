"""The pen of the charts: elements as text, every value escaped; looks that need no colour to be told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from contest.infra.charts.text import FAMILY, clean

SMALL, NORMAL = 12.0, 13.0
INK, SOFT, GRID, PAPER, MAIN, LIGHT = "#1f1a17", "#5d544d", "#d5cec6", "#ffffff", "#1b4f7a", "#dbe6ef"
Point = tuple[float, float]


def number(value: float) -> str:
    """Return a coordinate, to a hundredth of a unit."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"


def tag(name: str, *inside: str, **attributes: str | float) -> str:
    """Return an element; `inside` is markup. "_" in the name of an attribute stands for "-", "class_" for "class"."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_value(value))}"' for key, value in attributes.items()
    )
    return f"<{name}{said}>{''.join(inside)}</{name}>" if inside else f"<{name}{said}/>"


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else number(value)


def words(text: str, x: float, y: float, look: str = "ink", *, size: float = SMALL, anchor: str = "start") -> str:
    """Return a line of text; looks: ink, soft, strong."""
    bold = {"font_weight": "600"} if look == "strong" else {}
    # A rim in the colour of the paper keeps words legible where a line of the grid runs behind them.
    rim: dict[str, str | float] = {
        "paint_order": "stroke",
        "stroke": PAPER,
        "stroke_width": 3,
        "stroke_linejoin": "round",
    }
    return tag(
        "text",
        escape(clean(text), quote=False),
        class_=f"bv-c-{'soft' if look == 'soft' else 'ink'}",
        x=x,
        y=y,
        fill=SOFT if look == "soft" else INK,
        font_size=size,
        text_anchor=anchor,
        **rim,
        **bold,
    )


def line(a: Point, b: Point, look: str = "grid", *, thick: float = 1.0, dashes: str = "") -> str:
    """Return a straight line; looks: grid, soft, main, ink."""
    colour = {"grid": GRID, "soft": SOFT, "main": MAIN, "ink": INK}[look]
    broken = {"stroke_dasharray": dashes} if dashes else {}
    return tag(
        "line",
        class_=f"bv-c-line-{look}",
        x1=a[0],
        y1=a[1],
        x2=b[0],
        y2=b[1],
        stroke=colour,
        stroke_width=thick,
        stroke_linecap="round",
        **broken,
    )


def box(x: float, y: float, wide: float, high: float, look: str = "main") -> str:
    """Return a rectangle: `main` is full, `light` pale with an outline."""
    full = look == "main"
    return tag(
        "rect",
        class_=f"bv-c-box-{look}",
        x=x,
        y=y,
        width=max(0.0, wide),
        height=high,
        rx=1.5,
        fill=MAIN if full else LIGHT,
        stroke=MAIN,
        stroke_width=0 if full else 1,
    )


def striped(x: float, y: float, wide: float, high: float, step: float = 5.0) -> str:
    """Return an outlined rectangle with slanting lines, drawn one by one: a pattern would need an id of its own."""
    lines = []
    at = x - high + step
    while at < x + wide:
        left, right = max(at, x), min(at + high, x + wide)
        if right > left:
            lines.append(line((left, y + high - (left - at)), (right, y + high - (right - at)), "main", thick=0.9))
        at += step
    outline = tag(
        "rect", class_="bv-c-box-empty", x=x, y=y, width=max(0.0, wide), height=high, rx=1.5, fill=PAPER, stroke=MAIN
    )
    return outline + "".join(lines)


def dot(x: float, y: float, look: str = "main", radius: float = 4.5) -> str:
    """Return a mark: `main` a full disc, `ring` a hollow one, `diamond` a full diamond."""
    if look == "diamond":
        r = radius * 1.35
        return tag(
            "polygon",
            class_="bv-c-dot",
            points=points([(x, y - r), (x + r, y), (x, y + r), (x - r, y)]),
            fill=INK,
            stroke=PAPER,
            stroke_width=1,
        )
    ring = look == "ring"
    return tag(
        "circle",
        class_="bv-c-ring" if ring else "bv-c-disc",
        cx=x,
        cy=y,
        r=radius,
        fill=PAPER if ring else MAIN,
        stroke=INK if ring else PAPER,
        stroke_width=1.5 if ring else 0.75,
    )


def points(places: Iterable[Point]) -> str:
    """Return corners as an attribute."""
    return " ".join(f"{number(x)},{number(y)}" for x, y in places)


def group(title: str, *inside: str) -> str:
    """Return elements under a title: what a pointer that rests on them is told."""
    return tag("g", tag("title", escape(clean(title), quote=False)), *inside)


def legend(entries: Sequence[tuple[str, str]], y: float, width: float, widths: Sequence[float]) -> tuple[str, float]:
    """Return marks with their words, in as many lines as they need, and the height of it all.

    `entries`: markup of a mark drawn around (0, 0), and its words; `widths` of the words.
    """
    out, x, top = [], 0.0, y
    for (mark, text), wide in zip(entries, widths, strict=True):
        if x and x + 22 + wide > width:
            x, top = 0.0, top + 20
        out.append(tag("g", mark, transform=f"translate({number(x + 8)} {number(top + 8)})"))
        out.append(words(text, x + 21, top + 12, "soft"))
        x += 21 + wide + 16
    return "".join(out), top + 20 - y


def document(width: float, height: float, title: str, *inside: str) -> str:
    """Return a whole SVG document of that size in pixels, with a title for those who do not see it."""
    return tag(
        "svg",
        tag("title", escape(clean(title), quote=False)),
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        class_="bv-chart-svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        role="img",
        aria_label=clean(title),
        font_family=FAMILY,
    )
