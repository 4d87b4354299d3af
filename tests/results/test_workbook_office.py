"""LibreOffice computes the workbook anew: every total, rank and tie equals the frozen results."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings

from contest.editions.queries import edition_by_code, round_by_code
from contest.editions.rules import Aggregate
from contest.exchange.queries import read_path
from contest.exchange.services import load_bundle
from contest.infra.db import unit_of_work
from contest.results.exports import Provenance, round_workbook
from contest.results.formulas import recipe_of
from contest.results.queries import live_report
from contest.results.report import RoundReport
from tests.exchange.test_results_bundle import frozen_contest
from tests.results.contests import Contest, contests
from tests.results.office import converted, needs_office

pytestmark = [pytest.mark.office, needs_office, pytest.mark.timeout(600)]
AT = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
FINAL = Provenance(fingerprint="ab" * 32, version=1, frozen_at=AT, exported_at=AT, actor="Lê Thị Ánh")
PANELS = sorted((Path(__file__).parents[1] / "data" / "panels").glob("panel-*"))
RANDOM_CONTESTS = 20
COMPUTED = (Aggregate.MEAN, Aggregate.MEDIAN, Aggregate.TRIMMED, Aggregate.CLAMPED)


def random_reports(count: int, aggregate: Aggregate | None = None) -> list[RoundReport]:
    """Return rounds under every rule there is, always the same ones; with `aggregate`, of contests that use it."""

    def wanted(contest: Contest) -> bool:
        return aggregate is None or any(one.rules.aggregate is aggregate for _code, one in contest.rounds)

    found: list[RoundReport] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(contests(most_rounds=2).filter(wanted))
    def draw(contest: Contest) -> None:
        found.extend(one.report for one in frozen_contest(contest))

    draw()
    return found


def written(reports: Sequence[RoundReport], folder: Path) -> list[Path]:
    """Write one workbook per report."""
    files = [folder / f"w{number:04}.xlsx" for number in range(len(reports))]
    for file, report in zip(files, reports, strict=True):
        file.write_bytes(round_workbook(report, FINAL, locale="en"))
    return files


def rows(book: Any, sheet: str, top: int) -> Iterator[dict[str, Any]]:
    """Yield the rows below the headings in row `top`."""
    lines = book[sheet].iter_rows(min_row=top, values_only=True)
    headings = next(lines)
    for line in lines:
        yield dict(zip(headings, line, strict=True))


def printed(value: Any, places: int) -> str | None:
    """Return a number as the contest prints it; None for nothing."""
    return None if value in (None, "") else f"{Decimal(repr(value)):.{places}f}"


def assert_same(report: RoundReport, content: bytes | Path) -> None:
    """Compare every result, rank and tie of a computed workbook with the report, and its own verdict."""
    book = openpyxl.load_workbook(BytesIO(content) if isinstance(content, bytes) else content, data_only=True)
    places = int(report.rules["decimals"])
    got = [
        (row["Code"], row["Rank"] if row["Rank"] != "" else None, printed(row["Result"], places), row["Judges"])
        for row in rows(book, "Ranking", 2)
        if row["Code"]
    ]
    assert got == [(line.entrant.code, line.rank, line.result, line.judges) for line in report.lines], report.rules
    for row, line in zip(rows(book, "Ranking", 2), report.lines, strict=False):
        assert (row["Teams at this rank"] or 1) > 1 if line.tied else row["Teams at this rank"] in (1, None, "")
        assert row["Same (1) or not (0)"] == 1
    for row, line in zip(rows(book, "Score matrix", 2), report.lines, strict=False):
        totals = {report.judges[cell.judge].code: cell.total for cell in line.cells if cell.total is not None}
        assert {code: Decimal(repr(row[code])) for code in totals} == {c: Decimal(t) for c, t in totals.items()}
    facts = {row["Fact"]: row["Value"] for row in rows(book, "Source", 2)}
    if report.lines:
        assert facts["Control: rows that differ from the frozen results"] == 0
        assert facts["Control: ranked submissions"] == sum(line.rank is not None for line in report.lines)


def panel_report(app: Flask, path: Path) -> RoundReport:
    """Load a panel of real marks and rank it."""
    bundle = read_path(path).bundle
    assert bundle is not None
    with unit_of_work():
        load_bundle(bundle, actor_id=None, now=AT)
    edition = edition_by_code(bundle.edition.code)
    assert edition is not None
    round_ = round_by_code(edition.id, "r1")
    assert round_ is not None
    return live_report(edition, round_)


def test_random_rounds_under_every_rule(app: Flask, tmp_path: Path) -> None:
    reports = [report for aggregate in (None, *COMPUTED) for report in random_reports(RANDOM_CONTESTS, aggregate)]
    recipes = [recipe_of(report) for report in reports]
    live = [
        one.why is None and any(line.result for line in report.lines)
        for one, report in zip(recipes, reports, strict=True)
    ]
    assert sum(live) > 2 * RANDOM_CONTESTS
    assert {one.rules.aggregate for one, alive in zip(recipes, live, strict=True) if alive} == set(COMPUTED)
    files = written(reports, tmp_path)
    for report, file, computed in zip(reports, files, converted(files, "xlsx", tmp_path), strict=True):
        assert_same(report, file)
        assert_same(report, computed)


@pytest.mark.parametrize("path", PANELS, ids=lambda path: path.name)
def test_real_panels(app: Flask, tmp_path: Path, path: Path) -> None:
    report = panel_report(app, path)
    [file] = written([report], tmp_path)
    assert_same(report, file)
    assert_same(report, converted([file], "xlsx", tmp_path)[0])
    table = converted(
        [file], "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1", tmp_path
    )[0]
    lines = list(csv.reader(next(table.parent.glob("*Ranking*")).read_text(encoding="utf-8").splitlines()))
    at = {heading: place for place, heading in enumerate(lines[1])}
    got = [(row[at["Code"]], row[at["Rank"]], Decimal(row[at["Result"]])) for row in lines[2:]]
    assert got == [(line.entrant.code, str(line.rank), Decimal(line.result or "")) for line in report.lines]


def test_a_changed_mark_moves_results_ranks_and_the_verdict(app: Flask, tmp_path: Path) -> None:
    """Nothing here could pass with values alone: the last of the ranking is given full marks."""
    report = panel_report(app, next(path for path in PANELS if path.name == "panel-mean-10x9-red"))
    last = report.lines[-1]
    book = openpyxl.load_workbook(BytesIO(round_workbook(report, FINAL, locale="en")))
    detail = book["Criterion detail"]
    for row in detail.iter_rows(min_row=4):
        if row[0].value == last.entrant.code:
            row[4].value = 20
    changed = tmp_path / "changed.xlsx"
    book.save(changed)
    computed = openpyxl.load_workbook(converted([changed], "xlsx", tmp_path)[0], data_only=True)
    found = {row["Code"]: row for row in rows(computed, "Ranking", 2)}
    assert (found[last.entrant.code]["Rank"], found[last.entrant.code]["Result"]) == (1, 20)
    assert found[report.lines[0].entrant.code]["Rank"] == 2
    facts = {row["Fact"]: row["Value"] for row in rows(computed, "Source", 2)}
    assert facts["Control: rows that differ from the frozen results"] == len(report.lines)
    titles = [cell.value for cell in computed["Ranking"][1]]
    assert "CHANGED: differs from the frozen results" in titles


def test_a_rule_without_a_formula_is_written_as_a_value_and_says_so(app: Flask, tmp_path: Path) -> None:
    report = panel_report(app, PANELS[0])
    report = replace(report, rules={**report.rules, "aggregate": "zscore"})
    content = round_workbook(report, FINAL, locale="en")
    sheet = openpyxl.load_workbook(BytesIO(content))["Ranking"]
    assert isinstance(sheet["G3"].value, float | int)
    assert sheet["A3"].value.startswith("=")
    assert "its rule has no formula" in str(sheet["J3"].value)
    assert_same(report, converted(written([report], tmp_path), "xlsx", tmp_path)[0])
