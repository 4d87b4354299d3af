"""The judges' page: list, add, change, remove, paste and import, printed ways in, conflicts."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import func, select

from contest import infra
from contest.accounts import services as accounts
from contest.accounts.models import SignInLink, User
from contest.accounts.roles import Role
from contest.editions.models import Edition
from contest.editions.phases import EditionState
from contest.errors import Problem
from contest.infra.db import db, unit_of_work
from contest.judging.models import Conflict, Judge
from contest.judging.queries.panel import judges_of
from contest.judging.views import panel_import
from contest.judging.views.panel_messages import words_of
from contest.web import messages
from tests.counting import counted
from tests.factories import Make
from tests.judging.pages import Desk, desk_of, words


@pytest.fixture
def desk(app: Flask, make: Make, noon: datetime) -> Desk:
    return desk_of(app, make)


def names(desk: Desk) -> list[str]:
    return [judge.name for judge in judges_of(desk.edition_id)]


def test_an_empty_panel_says_what_to_do(desk: Desk) -> None:
    assert "No judges yet" in words(desk.get("judges"))


def test_the_list_shows_who_judges_in_name_order(desk: Desk) -> None:
    make = desk.make
    late = make.judge(desk.edition, make.user("Lê Văn Ước"), code="GK2", organisation="Sở KH", max_load=7)
    make.judge(desk.edition, make.user("Trần Ánh"), code="GK1", email="anh@example.org", phone="+84903123782")
    round_ = make.round(desk.edition)
    make.scorecard(make.assignment(round_, late, make.submission(desk.edition)), [1, 1])
    make.assignment(round_, late, make.submission(desk.edition))
    text = words(desk.get("judges"))
    assert text.index("Trần Ánh") < text.index("Lê Văn Ước")
    assert "Sở KH – 7 1/2 1/2 None yet" in text
    assert "anh@example.org +84903123782 no limit 0/0 0/0 None yet" in text


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_takes_the_same_number_of_queries(desk: Desk, size: int) -> None:
    round_ = desk.make.round(desk.edition)
    for _ in range(size):
        desk.make.assignment(round_, desk.make.judge(desk.edition), desk.make.submission(desk.edition))
    with counted(desk.app) as queries:
        assert desk.get("judges").status_code == 200
    # the session, the edition, the judges, their work, the changes after scoring had begun
    assert len(queries) == 5


def test_the_empty_forms_are_there(desk: Desk) -> None:
    assert "Full name" in words(desk.get("judges/new"))
    assert "One judge per line" in words(desk.get("judges/import"))


def test_an_archived_edition_takes_nobody(desk: Desk) -> None:
    with unit_of_work() as session:
        session.get_one(Edition, desk.edition_id).state = EditionState.ARCHIVED
    answer = desk.post("judges/import", text=PASTED, action="save")
    assert answer.status_code == 422
    assert "archived" in words(answer)
    assert names(desk) == []


def test_a_judge_is_added_by_hand(desk: Desk) -> None:
    answer = desk.post(
        "judges/new", name=" Trần  Ánh ", email="ANH@example.org", phone="0903 123 782", max_load="7", chair="y"
    )
    assert (answer.status_code, answer.location) == (303, desk.url("judges"))
    (judge,) = judges_of(desk.edition_id)
    assert (judge.name, judge.email, judge.phone, judge.max_load, judge.chair, judge.code) == (
        "Trần Ánh",
        "anh@example.org",
        "+84903123782",
        7,
        True,
        "GK1",
    )
    assert "Trần Ánh is on the panel." in words(desk.get("judges"))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "Please fill in this field."),
        ({"name": "A", "email": "a@"}, "“a@” is neither"),
        ({"name": "A", "phone": "12"}, "“12” is neither"),
        ({"name": "A", "max_load": "-1"}, "Give a whole number from 0 on."),
        ({"name": "A", "min_load": "3", "max_load": "2"}, "The least number of submissions is higher than the most."),
        ({"name": "A", "email": "closed@example.org"}, "This account was closed."),
        ({"name": "A\x00"}, "NUL"),
        ({"name": "A", "fields": "khong-co"}, "not a valid choice"),
    ],
)
def test_a_wrong_judge_is_refused_and_what_was_typed_stays(desk: Desk, fields: dict[str, str], message: str) -> None:
    desk.make.user("C", email="closed@example.org", is_active=False)
    answer = desk.post("judges/new", organisation="Sở KH&CN", **fields)
    assert answer.status_code == 422
    assert message in words(answer)
    assert 'value="Sở KH&amp;CN"' in answer.get_data(as_text=True)
    assert names(desk) == []


def test_a_judge_is_changed(desk: Desk) -> None:
    field = desk.make.field(desk.edition, "edtech", name_vi="Giáo dục số")
    judge = desk.make.judge(desk.edition, desk.make.user("Trần Ánh"), fields="giao duc so;Nấm", max_load=3)
    path = f"judges/{desk.person(judge)}"
    page = desk.get(path).get_data(as_text=True)
    assert re.search(r'<input[^>]*checked[^>]*value="edtech"', page)
    assert re.search(r'<input[^>]*checked[^>]*value="Nấm"', page)
    answer = desk.post(path, name="Trần Thị Ánh", fields=["edtech"], min_load="1")
    assert answer.status_code == 303
    (found,) = judges_of(desk.edition_id)
    assert (found.name, found.fields, found.min_load, found.max_load) == ("Trần Thị Ánh", (field.code,), 1, None)


def test_a_change_that_cannot_be_is_explained(desk: Desk) -> None:
    desk.make.user("Khác", email="khac@example.org")
    judge = desk.make.judge(desk.edition, desk.make.user("Trần Ánh", email=None))
    answer = desk.post(f"judges/{desk.person(judge)}", name="Trần Ánh", email="khac@example.org")
    assert answer.status_code == 422
    assert "two different accounts" in words(answer)
    assert desk.post(f"judges/{desk.person(judge)}", name="").status_code == 422


def test_an_account_that_reaches_further_keeps_its_address(desk: Desk) -> None:
    other = desk.make.edition("khac")
    user = desk.make.user("Trần Ánh", email="anh@example.org")
    desk.make.member(other, Role.ORGANISER, user)
    judge = desk.make.judge(desk.edition, user, email="anh@example.org")
    assert desk.post(f"judges/{desk.person(judge)}", name="Trần Ánh", email="me@example.org").status_code == 303
    assert db.session.get_one(User, user.id).email == "anh@example.org"


def test_a_judge_leaves_but_not_with_scorecards(desk: Desk) -> None:
    make = desk.make
    idle, busy = make.judge(desk.edition, make.user("Rảnh")), make.judge(desk.edition, make.user("Bận"))
    make.scorecard(make.assignment(make.round(desk.edition), busy, make.submission(desk.edition)), [1, 1])
    assert desk.post(f"judges/{desk.person(idle)}/remove").status_code == 303
    answer = desk.post(f"judges/{desk.person(busy)}/remove")
    assert answer.status_code == 409
    assert "Bận has begun 1 scorecards" in words(answer)
    assert names(desk) == ["Bận"]


def test_foreign_judges_are_not_found(desk: Desk) -> None:
    stranger = desk.person(desk.make.judge(desk.make.edition("khac")))
    assert desk.get(f"judges/{stranger}").status_code == 404
    assert desk.post(f"judges/{stranger}", name="X").status_code == 404
    assert desk.post(f"judges/{stranger}/remove").status_code == 404
    assert words(desk.get(f"judges/{stranger}")) == words(desk.get("judges/zzzzzzzzzz"))


PASTED = "Trần Ánh; THPT Lê Lợi; anh@example.org; 0903 123 782\nLê Bình"


def test_a_pasted_list_is_shown_first_and_saved_then(desk: Desk) -> None:
    preview = desk.post("judges/import", text=PASTED)
    assert preview.status_code == 200
    assert "2 judges can be added" in words(preview)
    assert "1 Trần Ánh THPT Lê Lợi anh@example.org +84903123782" in words(preview)
    assert names(desk) == []
    saved = desk.post("judges/import", text=PASTED, action="save")
    assert (saved.status_code, saved.location) == (303, desk.url("judges"))
    assert names(desk) == ["Trần Ánh", "Lê Bình"]


def test_nothing_is_saved_while_a_line_is_wrong(desk: Desk) -> None:
    desk.make.judge(desk.edition, desk.make.user("Đỗ Lan", email="lan@example.org"))
    text = f"{PASTED}\nLan; lan@example.org\nX; hoa@\n; y@example.org"
    answer = desk.post("judges/import", text=text, action="save")
    assert answer.status_code == 422
    told = words(answer)
    assert "3 lines need another look" in told
    assert "Đỗ Lan is on the panel already" in told
    assert "“hoa@” is neither" in told
    assert "The name is missing." in told
    assert "THPT Lê Lợi; anh@example.org" in told
    assert names(desk) == ["Đỗ Lan"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "There is nobody in the list."),
        ("a\x00b", "NUL"),
        ("Lê; Hoà; Trần", "This line cannot be told apart"),
    ],
)
def test_a_hopeless_list_is_refused(desk: Desk, text: str, message: str) -> None:
    answer = desk.post("judges/import", text=text)
    assert answer.status_code == 422
    assert message in words(answer)


def test_case_19_an_excel_file_comes_in(desk: Desk) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["TT", "Họ và tên", "Đơn vị", "Điện thoại", "Email", "Số bài tối đa"])
    sheet.append([1, "Trần Ánh", "=cmd|' /C calc'!A0", 903123782, "anh@example.org", 7])
    sheet.append([2, "Lê Bình", None, None, None, None])
    content = io.BytesIO()
    book.save(content)
    preview = desk.post("judges/import", file=(io.BytesIO(content.getvalue()), "giam-khao.xlsx"))
    assert preview.status_code == 200
    carried = re.search(r"<textarea[^>]*>(.*?)</textarea>", preview.get_data(as_text=True), re.DOTALL)
    assert carried is not None
    text = carried.group(1).replace("&#39;", "'").strip()
    assert desk.post("judges/import", text=text, action="save").status_code == 303
    first, second = judges_of(desk.edition_id)
    assert (first.name, first.organisation, first.phone, first.max_load) == (
        "Trần Ánh",
        "=cmd|' /C calc'!A0",
        "+84903123782",
        7,
    )
    assert second.name == "Lê Bình"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"email\na@example.org\n", "There is no column with the names."),
        ("a.csv", b"", "The file is empty."),
        ("a.csv", b"name\n", "There is nobody in the list."),
        ("a.xlsx", b"PK\x03\x04nonsense", "The file is damaged"),
        ("a.csv", b"name\nA\x00B\n", "2 – The cell holds a NUL byte."),
        ("a.csv", b"name;email\nA\n", "2 – The row has 1 cells, the header 2."),
        ("a.csv", b"name\nTr\xe2n\n", "The text is not UTF-8"),
        ("a.csv", b"name,email\nA,b@\n", "“b@” is neither"),
    ],
)
def test_a_broken_file_changes_nothing(desk: Desk, name: str, content: bytes, message: str) -> None:
    answer = desk.post("judges/import", file=(io.BytesIO(content), name), action="save")
    assert answer.status_code == 422
    assert message in words(answer)
    assert names(desk) == []


def test_a_file_that_is_too_large_is_not_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert panel_import.FILE_LIMITS.file_bytes == 5_000_000
    monkeypatch.setattr(panel_import, "FILE_LIMITS", replace(panel_import.FILE_LIMITS, file_bytes=100))
    answer = desk.post("judges/import", file=(io.BytesIO(b"name\n" + b"A\n" * 50), "a.csv"), action="save")
    assert answer.status_code == 422
    assert "The file is larger than" in words(answer)
    assert names(desk) == []


def test_a_csv_with_bundle_columns_is_saved_at_once_when_asked(desk: Desk) -> None:
    rows = "judge,name,email,phone,organisation,fields,min_load,max_load,languages\nGK7,Trần Ánh,,,,edtech,1,9,vi\n"
    assert desk.post("judges/import", file=(io.BytesIO(rows.encode()), "judges.csv"), action="save").status_code == 303
    (judge,) = judges_of(desk.edition_id)
    assert (judge.code, judge.fields, judge.min_load, judge.max_load, judge.languages) == (
        "GK7",
        ("edtech",),
        1,
        9,
        "vi",
    )


def live_links() -> int:
    found = select(func.count(SignInLink.id)).where(SignInLink.revoked_at.is_(None))
    return db.session.scalar(found) or 0


def test_a_sheet_for_all_makes_older_codes_worthless(desk: Desk) -> None:
    for name in ("Trần Ánh", "Lê Bình"):
        desk.make.judge(desk.edition, desk.make.user(name))
    first = desk.post("judges/sheet", all="1")
    assert first.status_code == 200
    assert first.get_data(as_text=True).count('class="bv-qr"') == 2
    assert live_links() == 2
    code = re.search(r"(\d{3}) (\d{3})", words(first))
    assert code is not None
    desk.post("judges/sheet", all="1")
    assert live_links() == 2
    with pytest.raises(Exception, match="code_not_valid"), unit_of_work():
        accounts.redeem_code(
            edition_id=desk.edition_id,
            code="".join(code.groups()),
            secret_key=desk.app.config["SECRET_KEY"],
            now=datetime.fromisoformat("2026-10-08T05:00:00+00:00"),
        )


def test_a_sheet_for_the_ticked_only(desk: Desk) -> None:
    judge, _other = (desk.make.judge(desk.edition, desk.make.user(name)) for name in ("Trần Ánh", "Lê Bình"))
    answer = desk.post("judges/sheet", person=desk.person(judge))
    assert "Trần Ánh" in words(answer)
    assert "Lê Bình" not in words(answer)
    assert desk.post("judges/sheet").status_code == 303
    assert desk.post("judges/sheet", person=desk.person(desk.make.judge(desk.make.edition("khac")))).status_code == 303


def test_no_code_is_printed_for_an_account_that_reaches_further(desk: Desk) -> None:
    user = desk.make.user("Trần Ánh")
    desk.make.member(desk.make.edition("khac"), Role.ORGANISER, user)
    desk.make.judge(desk.edition, user)
    answer = desk.post("judges/sheet", all="1")
    assert "Left out" in words(answer)
    assert live_links() == 0


def test_conflicts_are_shown_declared_and_taken_back(desk: Desk) -> None:
    make = desk.make
    judge = make.judge(desk.edition, make.user("Trần Ánh"), organisation="ĐH Luật")
    found = make.submission(desk.edition, make.team(desk.edition, school="Đại học Luật"))
    other = make.submission(desk.edition)
    make.assignment(make.round(desk.edition), judge, other)
    fields = {"judge": desk.person(judge), "submission": other.public_id, "reason": "Chú ruột"}
    found_code, other_code = found.code, other.code
    page = words(desk.get("judges/conflicts"))
    assert "same school or organisation" in page
    assert "Nobody has declared anything." in page
    answer = desk.post("judges/conflicts", **fields)
    assert answer.status_code == 303
    page = words(desk.get("judges/conflicts"))
    assert f"Trần Ánh will never judge {other_code}." in page
    assert "The assignment was taken away." in page
    assert "Chú ruột" in page
    assert page.rindex(found_code) > page.rindex("Found in the data")
    assert desk.post("judges/conflicts/withdraw", **fields).status_code == 303
    assert db.session.scalar(select(func.count(Conflict.id))) == 0
    assert desk.post("judges/conflicts/withdraw", **fields).status_code == 404


def test_a_conflict_that_puts_scorecards_aside_says_so(desk: Desk) -> None:
    judge, submission = desk.make.judge(desk.edition), desk.make.submission(desk.edition)
    desk.make.scorecard(desk.make.assignment(desk.make.round(desk.edition), judge, submission), [1, 1])
    fields = {"judge": desk.person(judge), "submission": submission.public_id, "reason": "Cháu"}
    desk.post("judges/conflicts", **fields)
    assert "1 scorecard of this pair counts no longer." in words(desk.get("judges/conflicts"))


@pytest.mark.parametrize("missing", ["judge", "submission", "reason"])
def test_an_incomplete_conflict_is_refused(desk: Desk, missing: str) -> None:
    judge, submission = desk.make.judge(desk.edition), desk.make.submission(desk.edition)
    fields = {"judge": desk.person(judge), "submission": submission.public_id, "reason": "Cháu"}
    answer = desk.post("judges/conflicts", **{**fields, missing: ""})
    assert answer.status_code == 422
    assert db.session.scalar(select(func.count(Conflict.id))) == 0


def test_foreign_things_cannot_be_declared(desk: Desk) -> None:
    other = desk.make.edition("khac")
    judge, submission = desk.make.judge(desk.edition), desk.make.submission(other)
    fields = {"judge": desk.person(judge), "submission": submission.public_id, "reason": "Cháu"}
    assert desk.post("judges/conflicts", **fields).status_code == 422
    assert desk.post("judges/conflicts/withdraw", **fields).status_code == 404


@pytest.mark.parametrize("size", [1, 3])
def test_the_conflicts_take_the_same_number_of_queries(desk: Desk, size: int) -> None:
    for _ in range(size):
        desk.make.judge(desk.edition)
        desk.make.submission(desk.edition)
    with counted(desk.app) as queries:
        assert desk.get("judges/conflicts").status_code == 200
    # the session, the edition, the judges, the submissions with their members, what is declared
    assert len(queries) == 10


READS = ("judges", "judges/conflicts")
ORGANISERS_READ = ("judges/new", "judges/import")
WRITES = ("judges/new", "judges/import", "judges/sheet", "judges/conflicts", "judges/conflicts/withdraw")


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        (Role.SECRETARY, HTTPStatus.OK, None),
        (Role.CHAIR, HTTPStatus.OK, HTTPStatus.FORBIDDEN),
        (Role.OBSERVER, HTTPStatus.OK, HTTPStatus.FORBIDDEN),
        (Role.JUDGE, HTTPStatus.FORBIDDEN, HTTPStatus.FORBIDDEN),
        (Role.CAPTAIN, HTTPStatus.FORBIDDEN, HTTPStatus.FORBIDDEN),
    ],
)
def test_the_committee_reads_and_organisers_write(
    app: Flask, make: Make, noon: datetime, role: Role, reads: HTTPStatus, writes: HTTPStatus | None
) -> None:
    desk = desk_of(app, make, role)
    assert {desk.get(path).status_code for path in READS} == {reads}
    if writes is not None:
        assert {desk.get(path).status_code for path in ORGANISERS_READ} == {writes}
        assert {desk.post(path).status_code for path in WRITES} == {writes}


def test_readers_see_no_contacts(app: Flask, make: Make, noon: datetime) -> None:
    desk = desk_of(app, make, Role.OBSERVER)
    make.judge(desk.edition, make.user("Trần Ánh"), email="anh@example.org", phone="+84903123782")
    page = desk.get("judges").get_data(as_text=True)
    assert "Trần Ánh" in page
    assert "anh@example.org" not in page
    assert "84903123782" not in page
    assert 'name="person"' not in page
    assert "<form" not in page.partition("<main")[2]


def test_visitors_sign_in_first(desk: Desk) -> None:
    visitor = desk.app.test_client()
    assert visitor.get(desk.url("judges")).status_code == 303
    assert visitor.post(desk.url("judges/new")).status_code == 401


def test_every_refusal_has_words(app: Flask) -> None:
    codes = {
        *("judge_listed", "judge_code_taken", "contacts_differ", "judge_has_scorecards", "loads_crossed"),
        *("panel_empty", "panel_too_long", "panel_name_column_missing", "panel_name_missing", "panel_line_unclear"),
        *("panel_text_too_long", "panel_load_invalid", "panel_twice", "conflict_of_interest", "judge_full"),
        *("judge_recused", "scorecard_started", "assignments_closed", "plan_changed", "round_not_scoring"),
        *("nothing_to_remind", "reminded_just_now", "account_closed", "login_not_valid", "edition_archived"),
    }
    assert codes - messages.registered() == set()


def test_every_defect_of_a_file_has_words() -> None:
    source = "".join((Path(infra.__file__).parent / name).read_text() for name in ("tables.py", "xlsx.py"))
    codes = set(re.findall(r'Problem\([^")]*"([a-z_]+)"|_refused\(name, "([a-z_]+)"', source))
    assert len(codes) > 10
    with pytest.raises(KeyError):
        words_of(Problem("a.csv", None, None, "no_such_code"))
    for code in {one or other for one, other in codes}:
        facts = dict.fromkeys(("limit_mb", "limit", "limit_kb", "cells", "columns", "position", "encoding", "value"), 1)
        assert words_of(Problem("a.csv", None, None, code, facts))


def test_the_menu_leads_to_judges_and_rounds(desk: Desk) -> None:
    page = desk.get("judges").get_data(as_text=True)
    assert f'href="{desk.url("judges")}" class="is-active"' in page
    assert f'href="{desk.url("rounds")}"' in page
    assert db.session.scalar(select(func.count(Judge.id))) == 0
