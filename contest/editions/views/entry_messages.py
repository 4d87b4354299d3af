"""Sentences for refusals about rules of entry and about deadlines."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from contest.web import messages

messages.register(
    {
        "entry_number_out_of_range": _l("Enter a whole number from %(low)s to %(high)s."),
        "entry_limits_reversed": _l("The lower limit lies above the upper one. Swap them, or leave one empty."),
        "entry_limit_missing": _l("The rule is on but has no limit. Enter at least one number, or switch it off."),
        "entry_track_twice": _l("A track has two rows. Keep one of them."),
        "entry_track_unknown": _l("The track “%(item)s” does not exist any more. Reload the page."),
        "entry_mentor_asks_nothing": _l(
            "The rule is on but asks for nothing. Ask for a mentor or for a school, or switch it off."
        ),
        "entry_awarded_asks_nothing": _l(
            "The rule is on but asks for nothing. Ask for the declaration or list earlier winners, or switch it off."
        ),
        "entry_list_too_long": _l("At most %(most)s lines of at most %(longest)s characters each."),
        "grace_out_of_range": _l("At most %(most)s minutes of grace."),
        "extension_without_deadline": _l("There is no closing time yet, so that nothing can be extended."),
        "extension_round_over": _l("The scoring of “%(item)s” is over. Open it again before extending it."),
        "extension_not_later": _l("The new closing time must be later than the present one (%(was)s)."),
        "extension_in_the_past": _l("The new closing time has passed already. Choose a later one."),
        "extension_without_decision": _l("Give the number of the decision, at most %(longest)s characters."),
        "extension_without_reason": _l("Give the reason, at most %(longest)s characters."),
    }
)
