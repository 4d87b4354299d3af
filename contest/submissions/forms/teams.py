"""Registering a team, and changing what it says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, FieldList, PasswordField, SelectField, StringField
from wtforms.utils import unset_value
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from contest.accounts.forms import a_phone, an_email
from contest.accounts.logins import login_phone, normal_email
from contest.editions.entry_rules import Asks
from contest.editions.forms.entry import DayField
from contest.editions.privacy import AgeBand
from contest.editions.rules import LocalText
from contest.infra import clock
from contest.submissions.completeness import LONGEST_TITLE
from contest.submissions.facts import NO_PARTICULARS, Particulars, TeamDetails
from contest.submissions.forms.choices import REQUIRED, chosen, set_choices
from contest.submissions.services import NewCaptain
from contest.web.forms import Form, clean_line, no_nul
from contest.web.mailing import sends_mail

ROWS = 10
# More than the rule allows, so that the rule is what answers.
MOST_ROWS = 60
NOTHING_ASKED = Asks()
_FIRST_BIRTH = date(1900, 1, 1)
BAND_WORDS: dict[AgeBand, Any] = {
    AgeBand.UNDER_7: _l("under 7"),
    AgeBand.FROM_7: _l("7 to 12"),
    AgeBand.FROM_13: _l("13 to 15"),
    AgeBand.FROM_16: _l("16 or 17"),
    AgeBand.FROM_18: _l("18 or older"),
}
BANDS = [("", _l("Age: please choose")), *((band.value, words) for band, words in BAND_WORDS.items())]


def a_band(value: str | None) -> AgeBand | None:
    """Return the band of a value of the form; none when nothing was chosen."""
    return AgeBand(value) if value else None


def band_value(band: AgeBand | None) -> str:
    """Return the form's value of a band."""
    return "" if band is None else band.value


class Lines(FieldList):  # type: ignore[type-arg]  # generic in the stubs only
    """A list with `ROWS` lines; FieldList's own padding would read a sent line twice when numbers are missing.

    A number that was not sent is an empty line, so that lines of several lists with one number belong together.
    """

    def _extract_indices(self, prefix: str, formdata: Any) -> list[int]:
        sent = set(super()._extract_indices(prefix, formdata))  # type: ignore[misc]  # the stubs leave it out
        near = [number for number in sent if number < MOST_ROWS]
        return [*range(max(near, default=-1) + 1), *(number for number in sent if number >= MOST_ROWS)]

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        # What is stored must not fill the lines that were not sent.
        super().process(formdata, () if formdata else data, extra_filters)
        while len(self.entries) < ROWS:
            self._add_entry()  # type: ignore[attr-defined]  # the stubs leave it out


def a_birthday(form: Any, field: Any) -> None:
    """Refuse a day on which no living person was born."""
    del form
    if field.data is not None and not _FIRST_BIRTH <= field.data <= clock.now().date():
        raise ValidationError(_("This cannot be a date of birth. Write day, month and year, for example 26/03/2009."))


def _numbered(form: Any, name: str) -> dict[int, Any]:
    """Return what the lines of a list hold by their number; nothing for a list that is not asked for."""
    return dict(enumerate(form[name].data)) if name in form else {}


class TeamForm(Form):
    name = StringField(
        _l("Team name"),
        [InputRequired(REQUIRED), DataRequired(REQUIRED), Length(max=120), no_nul],  # sent, and not blank
        description=_l("As it should stand on the certificate."),
        render_kw={"autocomplete": "off", "maxlength": 120},
    )
    school = StringField(
        _l("School or unit"),
        [InputRequired(REQUIRED), DataRequired(REQUIRED), Length(max=200), no_nul],
        render_kw={"autocomplete": "organization", "maxlength": 200},
    )
    members = Lines(
        StringField(_l("Member's full name"), [Optional(), Length(max=120), no_nul], filters=[clean_line]),
        label=_l("Other members"),
        max_entries=MOST_ROWS,
    )
    mentor_name = StringField(_l("Mentor's full name"), [Optional(), Length(max=120), no_nul])
    mentor_email = EmailField(_l("Mentor's e-mail"), [Optional(), Length(max=254), no_nul, an_email])
    mentor_phone = StringField(
        _l("Mentor's phone number"),
        [Optional(), Length(max=30), no_nul, a_phone],
        render_kw={"inputmode": "tel"},
    )
    # Only while a rule of entry asks for them: see `ask_only`.
    captain_birth = DayField(_l("Captain's date of birth"), [Optional(), a_birthday])
    captain_school = StringField(_l("Captain's school or unit"), [Optional(), Length(max=200), no_nul])
    births = Lines(DayField(_l("Date of birth"), [Optional(), a_birthday]), max_entries=MOST_ROWS)
    schools = Lines(
        StringField(_l("Own school or unit"), [Optional(), Length(max=200), no_nul], filters=[clean_line]),
        max_entries=MOST_ROWS,
    )
    captain_band = SelectField(_l("Captain's age"), [Optional()], choices=BANDS, default="", coerce=str)
    bands = Lines(SelectField(_l("Age"), [Optional()], choices=BANDS, default="", coerce=str), max_entries=MOST_ROWS)
    mentor_school = StringField(_l("Mentor's school or unit"), [Optional(), Length(max=200), no_nul])
    declared = BooleanField(
        _l("We declare: the idea is our own, has won no prize and is not entered in another contest.")
    )

    def ask_only(self, asks: Asks, *, captain_apart: bool = True) -> None:
        """Take out what no rule of entry asks for, and the captain's own where the captain is one of the members."""
        for wanted, names in (
            (asks.birth_dates, ("births",)),
            (asks.birth_dates and captain_apart, ("captain_birth",)),
            (asks.age_bands, ("bands",)),
            (asks.age_bands and captain_apart, ("captain_band",)),
            (asks.member_schools, ("schools",)),
            (asks.member_schools and captain_apart, ("captain_school",)),
            (asks.mentor_school, ("mentor_school",)),
            (asks.declaration, ("declared",)),
        ):
            for name in () if wanted else names:
                del self[name]

    def _told(self, name: str) -> Any:
        return self[name].data if name in self else None

    def _particulars(self) -> tuple[Particulars, ...]:
        births, schools, bands = (_numbered(self, name) for name in ("births", "schools", "bands"))
        named = (number for number, name in _numbered(self, "members").items() if name)
        told = tuple(
            Particulars(births.get(number), schools.get(number) or "", a_band(bands.get(number))) for number in named
        )
        return told if any(one != NO_PARTICULARS for one in told) else ()

    @property
    def details(self) -> TeamDetails:
        return TeamDetails(
            name=self.name.data or "",
            school=self.school.data or "",
            members=tuple(name for name in self.members.data if name),
            mentor_school=self._told("mentor_school") or "",
            captain_particulars=Particulars(
                self._told("captain_birth"), self._told("captain_school") or "", a_band(self._told("captain_band"))
            ),
            particulars=self._particulars(),
            declared=bool(self._told("declared")),
            mentor_name=self.mentor_name.data or "",
            mentor_email=normal_email(self.mentor_email.data) if self.mentor_email.data else "",
            mentor_phone=login_phone(self.mentor_phone.data) if self.mentor_phone.data else "",
        )


class RegisterTeamForm(TeamForm):
    """For a person who is signed in: only the team, and what is known of the idea already."""

    title = StringField(
        _l("Title of the idea"),
        [Optional(), Length(max=LONGEST_TITLE), no_nul],
        description=_l("You can change it until the deadline."),
        render_kw={"maxlength": LONGEST_TITLE, "autocomplete": "off"},
    )
    track = SelectField(_l("Track"), [Optional()])
    field = SelectField(_l("Field"), [Optional()])

    @property
    def chosen_track(self) -> str | None:
        return chosen(self, "track")

    @property
    def chosen_field(self) -> str | None:
        return chosen(self, "field")


class RegisterForm(RegisterTeamForm):
    """For a visitor: the captain's account is made with the team."""

    captain_name = StringField(
        _l("Captain's full name"),
        [DataRequired(REQUIRED), Length(max=120), no_nul],
        render_kw={"autocomplete": "name", "maxlength": 120},
    )
    email = EmailField(
        _l("E-mail"), [Optional(), Length(max=254), no_nul, an_email], render_kw={"autocomplete": "email"}
    )
    phone = StringField(
        _l("Phone number"),
        [Optional(), Length(max=30), no_nul, a_phone],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    password = PasswordField(
        _l("Choose a password"),
        [no_nul],
        description=_l("At least 8 characters, better 15 or more. A short sentence is easy to remember."),
        render_kw={"autocomplete": "new-password"},
    )

    @property
    def confirmed_by_mail(self) -> bool:
        return sends_mail() and bool(self.email.data)

    def validate_password(self, field: PasswordField) -> None:
        # The owner of an address chooses it behind the mail: whoever typed the address may be somebody else.
        if not field.data and not self.confirmed_by_mail:
            raise ValidationError(REQUIRED)

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one way to reach the captain; both fields stay optional on their own."""
        valid: bool = super().validate(extra_validators)
        if self.email.data or self.phone.data:
            return valid
        self.email.errors = [_("Give an e-mail address or a phone number: you will sign in with it.")]
        return False

    @property
    def captain(self) -> NewCaptain:
        return NewCaptain(
            name=self.captain_name.data or "",
            password=self.password.data or "",
            email=normal_email(self.email.data) if self.email.data else "",
            phone=login_phone(self.phone.data) if self.phone.data else "",
        )


class ConfirmForm(Form):
    """Behind the mail: who has no account yet may choose a password."""

    password = PasswordField(
        _l("Choose a password"),
        [no_nul],
        description=_l("At least 8 characters, better 15 or more. Left empty, you sign in with links by mail."),
        render_kw={"autocomplete": "new-password"},
    )


F = TypeVar("F", bound=RegisterTeamForm)


def register_form(
    kind: type[F], tracks: Mapping[str, LocalText], fields: Mapping[str, LocalText], asks: Asks = NOTHING_ASKED
) -> F:
    """Return the registration form with the edition's tracks and fields, and what its rules ask for."""
    form = kind()
    form.ask_only(asks)
    set_choices(form, "track", tracks)
    set_choices(form, "field", fields)
    return form


def team_form(details: TeamDetails, asks: Asks = NOTHING_ASKED, *, captain_apart: bool = True) -> TeamForm:
    """Return the form of a team's details, filled with what is stored unless something was sent."""
    form = TeamForm(
        data={
            "name": details.name,
            "school": details.school,
            "members": list(details.members),
            "mentor_name": details.mentor_name,
            "mentor_email": details.mentor_email,
            "mentor_phone": details.mentor_phone,
            "mentor_school": details.mentor_school,
            "captain_birth": details.captain_particulars.birth_date,
            "captain_school": details.captain_particulars.school,
            "births": [one.birth_date for one in details.particulars],
            "schools": [one.school for one in details.particulars],
            "captain_band": band_value(details.captain_particulars.age_band),
            "bands": [band_value(one.age_band) for one in details.particulars],
            "declared": details.declared,
        }
    )
    form.ask_only(asks, captain_apart=captain_apart)
    return form
