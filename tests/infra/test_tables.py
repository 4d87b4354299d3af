"""CSV: what is read, what is refused and which row and column the refusal names."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.errors import Problem
from contest.infra.tables import MAX_PROBLEMS, Limits, Row, Table, nfc, read_csv


def only(table: Table) -> Problem:
    """Return the one problem of a table that has no rows to use."""
    assert table.rows == ()
    assert len(table.problems) == 1
    return table.problems[0]


def values(table: Table) -> list[list[str]]:
    assert table.problems == ()
    return [list(row.cells.values()) for row in table.rows]


def test_plain_comma_file() -> None:
    table = read_csv("judges.csv", b"judge,name\nJ1,An\nJ2,B\xc3\xacnh\n")
    assert table == Table(
        "judges.csv",
        ("judge", "name"),
        (Row(2, {"judge": "J1", "name": "An"}), Row(3, {"judge": "J2", "name": "Bình"})),
    )


@pytest.mark.parametrize(
    "data",
    [
        "\ufeffa;b\r\n1;8,5\r\n",
        'a;b\r"1";"8,5"\r',
        " a ; b \n1;8,5",
        'a;"b"\n\n1;8,5\n;\n\n',
        '"a";"b";;\n"1";8,5;;\n',
    ],
)
def test_separator_line_ends_and_blank_lines(data: str) -> None:
    table = read_csv("x.csv", data.encode())
    assert table.header == ("a", "b")
    assert values(table) == [["1", "8,5"]]


def test_a_separator_inside_quotes_of_the_header_does_not_count() -> None:
    assert read_csv("x.csv", b'"a;b;c",d\n1,2\n').header == ("a;b;c", "d")


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    table = read_csv("x.csv", b'a,b\n"one\ntwo\nthree",1\n\nlast,2\n')
    assert [row.number for row in table.rows] == [2, 4]
    assert table.rows[0].cells["a"] == "one\ntwo\nthree"


def test_quotes_doubled_inside_and_literal_in_the_middle() -> None:
    assert values(read_csv("x.csv", b'a,b\n"say ""hi""",5" screen\n')) == [['say "hi"', '5" screen']]


def test_text_is_composed_on_the_way_in() -> None:
    table = read_csv("x.csv", unicodedata.normalize("NFD", "tên,đội\nẠn,Hoà\n").encode())
    assert table.header == ("tên", "đội")
    assert values(table) == [["Ạn", "Hoà"]]


def test_composition_never_makes_a_separator() -> None:
    """U+037E composes to a semicolon: it must not split a field."""
    assert values(read_csv("x.csv", "a;b\n1\u037e2;3\n".encode())) == [["1;2", "3"]]


def test_formula_stays_text() -> None:
    assert values(read_csv("x.csv", b"a,b\n=1+1,@x\n")) == [["=1+1", "@x"]]


@pytest.mark.parametrize("data", [b"", b"   \n\n", b"\xef\xbb\xbf", b",,,\n,,\n"])
def test_empty_file(data: bytes) -> None:
    assert only(read_csv("x.csv", data)) == Problem("x.csv", None, None, "file_empty")


def test_header_alone_is_an_empty_table() -> None:
    assert read_csv("x.csv", b"a,b\n") == Table("x.csv", ("a", "b"))


def test_wrong_encoding_names_the_row() -> None:
    data = "a,b\n1,2\nHoà,3\n".encode("cp1258")
    assert only(read_csv("x.csv", data)) == Problem("x.csv", 3, None, "wrong_encoding", {"encoding": "?"})


def test_utf_16_is_named() -> None:
    problem = only(read_csv("x.csv", "a,b\n1,2\n".encode("utf-16")))
    assert problem == Problem("x.csv", 1, None, "wrong_encoding", {"encoding": "UTF-16"})


def test_nul_byte_names_row_and_column() -> None:
    assert only(read_csv("x.csv", b"a,b\n1,2\n3,4\x00\n")) == Problem("x.csv", 3, "b", "nul_byte")


def test_nul_byte_in_the_header() -> None:
    assert only(read_csv("x.csv", b"a,b\x00\n1,2\n")) == Problem("x.csv", 1, "b\x00", "nul_byte")


@pytest.mark.parametrize("quote", [b'"', b""])
def test_ten_megabyte_cell(quote: bytes) -> None:
    data = b"a,b\n1,2\n3," + quote + b"x" * 10_000_000 + quote + b"\n"
    assert only(read_csv("x.csv", data)) == Problem("x.csv", 3, "b", "cell_too_long", {"limit_kb": 100})


def test_cell_limit_counts_bytes_not_characters() -> None:
    limits = Limits(cell_bytes=9)
    assert values(read_csv("x.csv", "a\nạạạ\n".encode(), limits)) == [["ạạạ"]]
    assert only(read_csv("x.csv", "a\nạạạx\n".encode(), limits)).code == "cell_too_long"


def test_too_many_rows() -> None:
    limits = Limits(rows=2)
    assert len(read_csv("x.csv", b"a\n1\n2\n", limits).rows) == 2
    assert only(read_csv("x.csv", b"a\n1\n2\n\n3\n4\n", limits)) == Problem(
        "x.csv", 5, None, "too_many_rows", {"limit": 2}
    )


def test_too_many_columns() -> None:
    problem = only(read_csv("x.csv", b"a,b,c\n1,2,3\n", Limits(columns=2)))
    assert problem == Problem("x.csv", 1, None, "too_many_columns", {"limit": 2})


def test_too_large_a_file() -> None:
    problem = only(read_csv("x.csv", b"a\n" + b"1\n" * 1_000_000, Limits(file_bytes=2_000_000)))
    assert problem == Problem("x.csv", None, None, "file_too_large", {"limit_mb": 2})


@pytest.mark.parametrize(
    ("data", "row", "column"),
    [
        (b'a,b\n1,"open\n2,3\n', 2, "b"),
        (b'a,b\n1,2\n"x"y,3\n', 3, "a"),
        (b'a,b\n1,2,"x\n', 2, None),
        (b'a,"b\n1,2\n', 1, None),
    ],
)
def test_unbalanced_quotes(data: bytes, row: int, column: str | None) -> None:
    assert only(read_csv("x.csv", data)) == Problem("x.csv", row, column, "unbalanced_quotes")


@pytest.mark.parametrize(("line", "cells"), [(b"1", 1), (b"1,2,3", 3)])
def test_ragged_row(line: bytes, cells: int) -> None:
    problem = only(read_csv("x.csv", b"a,b\n1,2\n" + line + b"\n"))
    assert problem == Problem("x.csv", 3, None, "ragged_row", {"cells": cells, "columns": 2})


def test_header_defects() -> None:
    assert only(read_csv("x.csv", b"a,b,A\n1,2,3\n")) == Problem("x.csv", 1, "A", "header_twice")
    assert only(read_csv("x.csv", b"a,,b\n1,2,3\n")) == Problem("x.csv", 1, "2", "header_empty", {"position": 2})


def test_problems_are_collected_up_to_a_limit() -> None:
    table = read_csv("x.csv", b"a,b\n" + b"1\n" * 1_000)
    assert len(table.problems) == MAX_PROBLEMS
    assert [problem.row for problem in table.problems[:3]] == [2, 3, 4]
    assert table.rows == ()


def test_nfc_leaves_ascii_alone() -> None:
    text = "abc"
    assert nfc(text) is text
    assert nfc("a\u0323") == "ạ"


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20).map(nfc)


@given(
    st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=8)),
    st.sampled_from(",;"),
)
def test_what_the_standard_writer_writes_is_read_back(rows: list[list[str]], separator: str) -> None:
    width = len(rows[0]) if rows else 1
    header = [f"c{index}" for index in range(width)]
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerows([header, *rows])
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    assert values(read_csv("x.csv", stream.getvalue().encode())) == kept


@given(st.one_of(st.binary(max_size=300), st.text(alphabet='ab",;\r\n\t \x00', max_size=60).map(str.encode)))
def test_never_raises_and_never_mixes_rows_with_problems(data: bytes) -> None:
    table = read_csv("x.csv", data)
    assert not (table.rows and table.problems)
    assert all(tuple(row.cells) == table.header for row in table.rows)
