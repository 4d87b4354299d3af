"""Forms through which files come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import FieldList, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from contest.exchange.forms.problems import TARGET_LABELS
from contest.exchange.mapping import missing_targets
from contest.web.forms import Form, no_nul

CHOOSE = _l("Choose a file.")


class BundleForm(Form):
    """A .zip, or the single files of a bundle."""

    files = MultipleFileField(_l("The .zip, or all files of the folder"), [FileRequired(CHOOSE)])

    def uploads(self) -> list[tuple[str, bytes]]:
        return [(upload.filename or "?", upload.read()) for upload in self.files.data or ()]


class LoadForm(Form):
    """The code under which an edition is loaded."""

    code = StringField(
        _l("Code of the edition"), [DataRequired(_l("Please fill in this field.")), Length(max=60), no_nul]
    )


class SheetForm(Form):
    """One sheet."""

    file = FileField(_l("The sheet"), [FileRequired(CHOOSE)])

    def upload(self) -> tuple[str, bytes]:
        return self.file.data.filename or "?", self.file.data.read()


class NotesForm(Form):
    """A yes to the differences that were shown."""

    shown = HiddenField(validators=[no_nul])


class ColumnsForm(Form):
    """What each column of a sheet means, in the order of its header."""

    targets = FieldList(SelectField(_l("Meaning"), choices=[]))

    def show(self, header: Sequence[str], guess: Mapping[str, str]) -> None:
        """Fill the choices; without an answer yet, choose what was guessed."""
        choices = [("", gettext("(leave out)")), *((name, str(label)) for name, label in TARGET_LABELS.items())]
        while len(self.targets.entries) < len(header):
            self.targets.append_entry(guess.get(header[len(self.targets.entries)], ""))
        for entry in self.targets.entries:
            entry.choices = choices

    def mapping(self, header: Sequence[str]) -> dict[str, str]:
        chosen = [entry.data for entry in self.targets.entries]
        return {column: target for column, target in zip(header, chosen, strict=False) if target}

    def check(self, header: Sequence[str]) -> bool:
        """Tell whether every meaning is chosen once at most and the required ones are."""
        mapping = self.mapping(header)
        twice = sorted({name for name in mapping.values() if list(mapping.values()).count(name) > 1})
        for name in twice:
            self.form_errors.append(gettext("Two columns mean “%(target)s”. Keep one.", target=TARGET_LABELS[name]))
        for name in missing_targets(mapping):
            self.form_errors.append(gettext("No column means “%(target)s”. Choose one.", target=TARGET_LABELS[name]))
        return not self.form_errors
