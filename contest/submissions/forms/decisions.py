"""Forms of the committee, and taking a submission back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SearchField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from contest.editions.rules import LocalText
from contest.submissions.forms.choices import REQUIRED
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.queries import Filters
from contest.web.formats import local
from contest.web.forms import Form, WholeField, no_nul

STATUS_WORDS: dict[SubmissionStatus, Any] = {
    SubmissionStatus.DRAFT: _l("Draft"),
    SubmissionStatus.SUBMITTED: _l("Submitted"),
    SubmissionStatus.WITHDRAWN: _l("Withdrawn"),
    SubmissionStatus.DISQUALIFIED: _l("Disqualified"),
    SubmissionStatus.HELD: _l("On hold"),
}


class DecisionForm(Form):
    reason = TextAreaField(
        _l("Reason"),
        [DataRequired(REQUIRED), Length(max=500), no_nul],
        description=_l("The team reads it, and it is kept in the audit trail."),
    )


class ExceptionForm(Form):
    # Which finding is meant; it changes when what was found changes.
    key = HiddenField(validators=[DataRequired(REQUIRED), Length(max=40), no_nul])
    reason = TextAreaField(_l("Reason in writing"), [DataRequired(REQUIRED), Length(max=500), no_nul])


class WithdrawForm(Form):
    reason = StringField(
        _l("Reason"),
        [Optional(), Length(max=500, message=_l("At most %(max)d characters.")), no_nul],
    )


class ListForm(Form):
    """The filters of the list; they stand in the address, so that a filtered list can be sent on."""

    class Meta(Form.Meta):
        csrf = False

    status = SelectField(_l("State"), validate_choice=False)
    track = SelectField(_l("Track"), validate_choice=False)
    field = SelectField(_l("Field"), validate_choice=False)
    q = SearchField(_l("Search"), render_kw={"autocomplete": "off"})
    page = WholeField(validators=[Optional()])

    def offer(self, tracks: Mapping[str, LocalText], fields: Mapping[str, LocalText]) -> None:
        """Fill in what can be chosen."""
        every = ("", _("All"))
        self.status.choices = [every, *((status.value, str(words)) for status, words in STATUS_WORDS.items())]
        self.track.choices = [every, *((code, local(name)) for code, name in tracks.items())]
        self.field.choices = [every, *((code, local(name)) for code, name in fields.items())]

    @property
    def filters(self) -> Filters:
        """What is looked for; a state that does not exist means all."""
        known = {status.value: status for status in SubmissionStatus}
        return Filters(
            status=known.get(self.status.data or ""),
            track=self.track.data or "",
            field=self.field.data or "",
            text=(self.q.data or "")[:200],
        )
