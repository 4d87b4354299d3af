from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.models import Edition
from contest.editions.phases import EditionState
from contest.infra import clock
from contest.infra.db import db
from contest.submissions.facts import TeamDetails
from contest.submissions.models import Submission, Team
from contest.submissions.queries import team_of
from tests.factories import Make
from tests.submissions.conftest import Entry

URL = "/e/mua-thu-2026/register"
FORM = {
    "name": "Ánh Sáng",
    "school": "THPT Lê Thánh Tôn",
    "members-0": "Trần Anh Dung",
    "members-1": "",
    "members-2": "  Đỗ   Ân ",
    "members-7": "Hoàng Ánh",
    "captain_name": "Lê Thị Ánh",
    "phone": "0903 123 782",
    "email": "",
    "password": "con mèo leo cây",
    "title": "Bản đồ ngập",
    "track": "B",
    "field": "edtech",
    "mentor_name": "Cô Hoà",
    "mentor_phone": "",
    "mentor_email": "Hoa@Example.org",
}


@pytest.fixture(autouse=True)
def _open(contest_edition: Edition, noon: datetime) -> None:
    assert contest_edition.submissions_close
    assert noon < contest_edition.submissions_close


def sent(client: FlaskClient, **changes: Any) -> Any:
    return client.post(URL, data={**FORM, **changes})


def test_a_visitor_registers_with_a_phone_alone_and_is_signed_in_at_once(visitor: FlaskClient) -> None:
    answer = sent(visitor)

    row = db.session.query(Submission).one()
    assert (answer.status_code, answer.location) == (303, f"/e/mua-thu-2026/team/{row.public_id}/")
    person = db.session.query(User).one()
    assert (person.name, person.phone, person.email) == ("Lê Thị Ánh", "+84903123782", None)
    assert [membership.role for membership in person.memberships] == [Role.CAPTAIN]
    team = team_of(row.team_id)
    assert team is not None
    assert team.details == TeamDetails(
        "Ánh Sáng",
        "THPT Lê Thánh Tôn",
        ("Trần Anh Dung", "Đỗ Ân", "Hoàng Ánh"),
        "Cô Hoà",
        "hoa@example.org",
        "",
    )
    page = visitor.get(answer.location)
    assert page.status_code == 200
    assert "Your team is registered" in page.text
    assert "Bản đồ ngập" in page.text


def test_a_person_who_is_signed_in_fills_in_the_team_only(make: Make, visitor: FlaskClient) -> None:
    person = make.user("Phạm Văn Dũng")
    make.sign_in(visitor, person)

    page = visitor.get(URL)
    answer = sent(visitor)

    assert 'name="password"' not in page.text
    assert "Phạm Văn Dũng will be the captain." in page.text
    assert answer.status_code == 303
    assert db.session.query(Team).one().captain_id == person.id
    assert db.session.query(User).count() == 1


def test_the_page_asks_for_no_more_than_it_needs(visitor: FlaskClient) -> None:
    page = visitor.get(URL).text

    names = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', page))
    assert {re.sub(r"-\d+$", "", name) for name in names} - {"csrf_token", "locale", "next"} == {
        *("name", "school", "members", "captain_name", "phone", "email", "password", "title", "track", "field"),
        *("mentor_name", "mentor_email", "mentor_phone"),
    }
    assert page.count("Full name of member") >= 10
    assert "Bảng" not in re.findall(r"<option[^>]*>([^<]*)", page)[0]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": ""}, "name", "Please fill in this field."),
        ({"school": "   "}, "school", "Please fill in this field."),
        ({"captain_name": ""}, "captain_name", "Please fill in this field."),
        ({"phone": ""}, "email", "Give an e-mail address or a phone number"),
        ({"phone": "123"}, "phone", "neither an e-mail address nor a phone number"),
        ({"email": "ánh"}, "email", "neither an e-mail address nor a phone number"),
        ({"mentor_phone": "abc"}, "mentor_phone", "neither an e-mail address nor a phone number"),
        ({"password": ""}, "password", "Please fill in this field."),
        ({"password": "ngắn"}, "password", "at least 8 characters"),
        ({"name": "Đội\x00"}, "name", "NUL byte"),
        ({"name": "Đ" * 121}, "name", "120"),
        ({"track": "Z"}, "track", "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_written(
    visitor: FlaskClient, changes: dict[str, str], field: str, words: str
) -> None:
    answer = sent(visitor, **changes)

    assert answer.status_code == 422
    place = re.search(rf'<p class="bv-error" id="{field}-error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    assert place
    assert words in place[1]
    assert [db.session.query(table).count() for table in (User, Team, Submission)] == [0, 0, 0]


def test_what_was_typed_stays_except_the_password(visitor: FlaskClient) -> None:
    page = sent(visitor, school="").text

    for typed in ("Ánh Sáng", "Trần Anh Dung", "Hoàng Ánh", "Lê Thị Ánh", "0903 123 782", "Bản đồ ngập", "Cô Hoà"):
        assert f'value="{typed}"' in page
    assert '<option selected value="B">' in page
    assert "con mèo leo cây" not in page


def test_a_name_that_is_taken_is_said_beside_the_name(entry: Entry, visitor: FlaskClient) -> None:
    answer = sent(visitor, name="anh sang")

    assert answer.status_code == 422
    assert "Another team of this contest is called “anh sang” already." in answer.text.replace("&#34;", '"')
    assert db.session.query(Team).count() == 1


def test_a_known_phone_is_told_to_sign_in(make: Make, visitor: FlaskClient) -> None:
    make.user(phone="+84903123782")

    answer = sent(visitor)

    assert answer.status_code == 422
    assert "already has an account" in answer.text
    assert "/sign-in?next=/e/mua-thu-2026/register" in answer.text
    assert db.session.query(Team).count() == 0


def test_sixteen_members_are_too_many(visitor: FlaskClient) -> None:
    answer = sent(visitor, **{f"members-{number}": f"Bạn {number}" for number in range(16)})

    assert answer.status_code == 422
    assert "at most 15 members" in answer.text


def test_markup_in_names_is_shown_as_text(visitor: FlaskClient) -> None:
    answer = sent(visitor, title="<script>alert(1)</script>", name='"><img src=x onerror=alert(1)>')

    page = visitor.get(answer.location).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("after", "status"),
    [(-timedelta(milliseconds=1), 303), (timedelta(0), 422), (timedelta(milliseconds=1), 422)],
)
def test_the_last_moment_works_and_the_first_after_does_not(
    contest_edition: Edition, visitor: FlaskClient, after: timedelta, status: int
) -> None:
    closes = contest_edition.submissions_close
    assert closes

    with clock.stopped_at(closes + after):
        answer = sent(visitor)

    assert answer.status_code == status
    assert ("The deadline has passed (15/10/2026 12:00)" in answer.text) is (status == 422)


@pytest.mark.parametrize(
    ("days", "words"),
    [(-8, "Registration opens on 01/10/2026 12:00."), (8, "Registration closed on 15/10/2026 12:00.")],
)
def test_outside_the_window_the_page_says_when(visitor: FlaskClient, noon: datetime, days: int, words: str) -> None:
    with clock.stopped_at(noon + timedelta(days=days)):
        page = visitor.get(URL)

    assert page.status_code == 200
    assert words in page.text
    assert '<form method="post" action="/e/mua-thu-2026/register"' not in page.text


def test_without_a_window_the_page_says_so(make: Make, visitor: FlaskClient) -> None:
    make.edition("khong-gio", submissions_open=None, submissions_close=None)

    assert "The organiser has not opened registration yet." in visitor.get("/e/khong-gio/register").text


def test_a_hidden_edition_has_no_registration(make: Make, visitor: FlaskClient) -> None:
    make.edition("nhap", state=EditionState.DRAFT)

    assert visitor.get("/e/nhap/register").status_code == 404
    assert visitor.post("/e/nhap/register", data=FORM).status_code == 404


def test_an_edition_without_tracks_asks_for_none(make: Make, visitor: FlaskClient) -> None:
    make.edition("gon")

    page = visitor.get("/e/gon/register")
    answer = visitor.post("/e/gon/register", data=FORM)

    assert 'name="track"' not in page.text
    assert 'name="field"' not in page.text
    assert answer.status_code == 303
    assert db.session.query(Submission).one().track_id is None
