from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.roles import Role
from contest.infra.db import db
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.queries import lists
from tests.counting import counted
from tests.factories import Make
from tests.submissions.conftest import Entry, entry_in
from tests.submissions.samples import picture

LIST = "/e/mua-thu-2026/organise/submissions"


def url(entry: Entry, rest: str = "") -> str:
    return f"{LIST}/{entry.public_id}{rest}"


def codes_on(page: str) -> list[str]:
    return re.findall(r'data-label="Code"[^>]*>([^<]+)<', page)


def test_the_list_shows_state_and_what_is_missing(committee: FlaskClient, entry: Entry) -> None:
    page = committee.get(LIST).text

    assert codes_on(page) == ["BT-001"]
    for shown in ("Bản đồ", "Ánh Sáng", "THPT Lê Thánh Tôn", "Pupils", "Draft", "5 things"):
        assert shown in page
    assert "Summary, Field, Problem, Plan, Video" in page


def test_an_empty_list_says_what_comes(make: Make, committee: FlaskClient, entry: Entry) -> None:
    with_none = make.edition("trong")
    person = make.member(with_none, Role.ORGANISER)
    make.sign_in(committee, person)

    assert "No submission yet" in committee.get("/e/trong/organise/submissions").text


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["BT-001", "BT-002", "X3"]),
        ("?status=draft", ["BT-001"]),
        ("?status=submitted", ["BT-002"]),
        ("?status=nonsense", ["BT-001", "BT-002", "X3"]),
        ("?track=A", ["BT-001", "BT-002"]),
        ("?track=A&status=submitted", ["BT-002"]),
        ("?field=edtech", ["BT-002"]),
        ("?q=sao+MAI", ["BT-002"]),
        ("?q=duong", ["X3"]),
        ("?q=%25", []),
        ("?page=abc", ["BT-001", "BT-002", "X3"]),
        ("?page=99", ["BT-001", "BT-002", "X3"]),
    ],
)
def test_the_list_is_filtered_by_its_address(
    app: Flask, make: Make, committee: FlaskClient, entry: Entry, query: str, codes: list[str]
) -> None:
    entry_in(app, make, entry.edition, "Sao Mai").submitted()
    team = make.team(entry.edition, name="Đường Hoa")
    make.submission(entry.edition, team, code="X3", status=SubmissionStatus.WITHDRAWN)

    answer = committee.get(LIST + query)

    assert answer.status_code == 200
    assert codes_on(answer.text) == codes
    assert ("Nothing matches" in answer.text) is (not codes)


def test_long_lists_have_pages_that_keep_the_filter(
    make: Make, committee: FlaskClient, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists.submission_list, "__kwdefaults__", {"page": 1, "size": 2})
    for number in (7, 8, 9):
        make.submission(entry.edition, code=f"BT-{number}")

    page = committee.get(LIST + "?q=bt&page=2").text

    assert codes_on(page) == ["BT-8", "BT-9"]
    assert f'href="{LIST}?page=1&amp;q=bt"' in page
    assert "Page 2 of 2" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    app: Flask, make: Make, committee: FlaskClient, entry: Entry, rows: int
) -> None:
    for number in range(rows - 1):
        entry_in(app, make, entry.edition, f"Đội {number}").submitted()
    db.session.rollback()

    with counted(app) as queries:
        assert len(codes_on(committee.get(LIST).text)) == rows

    assert len(queries) == 13


def test_one_submission_shows_people_checklist_and_receipts(committee: FlaskClient, entry: Entry) -> None:
    entry.submitted()

    page = committee.get(url(entry)).text

    for shown in (
        "Bản đồ ngập",
        "Lê Thị Ánh",
        "Trần Anh Dung",
        "hoa@example.org",
        "plan.pdf",
        "Receipt 1",
        "Checklist",
    ):
        assert shown in page
    assert str(entry.captain.email) in page
    assert "BT-001" in committee.get(url(entry, "/receipts/1")).text
    assert committee.get(url(entry, "/receipts/2")).status_code == 404


def test_the_judges_view_is_shown_open_and_blind(committee: FlaskClient, entry: Entry) -> None:
    entry.submitted().upload(picture(), part="photo", name="Lê Thị Ánh.png")

    opened = committee.get(url(entry, "/as-judge")).text
    blind = committee.get(url(entry, "/as-judge?blind=1")).text

    assert "Trần Anh Dung" in opened
    assert "Lê Thị Ánh.png" in opened
    main = blind[blind.index("<article>") : blind.index("</main>")]
    for name in ("Ánh", "Trần Anh Dung", "THPT", "Cô Hoà"):
        assert name not in main
    assert "BT-001-photo.png" in main


def test_a_submission_is_disqualified_and_reinstated_with_reasons(committee: FlaskClient, entry: Entry) -> None:
    entry.submitted()

    answer = committee.post(url(entry, "/disqualify"), data={"reason": "Sao chép"})
    assert (answer.status_code, answer.location) == (303, url(entry))
    assert entry.status() is SubmissionStatus.DISQUALIFIED
    page = committee.get(url(entry)).text
    assert "Reason: Sao chép" in page
    assert "Reinstate" in page

    committee.post(url(entry, "/reinstate"), data={"reason": "Đã giải trình"})
    assert entry.status() is SubmissionStatus.SUBMITTED


def test_a_decision_without_a_reason_changes_nothing(committee: FlaskClient, entry: Entry) -> None:
    entry.submitted()

    answer = committee.post(url(entry, "/disqualify"), data={"reason": " "})

    assert answer.status_code == 422
    assert "Please fill in this field." in answer.text
    assert entry.status() is SubmissionStatus.SUBMITTED


def test_a_draft_is_not_disqualified(committee: FlaskClient, entry: Entry) -> None:
    assert "Disqualify" not in committee.get(url(entry)).text

    answer = committee.post(url(entry, "/disqualify"), data={"reason": "Vì thế"})

    assert answer.status_code == 409
    assert entry.status() is SubmissionStatus.DRAFT


@pytest.mark.parametrize(
    ("role", "reads", "decides"),
    [
        (Role.SECRETARY, 200, 303),
        (Role.CHAIR, 200, 404),
        (Role.OBSERVER, 200, 404),
        (Role.JUDGE, 404, 404),
        (Role.CAPTAIN, 404, 404),
        (None, 404, 404),
    ],
)
def test_who_may_read_and_decide(
    english: Callable[[], FlaskClient], make: Make, entry: Entry, role: Role | None, reads: int, decides: int
) -> None:
    client = english()
    make.sign_in(client, make.member(entry.edition, role) if role else make.user())
    entry.submitted()

    for rest in ("", "/as-judge", "/receipts/1"):
        assert client.get(url(entry, rest)).status_code == reads
    assert client.post(url(entry, "/disqualify"), data={"reason": "Vì thế"}).status_code == decides
    if reads == 200 and decides != 303:
        assert "Disqualify" not in client.get(url(entry)).text


def test_a_judge_does_not_see_the_list(english: Callable[[], FlaskClient], make: Make, entry: Entry) -> None:
    client = english()
    make.sign_in(client, make.member(entry.edition, Role.JUDGE))

    assert client.get(LIST).status_code == 403


def test_the_menu_leads_the_committee_to_the_list(committee: FlaskClient, entry: Entry) -> None:
    page = committee.get(url(entry)).text

    assert f'href="{LIST}"' in page
    assert "My submission" not in page
