"""Forms of sign-in, of one's own account, and of the people of an edition."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Any

from flask import current_app, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import EmailField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from contest.accounts import services
from contest.accounts.logins import login_phone, normal_email, normal_login
from contest.accounts.queries import has_password, is_password_of
from contest.accounts.roles import Role
from contest.accounts.second.queries import has_app, has_passkey
from contest.accounts.second.services import use_app_code
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.web.forms import Form, no_nul
from contest.web.messages import sentence

REQUIRED = _l("Please fill in this field.")
DIGITS_INPUT = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 9}
ROLE_WORDS: dict[Role, Any] = {
    Role.ORGANISER: _l("Organiser"),
    Role.SECRETARY: _l("Secretary"),
    Role.CHAIR: _l("Chair of the jury"),
    Role.JUDGE: _l("Judge"),
    Role.CAPTAIN: _l("Captain"),
    Role.MEMBER: _l("Member"),
    Role.MENTOR: _l("Mentor"),
    Role.OBSERVER: _l("Observer"),
}
# Judges come with a place on the panel, captains, members and mentors with their team: other pages make those.
GIVABLE = (Role.ORGANISER, Role.SECRETARY, Role.CHAIR, Role.OBSERVER)


def a_login(form: Any, field: Any) -> None:
    del form
    _check(normal_login, field)


def an_email(form: Any, field: Any) -> None:
    del form
    _check(normal_email, field)


def a_phone(form: Any, field: Any) -> None:
    del form
    _check(login_phone, field)


def _check(rule: Any, field: Any) -> None:
    try:
        rule(field.data)
    except RuleBroken as refused:
        raise ValidationError(sentence(refused)) from refused


FRESH = timedelta(minutes=15)


class SignInForm(Form):
    login = StringField(
        _l("E-mail or phone number"),
        [DataRequired(REQUIRED), Length(max=254), no_nul],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    # No filter and no length rule: whatever is typed is compared, never judged.
    password = PasswordField(_l("Password"), [InputRequired(REQUIRED)], render_kw={"autocomplete": "current-password"})


class LinkRequestForm(Form):
    email = EmailField(
        _l("E-mail"), [DataRequired(REQUIRED), Length(max=254), no_nul, an_email], render_kw={"autocomplete": "email"}
    )


class DoorForm(Form):
    code = StringField(
        _l("Six-digit code"),
        [DataRequired(REQUIRED), Regexp(r"^[0-9]{6}$", message=_l("The code has six digits."))],
        filters=[lambda text: "".join((text or "").split())],
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code", "pattern": "[0-9 ]*", "maxlength": 9},
    )


class ProfileForm(Form):
    name = StringField(
        _l("Full name"),
        [InputRequired(REQUIRED), DataRequired(REQUIRED), Length(max=200), no_nul],  # sent, and not blank
        render_kw={"autocomplete": "name"},
    )
    email = EmailField(
        _l("E-mail"), [Optional(), Length(max=254), no_nul, an_email], render_kw={"autocomplete": "email"}
    )
    phone = StringField(
        _l("Phone number"),
        [Optional(), Length(max=30), no_nul, a_phone],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    locale = SelectField(
        _l("Language of mails and pages"),
        choices=[("", _l("As on the site")), ("vi", "Tiếng Việt"), ("en", "English")],
        validate_choice=True,
    )


class PasswordForm(Form):
    current = PasswordField(
        _l("Current password"), [InputRequired(REQUIRED)], render_kw={"autocomplete": "current-password"}
    )
    new = PasswordField(_l("New password"), [InputRequired(REQUIRED)], render_kw={"autocomplete": "new-password"})


def _just_signed_in() -> bool:
    fresh: bool = current_user.signed_in_within(FRESH, clock.now())
    return fresh


class FirstPasswordForm(Form):
    new = PasswordField(_l("New password"), [InputRequired(REQUIRED)], render_kw={"autocomplete": "new-password"})

    def validate_new(self, field: PasswordField) -> None:
        # Whoever found a device that signed in long ago would own the account for good.
        del field
        if not _just_signed_in():
            raise ValidationError(_("Sign in again by a new link before you set a first password."))


class ProofForm(Form):
    """Before what cannot be taken back: whoever signed in a while ago proves once more who they are.

    A device that signed in, or proved it, within `FRESH` has just done so. Who has a second factor proves it with that
    one; `kind` tells the page what to show: "" for nothing, "password", "code" (a passkey does as well, on the page
    `accounts.prove`), "passkey", or "none" for who must sign in again.
    """

    password = PasswordField(
        _l("Your password, once more"), render_kw={"autocomplete": "current-password", "required": True}
    )
    one_time = StringField(_l("Code from your authenticator app"), render_kw={**DIGITS_INPUT, "required": True})

    @cached_property
    def needed(self) -> bool:
        return not _just_signed_in()

    @cached_property
    def has_passkey(self) -> bool:
        return has_passkey(current_user.id)

    @cached_property
    def kind(self) -> str:
        if not self.needed:
            return ""
        if has_app(current_user.id):
            return "code"
        if self.has_passkey:
            return "passkey"
        return "password" if has_password(current_user.id) else "none"

    def validate_password(self, field: PasswordField) -> None:
        if self.kind == "none":
            raise ValidationError(_("You have no password. Sign in again by a new link, then come back here."))
        if self.kind == "passkey":
            raise ValidationError(_("First confirm with your passkey that it is you, then come back here."))
        if self.kind != "password":
            return
        if not is_password_of(current_user.id, field.data or ""):
            raise _refused(_("This is not your password."))
        self._is_proved("password")

    def validate_one_time(self, field: StringField) -> None:
        if self.kind != "code":
            return
        # Used up at once, in a unit of work of its own: whatever becomes of the rest, it is not taken again.
        with unit_of_work():
            user_id, now, key = current_user.id, clock.now(), current_app.config["SECRET_KEY"]
            taken = use_app_code(user_id=user_id, code=field.data or "", secret_key=key, now=now)
            if taken:
                services.note_proved(user_id=user_id, way="app", now=now)
        if not taken:
            raise _refused(_("This code is not right, or it was used before. Wait for the next one."))
        self._is_proved()

    def _is_proved(self, way: str = "") -> None:
        note_proof(way)
        self.kind = ""  # the same page, shown again for another fault, asks for it no more


def _refused(words: str) -> ValidationError:
    """Return the refusal of a proof, and let it be counted with the answer."""
    g.proof_refused = True
    return ValidationError(words)


def note_proof(way: str = "") -> None:
    """Note that this request has proved who is at the device: its session is renewed with the answer.

    The trail is told the `way` with the renewal; what has its own entry names none.
    """
    g.proved, g.proof_way = True, way


class PersonForm(Form):
    name = StringField(_l("Full name"), [DataRequired(REQUIRED), Length(max=200), no_nul])
    contact = StringField(
        _l("E-mail or phone number"),
        [Optional(), Length(max=254), no_nul, a_login],
        description=_l("Without either, the person can only enter with a link, a QR code or a six-digit code."),
    )
    role = SelectField(_l("Role"), choices=[(role.value, ROLE_WORDS[role]) for role in GIVABLE])


class RoleForm(Form):
    role = SelectField(_l("Role"), choices=[(role.value, ROLE_WORDS[role]) for role in GIVABLE])


class SheetForm(Form):
    person = SelectMultipleField(_l("People"), validate_choice=False)
