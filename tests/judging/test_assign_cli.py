"""`flask judging assign`: the same plan as on the page, shown or put in force."""

from __future__ import annotations

import io
import json
from datetime import datetime

import pytest
from flask import Flask

from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.editions.rules import RoundRules
from contest.judging import cli
from contest.judging.assignment import AdviceCode
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


def test_notes_say_what_falls_short(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition("thieu")
    for _ in range(3):
        make.submission(edition)
    make.judge(edition, make.user("Lê An"), code="GK1", max_load=2)
    make.round(edition, rules=RoundRules(judges_per_submission=1))
    _, text = run(app, "thieu", "r1", "--dry-run")
    assert "note: 3 submissions need 3 seats; 1 judges may judge them, with room for 2: 1 short" in text
    told = json.loads(run(app, "thieu", "r1", "--dry-run", "--json")[1])
    assert [one["code"] for one in told["advice"]] == ["shortage"]
    assert told["groups"] == 1


@pytest.mark.parametrize("code", list(AdviceCode))
def test_every_piece_of_advice_has_a_line(code: AdviceCode) -> None:
    told = {"code": code.value, "count": 2, "judge": "GK1", "submission": "BT-1", "submissions": ["BT-1"]}
    line = cli.advice_line({**told, "judges": ["GK1"], "seats": 5, "room": 3})
    assert line
    assert "{" not in line


def test_a_closed_round_is_refused_before_the_work(
    app: Flask, make: Make, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.round(make.edition(), state=RoundState.CLOSED)
    monkeypatch.setattr(cli, "plan_on", None)
    assert run(app, "mua-thu-2026", "r1")[0] == 1


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("long", "terminal", "shown"), [(1, True, True), (99, True, False), (1, False, False)])
def test_a_bar_on_a_terminal_and_for_long_work_only(
    app: Flask, round_: Round, monkeypatch: pytest.MonkeyPatch, *, long: int, terminal: bool, shown: bool
) -> None:
    screen: io.StringIO = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(cli, "LONG", long)
    monkeypatch.setattr(cli, "screen", lambda: screen)
    code, text = run(app, "mua-thu-2026", "r1", "--dry-run", "--json")
    assert code == 0
    assert json.loads(text)["seed"] == 0
    assert ("Assigning" in screen.getvalue() and "100%" in screen.getvalue()) is shown
    assert bool(screen.getvalue()) is shown
