"""Sentences for the refusals about proposals."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from contest.web import messages

messages.register(
    {
        "proposals_full": _l("At most %(limit)s proposals are kept for a round. Throw one away first."),
        "pinned_in_force": _l("This pin is in force already. Take it back on the page of the submission."),
        "nothing_to_undo": _l(
            "There is nothing to undo: what was put in force last is undone, or all of it was begun."
        ),
    }
)
