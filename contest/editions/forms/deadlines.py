"""A deadline moved by a formal decision."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length

from contest.editions.extensions import LONGEST_DECISION, LONGEST_REASON, NOT_OVER, Decision
from contest.editions.facts import RoundHead
from contest.editions.forms.entry import DayField
from contest.editions.forms.fields import WallTimeField, at_most, given, needed
from contest.web.formats import local
from contest.web.forms import Form, no_nul

BLAMES = {
    "extension_without_deadline": "of",
    "extension_round_over": "of",
    "extension_not_later": "until",
    "extension_in_the_past": "until",
    "extension_without_decision": "number",
    "extension_without_reason": "reason",
}


class ExtensionForm(Form):
    of = SelectField(_l("Which deadline"))
    until = WallTimeField(_l("New closing time"), [needed()])
    number = StringField(_l("Number of the decision"), [needed(), at_most(LONGEST_DECISION), no_nul])
    decided_on = DayField(_l("Day of the decision"), [needed()])
    reason = TextAreaField(_l("Reason"), [needed(), Length(max=LONGEST_REASON), no_nul])

    def offer(self, rounds: Sequence[RoundHead]) -> None:
        """Offer the submissions and the rounds that are not over and have a closing time."""
        extendable = [one for one in rounds if one.closes_at is not None and one.state.value in NOT_OVER]
        self.of.choices = [
            ("", _("Submissions")),
            *((one.code, _("Scoring of %(round)s", round=local(one.name))) for one in extendable),
        ]

    def decision(self) -> Decision:
        """Return the decision; raises `RuleBroken` for an empty number or reason."""
        return Decision((self.number.data or "").strip(), given(self.decided_on), (self.reason.data or "").strip())
