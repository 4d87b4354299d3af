"""What the rows of a bundle refer to, found without regard to case, and the row where each code was declared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from contest.editions.rules import LocalText
from contest.exchange.bundle.document import Document
from contest.exchange.bundle.findings import MAX_CODE, Findings, nearest
from contest.exchange.bundle.model import BundleField
from contest.exchange.bundle.rows import Cells
from contest.exchange.cleaning import clean_text
from contest.letters import fold

Key = tuple[str, ...]


class Codes:
    """The codes of one kind of thing."""

    def __init__(self, codes: Iterable[str] = ()) -> None:
        self.by_key = {code.casefold(): code for code in codes}
        self.rows: dict[str, int] = {}

    def find(self, text: str) -> str:
        """Return the declared code that a cell means, or ""."""
        return self.by_key.get(clean_text(text).casefold(), "")

    def declare(self, row: Cells, column: str) -> str:
        """Return a row's own code; one that was used before is a problem."""
        code = row.code(column)
        key = code.casefold()
        if key in self.by_key:
            row.problem(column, "code_again", value=code, first=self.rows[key])
            return ""
        if code:
            self.by_key[key] = code
            self.rows[key] = row.number
        return code


@dataclass
class Index:
    """Everything that a row may refer to."""

    document: Document
    findings: Findings
    tracks: Codes
    rounds: Codes
    fields: dict[str, str]
    declared_fields: bool
    new_fields: list[BundleField] = field(default_factory=list)
    submissions: Codes = field(default_factory=Codes)
    judges: Codes = field(default_factory=Codes)
    marks: dict[tuple[str, str, str], int] = field(default_factory=dict)


def index_of(document: Document, findings: Findings) -> Index:
    """Prepare the references to what the document declares; tracks and fields go by code or by name."""
    tracks = Codes(track.code for track in document.tracks)
    for track in document.tracks:
        for name in filter(None, (track.name.vi, track.name.en)):
            tracks.by_key.setdefault(name.casefold(), track.code)
    fields: dict[str, str] = {}
    for each in document.fields:
        for name in filter(None, (each.code, each.name.vi, each.name.en)):
            fields.setdefault(fold(name), each.code)
    rounds = Codes(each.code for each in document.rounds)
    return Index(document, findings, tracks, rounds, fields, declared_fields=bool(document.fields))


def field_of(row: Cells, column: str, text: str, index: Index) -> str:
    """Return the code of a field; a document without fields takes every name and makes a code of it."""
    name = clean_text(text)
    key = fold(name)
    if not name or key in index.fields:
        return index.fields.get(key, "")
    if index.declared_fields:
        known = [each.code for each in index.document.fields]
        row.problem(column, "unknown_field", value=name, nearest=nearest(name, known))
        return ""
    code = _field_code(key, {each.code for each in index.new_fields})
    index.new_fields.append(BundleField(code, LocalText(vi=name)))
    index.fields[key] = code
    return code


def _field_code(key: str, taken: set[str]) -> str:
    letters = "".join(mark if mark.isascii() and mark.isalnum() else "-" for mark in key)
    base = "-".join(filter(None, letters.split("-")))[: MAX_CODE - 4].strip("-") or "field"
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (base, *numbered) if code not in taken)


def refer(row: Cells, column: str, codes: Codes, *, optional: bool = False) -> str:
    """Return the code that the cell means; "" after a problem, or for an empty cell that may be so."""
    text = row.raw(column)
    # Most cells are spelled as declared; the others take the slow way.
    found = codes.by_key.get(text.casefold()) or codes.find(text)
    if found or (optional and not text.strip()):
        return found
    if not text.strip():
        row.problem(column, "cell_empty")
    else:
        near = nearest(text, codes.by_key.values())
        row.problem(column, f"unknown_{column}", value=text, nearest=near)
    return ""


def once(row: Cells, key: Key, seen: dict[Key, int]) -> bool:
    """Tell whether a row is complete and new; a second one for the same things is a problem."""
    if not all(key):
        return False
    if key in seen:
        row.problem(None, "row_again", first=seen[key], what=" / ".join(key))
        return False
    seen[key] = row.number
    return True
