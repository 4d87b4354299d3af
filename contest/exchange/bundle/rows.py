"""Typed reading of one table: headers are checked once, then each row gives values of the right type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from contest.errors import RuleBroken
from contest.exchange.bundle.findings import MAX_CODE, MAX_LINE, Findings, Place, check_text, nearest
from contest.exchange.bundle.model import RowLike, TableLike
from contest.exchange.cleaning import clean_phone

Choice = TypeVar("Choice", bound=StrEnum)

# Required columns first, in the order of the format; those after the bar are optional.
COLUMNS = {
    "submissions": (
        "submission title team | track field school members mentor summary email phone status"
        " mentor_email mentor_phone status_reason"
    ),
    "judges": "judge name | email phone organisation fields min_load max_load languages experience profile",
    "conflicts": "judge submission | reason kind party",
    "assignments": "round judge submission | pinned",
    "scores": "round judge submission criterion score |",
    "adjustments": "round submission points reason author |",
    "scorecards": "round judge submission | status feedback private_note recusal_reason",
    "advancements": "round submission |",
    "rulings": "round kind submission value reason author |",
    "award_choices": "award submission votes reason author |",
    "measured": "round criterion submission value |",
}
_TRUE = frozenset(("true", "yes", "1", "x", "có", "đúng"))
_FALSE = frozenset(("false", "no", "0", "", "không", "sai"))
_INTEGER = re.compile(r"[0-9]{1,6}")
# An apostrophe before such a sign is how people keep a spreadsheet from calculating; one is taken off.
_SHIELDED = re.compile(r"'+[=+\-@\t\r]")
_EMAIL_LIMIT = 254


def columns(table: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the required and the optional columns of a table."""
    required, _, optional = COLUMNS[table].partition("|")
    return tuple(required.split()), tuple(optional.split())


def unshielded(cell: str) -> str:
    """Return the cell without the one apostrophe that guards a formula sign."""
    return cell[1:] if _SHIELDED.match(cell) else cell


def shielded(text: str) -> str:
    """Undo `unshielded` beforehand: a text that would lose its own apostrophe gets one more."""
    return f"'{text}" if _SHIELDED.match(text) else text


@dataclass(frozen=True, slots=True)
class Cells:
    """One row; `names` maps the format's columns to the file's spelling of them."""

    findings: Findings
    file: str
    number: int
    names: Mapping[str, str]
    cells: Mapping[str, str]

    def place(self, column: str | None = None) -> Place:
        """Return where a cell stands."""
        return self.file, self.number, self.names.get(column, column) if column else None

    def problem(self, column: str | None, code: str, **facts: object) -> None:
        """Note what is wrong with a cell, or with the row."""
        self.findings.add(self.place(column), code, **facts)

    def raw(self, column: str) -> str:
        """Return the cell as it came, without the guarding apostrophe; "" for a column that is absent."""
        name = self.names.get(column)
        return unshielded(self.cells.get(name, "")) if name is not None else ""

    def text(self, column: str, limit: int = MAX_LINE, *, required: bool = False, block: bool = False) -> str:
        """Return the text in canonical form."""
        raw = self.raw(column)
        clean = check_text(self.findings, self.place(column), raw, limit, block=block)
        if required and not raw.strip():
            self.problem(column, "cell_empty")
        return clean

    def code(self, column: str) -> str:
        """Return a required code of a row: up to 40 characters, no list separator."""
        code = self.text(column, MAX_CODE, required=True)
        if ";" in code:
            self.problem(column, "code_invalid", value=code)
            return ""
        return code

    def texts(self, column: str, limit: int = MAX_LINE) -> tuple[str, ...]:
        """Return the parts of a list that is separated by semicolons, empty ones left out."""
        parts = re.split(r"[;\n]", self.raw(column))
        found = (check_text(self.findings, self.place(column), part, limit) for part in parts)
        return tuple(part for part in found if part)

    def integer(self, column: str) -> int | None:
        """Return a whole number from 0, None for an empty cell."""
        text = self.raw(column).strip()
        if not text:
            return None
        if not _INTEGER.fullmatch(text):
            self.problem(column, "cell_not_integer", value=text)
            return None
        return int(text)

    def boolean(self, column: str) -> bool:
        """Return true or false; an empty cell is false."""
        text = self.raw(column).strip().casefold()
        if text not in _TRUE | _FALSE:
            self.problem(column, "cell_not_boolean", value=text)
        return text in _TRUE

    def choice(self, column: str, kind: type[Choice]) -> Choice | None:
        """Return a value of an enumeration, None for an empty cell."""
        text = self.raw(column).strip().casefold()
        allowed = [each.value for each in kind]
        if text and text not in allowed:
            self.problem(column, "value_not_choice", value=text, allowed=", ".join(allowed))
        return kind(text) if text in allowed else None

    def email(self, column: str) -> str:
        """Return an address that has the shape of one."""
        text = self.text(column, _EMAIL_LIMIT)
        if text and not is_email(text):
            self.problem(column, "email_invalid", value=text)
            return ""
        return text

    def phone(self, column: str) -> str:
        """Return a telephone number as E.164."""
        text = self.text(column, 60)
        if not text:
            return ""
        try:
            return clean_phone(text)
        except RuleBroken as error:
            self.findings.broken(self.place(column), error)
            return ""


def is_email(text: str) -> bool:
    """Tell whether the text has the shape of a mail address; whether it exists only a mail can tell."""
    local, at, domain = text.partition("@")
    labels = domain.split(".")
    bad = set(text) & set(' \t\n"(),:;<>[]\\')
    return bool(at and local and not bad and "@" not in domain and len(labels) > 1 and all(labels))


def read_cells(kind: str, table: TableLike, findings: Findings) -> Iterator[Cells]:
    """Check the header of a table of the format, then yield its rows; nothing is yielded when a column is missing."""
    required, optional = columns(kind)
    names = {header.strip().casefold(): header for header in table.header}
    known = (*required, *optional)
    for name, header in names.items():
        if name not in known:
            near = nearest(name, known)
            findings.add((table.name, 1, header), "column_unknown", nearest=near)
    missing = [column for column in required if column not in names]
    for column in missing:
        findings.add((table.name, 1, column), "column_missing")
    if missing:
        return
    for row in table.rows:
        yield _cells(row, table.name, names, findings)


def _cells(row: RowLike, file: str, names: Mapping[str, str], findings: Findings) -> Cells:
    return Cells(findings, file, row.number, names, row.cells)
