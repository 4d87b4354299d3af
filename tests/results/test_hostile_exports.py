"""Names that attack or merely surprise stand in every file of the results exactly as the team wrote them."""

from __future__ import annotations

import csv
import json
import unicodedata
from io import BytesIO, StringIO

import openpyxl
import pytest
from flask import Flask

from contest.editions.queries import round_by_code
from contest.results.exports import ranking_csv, ranking_json, round_workbook
from contest.results.queries import live_report
from contest.results.report import RoundReport
from tests.factories import Make
from tests.results.conftest import Scored
from tests.results.test_exports import FINAL

HOSTILE = (
    "=1+1",
    "+84903123782",
    "-5%",
    "@x",
    "Ý tưởng " * 37 + "hết!",
    unicodedata.normalize("NFD", "Đội Ước Mơ"),
    "Đội 🌟👩‍🚀",
    "צוות שלום",
    "Đỗ Thị Ỷ",
)
ACTIVE = ("=", "+", "-", "@")
SHEETS = ("Ranking", "Score matrix", "Criterion detail", "Teams", "Certificate merge")


@pytest.fixture
def report(make: Make, scored: Scored) -> RoundReport:
    for text in HOSTILE:
        entry = make.submission(scored.edition, make.team(scored.edition, name=text), title=text)
        for judge in scored.judges:
            make.scorecard(make.assignment(scored.first, judge, entry), [1, 1])
    round_ = round_by_code(scored.edition.id, "r1")
    assert round_ is not None
    return live_report(scored.facts, round_)


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_sheet_holds_them_as_texts(app: Flask, report: RoundReport, sheet: str) -> None:
    book = openpyxl.load_workbook(BytesIO(round_workbook(report, FINAL, locale="en")))
    cells = [cell for row in book[sheet].iter_rows() for cell in row if cell.value in HOSTILE]
    assert {cell.value for cell in cells} == set(HOSTILE)
    assert {cell.data_type for cell in cells} == {"s"}


def test_csv_holds_them_behind_an_apostrophe_where_they_could_compute(app: Flask, report: RoundReport) -> None:
    content = ranking_csv(report, FINAL, locale="en")
    assert content.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))
    main = ["Rank", "Code", "Idea", "Team", "School or unit", "Track", "Result", "Judges"]
    rest = ["Bonus and penalty", "Status", "State", "Snapshot", "Exported at", "Fingerprint (SHA-256)"]
    assert header[:8] == main
    assert header[8:-6] == [one.name.in_("en") for one in report.rubric]
    assert header[-6:] == rest
    shielded = {f"'{text}" if text.startswith(ACTIVE) else text for text in HOSTILE}
    assert shielded <= {row[2] for row in rows}
    assert shielded <= {row[3] for row in rows}
    assert not [value for row in rows for value in row if value.startswith(ACTIVE)]


def test_json_holds_them_unchanged(app: Flask, report: RoundReport) -> None:
    told = json.loads(ranking_json(report, FINAL))
    assert set(HOSTILE) <= {one["title"] for one in told["ranking"]}
    assert set(HOSTILE) <= {one["team"] for one in told["ranking"]}


def test_flat_files_name_no_judge_and_no_member(app: Flask, report: RoundReport) -> None:
    told = ranking_csv(report, FINAL, locale="vi").decode() + ranking_json(report, FINAL).decode()
    people = {judge.name for judge in report.judges} | {name for line in report.lines for name in line.entrant.members}
    assert people
    assert not [name for name in people if name in told]
