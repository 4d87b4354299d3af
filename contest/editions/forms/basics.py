"""Name, window and texts of an edition."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from contest.editions.basics import TIMEZONE, Basics, timezones
from contest.editions.extensions import MOST_GRACE
from contest.editions.forms.fields import Later, WallTimeField, at_most, between, blame, needed
from contest.editions.moments import to_utc, to_wall
from contest.editions.rules import LocalText
from contest.errors import RuleBroken
from contest.web.forms import Form, WholeField, no_nul

BLAMES = {
    "edition_without_name": "name_vi",
    "timezone_unknown": "timezone",
    "languages_unknown": "languages",
    "window_reversed": "submissions_close",
    "window_needed": "submissions_close",
    "grace_out_of_range": "grace_minutes",
    "edition_code_invalid": "code",
    "edition_code_taken": "code",
    "picture_unreadable": "logo",
    "picture_too_many_pixels": "logo",
    "picture_too_large": "logo",
}


def _zones() -> list[tuple[str, str]]:
    return [(name, name) for name in (TIMEZONE, *sorted(timezones() - {TIMEZONE}))]


class NewEditionForm(Form):
    name_vi = StringField(_l("Name in Vietnamese"), [needed(), at_most(200), no_nul])
    name_en = StringField(_l("Name in English"), [Optional(), at_most(200), no_nul])
    organiser = StringField(_l("Organising body"), [Later(), at_most(200), no_nul])
    code = StringField(_l("Code in addresses"), [Optional(), at_most(60), no_nul])

    def basics(self) -> Basics:
        name = LocalText(self.name_vi.data or "", self.name_en.data or "")
        return Basics(name=name, organiser=self.organiser.data or "")


class CloneForm(Form):
    name_vi = StringField(_l("Name in Vietnamese"), [needed(), at_most(200), no_nul])
    name_en = StringField(_l("Name in English"), [Optional(), at_most(200), no_nul])
    code = StringField(_l("Code in addresses"), [Optional(), at_most(60), no_nul])


class BasicsForm(Form):
    name_vi = StringField(_l("Name in Vietnamese"), [needed(), at_most(200), no_nul])
    name_en = StringField(_l("Name in English"), [Optional(), at_most(200), no_nul])
    organiser = StringField(_l("Organising body"), [Later(), at_most(200), no_nul])
    contact = StringField(_l("Contact"), [Optional(), at_most(300), no_nul])
    about_vi = TextAreaField(_l("About the contest, in Vietnamese"), [Optional(), at_most(8000), no_nul])
    about_en = TextAreaField(_l("About the contest, in English"), [Optional(), at_most(8000), no_nul])
    logo = FileField(_l("Logo"), [Optional()])
    remove_logo = BooleanField(_l("Take the logo away"))
    submissions_open = WallTimeField(_l("Submissions open"), [Later()])
    submissions_close = WallTimeField(_l("Submissions close"), [Later()])
    grace_minutes = WholeField(_l("Minutes of grace"), [Optional(), between(0, MOST_GRACE)], default=0)
    timezone = SelectField(_l("Time zone"), choices=_zones, default=TIMEZONE)
    languages = SelectMultipleField(
        _l("Languages of the pages"),
        choices=[("vi", "Tiếng Việt"), ("en", "English")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def basics(self) -> Basics | None:
        """Return the settings, or put the refusal on its field."""
        zone = self.timezone.data
        try:
            return Basics(
                name=LocalText(self.name_vi.data or "", self.name_en.data or ""),
                organiser=self.organiser.data or "",
                about=LocalText(self.about_vi.data or "", self.about_en.data or ""),
                contact=self.contact.data or "",
                timezone=zone,
                languages=tuple(code for code in ("vi", "en") if code in (self.languages.data or ())),
                submissions_open=to_utc(self.submissions_open.data, zone),
                submissions_close=to_utc(self.submissions_close.data, zone),
                grace_minutes=self.grace_minutes.data or 0,
            )
        except RuleBroken as refused:
            blame(self, refused, BLAMES)
            return None

    def logo_bytes(self) -> bytes | None:
        """Return the chosen file, none when nothing was chosen."""
        return self.logo.data.read() if self.logo.data else None


def basics_data(basics: Basics) -> dict[str, Any]:
    """Return stored settings as the data of the form."""
    return {
        "name_vi": basics.name.vi,
        "name_en": basics.name.en,
        "organiser": basics.organiser,
        "contact": basics.contact,
        "about_vi": basics.about.vi,
        "about_en": basics.about.en,
        "timezone": basics.timezone,
        "languages": list(basics.languages),
        "submissions_open": to_wall(basics.submissions_open, basics.timezone),
        "submissions_close": to_wall(basics.submissions_close, basics.timezone),
        "grace_minutes": basics.grace_minutes,
    }
