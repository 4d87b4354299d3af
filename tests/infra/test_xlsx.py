"""Workbooks in: the first sheet as text, and the files that are refused before they are opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from contest.errors import Problem
from contest.infra.tables import Limits, Table
from contest.infra.xlsx import read_xlsx, zip_problem

FORM = Path(__file__).parent.parent / "data" / "google-form-2026.xlsx"


def workbook(*rows: list[Any], change: Callable[[Any], None] | None = None) -> bytes:
    """Return a workbook with these rows, cells as openpyxl types them."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def edited(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return the workbook with one part of its zip rewritten."""
    stream = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            body = old.read(entry)
            new.writestr(entry.filename, change(body) if entry.filename == part else body)
    return stream.getvalue()


def only(table: Table) -> Problem:
    """Return the one problem of a table that has no rows to use."""
    assert table.rows == ()
    assert len(table.problems) == 1
    return table.problems[0]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("8,5", "8,5"),
        ("ạ", "ạ"),
        (15.0, "15"),
        (8.1, "8.1"),
        (0.1 + 0.2, "0.3"),
        (-0.25, "-0.25"),
        (1e-7, "0.0000001"),
        (84903123782, "84903123782"),
        (84903123782.0, "84903123782"),
        (1e21, "1000000000000000000000"),
        (0, "0"),
        (-0.0, "0"),
        (True, "true"),
        (False, "false"),
        (datetime.fromisoformat("2026-09-14 13:37"), "2026-09-14 13:37:00"),
        (datetime.fromisoformat("2010-02-24"), "2010-02-24"),
        (date(2010, 2, 24), "2010-02-24"),
        (time(8, 30), "08:30:00"),
        ("=1+1", "=1+1"),
        ('=HYPERLINK("https://example.org","x")', '=HYPERLINK("https://example.org","x")'),
        (None, ""),
    ],
)
def test_each_kind_of_cell(value: object, text: str) -> None:
    table = read_xlsx("x.xlsx", workbook(["k", "v"], ["1", value]))
    assert table.problems == ()
    assert dict(table.rows[0].cells) == {"k": "1", "v": text}


def test_leading_zeros_shown_by_a_format_are_kept() -> None:
    def as_phone(sheet: Any) -> None:
        sheet["B2"].number_format = "0000000000"

    table = read_xlsx("x.xlsx", workbook(["k", "v"], ["1", 903123782], change=as_phone))
    assert table.rows[0].cells["v"] == "0903123782"


def test_array_formula_is_its_text() -> None:
    def add(sheet: Any) -> None:
        sheet["B2"] = ArrayFormula("B2:B2", "=SUM(A1:A2)")

    table = read_xlsx("x.xlsx", workbook(["k", "v"], ["1", None], change=add))
    assert table.rows[0].cells["v"] == "=SUM(A1:A2)"


def test_a_formula_with_a_stored_value_is_not_taken_for_the_value() -> None:
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["k", "v"])
    sheet.write_string(1, 0, "1")
    sheet.write_formula(1, 1, "=4+5", None, 9)
    book.close()
    assert read_xlsx("x.xlsx", stream.getvalue()).rows[0].cells["v"] == "=4+5"


def test_error_cells_are_problems() -> None:
    def add(sheet: Any) -> None:
        sheet["B3"].value, sheet["B3"].data_type = "#DIV/0!", "e"
        sheet["D3"].value, sheet["D3"].data_type = "#N/A", "e"

    table = read_xlsx("x.xlsx", workbook(["k", "v"], ["1", 2], ["2", 3], change=add))
    assert table.rows == ()
    assert table.problems == (
        Problem("x.xlsx", 3, None, "ragged_row", {"cells": 4, "columns": 2}),
        Problem("x.xlsx", 3, "v", "error_cell", {"value": "#DIV/0!"}),
        Problem("x.xlsx", 3, "D", "error_cell", {"value": "#N/A"}),
    )


def test_only_the_first_sheet_is_read_and_blank_rows_keep_their_numbers() -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    first.append([])
    first.append(["a", "b"])
    first.append([1, 2])
    first["A6"] = 3
    book.create_sheet("second").append(["other"])
    stream = BytesIO()
    book.save(stream)
    table = read_xlsx("x.xlsx", stream.getvalue())
    assert table.header == ("a", "b")
    assert [(row.number, dict(row.cells)) for row in table.rows] == [
        (3, {"a": "1", "b": "2"}),
        (6, {"a": "3", "b": ""}),
    ]


def test_a_wrong_dimension_does_not_cut_rows_off() -> None:
    data = edited(
        workbook(["a", "b"], [1, 2], [3, 4]),
        "xl/worksheets/sheet1.xml",
        lambda body: body.replace(b'ref="A1:B3"', b'ref="A1"'),
    )
    assert len(read_xlsx("x.xlsx", data).rows) == 2


def test_a_number_beyond_all_numbers_is_no_number() -> None:
    data = edited(workbook(["a"], [5]), "xl/worksheets/sheet1.xml", lambda body: body.replace(b"<v>5<", b"<v>1E999<"))
    assert read_xlsx("x.xlsx", data).rows[0].cells["a"] == "inf"


def test_row_and_column_limits() -> None:
    data = workbook(["a", "b"], [1, 2], [3, 4], [5, 6], [7, 8])
    assert only(read_xlsx("x.xlsx", data, Limits(rows=2))) == Problem("x.xlsx", 4, None, "too_many_rows", {"limit": 2})
    assert only(read_xlsx("x.xlsx", data, Limits(columns=1))).code == "too_many_columns"


def test_cell_limit() -> None:
    data = workbook(["a"], ["x" * 30_000])
    problem = only(read_xlsx("x.xlsx", data, Limits(cell_bytes=20_000)))
    assert problem == Problem("x.xlsx", 2, "a", "cell_too_long", {"limit_kb": 20})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "workbook_old_or_locked"),
        (b"PK\x03\x04 nonsense", "zip_broken"),
        (b"a,b\n1,2\n", "zip_broken"),
    ],
)
def test_what_is_not_a_workbook(data: bytes, code: str) -> None:
    assert only(read_xlsx("x.xlsx", data)) == Problem("x.xlsx", None, None, code)


def test_too_large_a_file() -> None:
    problem = only(read_xlsx("x.xlsx", b"PK" * 1_000_001, Limits(file_bytes=2_000_000)))
    assert problem == Problem("x.xlsx", None, None, "file_too_large", {"limit_mb": 2})


def test_a_zip_that_is_no_workbook() -> None:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert only(read_xlsx("x.xlsx", stream.getvalue())).code == "workbook_broken"


@pytest.mark.parametrize("entity", ["", ' [<!ENTITY a "aaaa">]'])
@pytest.mark.parametrize("encoding", ["ascii", "utf-16-le", "utf-16-be"])
def test_document_types_are_refused(encoding: str, entity: str) -> None:
    def declaring(body: bytes) -> bytes:
        """The same sheet, which is right but for the document type that it declares and does not use."""
        sheet = body.decode().partition("?>")[2] if body.startswith(b"<?xml") else body.decode()
        return f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x{entity}>{sheet}'.encode(encoding)

    data = edited(workbook(["a"], [1]), "xl/worksheets/sheet1.xml", declaring)
    assert only(read_xlsx("x.xlsx", data)).code == "workbook_broken"


def test_damaged_xml() -> None:
    data = edited(workbook(["a"], [1]), "xl/worksheets/sheet1.xml", lambda body: body[:-30])
    assert only(read_xlsx("x.xlsx", data)).code == "workbook_broken"


def zipped(*entries: tuple[str, bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, body in entries:
            archive.writestr(name, body)
    return stream.getvalue()


def test_zip_bomb_by_ratio_and_by_size() -> None:
    facts = {"limit_mb": 128}
    dense = zipped(("a", b"\0" * 20_000_000))
    assert zip_problem("b.zip", dense) == Problem("b.zip", None, None, "zip_bomb", facts)
    assert only(read_xlsx("b.zip", dense)) == Problem("b.zip", None, None, "zip_bomb", facts)
    small = Limits(total_bytes=1_000_000)
    assert zip_problem("b.zip", zipped(("a", bytes(range(256)) * 4_000)), small) == Problem(
        "b.zip", None, None, "zip_bomb", {"limit_mb": 1}
    )


def test_zip_with_too_many_entries() -> None:
    data = zipped(*((str(number), b"") for number in range(11)))
    assert zip_problem("b.zip", data, Limits(entries=11)) is None
    assert zip_problem("b.zip", data, Limits(entries=10)) == Problem(
        "b.zip", None, None, "zip_too_many_entries", {"limit": 10}
    )


def test_encrypted_zip() -> None:
    data = bytearray(zipped(("a", b"1")))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert zip_problem("b.zip", bytes(data)) == Problem("b.zip", None, None, "zip_encrypted")


def test_the_response_sheet_of_a_form() -> None:
    table = read_xlsx(FORM.name, FORM.read_bytes())
    assert table.problems == ()
    assert len(table.header) == 16
    assert [row.number for row in table.rows] == [*range(2, 67), 68]
    by_number = {row.number: row.cells for row in table.rows}
    assert by_number[11]["Tên đội thi"] == "=1+1"
    assert by_number[12]["Tên ý tưởng"] == '=HYPERLINK("https://example.org","Bấm vào")'
    assert by_number[3]["Dấu thời gian"] == "2026-09-14 13:37:00"
    assert by_number[9]["Ngày sinh đội trưởng"] == "2010-02-24"
    assert by_number[7]["Họ tên đội trưởng"] == "Đỗ Thị Hằng"


@given(st.binary(max_size=200), st.integers(0, 5_000))
def test_never_raises(noise: bytes, place: int) -> None:
    data = bytearray(SAMPLE)
    place %= len(data)
    data[place : place + len(noise)] = noise
    for each in (noise, b"PK\x03\x04" + noise, bytes(data)):
        table = read_xlsx("x.xlsx", each)
        assert not (table.rows and table.problems)


SAMPLE = workbook(["a", "b"], [1, "x"], [2.5, "=1+1"])
