"""The workbook says what the report says, text stays text, numbers are numbers."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

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
    return openpyxl.load_workbook(BytesIO(content))


def _rows(sheet: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in sheet.iter_rows(min_row=3, values_only=True)]


def test_vietnamese_sheet_names_come_in_order(app: Flask, scored: Scored) -> None:
    book = _open(round_workbook(_report(scored), FINAL, locale="vi"))
    assert book.sheetnames == ["Xếp hạng", "Ma trận điểm", "Chi tiết tiêu chí", "Danh sách đội", "Nguồn"]


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
    detail = _rows(book["Criterion detail"])
    assert len(detail) == 6
    assert detail[0][4:] == (5, 10, 15)


def test_draft_is_marked_and_final_is_not(app: Flask, scored: Scored) -> None:
    draft = _open(round_workbook(_report(scored), DRAFT, locale="en"))
    final = _open(round_workbook(_report(scored), FINAL, locale="en"))
    assert draft["Ranking"]["A1"].value.endswith("(DRAFT)")
    assert "DRAFT" not in final["Ranking"]["A1"].value
    facts = dict(_rows(final["Source"]))
    assert facts["Fingerprint (SHA-256)"] == "ab" * 32
    assert facts["Snapshot"] == "1"
    assert facts["Submissions"] == "3"


@pytest.mark.parametrize("text", HOSTILE)
def test_case_18_text_never_becomes_a_formula_or_link(app: Flask, make: Make, scored: Scored, text: str) -> None:
    extra = make.submission(scored.edition, make.team(scored.edition, name=text), title=text)
    make.scorecard(make.assignment(scored.first, scored.judges[0], extra), [1, 1])
    content = round_workbook(_report(scored), FINAL, locale="vi")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/")]
        assert not [name for name in archive.namelist() if "externalLink" in name]
    assert not [sheet for sheet in sheets if "<f>" in sheet or "<f " in sheet or "<hyperlink" in sheet]
    teams = [row[1] for row in _rows(_open(content)["Danh sách đội"])]
    assert text in teams


def test_sheets_print_on_a4_landscape_with_frozen_filtered_headings(app: Flask, scored: Scored) -> None:
    book = _open(round_workbook(_report(scored), FINAL, locale="vi"))
    for sheet in book.worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.freeze_panes is not None
        assert sheet.freeze_panes.endswith("3")
        assert sheet.auto_filter.ref
        assert sheet.print_title_rows == "$1:$2"


def test_the_file_name_tells_day_and_round(app: Flask, scored: Scored) -> None:
    assert workbook_name(_report(scored), AT) == "2026-11-22_bang-diem_r1.xlsx"


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
    book = openpyxl.load_workbook(BytesIO(round_workbook(report, source, locale="en")))
    sheet = book.worksheets[0]
    header = [cell.value for cell in sheet[2]]
    assert header[7:] == ["Judges", "Attendance", "Bonus and penalty", "Note"]
    assert [cell.value for cell in sheet[3]][8:] == [7.5, -2.5, "by tie-break: criterion:C1"]
