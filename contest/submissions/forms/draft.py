"""The form of a submission: its fields follow the parts of the edition."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import Field, FileField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from contest.editions.parts import PartKind, PartSpec
from contest.errors import RuleBroken
from contest.submissions.completeness import LONGEST_TEXT, LONGEST_TITLE, part_key
from contest.submissions.facts import Draft
from contest.submissions.forms.choices import chosen, set_choices
from contest.submissions.links import read_link
from contest.submissions.queries import Desk
from contest.web.formats import local
from contest.web.forms import Form, WholeField, no_nul
from contest.web.messages import sentence

MOST_SENT = 6


def a_link(form: Any, field: Any) -> None:
    del form
    if not field.data:
        return
    try:
        read_link(field.data)
    except RuleBroken as refused:
        raise ValidationError(sentence(refused)) from refused


class DraftForm(Form):
    version = WholeField(widget=HiddenInput(), validators=[InputRequired()])
    title = StringField(
        _l("Title of the idea"),
        [Length(max=LONGEST_TITLE), no_nul],
        render_kw={"maxlength": LONGEST_TITLE, "autocomplete": "off"},
    )
    summary = TextAreaField(
        _l("Summary"),
        [Length(max=LONGEST_TEXT), no_nul],
        description=_l("What is the problem, for whom, and what is your idea? Judges read this first."),
    )
    track = SelectField(_l("Track"))
    field = SelectField(_l("Field"))
    # Buttons of the form: the file to be taken out, and "go on to handing in".
    remove = StringField()
    check = StringField()
    # Which files have arrived in pieces before, with spaces between them.
    sent = StringField("", [no_nul], widget=HiddenInput())

    parts: tuple[PartSpec, ...] = ()

    def of(self, part: PartSpec) -> Field:
        """Return the field of a part."""
        field: Field = self[part_key(part.code)]
        return field

    @property
    def draft(self) -> Draft:
        """What was typed."""
        texts = {part.code: self.of(part).data or "" for part in self.parts if part.kind is not PartKind.FILE}
        return Draft(
            title=self.title.data or "",
            summary=self.summary.data or "",
            track=chosen(self, "track"),
            field=chosen(self, "field"),
            texts=texts,
        )

    @property
    def uploads(self) -> list[tuple[PartSpec, FileStorage]]:
        """The files that were chosen."""
        files = [(part, self.of(part).data) for part in self.parts if part.kind is PartKind.FILE]
        return [(part, sent) for part, sent in files if isinstance(sent, FileStorage) and sent.filename]

    @property
    def arrived(self) -> list[str]:
        """The names of the files that came in pieces."""
        return list(dict.fromkeys((self.sent.data or "").split()))[:MOST_SENT]

    def file_part(self, code: str) -> PartSpec | None:
        """Return the part of this code when it takes a file."""
        return next((part for part in self.parts if part.code == code and part.kind is PartKind.FILE), None)

    @property
    def touched_part(self) -> str:
        """The code of a part to which a file was sent with the form, or ""."""
        return self.uploads[0][0].code if self.uploads else ""

    def read_again(self, version: int) -> None:
        """Make the next press of the button save over the version that is stored now."""
        self.version.data, self.version.raw_data = version, [str(version)]


def draft_form(desk: Desk) -> DraftForm:
    """Return the form of a submission, filled with what is stored unless something was sent."""
    fields = {part_key(part.code): _field(part) for part in desk.parts}
    kind = type("DraftForm", (DraftForm,), {**fields, "parts": desk.parts})
    content = desk.content
    form: DraftForm = kind(
        data={
            "version": desk.version,
            "title": content.title,
            "summary": content.summary,
            "track": content.track or "",
            "field": content.field or "",
            **{part_key(code): text for code, text in content.texts.items()},
        }
    )
    set_choices(form, "track", desk.tracks)
    set_choices(form, "field", desk.fields)
    return form


def _field(part: PartSpec) -> Any:
    rules: list[Any] = [no_nul] if part.required else [Optional(), no_nul]
    name, told = local(part.name), local(part.help)
    if part.kind is PartKind.TEXT:
        return TextAreaField(name, [*rules, Length(max=LONGEST_TEXT)], description=told)
    if part.kind is PartKind.LINK:
        hint = told or _("Paste the address of the page, for example of a YouTube video.")
        keys = {"inputmode": "url", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        return StringField(name, [*rules, a_link], description=hint, render_kw=keys)
    return FileField(name, [] if part.required else [Optional()], description=told)
