"""Sentences for the refusals when a round changes in its middle, at a live event, and with panels."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from contest.web import messages

messages.register(
    {
        "change_without_reason": _l("Write why the round changes. It stays on record."),
        "nothing_to_change": _l("Nothing would change. Choose what is to be different first."),
        "seats_unknown": _l("Choose a number of judges per submission from 1 to 100, or everybody."),
        "entry_state_unknown": _l("Choose an entry and say whether it is at the booth, busy or away."),
        "desk_closed": _l("The desk of this round is closed: nobody gets a next entry there."),
        "judge_not_present": _l("%(judge)s is not checked in. Check the judge in first."),
        "live_before_scoring": _l("Scoring of round %(round)s is not open yet: nobody can score an entry."),
        "nothing_next": _l("There is no entry for %(judge)s right now."),
        "panel_of_nobody": _l("A panel needs at least one judge. Put somebody into a panel first."),
        "panel_number_wrong": _l("There is no panel %(number)s here."),
        "panel_count_wrong": _l("Give the number of panels from 1 to 20 and of common entries from 0 to 100."),
    }
)
