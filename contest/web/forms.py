"""The base of every form: our translations, trimmed NFC text, and no control characters."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from flask_babel import get_translations, gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField, PasswordField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.fields.core import UnboundField
from wtforms.validators import StopValidation, ValidationError

from contest.web.doubled import holds_many, may_repeat

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
# Joiners keep emoji families together; line breaks and tabs belong to long texts.
_KEEP = {"\n", "\t", "\u200d"}
# Ten digits: every count of ours fits, and what is longer would not fit into the database.
_WHOLE = re.compile(r"[+-]?[0-9]{1,10}", re.ASCII)


def clean(text: str | None) -> str:
    """Return NFC text, trimmed, with Unix line ends and without control, bidi and zero-width characters."""
    if not text:
        return ""
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in normal if c in _KEEP or unicodedata.category(c) not in _INVISIBLE).strip()


def clean_line(text: str | None) -> str:
    """Return `clean` text on one line with single spaces."""
    return " ".join(clean(text).split())


def whole(text: str) -> int:
    """Return a whole number typed in plain digits; raise `ValueError` for anything else or far too long."""
    if not _WHOLE.fullmatch(text.strip()):
        raise ValueError("not a whole number")
    return int(text)


class _Translations:
    """WTForms ships no Vietnamese: its own messages go through our catalogue."""

    def gettext(self, string: str) -> str:
        return str(get_translations().ugettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        # Not Flask-Babel's own: it would fill in the placeholders, whose values only WTForms knows.
        return str(get_translations().ungettext(singular, plural, n))


class Form(FlaskForm):
    """A form whose text arrives clean and whose messages speak the user's language."""

    class Meta(FlaskForm.Meta):
        """Clean strings on the way in; translate WTForms' own messages."""

        def get_translations(self, form: Any) -> _Translations:
            """Return our catalogue."""
            del form
            return _Translations()

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Add the cleaning filter to every text field, and turn pairs into choices."""
            filters = list(unbound_field.kwargs.get("filters", ()))
            if issubclass(unbound_field.field_class, TextAreaField):
                filters.append(clean)
            elif issubclass(unbound_field.field_class, StringField) and not issubclass(
                unbound_field.field_class, PasswordField
            ):  # a password is what was typed, to the last space
                filters.append(clean_line)
            if filters:
                options = {**options, "filters": filters}
            choices = unbound_field.kwargs.get("choices")
            if isinstance(choices, (list, tuple)):
                # Pairs (value, words) read best where a form is written; WTForms is giving them up.
                pairs = [SelectChoice(*one) if isinstance(one, tuple) else one for one in choices]
                options = {**options, "choices": pairs}
            return unbound_field.bind(form=form, **options)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Say which of the fields hold lists: whatever else is sent twice is refused before any form is made."""
        super().__init_subclass__(**kwargs)
        for name, unbound in vars(cls).items():
            if isinstance(unbound, UnboundField) and holds_many(unbound.field_class):
                may_repeat(unbound.name or name)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that none but a list came twice: another form may hold a list of that name."""
        good = bool(super().validate(extra_validators))
        doubled = [field for field in self if not holds_many(type(field)) and len(field.raw_data or ()) > 1]
        for field in doubled:
            field.errors = [*field.errors, gettext("Give one answer here.")]
        return good and not doubled


class WholeField(IntegerField):
    """A whole number; what is none, or far too long, is refused in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, or none from an empty field."""
        self.data: int | None = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = whole(valuelist[0])
            except ValueError as refused:
                raise ValueError(gettext("Enter a whole number.")) from refused

    def pre_validate(self, form: Any) -> None:
        """Leave it at one message when nothing could be read."""
        del form
        if self.process_errors:
            raise StopValidation


class ActionForm(Form):
    """A one-button action: nothing but the token."""


def no_nul(form: Any, field: Any) -> None:
    """Refuse a NUL byte by name instead of dropping it silently."""
    del form
    if any("\x00" in raw for raw in field.raw_data or () if isinstance(raw, str)):
        raise ValidationError(gettext("This text holds a NUL byte. Type it again instead of pasting it."))
