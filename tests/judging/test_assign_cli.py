"""`flask judging assign`: the same plan as on the page, shown or put in force."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from flask import Flask

from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.editions.rules import RoundRules
from contest.judging.queries.assignments import assignments_of
from tests.factories import Make


@pytest.fixture
def round_(app: Flask, make: Make, noon: datetime) -> Round:
    edition = make.edition()
    for code in ("BT-1", "BT-2", "BT-10"):
        make.submission(edition, code=code)
    for code in ("GK1", "GK2"):
        make.judge(edition, make.user(code), code=code)
    make.judge(edition, make.user("Cao Minh"), code="GK3", organisation="THPT Lê Thánh Tôn")
    return make.round(edition, rules=RoundRules(judges_per_submission=2))


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["judging", "assign", *arguments])
    return result.exit_code, result.output


def test_a_dry_run_shows_and_changes_nothing(app: Flask, round_: Round) -> None:
    code, text = run(app, "mua-thu-2026", "r1", "--dry-run", "--seed", "7")
    assert code == 0
    assert "6 assignments: 6 added, 0 taken away, seed 7" in text
    assert "Nothing was changed." in text
    assert assignments_of(round_.id) == ()


def test_a_run_puts_the_plan_in_force(app: Flask, round_: Round) -> None:
    code, text = run(app, "mua-thu-2026", "r1")
    assert code == 0
    assert "The plan is in force." in text
    assert len(assignments_of(round_.id)) == 6
    assert "0 added, 0 taken away" in run(app, "mua-thu-2026", "r1", "--keep")[1]


def test_json_names_pairs_loads_and_reasons(app: Flask, round_: Round, make: Make) -> None:
    code, text = run(app, "mua-thu-2026", "r1", "--json", "--seed", "3", "--dry-run")
    told = json.loads(text)
    assert code == 0
    assert told["pairs"] == [
        {"submission": submission, "judge": judge}
        for submission in ("BT-1", "BT-2", "BT-10")
        for judge in sorted(("GK1", "GK2"))
    ]
    assert told["loads"] == {"GK1": 3, "GK2": 3, "GK3": 0}
    assert (told["round"], told["seed"], told["applied"], told["unfilled"]) == ("r1", 3, False, [])


def test_every_empty_seat_is_explained(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition("khac")
    make.submission(edition, code="BT-1")
    make.judge(edition, make.user("Cao Minh"), code="GK3", organisation="THPT Lê Thánh Tôn")
    make.round(edition)
    code, text = run(app, "khac", "r1", "--dry-run")
    assert code == 0
    assert "BT-1: 1 empty, no_judge (GK3 conflict)" in text
    told = json.loads(run(app, "khac", "r1", "--json")[1])
    assert told["unfilled"] == [{"submission": "BT-1", "seats": 1, "reason": "no_judge", "judges": {"GK3": "conflict"}}]
    assert told["applied"] is True


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("khong-co", "r1"), "there is no edition 'khong-co'"),
        (("mua-thu-2026", "r9"), "has no round 'r9'"),
        (("mua-thu-2026", "r1", "--seed", "-1"), "Invalid value for '--seed'"),
    ],
)
def test_wrong_arguments_are_refused(app: Flask, round_: Round, arguments: tuple[str, ...], message: str) -> None:
    code, text = run(app, *arguments)
    assert code != 0
    assert message in text


def test_a_closed_round_is_refused_in_words(app: Flask, make: Make, noon: datetime) -> None:
    make.round(make.edition(), state=RoundState.CLOSED)
    code, text = run(app, "mua-thu-2026", "r1")
    assert code == 1
    assert "Scoring of round r1 is over" in text
