"""Sentences for the refusals about personal data."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from contest.web import messages

messages.register(
    {
        "consent_nothing_ticked": _l("Nothing was ticked, so nothing was recorded."),
        "consent_text_changed": _l("The words have changed since this page was opened. Please read them again."),
        "consent_text_empty": _l("The words must not be empty."),
        "consent_text_too_long": _l("The words may have at most %(most)s characters."),
        "consent_not_signed": _l("Please write the name as it stands above: %(name)s."),
        "consent_not_own": _l("Under 7 years a parent or guardian agrees alone."),
        "consent_link_used": _l(
            "With this link somebody has agreed already. It can still take back; ask the team for a new link to agree "
            "again."
        ),
        "consent_mails_too_many": _l("At most %(most)s mails a day go to one person. Please try again tomorrow."),
        "guardian_is_team": _l("This is the team's own address. Please give the one of the parent or guardian."),
        "privacy_requests_too_many": _l("There are %(most)s open requests about this person already."),
        "privacy_wrong_state": _l("This request is in another state by now. Please look at it again."),
        "erase_yourself": _l("You cannot erase yourself. Ask somebody else of the committee."),
        "erase_administrator": _l("An administrator cannot be erased. Take the right away first."),
        "retention_days": _l("The days must lie between %(least)s and %(most)s."),
        "privacy_answer_missing": _l("Please write the answer: the person reads it."),
    }
)
