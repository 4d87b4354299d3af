"""Words and colours of the exhibition, and the map as a page, a file and a paper show it."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contest.errors import Problem
from contest.stage.booths import Kind, drawn, wrapped
from contest.stage.forms.booths import KIND_WORDS
from contest.stage.queries.booths import Fair
from contest.web import messages

LETTER, SMALL = 1.75, 1.15  # millimetres that a letter of the map takes on average

messages.register(
    {
        "booth_taken": _l("Booth %(item)s is taken by %(other)s. Free it first, or choose another one."),
        "guest_twice": _l("%(item)s is in the exhibition already: nobody has two booths."),
        "guests_many": _l("There are %(limit)s guests already: no more fit into one exhibition."),
        "team_unknown": _l("No team of this contest has the name or the code “%(item)s”."),
        "booth_unreadable": _l("This button is not known. Open the page of the exhibition again."),
        "booth_twice": _l("Line %(line)s: booth %(item)s stands in line %(other)s already."),
        "booths_none": _l("The list is empty: write one booth per line."),
        "booths_many": _l("More than %(limit)s booths: check the ranges."),
        "booth_columns": _l("Line %(line)s has %(count)s columns, at most %(limit)s are read."),
        "booth_number": _l("Line %(line)s: the number of the booth is missing."),
        "booth_long": _l("Line %(line)s: “%(item)s” is longer than %(limit)s letters."),
        "booth_power": _l("Line %(line)s: write yes or no for the power, not “%(item)s”."),
        "booth_kind": _l("Line %(line)s: “%(item)s” is none of team, company, expert, sponsor."),
    }
)

REMARK_WORDS = {
    "booth_missing": _l("%(item)s has no booth."),
    "booth_no_power": _l("%(item)s needs power, booth %(booth)s has none."),
    "booth_team_left": _l("%(item)s has left the contest. Take it out of the exhibition."),
}
FILLS = {
    "team": ("#fbf1d7", "#c28f1c"),
    "company": ("#e4eefa", "#1c4f86"),
    "expert": ("#e3f2e8", "#19643f"),
    "sponsor": ("#fbe9e6", "#a2181e"),
}


def map_values(fair: Fair, *, mine: int | None = None, alone: bool = False) -> dict[str, Any]:
    """Return what the drawing is made of. `mine`: the booth to mark; `alone`: for a file, with its own size."""
    drawing = drawn([one.spot for one in fair.booths], fair.entrance, fair.stage)
    booths = {one.spot.id: one for one in fair.booths}
    lines, feet = {}, {}
    for square in drawing.squares:
        guest = booths[square.id].guest
        room = max(2, int((square.height - 13) / 4) + 1)
        lines[square.id] = wrapped(guest.name, int((square.width - 4) / LETTER), min(room, 5)) if guest else ()
        foot = " · ".join(
            filter(None, (kind_word(guest.guest.kind) if guest else str(_("free")), booths[square.id].size))
        )
        feet[square.id] = "".join(wrapped(foot, int((square.width - 2.5) / SMALL), 1))
    return {
        "drawing": drawing,
        "booths": booths,
        "wrapped": lines,
        "feet": feet,
        "fills": FILLS,
        "kind_words": KIND_WORDS,
        "mine": mine,
        "alone": alone,
    }


def map_svg(fair: Fair) -> str:
    """Return the map as a file."""
    return render_template("stage/_booth_map.html", **map_values(fair, alone=True))


_FILE_WORDS = {
    "file_empty": _l("There is nothing in it."),
    "file_too_large": _l("It is larger than a list of booths can be."),
    "too_many_rows": _l("It has more rows than a list of booths can have."),
    "wrong_encoding": _l("Its letters cannot be read: save it as “CSV UTF-8” or as .xlsx."),
    "workbook_old_or_locked": _l("It is an old or a locked workbook: save it as .xlsx without a password."),
    "header_twice": _l("Two columns have the same name."),
    "header_empty": _l("A column in the middle has no name."),
    "ragged_row": _l("This row has another number of cells than the header."),
    "error_cell": _l("A formula in it ends in an error."),
    "unbalanced_quotes": _l("A quotation mark is opened and never closed."),
}


def file_words(problem: Problem) -> str:
    """Say where a file cannot be read, why, and what to do."""
    why = str(_FILE_WORDS.get(problem.code) or _("It cannot be read as a table: save it as .xlsx and try again."))
    place = _("%(file)s, row %(row)s", file=problem.file, row=problem.row) if problem.row else problem.file
    return f"{place}: {why}"


def kind_word(kind: Kind) -> str:
    """Return the word for a kind of guest."""
    return str(KIND_WORDS[kind])
