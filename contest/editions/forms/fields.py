"""Fields for exact numbers and local times, and the way a refusal of the core finds its field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, Field
from wtforms.validators import Length, NumberRange, Optional, StopValidation
from wtforms.widgets import TextInput

from contest.editions.numbers import parse_decimal, plain
from contest.errors import RuleBroken
from contest.web.formats import decimal_text
from contest.web.messages import sentence

WALL_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"]


class Needed:
    """Something must be there once white space is gone; unlike `DataRequired` it takes a zero."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        del form
        if field.data is None or field.data == "":
            # A number that could not be read has its own message already.
            raise StopValidation("" if field.errors else gettext("Please fill in this field."))


def needed() -> Needed:
    return Needed()


class Later(Optional):
    """May stay empty for now, yet the checklist will ask for it: not marked as optional."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags = {}


def at_most(longest: int) -> Length:
    return Length(max=longest, message=_l("At most %(max)d characters."))


def between(low: int, high: int) -> NumberRange:
    return NumberRange(min=low, max=high, message=_l("Enter a whole number from %(min)s to %(max)s."))


class ExactField(Field):
    """A decimal typed with comma or point; shown with the decimal mark of the page; empty is none."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else decimal_text(plain(self.data))

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: Decimal | None = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = parse_decimal(valuelist[0])
            except RuleBroken as refused:
                raise ValueError(sentence(refused)) from refused


class WallTimeField(DateTimeLocalField):
    """A local date and time without a zone; what was typed stays when it cannot be read."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format=WALL_FORMATS, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: datetime | None = None
        if valuelist and valuelist[0].strip():
            try:
                super().process_formdata([valuelist[0].strip()])
            except ValueError as refused:
                raise ValueError(gettext("Enter a day and a time, for example 22/11/2026 17:00.")) from refused


def blame(form: Any, refused: RuleBroken, fields: Mapping[str, str], default: str = "") -> None:
    """Put the words of a refusal on the field that caused it, or on the form as a whole."""
    name = fields.get(refused.code, default)
    words = sentence(refused)
    if name:
        form[name].errors = [*form[name].errors, words]
    else:
        form.form_errors = [*form.form_errors, words]


def blame_row(rows: Any, row: Any, refused: RuleBroken, fields: Mapping[str, str], default: str) -> None:
    """Put the words of a refusal on a field of one row; the list learns of it too, for the summary."""
    blame(row, refused, fields, default)
    rows.errors = [entry.errors for entry in rows]


def given(field: Any) -> Any:
    """Return what a validated field that was `needed` holds."""
    if field.data is None:
        raise ValueError(f"{field.name} has not been validated")
    return field.data
