"""Sentences for the refusals of this package."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from contest.web import messages

messages.register(
    {
        "rehearsal_size": _l("A rehearsal has at most %(teams)s teams per track and %(judges)s judges."),
        "rehearsal_rounds": _l("This edition has %(count)s rounds: no more than these can be rehearsed."),
        "rehearsal_round_empty": _l("The round %(round)s has no criteria yet, so nobody can score it."),
        "not_a_rehearsal": _l("This is a real edition. Only a rehearsal can be wiped. Nothing was changed."),
        "rehearsal_code_wrong": _l("Type the code “%(edition)s” to wipe the rehearsal. Nothing was changed."),
    }
)
