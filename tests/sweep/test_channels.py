"""RS-15: page, public page, CSV, JSON, workbook and signed papers say what the snapshot says, for every entry."""

from __future__ import annotations

import csv
import io
import json
import re

import openpyxl
import pytest
from pypdfium2 import PdfDocument

from contest.editions.queries import edition_by_code, round_by_code
from contest.results.queries import frozen_report, latest_snapshot
from tests.sweep.site import Site

pytestmark = pytest.mark.trust
TAG = re.compile(r"<[^>]+>")
Told = dict[str, tuple[int | None, str | None]]


def snapshot_of(site: Site, code: str) -> tuple[Told, dict[str, str]]:
    """Return rank and result of every entry as frozen, and the team of each."""
    edition = edition_by_code(site.world.own.code)
    assert edition is not None
    round_ = round_by_code(edition.id, code)
    assert round_ is not None
    snapshot = latest_snapshot(round_.id)
    assert snapshot is not None
    lines = frozen_report(snapshot.id).lines
    told = {line.entrant.code: (line.rank, line.result) for line in lines}
    return told, {line.entrant.code: line.entrant.team for line in lines}


def got(site: Site, role: str, path: str) -> bytes:
    with site.person(role).get(path) as answer:
        assert answer.status_code == 200, path
        return bytes(answer.get_data())


def rows_of(html: str) -> list[str]:
    return [" ".join(TAG.sub(" ", row).split()) for row in re.split(r"<tr\b", html)[1:]]


def shown(number: str | None) -> str:
    return "" if number is None else number.replace(".", ",")


def test_rs_15_every_channel_says_what_the_snapshot_says(site: Site) -> None:
    own = site.world.own
    code = own.ids["round_code"][0]
    told, teams = snapshot_of(site, code)
    assert len(told) == 3
    assert len({result for _, result in told.values() if result}) > 1
    base = f"/e/{own.code}/organise/results/{code}"

    ranking = json.loads(got(site, "organiser", f"{base}/ranking.json"))["ranking"]
    assert {one["submission"]: (one["rank"], one["result"]) for one in ranking} == told

    flat = list(csv.reader(io.StringIO(got(site, "organiser", f"{base}/ranking.csv").decode("utf-8-sig"))))
    written = {row[1]: (int(row[0]) if row[0] else None, row[6] or None) for row in flat if row[1:2] and row[1] in told}
    assert written == told

    book = openpyxl.load_workbook(io.BytesIO(got(site, "organiser", f"{base}/workbook.xlsx?locale=en")), data_only=True)
    cells = {str(row[1]): (row[0], row[6]) for row in book["Ranking"].iter_rows(min_row=3, values_only=True) if row[1]}
    assert {name: rank for name, (rank, _) in cells.items()} == {name: rank for name, (rank, _) in told.items()}
    for name, (_, result) in told.items():
        assert result is None or f"{cells[name][1]:.2f}" == f"{float(result):.2f}", name

    pages = {role: rows_of(got(site, role, path).decode()) for role, path in (
        ("organiser", base), ("visitor", f"/e/{own.code}/results/{code}"))}  # fmt: skip
    with PdfDocument(got(site, "organiser", f"{base}/papers/minutes.pdf")) as document:
        printed = " ".join(page.get_textpage().get_text_bounded() for page in document)
    for name, (rank, result) in told.items():
        if result is None:
            continue
        for role, rows in pages.items():
            (row,) = [row for row in rows if teams[name] in row and shown(result) in row] or [""]
            assert row, (role, name)
            assert str(rank) in row.split(), (role, name)
        assert shown(result) in printed, name
