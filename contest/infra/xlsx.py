"""The first sheet of an .xlsx file becomes rows of text; nothing in it is evaluated."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from io import BytesIO
from math import isfinite
from typing import TYPE_CHECKING, Any, cast
from zipfile import BadZipFile, ZipFile

from contest.errors import Problem
from contest.infra.tables import LIMITS, MAX_PROBLEMS, Cells, Limits, Table, nfc, table_of
from contest.lazy import lazy

if TYPE_CHECKING:
    import openpyxl
    from openpyxl import utils
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.worksheet import formula
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet
else:
    openpyxl, utils, formula = lazy("openpyxl"), lazy("openpyxl.utils"), lazy("openpyxl.worksheet.formula")

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = 0x1
_HARMLESS_BYTES = 16_000_000  # small files may be as dense as they like
# Spreadsheets never declare document types; a file that does wants an entity expanded.
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))


def read_xlsx(name: str, data: bytes, limits: Limits = LIMITS) -> Table:
    """Read the first sheet: formulas as their literal text, numbers as exact decimals, dates as ISO text.

    Every defect becomes a problem that names `name`, the row and the column; nothing is raised.
    """
    problem = _refusal(name, data, limits)
    if problem is not None:
        return Table(name, problems=(problem,))
    try:
        records, errors = _sheet(data, limits)
    except Exception:  # noqa: BLE001 -- a parser of foreign XML raises whatever it stumbles over
        return Table(name, problems=(Problem(name, None, None, "workbook_broken"),))
    table = table_of(name, records, limits)
    if not errors:
        return table
    return Table(name, table.header, (), (*table.problems, *_named(name, errors, table.header))[:MAX_PROBLEMS])


@dataclass(frozen=True, slots=True)
class Block:
    """A named block of cells: its sheet, its first row (from 1, as a spreadsheet counts) and its column (from 0)."""

    sheet: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Sheets:
    """Every named block of a workbook, and the rows of the sheets in which they lie, as (number, texts)."""

    blocks: Mapping[str, Block]
    rows: Mapping[str, Sequence[Cells]]


def read_named(name: str, data: bytes, limits: Limits = LIMITS) -> Sheets | Problem:
    """Read the sheets of a workbook that have named blocks; cells show what they computed last.

    A defect of the file comes back as a problem; nothing is raised.
    """
    problem = _refusal(name, data, limits)
    if problem is not None:
        return problem
    try:
        return _named_sheets(data, limits)
    except Exception:  # noqa: BLE001 -- a parser of foreign XML raises whatever it stumbles over
        return Problem(name, None, None, "workbook_broken")


def _named_sheets(data: bytes, limits: Limits) -> Sheets:
    _refuse_document_types(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            blocks = dict(_blocks(book))
            rows = {}
            for title in {block.sheet for block in blocks.values()}:
                sheet = cast("ReadOnlyWorksheet", book[title])
                sheet.reset_dimensions()
                cells = cast("Any", sheet).iter_rows(max_col=limits.columns + 1)
                rows[title] = list(_records(cells, limits, []))
        finally:
            book.close()
    return Sheets(blocks, rows)


def _blocks(book: Any) -> Iterator[tuple[str, Block]]:
    for title, defined in book.defined_names.items():
        for sheet, address in defined.destinations:
            if sheet in book.sheetnames:
                column, row = utils.range_boundaries(address.replace("$", ""))[:2]
                if column is not None and row is not None:
                    yield title, Block(sheet, row, column - 1)


def zip_problem(name: str, data: bytes, limits: Limits = LIMITS) -> Problem | None:
    """Look at a zip's directory before anything is inflated; return what is wrong with it, if anything."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > limits.entries:
                return Problem(name, None, None, "zip_too_many_entries", {"limit": limits.entries})
            if any(entry.flag_bits & _ENCRYPTED for entry in entries):
                return Problem(name, None, None, "zip_encrypted")
            size = sum(entry.file_size for entry in entries)
            packed = sum(entry.compress_size for entry in entries)
            if size > limits.total_bytes or size > max(_HARMLESS_BYTES, packed * limits.ratio):
                return Problem(name, None, None, "zip_bomb", {"limit_mb": limits.total_bytes // 1_000_000})
    except (BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        return Problem(name, None, None, "zip_broken")
    return None


def _refusal(name: str, data: bytes, limits: Limits) -> Problem | None:
    """Say why the bytes are not even opened, if so."""
    if not data:
        return Problem(name, None, None, "file_empty")
    if len(data) > limits.file_bytes:
        return Problem(name, None, None, "file_too_large", {"limit_mb": limits.file_bytes // 1_000_000})
    if data.startswith(_OLD_OFFICE):
        return Problem(name, None, None, "workbook_old_or_locked")
    return zip_problem(name, data, limits)


ErrorCell = tuple[int, int, str]  # row, index of the column, what stands there


def _sheet(data: bytes, limits: Limits) -> tuple[list[Cells], list[ErrorCell]]:
    _refuse_document_types(data)
    errors: list[ErrorCell] = []
    with warnings.catch_warnings():
        # openpyxl warns of styles and validations that it drops; only the values matter here.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            sheet = cast("ReadOnlyWorksheet", book.worksheets[0])
            # Some writers declare wrong dimensions; the cells themselves are the truth.
            sheet.reset_dimensions()
            rows = cast("Any", sheet).iter_rows(max_col=limits.columns + 1)
            records = list(_records(rows, limits, errors))
        finally:
            book.close()
    return records, errors


def _refuse_document_types(data: bytes) -> None:
    with ZipFile(BytesIO(data)) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as part:
                head = part.read(4_096)
            if any(mark in head for mark in _DOCTYPES):
                raise ValueError(entry.filename)


def _records(rows: Iterable[tuple[ReadOnlyCell, ...]], limits: Limits, errors: list[ErrorCell]) -> Iterator[Cells]:
    """Yield the rows that hold something, as wide as the header, and one more than the limit allows."""
    found, width = 0, 0
    for number, cells in enumerate(rows, start=1):
        texts = [_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            continue
        width = width or len(texts)
        errors.extend((number, index, texts[index]) for index, cell in enumerate(cells) if cell.data_type == "e")
        yield number, texts + [""] * (width - len(texts))
        found += 1
        if found > limits.rows + 1:
            return


def _named(name: str, errors: list[ErrorCell], header: tuple[str, ...]) -> Iterator[Problem]:
    for number, index, value in errors:
        column = header[index] if index < len(header) else utils.get_column_letter(index + 1)
        yield Problem(name, number, column, "error_cell", {"value": value[:20]})


def _text(cell: ReadOnlyCell) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, (formula.ArrayFormula, formula.DataTableFormula)):
        return nfc(str(getattr(value, "text", "") or "="))
    return nfc(str(value))


def _number(value: float, number_format: str) -> str:
    """Write a number as people see it: 15 digits as a spreadsheet keeps, no exponent, no float dust."""
    if isinstance(value, int):
        text = str(value)
    elif isfinite(value):
        # Adding zero turns -0.0 into 0.0.
        text = f"{Decimal(f'{value + 0.0:.15g}'):f}"
    else:
        return str(value)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    zeros = number_format if set(number_format) == {"0"} else ""
    return text.zfill(len(zeros)) if text.isdigit() else text
