"""The charts of a letter as SVG, in one language or in both."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask_babel import force_locale
from flask_babel import gettext as _

from contest.editions.rules import LocalText
from contest.feedback.position import Position
from contest.infra.charts import PositionRow, Spoke, positions, radar

FEWEST_SPOKES, MOST_SPOKES = 3, 12


def printed(number: float | str, language: str) -> str:
    """Return a number with the decimal mark of the language, without zeros that say nothing."""
    text = number if isinstance(number, str) else f"{number:.4f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if language == "vi" else text


def in_all(text: LocalText, languages: Sequence[str]) -> str:
    """Return a name in the languages, each wording once."""
    return " / ".join(dict.fromkeys(filter(None, (text.in_(language) for language in languages))))


def said(make: Callable[[], str], languages: Sequence[str]) -> str:
    """Return words in the languages, each wording once."""
    found = []
    for language in languages:
        with force_locale(language):
            found.append(str(make()))
    return " / ".join(dict.fromkeys(found))


def words_of(position: Position, languages: Sequence[str]) -> str:
    """Return the own value as a row of a chart tells it: "7,4 / 10", or a dash."""
    own = "–" if position.own is None else printed(position.own, languages[0])
    return f"{own} / {printed(position.maximum, languages[0])}"


def position_svg(found: Sequence[Position], *, languages: Sequence[str], width: float) -> str:
    """Return the place on every criterion: a diamond for the team, a box and a line for the field."""
    rows = [
        PositionRow(
            label=in_all(one.name, languages) or one.code,
            words=words_of(one, languages),
            low=one.low,
            high=one.high,
            own=None if one.own is None else float(one.own),
            field=one.field,
        )
        for one in found
    ]
    return positions(
        rows,
        title=said(lambda: _("Where the team stands on each criterion"), languages),
        width=width,
        number=lambda value: printed(value, languages[0]),
        names=(
            said(lambda: _("Your team"), languages),
            said(lambda: _("Middle half of all teams"), languages),
            said(lambda: _("Median"), languages),
        ),
    )


def radar_svg(found: Sequence[Position], *, languages: Sequence[str], width: float) -> str:
    """Return the star of the criteria; "" where there are fewer than three of them, or more than can be read."""
    if not FEWEST_SPOKES <= len(found) <= MOST_SPOKES:
        return ""
    spokes = [
        Spoke(in_all(one.name, languages) or one.code, words_of(one, languages), one.share, one.median_share)
        for one in found
    ]
    return radar(
        spokes,
        title=said(lambda: _("The criteria at a glance"), languages),
        width=width,
        names=(said(lambda: _("Your team"), languages), said(lambda: _("Median of all teams"), languages)),
    )
