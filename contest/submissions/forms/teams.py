"""Registering a team, and changing what it says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, FieldList, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from contest.accounts.forms import a_phone, an_email
from contest.accounts.logins import login_phone, normal_email
from contest.editions.rules import LocalText
from contest.submissions.completeness import LONGEST_TITLE
from contest.submissions.facts import TeamDetails
from contest.submissions.forms.choices import REQUIRED, chosen, set_choices
from contest.submissions.services import NewCaptain
from contest.web.forms import Form, clean_line, no_nul

ROWS = 10
# More than the rule allows, so that the rule is what answers.
MOST_ROWS = 60


class Lines(FieldList):  # type: ignore[type-arg]  # generic in the stubs only
    """A list with `ROWS` lines; FieldList's own padding would read a sent line twice when numbers are missing."""

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        super().process(formdata, *args, **kwargs)
        while len(self.entries) < ROWS:
            self._add_entry()  # type: ignore[attr-defined]  # the stubs leave it out


class TeamForm(Form):
    name = StringField(
        _l("Team name"),
        [DataRequired(REQUIRED), Length(max=120), no_nul],
        description=_l("As it should stand on the certificate."),
        render_kw={"autocomplete": "off", "maxlength": 120},
    )
    school = StringField(
        _l("School or unit"),
        [DataRequired(REQUIRED), Length(max=200), no_nul],
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

    @property
    def details(self) -> TeamDetails:
        return TeamDetails(
            name=self.name.data or "",
            school=self.school.data or "",
            members=tuple(name for name in self.members.data if name),
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
        [InputRequired(REQUIRED)],
        description=_l("At least 8 characters. A short sentence is easy to remember."),
        render_kw={"autocomplete": "new-password"},
    )

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


F = TypeVar("F", bound=RegisterTeamForm)


def register_form(kind: type[F], tracks: Mapping[str, LocalText], fields: Mapping[str, LocalText]) -> F:
    """Return the registration form with the edition's tracks and fields."""
    form = kind()
    set_choices(form, "track", tracks)
    set_choices(form, "field", fields)
    return form


def team_form(details: TeamDetails) -> TeamForm:
    """Return the form of a team's details, filled with what is stored unless something was sent."""
    return TeamForm(
        data={
            "name": details.name,
            "school": details.school,
            "members": list(details.members),
            "mentor_name": details.mentor_name,
            "mentor_email": details.mentor_email,
            "mentor_phone": details.mentor_phone,
        }
    )
