"""The letters as PDF/A on A4, set from the frozen results and the screened comments."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import force_locale
from flask_babel import gettext as _

from contest.editions.facts import EditionFacts, RoundFacts
from contest.errors import RuleBroken
from contest.feedback.exports.charts import in_all, position_svg, printed, radar_svg
from contest.feedback.position import FEWEST_TEAMS, Position, line_of, positions
from contest.feedback.queries.queue import Settings, settings_of
from contest.feedback.queries.teams import OwnLetter, released_letters
from contest.feedback.states import Languages
from contest.infra.typesetting import typeset_long
from contest.letters import fold
from contest.results.queries.snapshots import SnapshotLine, frozen_report, latest_snapshot, snapshot_of
from contest.results.report import Line, RoundReport

TEMPLATE = Path(__file__).parent.parent / "typst" / "letter.typ"
CHART_WIDTH, RADAR_WIDTH = 600.0, 420.0
DAY = "%d/%m/%Y"
MOST_LETTERS = 50
"""So many letters are set at a time."""


def letter_pdf(edition: EditionFacts, round_: RoundFacts, report: RoundReport, letter: OwnLetter) -> bytes:
    """Return one released letter, dated when it was released. Raises `RuleBroken` "letters_none" for a stranger."""
    return _set(edition, round_, report, [letter])


def letters_pdf(edition: EditionFacts, round_: RoundFacts) -> bytes:
    """Return all released letters of a round in one PDF, by code: for `flask results papers` and the committee.

    The results are the published ones, before publication the newest frozen ones. Raises `RuleBroken` "letters_none"
    when no letter is released yet or no results are frozen.
    """
    snapshot = _snapshot(round_)
    released = released_letters(round_.id)
    if snapshot is None or not released:
        raise RuleBroken("letters_none", round=round_.code)
    return _set(edition, round_, frozen_report(snapshot.id), list(released.values()))


def _snapshot(round_: RoundFacts) -> SnapshotLine | None:
    published = round_.published_version
    return latest_snapshot(round_.id) if published is None else snapshot_of(round_.id, published)


def letter_name(round_: RoundFacts, code: str = "") -> str:
    """Return the name of the file: letters, digits and hyphens only."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(f"{round_.code} {code}")).strip("-")
    return f"thu-nhan-xet_{plain}.pdf"


def _set(edition: EditionFacts, round_: RoundFacts, report: RoundReport, letters: Sequence[OwnLetter]) -> bytes:
    settings = settings_of(round_.id)
    pictures: dict[str, bytes] = {}
    pages = []
    for letter in letters:
        line = line_of(report, letter.code)
        if line is not None:
            pages.append(_page(edition, report, line, letter, settings, pictures))
    if not pages:
        raise RuleBroken("letters_none", round=round_.code)
    made_at = max(letter.released_at for letter in letters if letter.released_at is not None)
    title = f"{edition.name.in_('vi')} – {round_.name.in_('vi')}"
    parts = [{"title": title, "letters": pages[at : at + MOST_LETTERS]} for at in range(0, len(pages), MOST_LETTERS)]
    return typeset_long(TEMPLATE, parts, made_at=made_at, pictures=pictures)


def _page(
    edition: EditionFacts,
    report: RoundReport,
    line: Line,
    letter: OwnLetter,
    settings: Settings | None,
    pictures: dict[str, bytes],
) -> dict[str, Any]:
    languages = (Languages.BOTH if settings is None else settings.languages).codes
    found = positions(report, line)
    chart, star = f"{len(pictures)}-place.svg", f"{len(pictures)}-star.svg"
    pictures[chart] = position_svg(found, languages=languages, width=CHART_WIDTH).encode()
    drawn = radar_svg(found, languages=languages, width=RADAR_WIDTH)
    compared = any(one.field is not None for one in found)
    if drawn and compared:
        pictures[star] = drawn.encode()
    with_place = settings is not None and settings.with_place and line.rank is not None
    return {
        "languages": list(languages),
        "words": {language: _words(edition, line, letter, found, language) for language in languages},
        "edition": in_all(edition.name, languages),
        "round": in_all(report.round_name, languages),
        "organiser": edition.organiser,
        "entry": line.entrant.code,
        "title": line.entrant.title,
        "team": line.entrant.team,
        "school": line.entrant.school,
        "place": _place(line, languages) if with_place else [],
        "chart": f"/pictures/{chart}" if found else "",
        "star": f"/pictures/{star}" if star in pictures else "",
        "comments": [paragraphs(text) for text in letter.texts],
        "test": edition.is_test,
    }


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a comment: its lines that are not empty."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _place(line: Line, languages: Sequence[str]) -> list[list[str]]:
    """Return result and rank as [words, value] in the first language, as the public ranking prints them."""
    with force_locale(languages[0]):
        rank = f"{line.rank} ({_('shared')})" if line.tied else str(line.rank)
        shown = [] if line.result is None else [[_("Result"), printed(line.result, languages[0])]]
        return [*shown, [_("Rank"), rank]]


def _words(
    edition: EditionFacts, line: Line, letter: OwnLetter, found: Sequence[Position], language: str
) -> Mapping[str, str]:
    with force_locale(language):
        compared = any(one.field is not None for one in found)
        return {
            "heading": _("Feedback from the judges"),
            "to": _("To: %(team)s", team=line.entrant.team),
            "thanks": _(
                "Thank you for taking part. Below you find what the judges wrote to you, "
                "and where your submission stands on each criterion."
            ),
            "positions": _("Where you stand"),
            "about": _(
                "Diamond: the mean of your judges. Box: the middle half of all teams ranked beside you, rounded; "
                "the line in it: their median."
            )
            if compared
            else _(
                "Diamond: the mean of your judges. With fewer than %(count)s teams there is no comparison.",
                count=FEWEST_TEAMS,
            ),
            "comments": _("What the judges wrote"),
            "none": _("No comment was passed on to you in this round."),
            "order": _("The comments stand in an order that was drawn by lot; each stands for the view of one judge."),
            "test": _("TEST – invented results"),
            "date": _day(letter.released_at, edition.timezone),
        }


def _day(moment: datetime | None, zone: str) -> str:
    return "" if moment is None else moment.astimezone(ZoneInfo(zone)).strftime(DAY)
