"""Sentences for the refusals of letters."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from contest.web import messages

messages.register(
    {
        "letters_too_early": _l("Judges still write in round %(round)s. Close the scoring, then draft the letters."),
        "letters_none": _l("No letter of round %(round)s is released yet."),
        "letter_not_screened": _l("Some comments of this letter are not screened yet. Decide on each first."),
        "letter_released": _l("This letter is released: its comments stay. Take the release back first."),
        "letter_is_out": _l("The round is published: the team may have read this letter already."),
        "letter_answered": _l("Your team has answered already. Thank you."),
        "comment_changed": _l("Somebody else has decided on this comment in the meantime. Look at it again."),
        "comment_empty": _l("Write the wording for the team, or leave the comment out."),
        "judges_marks_hidden": _l("Only the organiser and the chair see the marks of single judges."),
    }
)
