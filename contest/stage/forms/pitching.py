"""What is sent about the day of the presentations."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from contest.editions.forms.fields import WallTimeField, at_most, needed
from contest.stage.pitching import Act
from contest.stage.screens import Screen
from contest.stage.timer import Command
from contest.web.forms import Form, WholeField, no_nul

MOST_TURNS = 500
LONGEST_BREAK = 240
_MINUTES = NumberRange(1, LONGEST_BREAK, _l("Give a whole number of minutes from 1 to 240."))


class ActForm(Form):
    act = SelectField(choices=[(one.value, one.value) for one in Act])
    submission = HiddenField(validators=[needed(), at_most(40), no_nul])
    reason = StringField(_l("Why it counts as absent"), [Optional(), at_most(500), no_nul])
    back = HiddenField(validators=[Optional(), at_most(20), no_nul])


class PlaceForm(Form):
    submission = SelectField(_l("Team"), [InputRequired(_l("Choose a team."))])
    place = WholeField(
        _l("New place"),
        [needed(), NumberRange(1, MOST_TURNS, _l("Give a place from 1 on."))],
        description=_l("1 presents first. Nobody can be placed before a team that has had its turn."),
    )
    reason = StringField(_l("Reason"), [needed(), at_most(500), no_nul])


class DayForm(Form):
    begins_at = WallTimeField(
        _l("First presentation begins"),
        [Optional()],
        description=_l("Left empty, the opening of the round counts."),
    )
    public = BooleanField(_l("Everybody may see who is next"))


class BreakForm(Form):
    after = WholeField(
        _l("Behind place"),
        [
            InputRequired(_l("Give a whole number from 0 on.")),
            NumberRange(0, MOST_TURNS, _l("Give a whole number from 0 on.")),
        ],
        description=_l("0 stands before the first team."),
    )
    minutes = WholeField(_l("Length in minutes"), [needed(), _MINUTES])
    name = StringField(_l("What the break is for"), [Optional(), at_most(120), no_nul])


class RemoveBreakForm(Form):
    pause = WholeField(validators=[needed(), NumberRange(1)])


class PressForm(Form):
    command = SelectField(choices=[(one.value, one.value) for one in Command])
    key = HiddenField(validators=[Optional(), at_most(40), no_nul])
    at = HiddenField(validators=[Optional(), at_most(40), no_nul])
    back = HiddenField(validators=[Optional(), at_most(20), no_nul])

    def validate_at(self, field: Any) -> None:
        """Take a moment with its zone, as scripts write it."""
        try:
            datetime.fromisoformat(field.data).astimezone(UTC)
        except (ValueError, OverflowError) as refused:
            raise ValidationError(gettext("This is no moment.")) from refused

    @property
    def claimed(self) -> datetime | None:
        """When the button was pressed, by the phone."""
        if not self.at.data:
            return None
        found = datetime.fromisoformat(self.at.data)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


class ShowForm(Form):
    screen = SelectField(choices=[(one.value, one.value) for one in Screen])
    minutes = WholeField(_l("Length in minutes"), [Optional(), _MINUTES])
    name = StringField(_l("What the break is for"), [Optional(), at_most(120), no_nul])
    back = HiddenField(validators=[Optional(), at_most(20), no_nul])
