"""The workbook says what the report says, text stays text, numbers are numbers."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest
from flask import Flask

from contest.editions.queries import round_by_code
from contest.editions.rules import LocalText
from contest.results.exports import Provenance, round_workbook, workbook_name
from contest.results.queries import live_report
from contest.results.report import CriterionLine, LedgerLine, RoundReport
from tests.factories import Make
from tests.results.conftest import Scored

AT = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
DRAFT = Provenance(fingerprint="ab" * 32, version=None, frozen_at=None, exported_at=AT, actor="Lê Thị Ánh")
FINAL = Provenance(fingerprint="ab" * 32, version=1, frozen_at=AT, exported_at=AT, actor="Lê Thị Ánh")
HOSTILE = ("=1+1", "+84903123782", "-5%", "@everyone", "{=1+1}", "\t=1", "http://example.org", "＝1+1", "Đỗ Thị Ỷ")


def _report(scored: Scored) -> RoundReport:
    round_ = round_by_code(scored.edition.id, "r1")
    assert round_ is not None
    return live_report(scored.facts, round_)


def _open(content: bytes) -> Any:
    """Open a workbook for the values that readers see who do not compute."""
    return openpyxl.load_workbook(BytesIO(content), data_only=True)


def _rows(sheet: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in sheet.iter_rows(min_row=3, values_only=True)]


def test_vietnamese_sheet_names_come_in_order(app: Flask, scored: Scored) -> None:
    book = _open(round_workbook(_report(scored), FINAL, locale="vi"))
    assert book.sheetnames == [
        "Xếp hạng",
        "Ma trận điểm",
        "Chi tiết tiêu chí",
        "Giám khảo",
        "Giải thưởng",
        "Danh sách đội",
        "Lên sân khấu",
        "Trộn chứng nhận",
        "Tổng hợp bảng, lĩnh vực, trường",
        "Nguồn",
    ]


def test_ranking_equals_the_report_to_the_last_digit(app: Flask, scored: Scored) -> None:
    report = _report(scored)
    sheet = _open(round_workbook(report, FINAL, locale="en"))["Ranking"]
    rows = _rows(sheet)
    assert [(row[0], row[1], f"{Decimal(str(row[6])):.2f}") for row in rows] == [
        (line.rank, line.entrant.code, line.result) for line in report.lines
    ]
    assert sheet.cell(3, 7).number_format == "0.00"
    assert isinstance(sheet.cell(3, 7).value, float | int)


def test_matrix_and_detail_hold_every_mark(app: Flask, scored: Scored) -> None:
    book = _open(round_workbook(_report(scored), FINAL, locale="en"))
    assert [row[3:5] for row in _rows(book["Score matrix"])] == [(15, 14), (15, 14), (10, 11)]
    sheet = book["Criterion detail"]
    assert [cell.value for cell in sheet[2]][4:] == [1, 1, None, None]
    detail = _rows(sheet)[1:]
    assert len(detail) == 6
    assert detail[0][4:7] == (5, 10, 15)


def test_draft_is_marked_and_final_is_not(app: Flask, scored: Scored) -> None:
    draft = _open(round_workbook(_report(scored), DRAFT, locale="en"))
    final = _open(round_workbook(_report(scored), FINAL, locale="en"))
    assert draft["Ranking"]["A1"].value.endswith("(DRAFT)")
    assert "DRAFT" not in final["Ranking"]["A1"].value
    facts = {row[0]: row[1] for row in _rows(final["Source"])}
    assert facts["Fingerprint (SHA-256)"] == "ab" * 32
    assert facts["Snapshot"] == 1
    assert facts["Submissions"] == 3
    assert facts["Exported at"] == datetime(2026, 11, 22, 14, 30)  # noqa: DTZ001 - sheets know no zones; it stands beside
    assert facts["Time zone"] == "Asia/Ho_Chi_Minh"


@pytest.mark.parametrize("text", HOSTILE)
def test_case_18_text_never_becomes_a_formula_or_link(app: Flask, make: Make, scored: Scored, text: str) -> None:
    extra = make.submission(scored.edition, make.team(scored.edition, name=text), title=text)
    make.scorecard(make.assignment(scored.first, scored.judges[0], extra), [1, 1])
    content = round_workbook(_report(scored), FINAL, locale="vi")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not [name for name in archive.namelist() if "externalLink" in name]
    assert not [sheet for sheet in sheets if "<hyperlink" in sheet or "DDE" in sheet]
    formulas = [one for sheet in sheets for one in re.findall(r"<f[ >].*?</f>", sheet)]
    assert len(formulas) > 20
    assert not [one for one in formulas if escape(text) in one and text not in ("=1+1", "-5%")]
    known = re.compile(r"<f(?: [^>]*)?>(?:IF|COUNT|ROUND|AVERAGE|SUM|ROWS|'[^']+'!)")
    assert not [one for one in formulas if not known.match(one)]
    book = _open(content)
    places = [("Danh sách đội", 1), ("Danh sách đội", 5), ("Xếp hạng", 2), ("Xếp hạng", 3), ("Ma trận điểm", 1)]
    for sheet, column in places:
        assert text in [row[column] for row in _rows(book[sheet])]
        assert {cell.data_type for row in book[sheet].iter_rows(min_row=3) for cell in row if cell.value == text} == {
            "s"
        }


def test_sheets_print_on_a4_landscape_with_frozen_filtered_headings(app: Flask, scored: Scored) -> None:
    book = _open(round_workbook(_report(scored), FINAL, locale="vi"))
    tops = {"Chi tiết tiêu chí": 3, "Giải thưởng": 3, "Trộn chứng nhận": 1}
    for sheet in book.worksheets:
        top = tops.get(sheet.title, 2)
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.freeze_panes is not None
        assert sheet.freeze_panes.endswith(str(top + 1))
        assert sheet.auto_filter.ref
        assert sheet.print_title_rows == f"$1:${top}"
        assert sheet.oddFooter.right.text.endswith("&P / &N")
        assert sheet.protection.sheet


def test_the_file_name_tells_day_and_round(app: Flask, scored: Scored) -> None:
    assert workbook_name(_report(scored), AT) == "2026-11-22_bang-diem_vong-r1.xlsx"


def test_recused_missing_and_zero_are_three_things(app: Flask, make: Make, scored: Scored) -> None:
    zero = make.submission(scored.edition)
    make.scorecard(make.assignment(scored.first, scored.judges[0], zero), [0, 0])
    make.assignment(scored.first, scored.judges[1], zero)
    row = next(
        row
        for row in _rows(_open(round_workbook(_report(scored), FINAL, locale="en"))["Score matrix"])
        if row[0] == zero.code
    )
    assert row[3:5] == (0, "not scored")


def test_what_stands_beside_the_scorecards_has_columns(app: Flask, scored: Scored, noon: datetime) -> None:
    plain = _report(scored)
    measured = CriterionLine("M", LocalText("Chuyên cần", "Attendance"), "0", "10", "1", "1", 2, "organiser")
    lines = tuple(
        replace(line, criteria=("5.00", "5.00", "7.50"), ledger="-2.5", entries=(LedgerLine("-2.5", "trễ", "An"),))
        for line in plain.lines
    )
    lines = (replace(lines[0], tied=False, decided_by="criterion:C1"), *lines[1:])
    report = replace(plain, measured=(measured,), lines=lines)
    source = Provenance("0" * 64, None, None, noon, "test")
    sheet = _open(round_workbook(report, source, locale="en")).worksheets[0]
    header = [cell.value for cell in sheet[2]]
    first = dict(zip(header, [cell.value for cell in sheet[3]], strict=True))
    assert header[7:11] == ["Judges", "Bonus and penalty", "Teams at this rank", "Note"]
    assert (first["Attendance"], first["Bonus and penalty"]) == (7.5, -2.5)
    assert first["Note"] == "by tie-break: criterion:C1"
