from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import get_locale
from markupsafe import Markup

NARROW, WIDE = 320.0, 720.0


@dataclass(frozen=True, slots=True)
class Chart:
    # A chart in the widths of a phone and of a desk, with the same numbers as a table.
    title: str
    narrow: Markup
    wide: Markup
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def chart(
    draw: Callable[[float], str], *, title: str, head: Sequence[str], rows: Sequence[Sequence[str]], wide: float = WIDE
) -> Chart:
    # Every value in it was escaped by the drawing; tests/infra/test_charts.py holds it to that.
    narrow_svg, wide_svg = Markup(draw(NARROW)), Markup(draw(wide))  # noqa: S704  # nosec B704  # as above
    return Chart(title, narrow_svg, wide_svg, head, rows)


def language() -> str:
    return "en" if str(get_locale()) == "en" else "vi"
