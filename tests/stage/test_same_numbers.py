"""RS-15: letter, certificate, stage and workbook say for every team what the snapshot says, shared ranks included."""

from __future__ import annotations

import io
import re
import unicodedata
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdfium2 import PdfDocument
from sqlalchemy import select

from contest.certificates.kinds import Basis, Kind
from contest.certificates.models import Certificate
from contest.certificates.queries.people import members_of
from contest.certificates.services import people, register
from contest.certificates.services.register import content_in
from contest.editions.queries import round_by_id
from contest.feedback import services as letters
from contest.feedback.exports import letter_pdf
from contest.feedback.queries.teams import released_letters
from contest.feedback.states import Languages
from contest.infra.db import db, unit_of_work
from contest.results.queries import frozen_report, latest_snapshot
from contest.results.report import RoundReport
from contest.results.services import awards
from tests.factories import Make
from tests.results import way
from tests.stage.shows import AWARDS, FIELD, Show, perform, prepare

# The prize of each place: two teams share the second one, so that the third prize is the fourth place.
PRIZES = {1: "Giải Nhất", 2: "Giải Nhì", 4: "Giải Ba", 5: "Giải Khuyến khích", 6: "Giải Khuyến khích"}
VOTED = "Giải Khán giả bình chọn"


@pytest.fixture
def show(app: Flask, make: Make, noon: datetime) -> Show:
    """A finalised round with settled awards, released letters and issued certificates."""
    show = perform(app, make, noon, settle=False)
    by: dict[str, Any] = {"actor_id": show.organiser.id, "now": noon}
    way.close(show.facts, show.final.id, noon)
    with unit_of_work():
        letters.prepare_letters(round_id=show.final.id, languages=Languages.VI, with_place=True, **by)
    with unit_of_work():
        assert letters.release_screened(round_id=show.final.id, **by) == len(FIELD)
    way.confirm(show.facts, show.final.id, show.organiser.id, noon)
    way.freeze(show.facts, show.final.id, show.organiser.id, noon)
    with unit_of_work():
        awards.choose(
            edition_id=show.edition.id, code="audience", submission=show.entries[6].code, votes=212,
            reason="Kiểm phiếu", author="Tổ kiểm phiếu", **by,
        )  # fmt: skip
        awards.settle_awards(edition_id=show.edition.id, reason="", **by)
    with unit_of_work():
        everybody = [one.member_id for one in members_of(show.edition.id)]
        people.record_consents(
            edition_id=show.edition.id, member_ids=everybody, basis=Basis.CONSENT, how="Đơn có chữ ký", **by
        )
    with unit_of_work():
        register.issue(edition=make.facts(show.edition), kind=Kind.WINNER, **by)
    return show


def report_of(show: Show) -> RoundReport:
    snapshot = latest_snapshot(show.final.id)
    assert snapshot is not None
    return frozen_report(snapshot.id)


def plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text.replace("\ufffe", "")).split())


def test_rs_15_the_snapshot_has_shared_ranks(show: Show) -> None:
    lines = report_of(show).lines
    assert [line.rank for line in lines] == [1, 2, 2, 4, 5, 6, 7, 8]
    assert len({line.result for line in lines}) == len(lines) - 1
    assert [line.tied for line in lines].count(True) == 2


def test_rs_15_every_letter_says_the_result_and_the_rank_of_its_team(app: Flask, show: Show) -> None:
    report, round_ = report_of(show), round_by_id(show.final.id)
    assert round_ is not None
    released = {letter.code: letter for letter in released_letters(show.final.id).values()}
    assert set(released) == {line.entrant.code for line in report.lines}
    for line in report.lines:
        with PdfDocument(letter_pdf(show.facts, round_, report, released[line.entrant.code])) as document:
            text = plain(" ".join(page.get_textpage().get_text_bounded() for page in document))
        told = re.search(r"Kết quả:? ([\d,]+) .*?Hạng:? (\d+)( \([^()]+\))?", text)
        assert told, text[:400]
        assert (told[1], int(told[2]), bool(told[3])) == (
            (line.result or "").replace(".", ","), line.rank, line.tied,
        ), line.entrant.code  # fmt: skip


def test_rs_15_every_certificate_names_the_prize_of_the_rank(app: Flask, show: Show) -> None:
    told: dict[str, set[str]] = {}
    for row in db.session.scalars(select(Certificate).where(Certificate.edition_id == show.edition.id)):
        lines = content_in(row)["said"]["vi"]["lines"]
        told.setdefault(str(row.submission_id), set()).add(lines[0])
    ids = {entry.code: str(entry.id) for entry in show.entries}
    wanted = {ids[line.entrant.code]: {PRIZES[line.rank]} for line in report_of(show).lines if line.rank in PRIZES}
    wanted[str(show.entries[6].id)] = {VOTED}
    assert told == wanted


def test_rs_15_the_stage_calls_the_teams_of_each_rank(app: Flask, show: Show, make: Make, noon: datetime) -> None:
    made = prepare(show, noon)
    client: FlaskClient = app.test_client()
    make.sign_in(client, show.organiser)
    answer = client.post(f"{show.home}/{made}/live/load", headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 200
    called: dict[str, set[str]] = {}
    for step in answer.get_json()["steps"]:
        for beat in step["beats"]:
            called.setdefault(step["key"].split(":")[1], set()).update(winner["team"] for winner in beat)
    codes = {name.vi: code for code, name, *_ in AWARDS}
    wanted: dict[str, set[str]] = {"audience": {FIELD[6][0]}}
    for line in report_of(show).lines:
        if line.rank in PRIZES:
            wanted.setdefault(codes[PRIZES[line.rank]], set()).add(line.entrant.team)
    assert called == wanted


def test_rs_15_the_sheet_for_certificates_has_rank_and_result(
    app: Flask, show: Show, make: Make, client: FlaskClient
) -> None:
    make.sign_in(client, show.organiser)
    answer = client.get(f"/e/{show.edition.code}/organise/results/ck/workbook.xlsx?locale=vi")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.data), data_only=True)
    rows = [list(row) for row in book["Trộn chứng nhận"].iter_rows(values_only=True)]
    place = next(number for number, row in enumerate(rows) if "Hạng" in row)
    heads = rows[place]
    told = {
        str(row[heads.index("Mã")]): (row[heads.index("Hạng")], f"{float(str(row[heads.index('Kết quả')])):.2f}")
        for row in rows[place + 1 :]
        if row[heads.index("Mã")]
    }
    wanted = {line.entrant.code: (line.rank, f"{float(line.result or 0):.2f}") for line in report_of(show).lines}
    assert told == {code: wanted[code] for code in told}
    assert set(told) == set(wanted)
