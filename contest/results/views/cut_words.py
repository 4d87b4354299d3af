"""The line between those who advance and those who do not, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from contest.editions.rules import CutTies
from contest.results.advancement import Cut, LeftOut, TiedAtLine, Why
from contest.results.report import Line, RoundReport
from contest.web.formats import decimal_text, local

WHY_WORDS: dict[Why, Any] = {
    Why.NOT_RANKED: _l("no rank"),
    Why.HELD_BACK: _l("held back in writing"),
    Why.GONE: _l("withdrawn or disqualified"),
    Why.THRESHOLD: _l("below the result needed"),
    Why.FLOOR: _l("below the floor"),
    Why.LINE: _l("after the last place"),
    Why.TIED_AT_LINE: _l("tied at the line"),
    Why.AWAITING: _l("tied at the line, waits for the chair"),
}


@dataclass(frozen=True, slots=True)
class Left:
    # Who does not advance, and why.
    line: Line
    why: str


def tie_sentences(report: RoundReport, cut: Cut) -> list[tuple[str, str]]:
    # Tone and sentence of each tie across the line.
    return [_tie(report, tied) for tied in cut.tied_at_line]


def _tie(report: RoundReport, tied: TiedAtLine) -> tuple[str, str]:
    facts = {
        "codes": ", ".join(report.lines[place].entrant.code for place in tied.submissions),
        "result": decimal_text(tied.result) if tied.result else "–",
        "extra": tied.extra,
        "places": tied.places,
    }
    if tied.ties is CutTies.ALL:
        words = _("%(codes)s all have %(result)s. All of them advance: %(extra)s more than the rule asks for.", **facts)
        return "warning", str(words)
    if tied.ties is CutTies.NONE:
        words = _("%(codes)s all have %(result)s, and %(places)s of them would fit: none of them advances.", **facts)
        return "warning", str(words)
    if tied.awaits:
        return "warning", str(
            _("%(codes)s all have %(result)s, and %(places)s of them fit: the chair chooses in writing.", **facts)
        )
    return "info", str(_("%(codes)s all have %(result)s; the chair has chosen in writing.", **facts))


def left_out(report: RoundReport, cut: Cut) -> list[Left]:
    # In the order of the ranking.
    return [Left(report.lines[one.submission], _why(report, one)) for one in cut.left_out]


def _why(report: RoundReport, one: LeftOut) -> str:
    words = str(WHY_WORDS[one.why])
    if one.criterion is None:
        return words
    criterion = report.rubric[one.criterion]
    value = report.lines[one.submission].criteria[one.criterion]
    return str(
        _(
            "%(why)s: “%(criterion)s” has %(value)s, the floor is %(floor)s",
            why=words,
            criterion=local(criterion.name),
            value=decimal_text(value) if value else "–",
            floor=decimal_text(criterion.floor) if criterion.floor else "–",
        )
    )


def asked_for(cut: Cut) -> str:
    # How many places the rule or a decision in writing gives, over all groups; empty without a number.
    numbers = [line.places for line in cut.lines if line.places is not None]
    if not numbers:
        return ""
    return str(ngettext("%(num)s place", "%(num)s places", sum(numbers)))
