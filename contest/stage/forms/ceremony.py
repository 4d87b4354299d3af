"""Forms of the ceremony: the running order, the logos, the phone, publishing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Optional

from contest.accounts.forms import ProofForm
from contest.editions.forms.fields import at_most, between, needed
from contest.editions.forms.rules import RowForm
from contest.stage.queries.ceremony import Reading
from contest.stage.script import Place, Press, Step
from contest.web.forms import Form, WholeField, no_nul

MOST_STEPS = 500
MOST_READINGS = 5000
PRESS_WORDS: dict[Press, Any] = {
    Press.NEXT: _l("Next"),
    Press.BACK: _l("Back"),
    Press.BLACKOUT: _l("Black screen"),
}


class RoundForm(Form):
    round = SelectField(_l("Round"), validators=[InputRequired()])


class StepRow(RowForm):
    key = HiddenField(validators=[no_nul])
    number = WholeField(_l("Place in the order"), [needed(), between(1, MOST_STEPS)])
    shown = BooleanField(_l("Show"))
    presenter = StringField(_l("Presented by"), [Optional(), at_most(200), no_nul])


class ReadingRow(RowForm):
    code = HiddenField(validators=[no_nul])
    text = StringField(_l("Read aloud as"), [Optional(), at_most(300), no_nul])


class ScriptForm(Form):
    steps = FieldList(FormField(StepRow), max_entries=MOST_STEPS)
    readings = FieldList(FormField(ReadingRow), max_entries=MOST_READINGS)

    def places(self) -> list[Place]:
        """Return the steps in the order of their numbers; equal numbers keep the order of the page."""
        rows = sorted(self.steps, key=lambda row: row.number.data or 0)
        return [Place(row.key.data or "", bool(row.shown.data), row.presenter.data or "") for row in rows]

    def texts(self) -> dict[str, str]:
        return {row.code.data or "": row.text.data or "" for row in self.readings}


def script_data(steps: Sequence[Step], readings: Sequence[Reading]) -> dict[str, Any]:
    """Return a running order as the data of the form."""
    return {
        "steps": [
            {"key": step.key, "number": number, "shown": step.shown, "presenter": step.presenter}
            for number, step in enumerate(steps, start=1)
        ],
        "readings": [{"code": one.code, "text": one.text} for one in readings],
    }


class LogoForm(Form):
    name = StringField(_l("Whose logo it is"), [needed(), at_most(200), no_nul])
    logo = FileField(_l("Logo"), [FileRequired(_l("Choose a picture."))])


class PublishAllForm(ProofForm):
    confirm = StringField(_l("Code of the round"), [InputRequired(_l("Type the code of the round.")), no_nul])

    def __init__(self, code: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.code = code

    def validate_confirm(self, field: StringField) -> None:
        if (field.data or "").casefold() != self.code.casefold():
            raise ValidationError(_("Type “%(code)s” exactly as it stands here.", code=self.code))


class CollectForm(Form):
    after = WholeField(validators=[needed(), between(0, 9_999_999_999)])


class PressForm(Form):
    code = StringField(
        _l("Pairing code"),
        [needed(), at_most(40), no_nul],
        filters=[lambda text: "".join((text or "").split()).replace("-", "").casefold()],
    )
    verb = SelectField(choices=[(press.value, press.value) for press in Press], validators=[InputRequired()])
