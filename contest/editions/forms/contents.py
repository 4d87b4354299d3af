"""Tracks, fields and parts."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from contest.editions.codes import free_code, slug
from contest.editions.divisions import Division, parse_divisions
from contest.editions.forms.fields import at_most, between, blame_row, needed
from contest.editions.parts import FILE_TYPES, PartKind, PartSpec
from contest.editions.rules import LocalText
from contest.errors import RuleBroken
from contest.web.forms import Form, WholeField, no_nul
from contest.web.messages import sentence

MOST_PARTS = 20
MOST_WORDS = 5000
KINDS = [(PartKind.FILE.value, _l("File")), (PartKind.TEXT.value, _l("Text")), (PartKind.LINK.value, _l("Link"))]
TYPES = [("pdf", "PDF"), ("slides", "PPTX"), ("image", _l("Picture (PNG, JPEG, WebP)"))]


def _readable(form: Any, field: Any) -> None:
    del form
    try:
        parse_divisions(field.data or "")
    except RuleBroken as refused:
        raise ValidationError(sentence(refused)) from refused


class DivisionsForm(Form):
    tracks = TextAreaField(_l("Tracks"), [Optional(), at_most(20_000), no_nul, _readable])
    fields_text = TextAreaField(_l("Fields"), [Optional(), at_most(20_000), no_nul, _readable])

    def track_list(self) -> tuple[Division, ...]:
        """Return the tracks that were typed."""
        return parse_divisions(self.tracks.data or "")

    def field_list(self) -> tuple[Division, ...]:
        """Return the fields that were typed."""
        return parse_divisions(self.fields_text.data or "")


class PartForm(Form):
    class Meta(Form.Meta):
        csrf = False  # a row of PartsForm, which carries the token

    code = HiddenField()
    name_vi = StringField(_l("Name in Vietnamese"), [needed(), at_most(200), no_nul])
    name_en = StringField(_l("Name in English"), [Optional(), at_most(200), no_nul])
    kind = SelectField(_l("Kind"), choices=KINDS, default=PartKind.FILE.value)
    required = BooleanField(_l("Required"), default=True)
    accept = SelectMultipleField(
        _l("File types"), choices=TYPES, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    max_mb = WholeField(_l("Largest file (MB)"), [Optional(), between(1, 2048)], default=20)
    max_words = WholeField(_l("Longest text (words)"), [Optional(), between(10, MOST_WORDS)], default=500)
    help_vi = TextAreaField(_l("Help for teams, in Vietnamese"), [Optional(), at_most(2000), no_nul])
    help_en = TextAreaField(_l("Help for teams, in English"), [Optional(), at_most(2000), no_nul])

    def validate_accept(self, field: Any) -> None:
        if self.kind.data == PartKind.FILE.value and not field.data:
            raise ValidationError(gettext("Choose at least one file type."))

    def spec(self, taken: set[str]) -> PartSpec:
        """Return the part; a missing code is made from its name."""
        code = self.code.data or free_code(slug(self.name_vi.data or "") or "phan", taken)
        return PartSpec(
            code=code,
            name=LocalText(self.name_vi.data or "", self.name_en.data or ""),
            kind=PartKind(self.kind.data),
            required=bool(self.required.data),
            accept=tuple(name for name in FILE_TYPES if name in (self.accept.data or ())),
            max_mb=self.max_mb.data or 20,
            max_words=self.max_words.data or 500,
            help=LocalText(self.help_vi.data or "", self.help_en.data or ""),
        )


def part_data(spec: PartSpec) -> dict[str, Any]:
    """Return a part as the data of its row."""
    return {
        "code": spec.code,
        "name_vi": spec.name.vi,
        "name_en": spec.name.en,
        "kind": spec.kind.value,
        "required": spec.required,
        "accept": list(spec.accept),
        "max_mb": spec.max_mb,
        "max_words": spec.max_words,
        "help_vi": spec.help.vi,
        "help_en": spec.help.en,
    }


class PartsForm(Form):
    parts = FieldList(FormField(PartForm), max_entries=MOST_PARTS)

    def specs(self, most_mb: int) -> tuple[PartSpec, ...] | None:
        """Return the parts in their order, or put what is wrong on its row."""
        found: list[PartSpec] = []
        for row in self.parts:
            spec = row.form.spec({one.code for one in found})
            if spec.kind is PartKind.FILE and spec.max_mb > most_mb:
                blame_row(self.parts, row.form, RuleBroken("part_too_large", limit=most_mb), {}, "max_mb")
                return None
            found.append(spec)
        return tuple(found)
