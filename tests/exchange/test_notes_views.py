"""A workbook goes out, notes are put into it, and it comes back: compared by code, refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contest.accounts.roles import Role
from contest.infra import clock
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.results.award_rules import AwardBy
from contest.results.desk import DeskChange, DeskKey, DeskKind
from contest.results.models import Award
from contest.results.queries.desk import desk_notes
from contest.results.services.desk import note_desk
from tests.factories import Make
from tests.results import way
from tests.results.conftest import Scored, scored  # noqa: F401 - the fixture

HERE = "/e/{0}/organise/results/r1"


@dataclass
class Desk:
    """An organiser at the desk with the workbook of the first round."""

    client: FlaskClient
    scored: Scored
    make: Make

    @property
    def base(self) -> str:
        """Return the address of the round's results."""
        return HERE.format(self.scored.edition.code)

    def book(self, locale: str = "en") -> Any:
        """Download the workbook."""
        answer = self.client.get(f"{self.base}/workbook.xlsx?locale={locale}")
        assert answer.status_code == 200
        return openpyxl.load_workbook(BytesIO(answer.data))

    def bring(self, book: Any, base: str = "") -> TestResponse:
        """Upload a workbook as it is now, with the values that it showed."""
        stream = BytesIO()
        _values_only(book).save(stream)
        stream.seek(0)
        return self.client.post(
            f"{base or self.base}/files", data={"file": (stream, "so.xlsx")}, content_type="multipart/form-data"
        )

    def seal(self, address: str) -> str:
        """Look at the differences and return what tells them from others."""
        found = re.search(r'name="shown"[^>]* value="([0-9a-f]{64})"', self.client.get(address).get_data(as_text=True))
        assert found is not None
        return found[1]

    def agree(self, address: str) -> TestResponse:
        """Look at the differences and say yes to them."""
        return self.client.post(address, data={"shown": self.seal(address)})

    def notes(self) -> dict[tuple[str, str], str]:
        """Return what is noted, by kind and code."""
        return {(key.kind.value, key.submission): value for key, value in desk_notes(self.scored.first.id).items()}


def _values_only(book: Any) -> Any:
    """Put the computed values in the place of formulas, as a program that saves a workbook keeps them."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.value = None
    return book


@pytest.fixture
def desk(client: FlaskClient, make: Make, scored: Scored) -> Desk:  # noqa: F811
    award = Award(edition_id=scored.edition.id, code="NHAT", name_vi="Giải nhất", by=AwardBy.RANK, position=1)
    db.session.add(award)
    db.session.commit()
    make.sign_in(client, scored.organiser)
    client.set_cookie("locale", "en")
    return Desk(client, scored, make)


def _row(sheet: Any, code: str) -> int:
    return int(next(row[0].row for row in sheet.iter_rows() for cell in row if cell.value == code))


def test_notes_are_shown_as_differences_and_taken_over_once(desk: Desk) -> None:
    book = desk.book()
    code = desk.scored.submissions[0].code
    teams = book["Teams"]
    teams.cell(_row(teams, code), 9).value = "present"
    answer = desk.bring(book)
    assert answer.status_code == 303
    text = desk.client.get(answer.location).get_data(as_text=True)
    assert code in text
    assert "Take over 1 change" in text
    assert desk.notes() == {}
    done = desk.agree(answer.location)
    assert done.status_code == 303
    assert desk.notes() == {("attendance", code): "present"}
    entry = db.session.query(AuditEntry).filter_by(action="round.desk_noted").one()
    assert entry.facts["changes"] == [["attendance", code, "", "", "present"]]
    assert desk.client.get(answer.location).status_code == 404
    again = desk.book()
    assert again["Teams"].cell(_row(again["Teams"], code), 9).value == "present"
    text = desk.client.get(desk.bring(again).location).get_data(as_text=True)
    assert "The workbook holds nothing new" in text


@pytest.mark.parametrize("locale", ["vi", "both"])
def test_every_language_comes_back(desk: Desk, locale: str) -> None:
    book = desk.book(locale)
    code = desk.scored.submissions[1].code
    sheet = book.worksheets[5]
    word = sheet.data_validations.dataValidation[0].formula1.strip('"').split(",")[1]
    sheet.cell(_row(sheet, code), 9).value = word
    answer = desk.bring(book)
    assert answer.status_code == 303
    desk.agree(answer.location)
    assert desk.notes() == {("attendance", code): "absent"}


def test_sorted_rows_mean_the_same(desk: Desk) -> None:
    book = desk.book()
    sheet = book["Teams"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3, max_row=5)]
    rows[0][8] = "present"
    for number, row in enumerate(reversed(rows), start=3):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value
    answer = desk.bring(book)
    assert answer.status_code == 303
    desk.agree(answer.location)
    assert desk.notes() == {("attendance", rows[0][0]): "present"}


def _shift(sheet: Any, codes: list[str]) -> None:
    """Move every code one row down, the last one to the top."""
    for row, code in zip(range(3, 6), [codes[-1], *codes[:-1]], strict=True):
        sheet.cell(row, 1).value = code


def _double(sheet: Any, codes: list[str]) -> None:
    del codes
    for column in range(1, 10):
        sheet.cell(6, column).value = sheet.cell(3, column).value


def _remove(sheet: Any, codes: list[str]) -> None:
    del codes
    sheet.delete_rows(4)


def _invent(sheet: Any, codes: list[str]) -> None:
    del codes
    sheet.cell(6, 1).value = "X99"


def _misspell(sheet: Any, codes: list[str]) -> None:
    del codes
    sheet.cell(3, 9).value = "maybe"


@pytest.mark.parametrize(
    ("spoil", "place", "sentence"),
    [
        (_shift, 2, "it was shifted or overwritten"),
        (_double, 0, "stands in row 3 already"),
        (_remove, 1, "is missing. Put it back"),
        (_invent, None, "does not belong to this sheet"),
        (_misspell, 0, "is no attendance"),
    ],
)
def test_a_row_that_is_not_whole_is_refused_by_name(
    desk: Desk, spoil: Callable[[Any, list[str]], None], place: int | None, sentence: str
) -> None:
    book = desk.book()
    sheet = book["Teams"]
    codes = [str(sheet.cell(row, 1).value) for row in range(3, 6)]
    spoil(sheet, codes)
    answer = desk.bring(book)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in text
    assert (codes[place] if place is not None else "X99") in text
    assert desk.notes() == {}


def test_a_changed_mark_is_refused(desk: Desk) -> None:
    book = desk.book()
    book["Criterion detail"]["E4"].value = 19
    answer = desk.bring(book)
    assert answer.status_code == 422
    assert "not “" in answer.get_data(as_text=True)


def test_another_edition_round_or_result_is_refused(desk: Desk) -> None:
    final = HERE.format(desk.scored.edition.code).replace("/r1", "/final")
    answer = desk.bring(desk.book(), final)
    assert "The workbook belongs to the round “r1”, this is “final”" in answer.get_data(as_text=True)
    other = desk.make.edition("mua-khac")
    desk.make.round(other, "r1")
    desk.make.member(other, Role.ORGANISER, desk.scored.organiser)
    answer = desk.bring(desk.book(), HERE.format(other.code))
    assert f"belongs to the edition “{desk.scored.edition.code}”" in answer.get_data(as_text=True)
    book = desk.book()
    desk.make.scorecard(
        desk.make.assignment(desk.scored.first, desk.scored.judges[0], desk.make.submission(desk.scored.edition)),
        [1, 1],
    )
    answer = desk.bring(book)
    assert "holds other results" in answer.get_data(as_text=True)


def test_a_file_that_is_no_workbook_of_ours_is_refused(desk: Desk) -> None:
    assert "This is not a workbook of results from here" in desk.bring(openpyxl.Workbook()).get_data(as_text=True)
    data = {"file": (BytesIO(b"PK not really"), "so.xlsx")}
    answer = desk.client.post(f"{desk.base}/files", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422


def _note(desk: Desk, code: str, before: str, after: str, now: datetime) -> None:
    """Write a note as another organiser does meanwhile."""
    change = DeskChange(DeskKey(DeskKind.ATTENDANCE, code), before, after)
    with unit_of_work():
        note_desk(round_id=desk.scored.first.id, changes=[change], actor_id=None, now=now)


def test_who_says_yes_to_differences_of_before_is_shown_those_of_now(desk: Desk) -> None:
    book = desk.book()
    code = desk.scored.submissions[0].code
    book["Teams"].cell(_row(book["Teams"], code), 9).value = "present"
    address = desk.bring(book).location
    seen = desk.seal(address)
    _note(desk, code, "", "absent", clock.now())
    answer = desk.client.post(address, data={"shown": seen})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Nothing was taken over: somebody else has changed notes" in text
    assert re.search(rf"<td>{code}</td><td>Attendance</td><td>absent</td><td><strong>present</strong></td>", text)
    assert desk.notes() == {("attendance", code): "absent"}
    assert desk.client.post(address).status_code == 409
    assert desk.agree(address).status_code == 303
    assert desk.notes() == {("attendance", code): "present"}


def test_a_cell_that_never_held_a_note_does_not_wipe_it(desk: Desk) -> None:
    first, second = (one.code for one in desk.scored.submissions[:2])
    book = desk.book()
    book["Teams"].cell(_row(book["Teams"], first), 9).value = "present"
    _note(desk, second, "", "absent", clock.now() + timedelta(seconds=2))
    address = desk.bring(book).location
    text = desk.client.get(address).get_data(as_text=True)
    assert "Take over 1 change" in text
    assert second not in text
    desk.agree(address)
    assert desk.notes() == {("attendance", first): "present", ("attendance", second): "absent"}


def test_an_emptied_cell_takes_its_note_away(desk: Desk) -> None:
    code = desk.scored.submissions[0].code
    _note(desk, code, "", "absent", clock.now() - timedelta(hours=1))
    book = desk.book()
    book["Teams"].cell(_row(book["Teams"], code), 9).value = None
    desk.agree(desk.bring(book).location)
    assert desk.notes() == {}


def test_notes_of_prizes_and_agreed_readings_come_in_and_go_out_again(desk: Desk) -> None:
    db.session.query(Award).one().round_code = "r1"
    db.session.commit()
    way.finalise(desk.scored.facts, desk.scored.first.id, desk.scored.organiser.id, clock.now())
    first, third = desk.scored.submissions[0].code, desk.scored.submissions[2].code
    said = {
        ("prize", first): "=1+1 nhận hộ \u200fשלום 🎉",
        ("prize", third): "-5%",
        ("spoken", third): "Đội Ỷ: " + "y" * 490,
    }
    book = desk.book()
    awards, stage = book["Awards"], book["On stage"]
    for (kind, code), text in said.items():
        sheet, column = (awards, 13) if kind == "prize" else (stage, 11)
        cell = sheet.cell(_row(sheet, code), column)
        cell.value, cell.data_type = text, "s"
    address = desk.bring(book).location
    assert "Take over 3 changes" in desk.client.get(address).get_data(as_text=True)
    desk.agree(address)
    assert desk.notes() == said
    again = desk.book()
    found = {("prize", code): again["Awards"].cell(_row(again["Awards"], code), 13).value for code in (first, third)}
    found["spoken", third] = again["On stage"].cell(_row(again["On stage"], third), 11).value
    assert found == said
    sheet = again["Awards"]
    sheet.cell(_row(sheet, first), 13).value = "x" * 501
    answer = desk.bring(again)
    assert answer.status_code == 422
    assert first in answer.get_data(as_text=True)
    assert desk.notes() == said
