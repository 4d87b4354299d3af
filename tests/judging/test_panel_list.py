"""A pasted list is read whatever the order of its cells; what cannot be read is said line by line."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.judging.panel_list import (
    LOAD_LIMIT,
    MOST_LINES,
    Known,
    PanelEntry,
    PanelList,
    PanelRow,
    as_text,
    check,
    next_codes,
    parse_pasted,
    parse_table,
)

CELLS = ("Nguyễn Thị Ánh", "Trường THPT Lê Lợi", "anh@example.org", "0903 123 782")
ANH = PanelEntry("Nguyễn Thị Ánh", email="anh@example.org", phone="+84903123782", organisation="Trường THPT Lê Lợi")


def entries(text: str) -> list[PanelEntry]:
    found = parse_pasted(text)
    assert found.problems == ()
    return [row.entry for row in found.rows]


def problems(found: PanelList) -> list[tuple[int | None, str | None, str]]:
    return [(one.row, one.column, one.code) for one in found.problems]


@pytest.mark.parametrize("cells", list(permutations(CELLS)))
def test_any_order_of_the_four_cells_is_one_judge(cells: tuple[str, ...]) -> None:
    assert entries("; ".join(cells)) == [ANH]


@pytest.mark.parametrize("separator", [";", "\t", "|", " ; ", " | "])
def test_three_separators_part_the_cells(separator: str) -> None:
    assert entries(separator.join(CELLS)) == [ANH]


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("Nguyễn Thị Ánh", PanelEntry("Nguyễn Thị Ánh")),
        ("  TS.  Lê   Hòa  ;; HOA@Example.org ;", PanelEntry("TS. Lê Hòa", email="hoa@example.org")),
        ("Lê Hoà; 0283 822 1234", PanelEntry("Lê Hoà", phone="+842838221234")),
        ("Lê Hoà; (+84) 903-123-782", PanelEntry("Lê Hoà", phone="+84903123782")),
        ("Lê Hoà; 903123782", PanelEntry("Lê Hoà", phone="+84903123782")),
        ("Quỹ Hạt Mầm; Lê Hoà", PanelEntry("Lê Hoà", organisation="Quỹ Hạt Mầm")),
        ("Lê Hoà; Hạt Mầm", PanelEntry("Lê Hoà", organisation="Hạt Mầm")),
        ("Le\u0302 Hoa\u0300; \u200bHạt\u00a0Mầm", PanelEntry("Lê Hoà", organisation="Hạt Mầm")),
    ],
)
def test_a_line_is_read(line: str, entry: PanelEntry) -> None:
    assert entries(line) == [entry]


def test_blank_lines_do_not_count_but_keep_the_numbers() -> None:
    found = parse_pasted("\nLê Hoà\n\n  \nTrần Bình\r\n")
    assert [(row.number, row.entry.name) for row in found.rows] == [(2, "Lê Hoà"), (5, "Trần Bình")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Lê Hoà; hoa@", [(2, "email", "login_not_valid")]),
        ("Lê Hoà; 0905", [(2, "phone", "login_not_valid")]),
        ("; ; hoa@example.org", [(2, "name", "panel_name_missing")]),
        ("Lê Hoà; a@example.org; b@example.org", [(2, None, "panel_line_unclear")]),
        ("Lê; Hoà; Trần; Bình", [(2, None, "panel_line_unclear")]),
        ("x" * 201, [(2, "name", "panel_text_too_long")]),
    ],
)
def test_a_wrong_line_is_named(line: str, expected: list[tuple[int, str, str]]) -> None:
    assert problems(parse_pasted(f"Trần Bình\n{line}")) == expected


@pytest.mark.parametrize("text", ["", "  \n \t \n"])
def test_an_empty_list_says_so(text: str) -> None:
    assert problems(parse_pasted(text)) == [(None, None, "panel_empty")]


def test_a_list_has_an_end() -> None:
    lines = [f"Người {number}" for number in range(MOST_LINES + 1)]
    assert len(entries("\n".join(lines[:-1]))) == MOST_LINES
    assert problems(parse_pasted("\n".join(lines))) == [(None, None, "panel_too_long")]
    header = "Họ tên\tĐơn vị"
    assert problems(parse_pasted("\n".join([header, *lines]))) == [(None, None, "panel_too_long")]
    assert problems(parse_table(["name"], enumerate({"name": line} for line in lines))) == [
        (None, None, "panel_too_long")
    ]


def test_a_header_makes_it_a_table() -> None:
    found = parse_pasted(
        "STT\tHọ và tên\tĐơn vị\tSĐT\tEmail\tLĩnh vực\tĐịnh mức\tTrưởng ban\tChức vụ\n"
        "1\tLê Hoà\tSở KH&CN\t903123782\tHoa@example.org\tedtech; fintech\t7\tx\tPhó phòng\n"
        "2\tTrần Bình\n"
    )
    assert found.problems == ()
    assert found.ignored == ("Chức vụ",)
    assert [row.entry for row in found.rows] == [
        PanelEntry(
            "Lê Hoà",
            email="hoa@example.org",
            phone="+84903123782",
            organisation="Sở KH&CN",
            fields=("edtech", "fintech"),
            max_load=7,
            chair=True,
        ),
        PanelEntry("Trần Bình"),
    ]
    assert [row.number for row in found.rows] == [2, 3]


def test_the_columns_of_the_bundle_are_understood() -> None:
    header = ("judge", "name", "email", "phone", "organisation", "fields", "min_load", "max_load", "languages")
    cells = ("GK7", "Lê Hoà", "hoa@example.org", "", "Sở", "edtech", "1", "9", "vi;en")
    found = parse_table(header, [(2, dict(zip(header, cells, strict=True)))])
    assert found.rows == (
        PanelRow(
            2,
            PanelEntry(
                "Lê Hoà",
                code="GK7",
                email="hoa@example.org",
                organisation="Sở",
                fields=("edtech",),
                languages="vi;en",
                min_load=1,
                max_load=9,
            ),
        ),
    )


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        (["email"], ["a@example.org"], [(1, "name", "panel_name_column_missing")]),
        (["name", "max_load"], ["Lê", "-1"], [(3, "max_load", "panel_load_invalid")]),
        (["name", "max_load"], ["Lê", "7,5"], [(3, "max_load", "panel_load_invalid")]),
        (["name", "max_load"], ["Lê", str(LOAD_LIMIT + 1)], [(3, "max_load", "panel_load_invalid")]),
        (["name", "min_load", "max_load"], ["Lê", "3", "2"], [(3, "min_load", "loads_crossed")]),
        (["name", "judge"], ["Lê", "x" * 41], [(3, "judge", "panel_text_too_long")]),
    ],
)
def test_a_wrong_cell_is_named(header: list[str], cells: list[str], expected: list[tuple[int, str, str]]) -> None:
    found = parse_table(header, [(3, dict(zip(header, cells, strict=True)))])
    assert problems(found) == expected


def test_a_table_without_rows_is_empty() -> None:
    assert problems(parse_table(["name"], [])) == [(None, None, "panel_empty")]


names = st.text(st.characters(categories=["Lu", "Ll"]), min_size=1, max_size=30)
one = st.builds(
    PanelEntry,
    name=names,
    code=st.sampled_from(["", "GK1", "GK 2"]),
    email=st.sampled_from(["", "a@example.org"]),
    phone=st.sampled_from(["", "+84903123782", "+33123456789"]),
    organisation=st.one_of(st.just(""), names),
    fields=st.lists(st.sampled_from(["edtech", "sức khỏe"]), max_size=2).map(tuple),
    languages=st.sampled_from(["", "vi;en"]),
    min_load=st.one_of(st.none(), st.integers(0, 3)),
    max_load=st.one_of(st.none(), st.integers(3, 9)),
    chair=st.booleans(),
)


@given(st.lists(one, min_size=1, max_size=5))
def test_what_is_written_is_read_back(listed: list[PanelEntry]) -> None:
    text = as_text([PanelRow(number, entry) for number, entry in enumerate(listed)])
    found = parse_pasted(text)
    normal = [row.entry for row in parse_pasted(as_text(found.rows)).rows]
    assert found.problems == ()
    assert [row.entry for row in found.rows] == normal
    assert [(e.code, e.email, e.phone, e.fields, e.min_load, e.chair) for e in normal] == [
        (e.code, e.email, e.phone, e.fields, e.min_load, e.chair) for e in listed
    ]


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    found = parse_pasted(text)
    assert found.rows or found.problems
    assert check(found.rows) is not None


def row(number: int, name: str = "Lê", **values: str) -> PanelRow:
    return PanelRow(number, PanelEntry(name, **values))  # type: ignore[arg-type]  # texts only here


def found_by(rows: list[PanelRow], known: Known) -> list[tuple[int | None, str | None, str]]:
    return [(one.row, one.column, one.code) for one in check(rows, known)]


def test_nobody_may_come_twice() -> None:
    rows = [
        row(1, code="GK1", email="a@example.org"),
        row(2, code="gk1"),
        row(3, email="a@example.org"),
        row(4, phone="+84903123782"),
        row(5, phone="+84903123782"),
        row(6),
        row(7),
    ]
    assert found_by(rows, Known()) == [
        (2, "judge", "panel_twice"),
        (3, "email", "panel_twice"),
        (5, "phone", "panel_twice"),
    ]
    assert check(rows, Known())[0].facts == {"line": 1}


def test_two_contacts_of_one_account_are_one_judge() -> None:
    known = Known(accounts={"a@example.org": 7, "+84903123782": 7})
    rows = [row(1, email="a@example.org"), row(2, phone="+84903123782")]
    assert found_by(rows, known) == [(2, "phone", "panel_twice")]
    assert found_by([row(1, email="a@example.org", phone="+84903123782")], known) == []


def test_what_is_known_stands_in_the_way() -> None:
    known = Known(
        codes=frozenset({"gk1"}),
        listed={"a@example.org": "Đỗ Lan"},
        accounts={"b@example.org": 1, "+84903123782": 2},
        closed=frozenset({"c@example.org"}),
    )
    rows = [
        row(1, code="GK1"),
        row(2, email="a@example.org"),
        row(3, email="b@example.org", phone="+84903123782"),
        row(4, email="c@example.org"),
        row(5, email="d@example.org", code="GK2"),
    ]
    assert found_by(rows, known) == [
        (1, "judge", "judge_code_taken"),
        (2, "email", "judge_listed"),
        (3, "email", "contacts_differ"),
        (4, "email", "account_closed"),
    ]


@pytest.mark.parametrize(
    ("taken", "count", "expected"),
    [([], 2, ["GK1", "GK2"]), (["GK3", "gk07", "KHACH", "GK"], 1, ["GK8"]), (["GK9"], 0, [])],
)
def test_new_codes_go_on_counting(taken: list[str], count: int, expected: list[str]) -> None:
    assert next_codes(taken, count) == expected
