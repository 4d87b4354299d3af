"""Forms about certificates."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from contest.certificates.kinds import Basis, Kind
from contest.certificates.look import MOST_SIGNATORIES, Frame, Language, Look, Signatory, To, check
from contest.certificates.services.looks import Picture
from contest.editions.forms.fields import at_most, blame, needed
from contest.editions.rules import LocalText
from contest.errors import RuleBroken
from contest.web.forms import Form, clean_line, no_nul
from contest.web.messages import sentence

KIND_WORDS = {
    Kind.WINNER: _l("Winners"),
    Kind.FINALIST: _l("Finalists"),
    Kind.PARTICIPANT: _l("Participants"),
    Kind.JUDGE: _l("Judges"),
    Kind.MENTOR: _l("Mentors"),
    Kind.VOLUNTEER: _l("Volunteers"),
}
TEXT_PARTS = [(kind, language) for kind in Kind for language in ("vi", "en")]
BLAMES = {
    "certificate_series_invalid": "series",
    "picture_unreadable": "background",
    "picture_too_many_pixels": "background",
    "picture_too_large": "background",
}
PARTS_OF_A_VOLUNTEER = 3
MOST_LISTED = 100_000


class LookForm(Form):
    language = SelectField(
        _l("Language"), choices=[("vi", "Tiếng Việt"), ("en", "English"), ("both", _l("Vietnamese and English"))]
    )
    orientation = SelectField(_l("Format"), choices=[("landscape", _l("A4 landscape")), ("portrait", _l("A4 upright"))])
    frame = SelectField(
        _l("Frame"),
        choices=[("ornate", _l("Ornate, with rays")), ("plain", _l("Two plain lines")), ("none", _l("None"))],
    )
    motto = BooleanField(_l("National motto at the head"))
    accent = StringField(_l("Main colour"), [needed(), at_most(7), no_nul])
    gold = StringField(_l("Second colour"), [needed(), at_most(7), no_nul])
    issuer_vi = StringField(_l("Who issues it, in Vietnamese"), [Optional(), at_most(200), no_nul])
    issuer_en = StringField(_l("Who issues it, in English"), [Optional(), at_most(200), no_nul])
    place = StringField(_l("Place of issue"), [Optional(), at_most(100), no_nul])
    heading_vi = StringField(_l("Heading in Vietnamese"), [Optional(), at_most(100), no_nul])
    heading_en = StringField(_l("Heading in English"), [Optional(), at_most(100), no_nul])
    lead_vi = StringField(_l("Line above the name, in Vietnamese"), [Optional(), at_most(100), no_nul])
    lead_en = StringField(_l("Line above the name, in English"), [Optional(), at_most(100), no_nul])
    series = StringField(_l("End of each number"), [needed(), at_most(40), no_nul])
    to = SelectField(_l("Teams get"), choices=[("members", _l("one for each member")), ("team", _l("one as a team"))])
    background = FileField(_l("Background picture"), [Optional()])
    remove_background = BooleanField(_l("Take the background away"))
    logo = FileField(_l("Logo"), [Optional()])
    remove_logo = BooleanField(_l("Take the logo away"))
    shown = SelectField(_l("Preview of"), choices=[(kind.value, KIND_WORDS[kind]) for kind in Kind])

    def look(self) -> Look | None:
        """Return the settings, or put the refusal on its field."""
        made = Look(
            language=Language(self.language.data),
            landscape=self.orientation.data == "landscape",
            frame=Frame(self.frame.data),
            motto=bool(self.motto.data),
            accent=self.accent.data or "",
            gold=self.gold.data or "",
            series=self.series.data or "",
            place=self.place.data or "",
            to=To(self.to.data),
            issuer=self._local("issuer"),
            heading=self._local("heading"),
            lead=self._local("lead"),
            signatories=self._signatories(),
            texts={kind: self._local(f"text_{kind.value}") for kind in Kind},
        )
        try:
            check(made)
        except RuleBroken as refused:
            self.refuse(refused)
            return None
        return made

    def refuse(self, refused: RuleBroken) -> None:
        """Put a refusal on the field that it is about."""
        item = str(refused.facts.get("item", ""))
        if refused.code in ("certificate_placeholder_unknown", "certificate_text_missing"):
            field = self[f"text_{item.replace(' ', '_')}"]
            field.errors = [*field.errors, sentence(refused)]
        elif refused.code == "certificate_colour_invalid":
            blame(self, refused, {refused.code: item})
        else:
            blame(self, refused, BLAMES)

    def background_picture(self) -> Picture:
        return Picture(_bytes(self.background), bool(self.remove_background.data))

    def logo_picture(self) -> Picture:
        return Picture(_bytes(self.logo), bool(self.remove_logo.data))

    def _local(self, name: str) -> LocalText:
        return LocalText(self[f"{name}_vi"].data or "", self[f"{name}_en"].data or "")

    def _signatories(self) -> tuple[Signatory, ...]:
        rows = range(1, MOST_SIGNATORIES + 1)
        made = [Signatory(self._local(f"role{row}"), self[f"signer{row}"].data or "") for row in rows]
        return tuple(one for one in made if one.name or one.role.vi or one.role.en)


for _row in range(1, MOST_SIGNATORIES + 1):
    setattr(LookForm, f"role{_row}_vi", StringField(_l("Office, in Vietnamese"), [Optional(), at_most(120), no_nul]))
    setattr(LookForm, f"role{_row}_en", StringField(_l("Office, in English"), [Optional(), at_most(120), no_nul]))
    setattr(LookForm, f"signer{_row}", StringField(_l("Name of who signs"), [Optional(), at_most(120), no_nul]))
for _kind, _language in TEXT_PARTS:
    _label = _l("In Vietnamese") if _language == "vi" else _l("In English")
    setattr(LookForm, f"text_{_kind.value}_{_language}", TextAreaField(_label, [Optional(), at_most(1000), no_nul]))


def _bytes(field: Any) -> bytes | None:
    return field.data.read() if field.data else None  # an empty file is refused, not passed over


def look_data(look: Look) -> dict[str, Any]:
    """Return stored settings as the data of the form."""
    data: dict[str, Any] = {
        "language": look.language.value,
        "orientation": "landscape" if look.landscape else "portrait",
        "frame": look.frame.value,
        "motto": look.motto,
        "accent": look.accent,
        "gold": look.gold,
        "place": look.place,
        "series": look.series,
        "to": look.to.value,
    }
    texts = {"issuer": look.issuer, "heading": look.heading, "lead": look.lead}
    texts |= {f"text_{kind.value}": text for kind, text in look.texts.items()}
    for row, one in enumerate(look.signatories, start=1):
        texts[f"role{row}"], data[f"signer{row}"] = one.role, one.name
    for name, text in texts.items():
        data |= {f"{name}_vi": text.vi, f"{name}_en": text.en}
    return data


class RevokeForm(Form):
    reason = StringField(_l("Why"), [needed(), at_most(500), no_nul])


class ReissueForm(Form):
    name = StringField(_l("The name as it should stand"), [Optional(), at_most(200), no_nul])
    why = StringField(_l("Why"), [needed(), at_most(500), no_nul])


class ConsentForm(Form):
    basis = SelectField(
        _l("What is recorded"),
        choices=[
            (Basis.CONSENT.value, _l("The young person and a parent or guardian consent")),
            (Basis.OF_AGE.value, _l("The person is 18 or older")),
        ],
    )
    how = StringField(_l("How it was given"), [needed(), at_most(300), no_nul])


class VolunteersForm(Form):
    people = TextAreaField(_l("Names"), [Optional(), at_most(MOST_LISTED), no_nul])
    file = FileField(_l("Or a list as a text file"), [Optional()])

    def read(self) -> list[tuple[str, str, str]]:
        """Return (name, task, e-mail) per line; raise `RuleBroken` for no line, or with the one that cannot be read."""
        data = _bytes(self.file) or b""
        if len(data) > MOST_LISTED:
            raise RuleBroken("volunteers_file_too_large", limit_kb=MOST_LISTED // 1000)
        try:
            text = "\n".join([self.people.data or "", data.decode("utf-8-sig")])
        except UnicodeDecodeError as refused:
            raise RuleBroken("volunteers_not_utf8") from refused
        found = [read_volunteer(number, line) for number, line in enumerate(text.split("\n"), start=1)]
        if not any(found):
            raise RuleBroken("volunteers_none")
        return [one for one in found if one]


def read_volunteer(number: int, line: str) -> tuple[str, str, str] | None:
    """Return (name, task, e-mail) of a line, none of an empty one; raise `RuleBroken` with its number."""
    parts = [clean_line(part) for part in line.replace("\t", ";").replace("\x00", "").split(";")]
    if not any(parts):
        return None
    name, task, email = [*parts, "", ""][:PARTS_OF_A_VOLUNTEER]
    if len(parts) > PARTS_OF_A_VOLUNTEER or not name or max(len(name), len(task), len(email)) > 200:  # noqa: PLR2004
        raise RuleBroken("volunteer_unreadable", line=number)
    if email and ("@" not in email[1:-1] or " " in email):
        raise RuleBroken("volunteer_email_invalid", line=number, value=email)
    return name, task, email
