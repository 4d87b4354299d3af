"""`flask judging assignments`: a round's assignments out to a file and back, problems by line, nothing half written."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.editions.rules import RoundRules
from contest.judging.queries.assignments import assignments_of
from tests.factories import Make

HEAD = "round,judge,submission,pinned\n"


@pytest.fixture
def round_(app: Flask, make: Make, noon: datetime) -> Round:
    edition = make.edition()
    submissions = [make.submission(edition, code=code) for code in ("BT-1", "BT-2", "BT-10")]
    judges = [make.judge(edition, make.user(code), code=code) for code in ("GK1", "GK2")]
    round_ = make.round(edition, rules=RoundRules(judges_per_submission=1))
    make.assignment(round_, judges[1], submissions[2], pinned=True)
    make.assignment(round_, judges[0], submissions[0])
    return round_


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["judging", "assignments", "mua-thu-2026", "r1", *arguments])
    return result.exit_code, result.output


def held(round_: Round) -> int:
    return len(assignments_of(round_.id))


def test_out_and_in_again_changes_nothing(app: Flask, round_: Round, tmp_path: Path) -> None:
    file = tmp_path / "assignments.csv"
    code, text = run(app, "--out", str(file))
    assert (code, text) == (0, f"{file}: 2 assignments\n")
    assert file.read_text(encoding="utf-8") == f"{HEAD}r1,GK1,BT-1,\nr1,GK2,BT-10,true\n"
    before = assignments_of(round_.id)
    assert run(app, "--import", str(file)) == (0, "0 added, 0 taken away, 2 kept.\n")
    assert assignments_of(round_.id) == before


def test_a_file_becomes_the_assignments_unless_it_is_only_tried(app: Flask, round_: Round, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(f"{HEAD}r1,GK1,BT-1,\nr1,GK1,BT-2,x\nr1,GK2,BT-2,\n", encoding="utf-8")
    code, text = run(app, "--import", str(file), "--dry-run")
    assert (code, text) == (0, "3 assignments would be in force. Nothing was changed.\n")
    assert held(round_) == 2
    assert run(app, "--import", str(file)) == (0, "2 added, 1 taken away, 1 kept.\n")
    assert sorted(one.pinned for one in assignments_of(round_.id)) == [False, False, True]


def test_problems_name_their_lines_and_nothing_is_written(app: Flask, round_: Round, tmp_path: Path) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text(f"{HEAD}r1,GK9,BT-1,\nr1,GK1,BT-1,\nr1,GK1,BT-1,\nr2,GK1,BT-2,maybe\n", encoding="utf-8")
    code, text = run(app, "--import", str(file))
    assert code == 1
    assert [line.split(":")[0] for line in text.splitlines()] == [
        "wrong.csv, row 2, column “judge”",
        "wrong.csv, row 4",
        "wrong.csv, row 5, column “round”",
        "wrong.csv, row 5, column “pinned”",
        "Error",
    ]
    assert "nothing is written" in text
    assert held(round_) == 2


def test_a_closed_round_refuses_in_words(app: Flask, make: Make, round_: Round, tmp_path: Path) -> None:
    file = tmp_path / "assignments.csv"
    run(app, "--out", str(file))
    edition = make.edition("cu")
    make.round(edition, state=RoundState.CLOSED)
    result = app.test_cli_runner().invoke(args=["judging", "assignments", "cu", "r1", "--import", str(file)])
    assert result.exit_code == 1
    file.write_text(HEAD, encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["judging", "assignments", "cu", "r1", "--import", str(file)])
    assert (result.exit_code, "Scoring of round r1 is over" in result.output) == (1, True)


@pytest.mark.parametrize("arguments", [(), ("--out", "a.csv", "--import", __file__)])
def test_either_out_or_in(app: Flask, round_: Round, arguments: tuple[str, ...]) -> None:
    code, text = run(app, *arguments)
    assert code == 2
    assert "say either --out FILE.csv or --import FILE.csv" in text
