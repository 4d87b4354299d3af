"""Forms of the letters to the teams."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from contest.feedback.services import LONGEST_COMMENT, LONGEST_REASON
from contest.feedback.states import Act, Languages
from contest.web.forms import Form, WholeField, no_nul


class PrepareForm(Form):
    languages = SelectField(
        _l("Language of the fixed words"),
        choices=[
            (Languages.BOTH.value, _l("Vietnamese and English")),
            (Languages.VI.value, _l("Vietnamese")),
            (Languages.EN.value, _l("English")),
        ],
        default=Languages.BOTH.value,
    )
    with_place = BooleanField(_l("Print the result and the rank, as the public ranking shows them"))


class CommentForm(Form):
    act = RadioField(
        _l("Decision"),
        [InputRequired(_l("Choose what happens with this comment."))],
        choices=[
            (Act.APPROVED.value, _l("Pass it on as it stands")),
            (Act.EDITED.value, _l("Pass on the wording below")),
            (Act.LEFT_OUT.value, _l("Leave it out")),
        ],
    )
    text = TextAreaField(_l("Wording for the team"), [Optional(), Length(max=LONGEST_COMMENT), no_nul])
    reason = StringField(_l("Why it is left out"), [Optional(), Length(max=LONGEST_REASON), no_nul])
    version = WholeField(widget=HiddenInput())


class HelpfulForm(Form):
    helpful = StringField(validators=[InputRequired(), AnyOf(("yes", "no"))])
