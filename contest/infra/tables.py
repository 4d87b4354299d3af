"""Bytes of a CSV file become rows of text, within limits, or a list of problems."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from contest.errors import Problem

MAX_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a foreign file is read at most."""

    file_bytes: int = 32_000_000
    total_bytes: int = 128_000_000
    entries: int = 1_000
    ratio: int = 250
    rows: int = 200_000
    columns: int = 200
    cell_bytes: int = 100_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; `number` is the one that a spreadsheet shows (the header is row 1)."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under a header. When `problems` is not empty the rows must not be used."""

    name: str
    header: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()


Cells = tuple[int, list[str]]

# A field is quoted (a quote inside is doubled) or bare; possessive groups keep hostile input linear.
_QUOTED = re.compile(r'[ \t]*+"((?:[^"]++|"")*+)"[ \t]*+')
_END = re.compile(r"\r\n|\n|\r|\Z")
_BARE = {",": re.compile(r"[^,\r\n]*+"), ";": re.compile(r"[^;\r\n]*+")}


class _Unbalanced(ValueError):
    """A quote that opens or closes where it must not; carries the row and the column's index."""

    def __init__(self, row: int, index: int) -> None:
        super().__init__(row, index)
        self.row = row
        self.index = index


def read_csv(name: str, data: bytes, limits: Limits = LIMITS) -> Table:
    """Read a CSV file: UTF-8 with or without BOM, comma or semicolon as the header shows, text in NFC.

    Every defect becomes a problem that names `name`, the row and the column; nothing is raised.
    """
    if len(data) > limits.file_bytes:
        return _refused(name, "file_too_large", limit_mb=limits.file_bytes // 1_000_000)
    if not data.strip():
        return _refused(name, "file_empty")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Table(name, problems=(_encoding_problem(name, data, error.start),))
    separator = _separator(text)
    try:
        return table_of(name, _records(text, separator), limits)
    except _Unbalanced as error:
        column = _header_name(text, separator, error.index)
        return Table(name, problems=(Problem(name, error.row, column, "unbalanced_quotes"),))


def table_of(name: str, records: Iterable[Cells], limits: Limits = LIMITS) -> Table:
    """Build a table of numbered records: the first one that is not blank is the header; blank rows are skipped.

    Only the header's names are stripped. Problems are collected, 200 at most.
    """
    header: tuple[str, ...] = ()
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = _header(cells)
            problems += _header_problems(name, number, header, limits)
            if problems:
                break
            continue
        if len(rows) >= limits.rows:
            problems.append(Problem(name, number, None, "too_many_rows", {"limit": limits.rows}))
        problems += _row_problems(name, number, header, cells, limits)
        if len(problems) >= MAX_PROBLEMS or len(rows) >= limits.rows:
            break
        rows.append(Row(number, dict(zip(header, _padded(cells, len(header)), strict=True))))
    if not header:
        return _refused(name, "file_empty")
    return Table(name, header, () if problems else tuple(rows), tuple(problems[:MAX_PROBLEMS]))


def nfc(text: str) -> str:
    """Return the text in the composed form in which all of the system compares."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _refused(name: str, code: str, **facts: str | int) -> Table:
    return Table(name, problems=(Problem(name, None, None, code, facts),))


def _encoding_problem(name: str, data: bytes, start: int) -> Problem:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Problem(name, 1, None, "wrong_encoding", {"encoding": "UTF-16"})
    return Problem(name, data.count(b"\n", 0, start) + 1, None, "wrong_encoding", {"encoding": "?"})


def _separator(text: str) -> str:
    """Choose by the header line; separators inside quotes do not count."""
    line = re.sub(r'"[^"]*+"', "", text.lstrip("\r\n").partition("\n")[0][:20_000])
    return ";" if line.count(";") > line.count(",") else ","


def _records(text: str, separator: str) -> Iterator[Cells]:
    number, place = 1, 0
    while place < len(text):
        cells: list[str] = []
        while True:
            cell, place = _field(text, place, separator, number, len(cells))
            cells.append(nfc(cell))
            if text[place : place + 1] != separator:
                break
            place += 1
        end = _END.match(text, place)
        place = end.end() if end else len(text)
        yield number, cells
        number += 1


def _field(text: str, place: int, separator: str, number: int, index: int) -> tuple[str, int]:
    """Return a field and where it ends, at a separator, a line end or the end of the text."""
    quoted = _QUOTED.match(text, place)
    if quoted:
        after = quoted.end()
        if text[after : after + 1] in (separator, "\r", "\n", ""):
            return quoted[1].replace('""', '"'), after
        raise _Unbalanced(number, index)
    bare = _BARE[separator].match(text, place)
    found = bare[0] if bare else ""
    if found.lstrip(" \t").startswith('"'):
        raise _Unbalanced(number, index)
    return found, place + len(found)


def _header_name(text: str, separator: str, index: int) -> str | None:
    try:
        _, cells = next(iter(_records(text, separator)))
    except _Unbalanced:
        return None
    header = _header(cells)
    return header[index] if index < len(header) else None


def _header(cells: list[str]) -> tuple[str, ...]:
    """Strip the names and drop the empty columns that spreadsheets leave on the right."""
    names = [" ".join(cell.split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _header_problems(name: str, number: int, header: tuple[str, ...], limits: Limits) -> Iterator[Problem]:
    if len(header) > limits.columns:
        yield Problem(name, number, None, "too_many_columns", {"limit": limits.columns})
        return
    seen: set[str] = set()
    for position, column in enumerate(header, start=1):
        if not column:
            yield Problem(name, number, str(position), "header_empty", {"position": position})
        elif column.casefold() in seen:
            yield Problem(name, number, column, "header_twice")
        seen.add(column.casefold())
        yield from _cell_problems(name, number, column[:40], column, limits)


def _row_problems(
    name: str, number: int, header: tuple[str, ...], cells: list[str], limits: Limits
) -> Iterator[Problem]:
    if len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
        yield Problem(name, number, None, "ragged_row", {"cells": len(cells), "columns": len(header)})
    for column, cell in zip(header, cells, strict=False):
        yield from _cell_problems(name, number, column, cell, limits)


def _cell_problems(name: str, number: int, column: str, cell: str, limits: Limits) -> Iterator[Problem]:
    if "\x00" in cell:
        yield Problem(name, number, column, "nul_byte")
    # A character takes four bytes at most, so short cells need no encoding.
    if len(cell) * 4 > limits.cell_bytes and len(cell.encode("utf-8", "surrogatepass")) > limits.cell_bytes:
        yield Problem(name, number, column, "cell_too_long", {"limit_kb": limits.cell_bytes // 1_000})


def _padded(cells: list[str], width: int) -> list[str]:
    return cells[:width] + [""] * (width - len(cells))
