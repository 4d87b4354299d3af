"""Erasing a person, and how long an edition keeps what."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField, ValidationError
from wtforms.validators import InputRequired

from contest.letters import name_digest
from contest.privacy.classes import Keep
from contest.privacy.retention import LONGEST, TERMS
from contest.web.forms import Form, no_nul

KEEP_WORDS: dict[Keep, Any] = {
    Keep.ENTRIES: _l("Entries: texts, files, contacts, dates of birth"),
    Keep.ACCOUNTS: _l("Names and accounts of members and judges"),
    Keep.CONSENTS: _l("Consents and requests, as evidence"),
    Keep.ACCESS: _l("Who opened what"),
    Keep.MAIL: _l("Mail that was sent"),
    Keep.WAYS_IN: _l("Sign-ins and links that have ended"),
    Keep.FILES: _l("Files made for download, and unfinished imports"),
}


class EraseForm(Form):
    """The name is typed, so that no slip of the finger erases somebody."""

    confirm = StringField(
        _l("Name of the person"), [InputRequired(_l("Type the name.")), no_nul], render_kw={"autocomplete": "off"}
    )

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.name = name

    def validate_confirm(self, field: StringField) -> None:
        if name_digest(field.data or "") != name_digest(self.name):
            raise ValidationError(_("Type “%(name)s” exactly as it stands here.", name=self.name))


class RetentionForm(Form):
    """One number of days for each class of the schedule that belongs to an edition."""

    entries = IntegerField(KEEP_WORDS[Keep.ENTRIES])
    accounts = IntegerField(KEEP_WORDS[Keep.ACCOUNTS])
    consents = IntegerField(KEEP_WORDS[Keep.CONSENTS])
    access = IntegerField(KEEP_WORDS[Keep.ACCESS])
    mail = IntegerField(KEEP_WORDS[Keep.MAIL])
    files = IntegerField(KEEP_WORDS[Keep.FILES])

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each number against the limits of its class."""
        held = super().validate(extra_validators)
        for term in TERMS:
            field = self._fields.get(term.keep.value)
            if field is not None and not (isinstance(field.data, int) and term.least <= field.data <= LONGEST):
                said = _("From %(least)s to %(most)s days.", least=term.least, most=LONGEST)
                field.errors, held = [said], False
        return held

    @property
    def days(self) -> dict[str, int]:
        """The days by class."""
        return {
            term.keep.value: self._fields[term.keep.value].data for term in TERMS if term.keep.value in self._fields
        }
