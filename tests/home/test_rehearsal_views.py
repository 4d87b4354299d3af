"""Starting and wiping a rehearsal on its page and from the command line; the mark on everything that leaves it."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.models import Edition, Round
from contest.editions.phases import RoundState
from contest.editions.queries import rehearsal_of
from contest.editions.rules import RoundRules
from contest.infra.db import db, unit_of_work
from contest.infra.mail import OutboxMail
from contest.judging.models import Judge
from contest.submissions.models import SubmissionFile
from tests.factories import NOON, Make
from tests.judging.pages import Desk, desk_of, words

pytestmark = pytest.mark.usefixtures("noon")
BANNER = "Rehearsal: the teams, judges and scores are invented."


@pytest.fixture
def desk(app: Flask, make: Make) -> Desk:
    desk = desk_of(app, make)
    make.track(desk.edition, "A")
    make.part(desk.edition)
    make.round(desk.edition, "r1", rules=RoundRules(judges_per_submission=2), state=RoundState.DRAFT)
    return desk


def start(desk: Desk, **values: object) -> str:
    """Start one on its page and return its code."""
    fields = {"fill": "all", "rounds": "1", "teams": "3", "judges": "4", **values}
    answer = desk.post("rehearsal", **fields)
    assert answer.status_code == 303, words(answer)
    return answer.location.split("/")[2]


def test_the_overview_leads_to_it(desk: Desk) -> None:
    page = desk.get("").text
    assert f'href="{desk.url("rehearsal")}"' in page
    assert "Start one with invented teams" in page
    code = start(desk)
    assert "3 invented teams" in words(desk.get(""))
    assert BANNER in words(desk.client.get(f"/e/{code}/organise/"))


def test_one_click_with_the_defaults_is_enough(desk: Desk) -> None:
    form = desk.get("rehearsal").text
    typed = dict(re.findall(r'name="(rounds|teams|judges)"[^>]*value="(\d+)"', form))
    assert typed == {"rounds": "1", "teams": "8", "judges": "7"}
    assert re.search(r'checked[^>]*value="half"|value="half"[^>]*checked', form)
    code = start(desk, fill="half", **typed)
    assert "Practise" in words(desk.client.get(f"/e/{code}/organise/rehearsal"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"teams": "61"}, "From 1 to 60."),
        ({"judges": ""}, "Please fill in this field."),
        ({"rounds": "5"}, "This edition has 1 rounds"),
        ({"fill": "so"}, ""),
    ],
)
def test_a_wrong_form_says_what_is_wrong_and_starts_nothing(desk: Desk, fields: dict[str, str], said: str) -> None:
    answer = desk.post("rehearsal", **{"fill": "all", "rounds": "1", "teams": "3", "judges": "4", **fields})
    assert answer.status_code == 422
    assert said in words(answer)
    assert rehearsal_of(desk.edition_id) is None


def test_wiping_needs_the_code_and_leaves_nothing(desk: Desk) -> None:
    code = start(desk)
    for path in (desk.url("rehearsal/wipe"), f"/e/{code}/organise/rehearsal/wipe"):
        assert desk.client.post(path, data={"confirm": "anders"}).status_code == 422
        assert desk.client.post(path, data={"confirm": ""}).status_code == 422
    assert rehearsal_of(desk.edition_id) is not None
    answer = desk.client.post(f"/e/{code}/organise/rehearsal/wipe", data={"confirm": code})
    assert (answer.status_code, answer.location) == (303, desk.url("rehearsal"))
    assert "The rehearsal is wiped" in words(desk.get("rehearsal"))
    assert rehearsal_of(desk.edition_id) is None
    assert desk.client.get(f"/e/{code}/").status_code == 404


def test_the_real_edition_cannot_be_wiped_from_its_page(desk: Desk) -> None:
    answer = desk.post("rehearsal/wipe", confirm=desk.code)
    assert (answer.status_code, "Only a rehearsal can be wiped" in words(answer)) == (422, True)
    assert db.session.get(Edition, desk.edition_id) is not None


def test_files_of_the_rehearsal_are_deleted_with_it(desk: Desk) -> None:
    code = start(desk)
    storage = desk.app.extensions["storage"]
    before = set(storage.keys())
    stored = storage.put(BytesIO(b"TEST"), limit=9)
    made = rehearsal_of(desk.edition_id)
    assert made is not None
    part, submission = (
        db.session.execute(db.text(f"SELECT id FROM {table} WHERE edition_id = {made.id}")).scalars().first()  # noqa: S608  our own names
        for table in ("parts", "submissions")
    )
    with unit_of_work() as session:
        session.add(
            SubmissionFile(
                submission_id=submission, part_id=part, filename="a.pdf", content_type="application/pdf", size=4,
                sha256=stored.sha256, storage_key=stored.key, uploaded_at=NOON,
            )
        )  # fmt: skip
    desk.client.post(f"/e/{code}/organise/rehearsal/wipe", data={"confirm": code})
    assert set(storage.keys()) == before


def test_another_organiser_of_the_edition_may_wipe_but_not_enter(desk: Desk, app: Flask) -> None:
    code = start(desk)
    client = app.test_client()
    client.set_cookie("locale", "en")
    desk.make.sign_in(client, desk.make.member(desk.edition, Role.SECRETARY))
    assert client.get(f"/e/{code}/organise/").status_code == 404
    page = client.get(desk.url("rehearsal"))
    assert "only that person can enter it" in words(page)
    assert client.post(desk.url("rehearsal/wipe"), data={"confirm": code}).status_code == 303


def test_to_strangers_it_is_a_missing_page(desk: Desk, app: Flask) -> None:
    code = start(desk)
    stranger, visitor = app.test_client(), app.test_client()
    desk.make.sign_in(stranger, desk.make.member(desk.make.edition("khac"), Role.ORGANISER))
    for client in (stranger, visitor):
        for path in ("", "door", "results/r1", "logo.png", "register"):
            there, missing = (client.get(f"/e/{name}/{path}") for name in (code, "khong-co-dau"))
            assert there.status_code == missing.status_code == 404, path
            body = re.sub(r'name="csrf_token" value="[^"]*"', "", there.text).replace(code, "khong-co-dau")
            assert body == re.sub(r'name="csrf_token" value="[^"]*"', "", missing.text), path
        for path in ("/", "/editions", "/door"):
            assert code not in client.get(path).text


def test_every_file_and_sheet_is_marked(desk: Desk) -> None:
    code = start(desk)
    for path in ("organise/results/r1/workbook.xlsx", "organise/rounds/r1/assignments.csv"):
        answer = desk.client.get(f"/e/{code}/{path}")
        assert answer.status_code == 200, path
        assert answer.headers["X-Robots-Tag"].startswith("noindex")
        name = unquote(re.findall(r"filename\*?=(?:UTF-8'')?\"?([^\";]+)", answer.headers["Content-Disposition"])[-1])
        assert name.startswith("TEST"), name
    book = openpyxl.load_workbook(BytesIO(desk.client.get(f"/e/{code}/organise/results/r1/workbook.xlsx").data))
    assert len(book.worksheets) >= 5
    sheets: list[Any] = list(book.worksheets)
    for sheet in sheets:
        if sheet.title in (
            "Certificate merge",
            "Trộn chứng nhận",
        ):  # a mail merge wants its headings in the first row: every row says it
            assert {str(row[-1])[:4] for row in sheet.iter_rows(min_row=2, values_only=True) if row[0]} <= {"TEST"}
        else:
            assert str(sheet["A1"].value).startswith("TEST · ")
        assert sheet.oddHeader.center.text == "TEST"
        assert "TEST" in sheet.oddFooter.left.text
    assert book.properties.title.startswith("TEST · ")


def test_real_papers_are_not_marked(desk: Desk) -> None:
    make = desk.make
    round_ = make.round(desk.edition, "r2")
    make.scorecard(make.assignment(round_, make.judge(desk.edition), make.submission(desk.edition)), [1, 1])
    answer = desk.get("results/r2/workbook.xlsx")
    assert "TEST" not in answer.headers["Content-Disposition"]
    assert "X-Robots-Tag" not in answer.headers
    book = openpyxl.load_workbook(BytesIO(answer.data))
    sheets: list[Any] = list(book.worksheets)
    assert not [sheet.title for sheet in sheets if "TEST" in f"{sheet['A1'].value}{sheet.oddFooter.left.text}"]
    assert BANNER not in words(desk.get(""))
    assert "test-mark.css" not in desk.get("").text


def test_printed_codes_are_marked_and_let_an_invented_judge_in(desk: Desk, app: Flask) -> None:
    code = start(desk)
    sheet = desk.client.post(f"/e/{code}/organise/judges/sheet", data={"all": "1"})
    assert sheet.status_code == 200
    assert "bv-is-test" in sheet.text
    assert BANNER in words(sheet)
    assert sheet.text.count("TEST – Ý tưởng khởi nghiệp 2026") >= 4
    token = re.search(r"/s/([A-Za-z0-9_-]+)", _link(desk, code))
    assert token is not None
    client: FlaskClient = app.test_client()
    client.set_cookie("locale", "en")
    assert client.post(f"/s/{token.group(1)}").status_code == 303
    listing = client.get(f"/e/{code}/judging/")
    assert listing.status_code == 200
    assert BANNER in words(listing)
    paper = re.search(rf'/e/{code}/judging/([0-9a-z]{{10}})"', listing.text)
    assert paper is not None
    assert BANNER in words(client.get(f"/e/{code}/judging/{paper.group(1)}"))
    assert client.get(f"/e/{desk.code}/judging/").status_code in (403, 404)


def _link(desk: Desk, code: str) -> str:
    made = rehearsal_of(desk.edition_id)
    assert made is not None
    user = db.session.scalars(select(Judge.user_id).where(Judge.edition_id == made.id)).first()
    person = db.session.get_one(User, user).public_id
    return desk.client.post(f"/e/{code}/organise/people/{person}/link").text


def test_reminders_reach_nobody(desk: Desk, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1:9")
    code = start(desk, fill="half")
    with unit_of_work() as session:
        session.query(Judge).filter(Judge.code == "TEST-GK1").one().email = "that@example.org"
    desk.client.post(f"/e/{code}/organise/rounds/r1/progress/remind")
    assert {status.value for status in db.session.scalars(select(OutboxMail.status))} <= {"held"}
    assert "Nothing is sent from a rehearsal" in words(desk.client.get(f"/e/{code}/organise/outbox"))


def test_the_command_line_starts_marks_and_wipes(desk: Desk, app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    login = desk.organiser.email or ""

    def run(*arguments: str, **options: Any) -> Any:
        return runner.invoke(args=list(arguments), **options)

    made = run("rehearsal", "start", desk.code, "--organiser", login, "--teams", "2", "--judges", "3", "--fill", "all")
    assert (made.exit_code, "Created test-mua-thu-2026." in made.stdout) == (0, True)
    assert made.stderr.startswith("TEST: ")
    again = run("rehearsal", "start", desk.code, "--organiser", login)
    assert (again.exit_code, "There is a rehearsal already" in again.output) == (1, True)
    assert run("rehearsal", "start", desk.code, "--organiser", "nobody@example.org").exit_code == 1
    code = "test-mua-thu-2026"
    for arguments in (("results", "rank", code, "r1"), ("editions", "dump", code, str(tmp_path / "b"))):
        done = run(*arguments)
        assert done.exit_code == 0, done.output
        assert done.stderr.startswith("TEST: "), arguments
    out = run("results", "export", code, "r1", "--out", str(tmp_path / "a.xlsx"))
    assert out.exit_code == 0, out.output
    assert [path.name for path in tmp_path.glob("*.xlsx")] == ["TEST_a.xlsx"]
    assert run("rehearsal", "wipe", desk.code, "--confirm", desk.code).exit_code == 1
    assert run("rehearsal", "wipe", code, "--confirm", "x").exit_code == 1
    gone = run("rehearsal", "wipe", code, "--confirm", code)
    assert (gone.exit_code, gone.stdout.startswith(f"Wiped {code}: ")) == (0, True)
    assert run("rehearsal", "wipe", code, "--confirm", code).exit_code == 1


def test_a_rehearsal_of_an_edition_in_use_shows_nothing_of_it(desk: Desk) -> None:
    make = desk.make
    round_ = db.session.query(Round).one()
    team = make.team(desk.edition, name="Đội Bí Mật Thật", school="Trường Bí Mật Thật", mentor_name="Cô Bí Mật Thật")
    submission = make.submission(desk.edition, team, title="Ý tưởng Bí Mật Thật", summary="Bí Mật Thật")
    judge = make.judge(desk.edition, make.user("Ông Bí Mật Thật"), organisation="Viện Bí Mật Thật")
    make.scorecard(make.assignment(round_, judge, submission), [1, 1])
    code = start(desk)
    paths = ("", "judges", "rounds", "rounds/r1/assignments", "rounds/r1/progress", "results/r1", "people", "outbox")
    for path in (*paths, "submissions", "conflicts", "results", "setup/basics"):
        answer = desk.client.get(f"/e/{code}/organise/{path}", follow_redirects=True)
        assert "Bí Mật Thật" not in answer.text, path
    book = desk.client.get(f"/e/{code}/organise/results/r1/workbook.xlsx?locale=vi")
    texts = " ".join(
        str(cell) for sheet in openpyxl.load_workbook(BytesIO(book.data)) for row in sheet.values for cell in row
    )
    assert "Bí Mật" not in texts
    assert "TEST-001" in texts


def test_starting_afresh_wipes_the_running_one_first_and_needs_its_code(desk: Desk) -> None:
    code = start(desk)
    running = rehearsal_of(desk.edition_id)
    fields = {"fill": "teams", "rounds": "1", "teams": "5", "judges": "2"}
    for typed in ("", desk.code):
        answer = desk.post("rehearsal", **fields, running=typed)
        assert (answer.status_code, "Type the code" in words(answer)) == (422, True)
    assert rehearsal_of(desk.edition_id) == running
    assert start(desk, **fields, running=code) == code
    fresh = rehearsal_of(desk.edition_id)
    assert running is not None
    assert fresh is not None
    assert fresh.id > running.id
    assert "5 invented teams" in words(desk.get(""))
