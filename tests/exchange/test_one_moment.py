"""EX-05: a draft that is exported while judges save holds one moment: marks, sums, ledger and trail of the same one.

Every write saves a mark and adds one entry to the ledger, so that each moment is told by both; somebody writes after
every statement of the export.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from threading import get_ident
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from contest.accounts.roles import Role
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.queries import round_by_id
from contest.editions.rules import RoundRules
from contest.infra import audit
from contest.infra.db import db, one_moment, unit_of_work
from contest.judging.papers import Entry
from contest.judging.services.scoring import save_scorecard
from contest.results.queries import live_report
from contest.results.services.rulings import add_entry
from tests.factories import Make

pytestmark = pytest.mark.both_databases
MOST = 40
"""So many half steps a scale has: a judge gives one more of them with every save, and begins anew after the last."""
ENTRIES_OF_A_WRITE = 2
PENALTY = Decimal(-1)


class Busy:
    """A round that is being scored, and a hand that writes to it."""

    def __init__(self, app: Flask, make: Make, noon: datetime) -> None:
        self.app, self.noon, self.writes = app, noon, 0
        self.edition = make.edition()
        rules = RoundRules(min_judges=1, judges_per_submission=1, decimals=1)
        self.round = make.round(self.edition, "r1", rules=rules)
        self.judge = make.judge(self.edition)
        self.submission = make.submission(self.edition)
        self.paper = make.assignment(self.round, self.judge, self.submission).public_id
        self.organiser = make.member(self.edition, Role.ORGANISER)
        self.code, self.edition_id, self.round_id = self.edition.code, self.edition.id, self.round.id
        self.entry, self.judge_user = self.submission.code, self.judge.user_id
        self.facts: EditionFacts = make.facts(self.edition)
        self.organiser_id = self.organiser.id
        self.write()

    @property
    def round_facts(self) -> RoundFacts:
        found = round_by_id(self.round_id)
        assert found is not None
        return found

    def write(self) -> None:
        """Save a mark and take a point off, in one unit of work."""
        number = self.writes
        points = number % MOST
        marks = {"C1": half(min(points, MOST // 2)), "C2": half(max(points - MOST // 2, 0))}
        with self.app.app_context():
            with unit_of_work():
                entry = Entry(number, 1, key=f"key-{number}", texts=marks, submit=True)
                save_scorecard(
                    edition_id=self.edition_id,
                    assignment=self.paper,
                    actor_id=self.judge_user,
                    entry=entry,
                    now=self.noon,
                )
                add_entry(
                    round_id=self.round_id,
                    submission=self.entry,
                    points=PENALTY,
                    reason="Trừ",
                    actor_id=self.organiser_id,
                    now=self.noon,
                )
            db.session.remove()
        self.writes += 1

    def agrees(self, total: Decimal, penalties: Decimal) -> None:
        """Fail unless marks and ledger tell of the same moment."""
        writes = int(-penalties)
        assert total == Decimal((writes - 1) % MOST) / 2, (total, penalties)
        assert 1 <= writes <= self.writes


def half(steps: int) -> str:
    return str(Decimal(steps) / 2)


@pytest.fixture
def busy(app: Flask, make: Make, noon: datetime) -> Busy:
    return Busy(app, make, noon)


@contextmanager
def written_in_between(busy: Busy) -> Iterator[None]:
    """Let somebody write after every statement that this thread sends."""
    mine, at_work = get_ident(), [False]

    def after(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if get_ident() != mine or at_work[0] or not statement.lstrip().upper().startswith("SELECT"):
            return
        at_work[0] = True
        with ThreadPoolExecutor(1) as pool:
            pool.submit(busy.write).result(60)
        at_work[0] = False

    event.listen(db.engine, "after_cursor_execute", after)
    before = busy.writes
    try:
        yield
    finally:
        event.remove(db.engine, "after_cursor_execute", after)
    assert busy.writes > before + 3


def test_ex_05_a_draft_report_is_of_one_moment_with_the_trail(busy: Busy) -> None:
    round_ = busy.round_facts
    with written_in_between(busy), one_moment():
        length = audit.length_of(f"edition:{busy.edition_id}")
        (line,) = live_report(busy.facts, round_).lines
        after = audit.length_of(f"edition:{busy.edition_id}")
    assert length == after
    assert line.result is not None
    assert line.own_result is not None
    marks = Decimal(line.own_result) - Decimal(line.ledger)
    busy.agrees(marks, Decimal(line.ledger))
    assert line.result == line.own_result
    assert length == ENTRIES_OF_A_WRITE * int(-Decimal(line.ledger))
    (card,) = line.cells
    assert sum(Decimal(mark) for mark in card.marks if mark) == marks


def fetched(client: FlaskClient, path: str) -> bytes:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return bytes(answer.data)


@pytest.fixture
def client_of(app: Flask, make: Make, busy: Busy) -> Callable[[], FlaskClient]:
    def sign_in() -> FlaskClient:
        client = app.test_client()
        make.sign_in(client, type("Person", (), {"id": busy.organiser_id})())
        client.set_cookie("locale", "en")
        return client

    return sign_in


def test_ex_05_a_draft_workbook_is_of_one_moment(busy: Busy, client_of: Callable[[], FlaskClient]) -> None:
    client = client_of()
    base = f"/e/{busy.code}/organise/results/r1"
    with written_in_between(busy):
        book = openpyxl.load_workbook(io.BytesIO(fetched(client, f"{base}/workbook.xlsx?locale=en")), data_only=True)
    heads, line = [
        [cell.value for cell in row] for row in book["Ranking"].iter_rows() if row[1].value in ("Code", busy.entry)
    ][:2]
    told = dict(zip(heads, line, strict=True))
    matrix = next(row for row in book["Criterion detail"].iter_rows(values_only=True) if row[0] == busy.entry)
    marks = [Decimal(str(cell)) for cell in matrix[4:6]]
    penalties = Decimal(str(told["Bonus and penalty"]))
    busy.agrees(sum(marks, Decimal(0)), penalties)
    assert Decimal(str(told["Result"])) == sum(marks) + penalties


def test_ex_05_draft_tables_are_of_one_moment(busy: Busy, client_of: Callable[[], FlaskClient]) -> None:
    client = client_of()
    base = f"/e/{busy.code}/organise/results/r1"
    with written_in_between(busy):
        (line,) = json.loads(fetched(client, f"{base}/ranking.json"))["ranking"]
    busy.agrees(Decimal(line["own_result"]) - Decimal(line["ledger"]), Decimal(line["ledger"]))


def test_ex_05_a_bundle_is_of_one_moment(busy: Busy, client_of: Callable[[], FlaskClient]) -> None:
    client = client_of()
    with written_in_between(busy):
        data = fetched(client, f"/e/{busy.code}/organise/export")
    busy.agrees(*told_by_bundle(zipfile.ZipFile(io.BytesIO(data))))


def told_by_bundle(archive: zipfile.ZipFile) -> tuple[Decimal, Decimal]:
    def column(name: str, column: str) -> Decimal:
        rows = csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")))
        return sum((Decimal(row[column]) for row in rows), Decimal(0))

    with archive:
        return column("scores.csv", "score"), column("adjustments.csv", "points")


def test_ex_05_what_the_commands_write_is_of_one_moment(app: Flask, busy: Busy, tmp_path: Path) -> None:
    run = app.test_cli_runner()
    with written_in_between(busy):
        done = run.invoke(args=["results", "export", busy.code, "r1", "--out", str(tmp_path / "r1.json")])
    assert done.exit_code == 0, done.output
    (line,) = json.loads((tmp_path / "r1.json").read_text())["ranking"]
    busy.agrees(Decimal(line["own_result"]) - Decimal(line["ledger"]), Decimal(line["ledger"]))
    with written_in_between(busy):
        done = run.invoke(args=["editions", "dump", busy.code, str(tmp_path / "bundle")])
    assert done.exit_code == 0, done.output
    files = {path.name: path.read_bytes() for path in (tmp_path / "bundle").iterdir()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    busy.agrees(*told_by_bundle(zipfile.ZipFile(stream)))
