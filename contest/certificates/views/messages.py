"""Sentences for the refusals about certificates."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from contest.web import messages

messages.register(
    {
        "certificate_placeholder_unknown": _l(
            "Line %(line)s, letter %(column)s: “%(found)s” is no placeholder. Use one of those above the texts."
        ),
        "certificate_text_missing": _l("Write what this certificate says, or choose another language."),
        "certificate_colour_invalid": _l("“%(value)s” is no colour. Write # and six digits, for example #9e1b1e."),
        "certificate_series_invalid": _l(
            "“%(value)s” cannot end a number. Use letters, digits, full stops, strokes and hyphens."
        ),
        "certificate_signatories_too_many": _l("At most %(most)s people sign a certificate."),
        "certificates_awards_not_settled": _l("Settle the list of awards first; winners are read from it."),
        "certificates_round_not_final": _l(
            "The results of round %(round)s are not final yet. Finalise the round first."
        ),
        "certificates_round_missing": _l("The contest has no such round yet. Add it under Settings first."),
        "certificates_none": _l("No certificate has been issued yet. Issue some first."),
        "certificate_revoked": _l("Certificate %(number)s has been revoked already."),
        "certificate_not_on_roll": _l(
            "Certificate %(number)s no longer follows from the results, so it cannot be issued anew. Revoke it instead."
        ),
        "certificate_held": _l(
            "Nobody has recorded that the name of %(name)s may be printed. Record the consent first."
        ),
        "volunteers_none": _l("Write at least one name, or choose a list."),
        "volunteers_too_many": _l("At most %(most)s volunteers can be listed. Remove some first."),
        "volunteers_file_too_large": _l("The list is larger than %(limit_kb)s KB. Split it."),
        "volunteers_not_utf8": _l("The list cannot be read as text. Save it as “CSV UTF-8” and send it again."),
        "volunteer_unreadable": _l("Line %(line)s: write a name, and after semicolons a task and an e-mail address."),
        "volunteer_email_invalid": _l("Line %(line)s: “%(value)s” is no e-mail address."),
    }
)
