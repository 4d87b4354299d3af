"""Forms of a round's way to its final results."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from contest.accounts.forms import ProofForm
from contest.results.reviews import LONGEST_APPEAL, LONGEST_REASON, AppealEffect
from contest.results.rulings import RulingKind
from contest.web.forms import Form, no_nul

RULING_REASON = 500
ACCEPTABLE = (RulingKind.UNFINISHED_ACCEPTED, RulingKind.QUORUM_ACCEPTED, RulingKind.FEW_ENTRIES_ACCEPTED)


class ReasonForm(Form):
    reason = TextAreaField(_l("Reason"), [InputRequired(_l("Write the reason.")), Length(max=RULING_REASON), no_nul])


class AcceptForm(ReasonForm):
    kind = SelectField(choices=[(kind.value, kind.value) for kind in ACCEPTABLE])


class PublishForm(ProofForm):
    """Publishing is an act of its own: the code of the round is typed, so that no slip of the finger does it."""

    confirm = StringField(_l("Code of the round"), [InputRequired(_l("Type the code of the round.")), no_nul])

    def __init__(self, code: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.code = code

    def validate_confirm(self, field: StringField) -> None:
        if (field.data or "").casefold() != self.code.casefold():
            raise ValidationError(_("Type “%(code)s” exactly as it stands here.", code=self.code))


class AttendanceForm(Form):
    present = SelectMultipleField(
        _l("Present"), [Optional()], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class CorrectionForm(Form):
    reason = TextAreaField(
        _l("What is wrong, and what must be corrected"),
        [InputRequired(_l("Write the reason.")), Length(max=LONGEST_REASON), no_nul],
    )


class DecisionForm(Form):
    answer = TextAreaField(_l("Remark, needed for a refusal"), [Optional(), Length(max=LONGEST_REASON), no_nul])
    act = RadioField(_l("Decision"), choices=[("approve", _l("Approve")), ("refuse", _l("Refuse"))])


class AppealForm(Form):
    text = TextAreaField(
        _l("What should be looked at again, and why"),
        [InputRequired(_l("Write what should be looked at again.")), Length(max=LONGEST_APPEAL), no_nul],
    )
    sure = BooleanField(
        _l("This is our one appeal for this round"),
        [InputRequired(_l("Tick the box: an appeal can be handed in once only."))],
    )


class AnswerForm(Form):
    answer = TextAreaField(
        _l("Answer to the team"), [InputRequired(_l("Write the answer.")), Length(max=LONGEST_APPEAL), no_nul]
    )
    effect = RadioField(
        _l("Effect"),
        choices=[
            (AppealEffect.NONE.value, _l("None: the result stands")),
            (AppealEffect.CORRECTION.value, _l("The result must be corrected: ask for a correction")),
        ],
        default=AppealEffect.NONE.value,
    )
