"""`flask results rank` and `flask results export`."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import openpyxl
from flask import Flask

from tests.results.conftest import Scored


def test_rank_json_lists_the_places(app: Flask, scored: Scored) -> None:
    answer = app.test_cli_runner().invoke(args=["results", "rank", "mua-thu-2026", "r1", "--json"])
    assert answer.exit_code == 0, answer.output
    rows = json.loads(answer.output)
    assert [(row["rank"], row["result"], row["own_result"], row["status"], row["track"]) for row in rows] == [
        (1, "14.50", "14.50", "ranked", None),
        (1, "14.50", "14.50", "ranked", None),
        (3, "10.50", "10.50", "ranked", None),
    ]
    assert set(rows[0]) == {
        *("submission", "track", "rank", "result", "own_result", "status"),
        *("decided_by", "explain"),
    }
    assert [row["decided_by"] for row in rows] == [None, None, None]


def test_rank_json_explains_each_line_in_the_language_asked_for(app: Flask, scored: Scored) -> None:
    runner = app.test_cli_runner()
    rows = json.loads(
        runner.invoke(args=["results", "rank", "mua-thu-2026", "r1", "--json", "--language", "en"]).stdout
    )
    names = [judge.name for judge in scored.judges]
    assert rows[2]["explain"] == [
        f"{names[0]}: Criterion 1 5 + Criterion 2 5 = 10.",
        f"{names[1]}: Criterion 1 6 + Criterion 2 5 = 11.",
        "The mean of 10; 11 is 10.5.",
        "The result of this round is 10.50.",
        "With 10.50 that is rank 3 of 3.",
    ]
    assert rows[0]["explain"][-2:] == [
        "2 submissions of 3 have the result 14.50.",
        "Nothing tells them apart: 2 share rank 1.",
    ]
    plain = json.loads(runner.invoke(args=["results", "rank", "mua-thu-2026", "r1", "--json"]).stdout)
    assert "14,50" in plain[0]["explain"][-2]


def test_rank_prints_a_table(app: Flask, scored: Scored) -> None:
    answer = app.test_cli_runner().invoke(args=["results", "rank", "mua-thu-2026", "r1"])
    lines = answer.output.splitlines()
    assert lines[1].split()[:3] == ["-", "1=", "14.50"]
    assert lines[3].split()[:3] == ["-", "3", "10.50"]


def test_unknown_names_are_told(app: Flask, scored: Scored) -> None:
    runner = app.test_cli_runner()
    assert "no edition 'nope'" in runner.invoke(args=["results", "rank", "nope", "r1"]).output
    assert "no round 'nope'" in runner.invoke(args=["results", "rank", "mua-thu-2026", "nope"]).output


def test_export_writes_a_whole_workbook(app: Flask, scored: Scored, tmp_path: Path, noon: datetime) -> None:
    target = tmp_path / "bang.xlsx"
    answer = app.test_cli_runner().invoke(
        args=["results", "export", "mua-thu-2026", "r1", "--out", str(target), "--locale", "en"]
    )
    assert answer.exit_code == 0, answer.output
    book = openpyxl.load_workbook(target)
    assert [row[1] for row in book["Ranking"].iter_rows(min_row=3, values_only=True)] == [
        scored.submissions[0].code,
        scored.submissions[2].code,
        scored.submissions[1].code,
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["bang.xlsx"]
