"""Forms of the second step and of what is set up for it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length, Optional

from contest.accounts.second.factors import LONGEST_NAME
from contest.web.forms import Form, no_nul

REQUIRED = _l("Please fill in this field.")
LONGEST_CODE = 40


class SecondStepForm(Form):
    """Six digits of the app, or a recovery code: one field takes both."""

    code = StringField(
        _l("Code"),
        [DataRequired(REQUIRED), Length(max=LONGEST_CODE), no_nul],
        render_kw={
            "autocomplete": "one-time-code",
            "autocapitalize": "none",
            "spellcheck": "false",
            "maxlength": LONGEST_CODE,
        },
    )


class ConfirmAppForm(Form):
    """The first code of a new key: proof that the phone has it."""

    code = StringField(
        _l("Six digits that the app shows now"),
        [DataRequired(REQUIRED), Length(max=LONGEST_CODE), no_nul],
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 9},
    )


class PasskeyForm(Form):
    """What the browser brings back from the device; a script fills it in."""

    answer = HiddenField(validators=[DataRequired(REQUIRED), no_nul])


class NewPasskeyForm(PasskeyForm):
    """A new passkey, and what its owner calls it."""

    name = StringField(_l("Name of the passkey"), [Optional(), Length(max=LONGEST_NAME), no_nul])
