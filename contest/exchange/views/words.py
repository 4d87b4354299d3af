"""Words for the tables of a bundle."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

_TABLES: dict[str, Any] = {
    "tracks": _l("Tracks"),
    "fields": _l("Fields"),
    "parts": _l("Parts of a submission"),
    "rounds": _l("Rounds"),
    "awards": _l("Awards"),
    "submissions": _l("Submissions"),
    "judges": _l("Judges"),
    "conflicts": _l("Conflicts of interest"),
    "assignments": _l("Assignments"),
    "scorecards": _l("Scorecards"),
    "scores": _l("Marks"),
    "adjustments": _l("Bonus and penalty points"),
    "rulings": _l("Decisions in writing"),
    "award_choices": _l("Decisions on awards"),
    "measured": _l("Measured numbers"),
    "advancements": _l("Places in later rounds"),
}


def table_words(name: str) -> str:
    """Return what people call a table of the bundle."""
    return str(_TABLES[name])
