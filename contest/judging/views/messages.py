"""Sentences for the refusals of this package."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from contest.web import messages

messages.register(
    {
        "busy": _l("The server is busy. Nothing was lost: it is tried again."),
        "scoring_closed": _l("Scoring is not open now. Nothing was changed."),
        "paper_recused": _l("You have withdrawn from this submission. Nothing was changed."),
        "paper_not_recused": _l("Nobody has withdrawn from this submission. Nothing was changed."),
        "already_replaced": _l("Somebody else was given this submission meanwhile. Ask the organiser to undo it."),
        "return_without_reason": _l("Write why it is no conflict of interest after all. The reason is kept."),
        "paper_abstained": _l("You have abstained from this submission. Take that back first. Nothing was changed."),
        "paper_voided": _l("This score sheet was set aside when the panel changed. Nothing was changed."),
        "rubric_changed": _l("The rubric has changed since you opened this page. Reload the page and score again."),
        "scorecard_stale": _l("This score sheet was changed in another tab or on another device."),
        "key_reused": _l("This page has been sent before with other content. Reload the page and try again."),
        "criterion_unknown": _l("There is no criterion “%(criterion)s” in this round."),
        "entry_malformed": _l("The field “%(field)s” could not be read. Reload the page and try again."),
        "paper_text_nul": _l("A text holds a NUL byte. Type it again instead of pasting it."),
        "paper_text_too_long": _l("A text may have at most %(limit)s characters; this one has %(length)s."),
        "marks_refused": _l("Nothing was saved: some marks need another look."),
        "mark_invalid": _l(
            "%(criterion)s: “%(text)s” is not a number. Give a mark from %(low)s to %(high)s in steps of %(step)s."
        ),
        "mark_ambiguous": _l(
            "%(criterion)s: “%(text)s” could also mean a thousand. "
            "Give a mark from %(low)s to %(high)s in steps of %(step)s."
        ),
        "mark_out_of_range": _l("%(criterion)s: %(text)s is outside the scale from %(low)s to %(high)s."),
        "mark_off_step": _l(
            "%(criterion)s: %(text)s is between two marks. "
            "The scale goes from %(low)s to %(high)s in steps of %(step)s."
        ),
        "scale_without_maximum": _l(
            "The totals cannot be brought to another scale: the highest possible total is not above zero. "
            "Change the weights or the scales of the criteria."
        ),
        "mark_missing_here": _l("%(criterion)s: no mark yet."),
    }
)
