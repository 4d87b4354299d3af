"""What is sent about the exhibition."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from contest.editions.forms.fields import at_most, needed
from contest.stage.booths import Kind, Side
from contest.web.forms import Form, no_nul

LONGEST_LIST = 50_000

KIND_WORDS = {
    Kind.TEAM: _l("Team"),
    Kind.COMPANY: _l("Company"),
    Kind.EXPERT: _l("Expert"),
    Kind.SPONSOR: _l("Sponsor"),
}

SIDE_WORDS = {
    Side.NONE: _l("not on the map"),
    Side.LEFT: _l("at the left side"),
    Side.RIGHT: _l("at the right side"),
}
SIDES = [(side.value, words) for side, words in SIDE_WORDS.items()]


class BoothListForm(Form):
    text = TextAreaField(
        _l("The booths"),
        [needed(), at_most(LONGEST_LIST), no_nul],
        description=_l(
            "One line each: number; row; size; power (yes or no); who stands there; kind. “A1-A10; Row A; 3x3; yes” is "
            "ten booths. A number that is there already is changed. Lines copied from Excel work, too."
        ),
    )


class BoothSheetForm(Form):
    file = FileField(
        _l("The booths as a file"),
        [FileRequired(_l("Choose a file."))],
        description=_l(
            ".xlsx or .csv, with the columns number, row, size, power, who stands there, kind; the list that leaves "
            "here can come back. Nothing is read in yet: you see first what would be."
        ),
    )

    def upload(self) -> tuple[str, bytes]:
        return self.file.data.filename or "?", self.file.data.read()


class BoothForm(Form):
    booth = HiddenField(validators=[needed(), at_most(16), no_nul])


class InviteForm(Form):
    round = SelectField(_l("Teams of the round"), [InputRequired(_l("Choose a round."))])


class GuestForm(Form):
    kind = SelectField(
        _l("Kind of guest"), [InputRequired()], choices=[(kind.value, words) for kind, words in KIND_WORDS.items()]
    )
    name = StringField(
        _l("Name of the guest"),
        [needed(), at_most(200), no_nul],
        description=_l("For a team its name or the code of its entry."),
    )
    power = BooleanField(_l("Needs power"))
    note = StringField(_l("Note"), [Optional(), at_most(300), no_nul])


class GuestPlaceForm(Form):
    guest = HiddenField(validators=[needed(), at_most(16), no_nul])
    booth = SelectField(_l("Booth"), [Optional()])
    power = BooleanField(_l("Needs power"))
    note = StringField(_l("Note"), [Optional(), at_most(300), no_nul])


class GuestActionForm(Form):
    guest = HiddenField(validators=[needed(), at_most(16), no_nul])


class ReleaseForm(Form):
    released = BooleanField(_l("Everybody may see the plan"))
    place = StringField(_l("Where the exhibition is"), [Optional(), at_most(300), no_nul])
    entrance = SelectField(_l("The entrance on the map"), choices=SIDES, default=Side.NONE.value)
    stage = SelectField(_l("The stage on the map"), choices=SIDES, default=Side.NONE.value)
