"""A workbook that comes back: which cells people filled in, and whether every other cell is as it left.

Rows are known by their codes. A row may stand anywhere, but it must be whole: one whose other cells belong to another
code was shifted, and taking it would give one team's note to another.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation

from contest.errors import Problem
from contest.infra.workbook import CellValue, Formula, Sheet
from contest.infra.xlsx import Block, Sheets, read_named
from contest.results.desk import LONGEST_NOTE, DeskKey, DeskKind, DeskNotes, Presence
from contest.results.exports import marks_sheets, people_sheets, summary_sheets
from contest.results.exports.book import Book
from contest.results.exports.people_sheets import presence_words
from contest.results.exports.tongues import CHOICES, writing_in

MOST_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class Returned:
    """What was filled in, by key, with empty notes; of no use when there are `problems`.

    `left_at`: when the workbook was made, to the second; None where that cell was overwritten.
    """

    notes: DeskNotes
    problems: tuple[Problem, ...] = ()
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    """One sheet: how it left, the names of the columns that tell its rows apart, and of the one people fill in."""

    build: Callable[[Book], Sheet]
    keys: tuple[str, ...]
    entry: str = ""
    kind: DeskKind | None = None


_PLANS = (
    _Plan(marks_sheets.detail_sheet, (marks_sheets.MARKS_CODE, marks_sheets.MARKS_JUDGE)),
    _Plan(people_sheets.teams_sheet, (people_sheets.TEAMS_CODE,), people_sheets.TEAMS_CHECK, DeskKind.ATTENDANCE),
    _Plan(
        people_sheets.awards_sheet,
        (people_sheets.PRIZES_CODE, people_sheets.PRIZES_AWARD),
        people_sheets.PRIZES_NOTE,
        DeskKind.PRIZE,
    ),
    _Plan(
        people_sheets.stage_sheet,
        (people_sheets.STAGE_CODE, people_sheets.STAGE_AWARD),
        people_sheets.STAGE_SPOKEN,
        DeskKind.SPOKEN,
    ),
)


def read_back(name: str, data: bytes, book_in: Callable[[str], Book]) -> Returned:
    """Read the notes of a workbook; `book_in` gives the book as it would leave now, in a language.

    Problems: what `read_named` finds, "notes_not_ours", "notes_other_edition", "notes_other_round" and
    "notes_other_fingerprint" (found, wanted), "notes_sheet_gone", "notes_column_gone", and for rows
    "notes_row_unknown", "notes_row_twice", "notes_row_gone", "notes_row_changed" (entry, found, wanted),
    "notes_value_unknown", "notes_value_long".
    """
    sheets = read_named(name, data)
    if isinstance(sheets, Problem):
        return Returned({}, (sheets,))
    facts = _facts(sheets)
    if facts.get("format") != summary_sheets.FORMAT or facts.get("language") not in CHOICES:
        return Returned({}, (Problem(name, None, None, "notes_not_ours"),))
    with writing_in(facts["language"]):
        book = book_in(facts["language"])
        elsewhere = tuple(_elsewhere(name, facts, book))
        if elsewhere:
            return Returned({}, elsewhere[:1])
        return replace(_read(sheets, book), left_at=_moment(facts.get("exported", ""), book))


def _facts(sheets: Sheets) -> dict[str, str]:
    key, value = (sheets.blocks.get(one) for one in (summary_sheets.SOURCE_KEY, summary_sheets.SOURCE_VALUE))
    if key is None or value is None or key.sheet != value.sheet:
        return {}
    return {_at(cells, key.column): _at(cells, value.column) for _row, cells in sheets.rows[key.sheet]}


def _moment(text: str, book: Book) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=book.zone)
    except ValueError:
        return None


def _elsewhere(name: str, facts: Mapping[str, str], book: Book) -> Iterator[Problem]:
    wanted = {"edition": book.report.edition, "round": book.report.round, "fingerprint": book.source.fingerprint}
    for what, value in wanted.items():
        if facts.get(what) != value:
            told = {"what": what, "found": facts.get(what, "")[:12], "wanted": value[:12]}
            yield Problem(name, None, None, f"notes_other_{what}", told)


def _read(sheets: Sheets, book: Book) -> Returned:
    notes: dict[DeskKey, str] = {}
    problems: list[Problem] = []
    for plan in _PLANS:
        reader = _Reader(plan, plan.build(book), sheets)
        problems += reader.problems()
        notes |= reader.notes
    return Returned({} if problems else notes, tuple(problems[:MOST_PROBLEMS]))


class _Reader:
    """Reads one sheet against how it left."""

    def __init__(self, plan: _Plan, sheet: Sheet, sheets: Sheets) -> None:
        self.plan, self.sheet, self.sheets = plan, sheet, sheets
        self.notes: dict[DeskKey, str] = {}
        places = {name: place for place, name in sheet.marks}
        self.keys = [places[name] for name in plan.keys]
        self.entry = places.get(plan.entry, -1)
        self.wanted = {self._key(list(map(_shown, row))): row for row in sheet.rows}

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong, filling `notes` on the way."""
        block = self.sheets.blocks.get(self.plan.keys[0])
        if block is None:
            yield Problem(self.sheet.name, None, None, "notes_sheet_gone")
            return
        columns = self._columns(block)
        for place, column in enumerate(self.sheet.columns):
            if place not in columns:
                yield Problem(block.sheet, None, column.heading, "notes_column_gone")
        if len(columns) == len(self.sheet.columns):
            yield from self._rows(block, columns)

    def _columns(self, block: Block) -> dict[int, int]:
        """Return where each column of ours stands in the sheet, found by its heading."""
        headings = next((cells for row, cells in self.sheets.rows[block.sheet] if row == block.row - 1), [])
        normal = [_normal(text) for text in headings]
        wanted = ((place, _normal(column.heading)) for place, column in enumerate(self.sheet.columns))
        return {place: normal.index(heading) for place, heading in wanted if heading in normal}

    def _rows(self, block: Block, columns: Mapping[int, int]) -> Iterator[Problem]:
        seen: dict[tuple[str, ...], int] = {}
        for row, cells in self.sheets.rows[block.sheet]:
            texts = [_at(cells, columns[place]) for place in range(len(self.sheet.columns))]
            if row < block.row or not any(texts):
                continue
            key = self._key(texts)
            if key in seen:
                facts: dict[str, str | int] = {"entry": self._name(key), "row": seen[key]}
                yield Problem(block.sheet, row, None, "notes_row_twice", facts)
            elif key not in self.wanted:
                yield Problem(block.sheet, row, None, "notes_row_unknown", {"entry": self._name(key)})
            else:
                seen[key] = row
                yield from self._row(block.sheet, row, key, texts)
        for key in self.wanted:
            if key not in seen:
                yield Problem(block.sheet, None, None, "notes_row_gone", {"entry": self._name(key)})

    def _row(self, sheet: str, row: int, key: tuple[str, ...], texts: list[str]) -> Iterator[Problem]:
        for place, (wanted, found) in enumerate(zip(self.wanted[key], texts, strict=True)):
            if place != self.entry and not isinstance(wanted, Formula) and not _same(wanted, found):
                told = {"entry": self._name(key), "found": found[:40], "wanted": _shown(wanted)[:40]}
                yield Problem(sheet, row, self.sheet.columns[place].heading, "notes_row_changed", told)
                return
        if self.plan.kind is not None:
            value = self._value(texts[self.entry].strip())
            column = self.sheet.columns[self.entry].heading
            if value is None:
                told = {"entry": self._name(key), "value": texts[self.entry][:40]}
                yield Problem(sheet, row, column, "notes_value_unknown", told)
            elif len(value) > LONGEST_NOTE:
                yield Problem(sheet, row, column, "notes_value_long", {"entry": self._name(key), "most": LONGEST_NOTE})
            else:
                self.notes[DeskKey(self.plan.kind, *key)] = value

    def _value(self, text: str) -> str | None:
        if self.plan.kind is not DeskKind.ATTENDANCE or not text:
            return text
        words = {_normal(presence_words(one)).casefold(): one.value for one in Presence}
        return words.get(_normal(text).casefold())

    def _key(self, texts: list[str]) -> tuple[str, ...]:
        return tuple(_normal(texts[place]) for place in self.keys)

    def _name(self, key: tuple[str, ...]) -> str:
        """Say a row as people know it: its codes, and the first text that tells more."""
        row = self.wanted.get(key)
        more = [] if row is None else [_shown(row[place]) for place in (1, 2) if place not in self.keys][:1]
        return " ".join(filter(None, (*key, *more)))[:80]


def _at(cells: list[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _shown(value: CellValue) -> str:
    return "" if value is None or isinstance(value, Formula) else str(value)


def _normal(text: str) -> str:
    """Return a text as two programs agree on it: NFC, one space between words, nothing that does not show."""
    kept = "".join(letter if letter.isprintable() else " " for letter in unicodedata.normalize("NFC", text))
    return " ".join(kept.split())


def _same(wanted: CellValue, found: str) -> bool:
    if isinstance(wanted, int | Decimal):
        try:
            return Decimal(found) == wanted
        except InvalidOperation:
            return False
    return _normal(_shown(wanted)) == _normal(found)
