from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.infra import clock
from contest.submissions.facts import TeamDetails
from contest.submissions.queries import team_of
from tests.factories import Make
from tests.submissions.conftest import Entry, entry_in

MINE = "/e/mua-thu-2026/team/"


def people_url(entry: Entry) -> str:
    return f"{MINE}{entry.public_id}/people"


def details(entry: Entry) -> TeamDetails:
    found = team_of(entry.team.id)
    assert found is not None
    return found.details


def change(client: FlaskClient, entry: Entry, **values: Any) -> Any:
    form = {"name": "Ánh Sáng", "school": "THPT", "members-0": "Đỗ Ân"}
    mentor = {"mentor_name": "", "mentor_email": "", "mentor_phone": ""}
    return client.post(people_url(entry), data={**form, **mentor, **values})


def test_one_submission_is_opened_at_once(captain: FlaskClient, entry: Entry) -> None:
    answer = captain.get(MINE)

    assert (answer.status_code, answer.location) == (303, f"{MINE}{entry.public_id}/")


def test_several_are_listed(app: Flask, make: Make, captain: FlaskClient, entry: Entry) -> None:
    second = entry_in(app, make, entry.edition, "Ánh Sáng 2", entry.captain)
    foreign = entry_in(app, make, entry.edition, "Sao Mai")

    page = captain.get(MINE).text

    assert f'href="{MINE}{entry.public_id}/"' in page
    assert f'href="{MINE}{second.public_id}/"' in page
    assert foreign.public_id not in page
    assert "Register another team" in page


def test_whoever_has_none_is_shown_the_way(make: Make, english: Callable[[], FlaskClient], entry: Entry) -> None:
    client = english()
    make.sign_in(client, make.user())

    page = client.get(MINE).text

    assert "You have no team in this contest yet" in page
    assert 'href="/e/mua-thu-2026/register"' in page


def test_a_visitor_signs_in_first(visitor: FlaskClient, entry: Entry) -> None:
    assert visitor.get(MINE).location == f"/sign-in?next={MINE}"


def test_a_hidden_edition_has_no_team_pages(visitor: FlaskClient, make: Make, entry: Entry) -> None:
    make.sign_in(visitor, entry.captain)

    assert visitor.get("/e/khong-co/team/").status_code == 404


def test_the_team_page_is_filled_in(captain: FlaskClient, entry: Entry) -> None:
    page = captain.get(people_url(entry)).text

    for typed in ("Ánh Sáng", "THPT Lê Thánh Tôn", "Trần Anh Dung", "Đỗ Ân", "Cô Hoà", "hoa@example.org"):
        assert f'value="{typed}"' in page
    assert "Lê Thị Ánh" in page


def test_members_and_mentor_are_changed(captain: FlaskClient, entry: Entry) -> None:
    answer = change(captain, entry, mentor_phone="0903 123 782", **{"members-5": "Hoàng Ánh"})

    assert (answer.status_code, answer.location) == (303, people_url(entry))
    assert details(entry) == TeamDetails("Ánh Sáng", "THPT", ("Đỗ Ân", "Hoàng Ánh"), "", "", "+84903123782")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": ""}, "Please fill in this field."),
        ({"mentor_email": "x"}, "neither an e-mail address nor a phone number"),
        ({"name": "SAO MAI"}, "Another team of this contest is called “SAO MAI” already."),
        ({f"members-{n}": f"Bạn {n}" for n in range(16)}, "at most 15 members"),
    ],
)
def test_what_is_wrong_changes_nothing(
    app: Flask, make: Make, captain: FlaskClient, entry: Entry, values: dict[str, str], words: str
) -> None:
    entry_in(app, make, entry.edition, "Sao Mai")
    before = details(entry)

    answer = change(captain, entry, **values)

    assert answer.status_code == 422
    assert words in answer.text
    assert details(entry) == before


def test_after_the_deadline_the_team_is_read_only(captain: FlaskClient, entry: Entry) -> None:
    closes = entry.edition.submissions_close
    assert closes
    before = details(entry)

    with clock.stopped_at(closes):
        page = captain.get(people_url(entry)).text
        answer = change(captain, entry)

    assert "Submissions are closed, so the team stays as it is." in page
    assert 'name="members-0"' not in page
    assert answer.status_code == 422
    assert details(entry) == before


def test_the_menu_leads_a_captain_home(captain: FlaskClient, entry: Entry) -> None:
    page = captain.get(people_url(entry)).text

    assert f'href="{MINE}"' in page
    assert "My submission" in page
    assert "/organise/submissions" not in page
