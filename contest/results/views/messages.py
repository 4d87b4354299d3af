"""Sentences for the refusals of ranking, advancing and publishing."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from contest.web import messages

messages.register(
    {
        "not_supported_yet": _l(
            "This round uses settings that the ranking cannot execute yet: %(settings)s. "
            "They are kept; change them in the rules of the round to rank now."
        ),
        "rubric_empty": _l("This round has no criteria that judges score. Add a rubric first."),
        "round_not_closed": _l("Round %(round)s is still open. Close the scoring first."),
        "results_changed": _l(
            "The data of round %(round)s changed after it was frozen. "
            "Freeze the results again, look at them, then go on."
        ),
        "no_next_round": _l("Round %(round)s is the last one: nobody advances from it."),
        "next_round_started": _l("Scoring of round %(round)s has begun: who takes part can no longer be changed."),
        "advance_not_set": _l(
            "The rules of round %(round)s do not say who advances. Set a number or a threshold first."
        ),
        "advance_without_line": _l("The rule for advancing has neither a number nor a threshold. Set one of them."),
        "advance_top_below_one": _l("The number of submissions that advance must be at least 1, not %(value)s."),
        "fields_missing": _l("The rule advances per field, but no submission names its field."),
    }
)
