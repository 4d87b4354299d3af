"""Sentences for the refusals of this package."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from contest.exchange.forms.problems import PROBLEM_SENTENCES
from contest.web import messages

messages.register({code: PROBLEM_SENTENCES[code] for code in ("edition_exists", "list_too_long")})
messages.register(
    {
        "notes_moved_on": _l(
            "Somebody has changed a note about “%(submission)s” in the meantime. Download the workbook again and put"
            " your notes into it."
        ),
        "no_frozen_results": _l(
            "There are no final results of the round “%(round)s” yet. Finalise it first: then they can be checked."
        ),
    }
)
