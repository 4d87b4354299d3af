"""A round's assignments as a file: out, changed, in; conflicts win whatever the file says."""

from __future__ import annotations

from dataclasses import dataclass
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.roles import Role
from contest.editions.models import Edition, Round
from contest.editions.phases import RoundState
from contest.infra.db import db
from contest.judging.models import Assignment, Conflict, Judge
from contest.submissions.models import Submission
from tests.counting import counted
from tests.exchange.bundles import row_counts, uploaded
from tests.factories import Make

pytestmark = pytest.mark.usefixtures("noon")
HEADER = "round,judge,submission,pinned\n"


@dataclass(frozen=True)
class Scene:
    edition: Edition
    round: Round
    judges: list[Judge]
    submissions: list[Submission]

    @property
    def page(self) -> str:
        return f"/e/{self.edition.code}/organise/rounds/{self.round.code}"


@pytest.fixture
def scene(make: Make, client: FlaskClient) -> Scene:
    edition = make.edition()
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    round_ = make.round(edition)
    judges = [make.judge(edition, code=f"GK{number}", name=f"Giám khảo {number}") for number in (1, 2)]
    submissions = [make.submission(edition, code=f"BT-00{number}") for number in (1, 2, 3)]
    return Scene(edition, round_, judges, submissions)


def send(client: FlaskClient, scene: Scene, rows: str, name: str = "a.csv") -> tuple[int, str]:
    answer = client.post(f"{scene.page}/assignments-file", **uploaded({name: (HEADER + rows).encode()}, "file"))
    return answer.status_code, unescape(answer.text)


def assigned(scene: Scene) -> set[tuple[str, str, bool]]:
    db.session.rollback()
    rows = db.session.execute(
        select(Judge.code, Submission.code, Assignment.pinned)
        .select_from(Assignment)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(Assignment.round_id == scene.round.id)
    )
    return {(judge, submission, pinned) for judge, submission, pinned in rows}


@pytest.mark.both_databases
def test_a_file_becomes_the_plan_and_comes_out_again(app: Flask, client: FlaskClient, scene: Scene) -> None:
    rows = "r1,GK1,BT-001,true\nr1,GK1,BT-002,\nr1,GK2,BT-003,\n"
    assert send(client, scene, rows)[0] == 303
    assert assigned(scene) == {("GK1", "BT-001", True), ("GK1", "BT-002", False), ("GK2", "BT-003", False)}
    answer = client.get(f"{scene.page}/assignments.csv")
    assert answer.text == HEADER + rows
    assert answer.headers["Content-Disposition"].endswith("mua-thu-2026-r1-assignments.csv")
    assert send(client, scene, "r1,gk1,bt-001,\nr1,GK2,BT-001,x\n")[0] == 303
    assert assigned(scene) == {("GK1", "BT-001", False), ("GK2", "BT-001", True)}


def test_what_was_begun_stays(client: FlaskClient, make: Make, scene: Scene) -> None:
    make.scorecard(make.assignment(scene.round, scene.judges[0], scene.submissions[0]), [3, 4])
    assert send(client, scene, "r1,GK2,BT-002,\n")[0] == 303
    assert assigned(scene) == {("GK1", "BT-001", False), ("GK2", "BT-002", False)}


@pytest.mark.parametrize(
    ("rows", "row", "column"),
    [
        ("r1,GK1,BT-002,\nr1,GK1,BT-001,\n", 3, "judge"),
        ("r1,GK9,BT-001,\n", 2, "judge"),
        ("r1,GK1,BT-009,\n", 2, "submission"),
        ("r2,GK1,BT-001,\n", 2, "round"),
        ("r1,GK1,BT-002,\nr1,GK1,BT-002,\n", 3, "–"),
        ("r1,GK1,BT-002,maybe\n", 2, "pinned"),
        ("r1,GK2,BT-001,\nr1,GK2,BT-002,\nr1,GK2,BT-003,\n", 4, "judge"),
        ("r1,=cmd,BT-002,\n", 2, "judge"),
        ("r1,GK1,BT\x00-002,\n", 2, "submission"),
    ],
    ids=["conflict", "judge", "submission", "round", "twice", "pinned", "load", "formula", "nul"],
)
def test_a_row_that_cannot_be_is_named_and_nothing_is_written(
    client: FlaskClient, scene: Scene, rows: str, row: int, column: str
) -> None:
    db.session.add(Conflict(judge_id=scene.judges[0].id, submission_id=scene.submissions[0].id))
    scene.judges[1].max_load = 2
    db.session.commit()
    before = row_counts()
    status, page = send(client, scene, rows)
    assert (status, row_counts()) == (422, before)
    cells = page.replace("</td>", "\n").splitlines()
    assert any(line.endswith(f">{row}") for line in cells)
    assert any(line.endswith(f">{column}") for line in cells)


def test_a_submission_that_is_not_in_the_round_is_refused(client: FlaskClient, make: Make, scene: Scene) -> None:
    final = make.round(scene.edition, "final")
    later = Scene(scene.edition, final, scene.judges, scene.submissions)
    assert send(client, later, "final,GK1,BT-001,\n")[0] == 422
    assert assigned(later) == set()


def test_a_closed_round_keeps_its_assignments(client: FlaskClient, scene: Scene) -> None:
    scene.round.state = RoundState.CLOSED
    db.session.commit()
    assert send(client, scene, "r1,GK1,BT-001,\n")[0] == 422
    assert assigned(scene) == set()


def test_a_missing_column_and_a_missing_file_are_named(client: FlaskClient, scene: Scene) -> None:
    files = uploaded({"a.csv": b"round,judge\nr1,GK1\n"}, "file")
    answer = client.post(f"{scene.page}/assignments-file", **files)
    assert answer.status_code == 422
    assert ">submission</td>" in answer.text
    assert client.post(f"{scene.page}/assignments-file", data={}).status_code == 422


@pytest.mark.parametrize("page", ["assignments.csv", "assignments-file"])
def test_a_missing_round_is_404(client: FlaskClient, scene: Scene, page: str) -> None:
    assert client.get(f"/e/{scene.edition.code}/organise/rounds/khong/{page}").status_code == 404


def test_the_download_asks_as_often_for_one_row_as_for_three(app: Flask, client: FlaskClient, scene: Scene) -> None:
    numbers = []
    for rows in ("r1,GK1,BT-001,\n", "r1,GK1,BT-001,\nr1,GK1,BT-002,\nr1,GK2,BT-003,\n"):
        send(client, scene, rows)
        with counted(app) as queries:
            assert client.get(f"{scene.page}/assignments.csv").text == HEADER + rows
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
