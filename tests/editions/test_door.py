"""The door of an edition: six digits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts import services
from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.accounts.services import CODE_LIFE
from contest.editions.models import Edition
from contest.editions.phases import EditionState
from contest.infra import clock
from contest.infra.db import unit_of_work
from tests.factories import Make

DOOR = "/e/mua-thu-2026/door"


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("locale", "en")
    return client


@pytest.fixture
def code(app: Flask, make: Make, noon: datetime) -> str:
    """The code of a judge named Ân."""
    edition = make.edition()
    return issue(app, edition, make.member(edition, Role.JUDGE, make.user("Lê Văn Ân")), noon)


def issue(app: Flask, edition: Edition, user: User, now: datetime) -> str:
    with unit_of_work():
        return services.issue_link(
            user_id=user.id, edition_id=edition.id, secret_key=app.config["SECRET_KEY"], actor_id=None, now=now
        ).code


def enter(client: FlaskClient, code: str, path: str = DOOR) -> Any:
    return client.post(path, data={"code": code})


@pytest.mark.parametrize("spelling", ["{0}", " {0} ", "{1} {2}", "{1}\u00a0{2}"])
def test_the_digits_open_however_they_are_grouped(visitor: FlaskClient, code: str, spelling: str) -> None:
    answer = enter(visitor, spelling.format(code, code[:3], code[3:]))
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Lê Văn Ân" in visitor.get("/account").text


def test_a_code_opens_once(app: Flask, visitor: FlaskClient, code: str) -> None:
    assert enter(visitor, code).status_code == 303
    second = enter(app.test_client(), code)
    assert second.status_code == 422


def test_the_door_leads_on_where_one_wanted_to_go(visitor: FlaskClient, code: str) -> None:
    assert enter(visitor, code, DOOR + "?next=/e/mua-thu-2026/judging").location == "/e/mua-thu-2026/judging"


def test_the_field_suits_a_phone(visitor: FlaskClient, code: str) -> None:
    page = visitor.get(DOOR).text
    for attribute in ('inputmode="numeric"', 'autocomplete="one-time-code"', 'name="code"'):
        assert attribute in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Please fill in this field."),
        ("12345", "six digits"),
        ("1234567", "six digits"),
        ("abcdef", "six digits"),
        ("١٢٣٤٥٦", "six digits"),
    ],
)
def test_what_is_no_code_is_said(visitor: FlaskClient, code: str, typed: str, words: str) -> None:
    answer = enter(visitor, typed)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_wrong_code_stays_in_the_field(visitor: FlaskClient, code: str) -> None:
    wrong = "000000" if code != "000000" else "000001"
    answer = enter(visitor, wrong)
    assert answer.status_code == 422
    assert "This code is wrong, used or expired." in answer.text
    assert f'value="{wrong}"' in answer.text


def test_a_code_expires(visitor: FlaskClient, code: str, noon: datetime) -> None:
    with clock.stopped_at(noon + CODE_LIFE):
        assert enter(visitor, code).status_code == 422


def test_a_code_opens_no_other_door(visitor: FlaskClient, make: Make, code: str) -> None:
    make.edition("khac")
    assert enter(visitor, code, "/e/khac/door").status_code == 422


def test_the_door_of_a_hidden_edition_is_not_there(visitor: FlaskClient, make: Make, noon: datetime) -> None:
    make.edition("nhap", state=EditionState.DRAFT)
    hidden, missing = visitor.get("/e/nhap/door"), visitor.get("/e/khong/door")
    assert hidden.status_code == missing.status_code == 404
    assert enter(visitor, "123456", "/e/nhap/door").status_code == 404


def test_twenty_misses_close_this_door_for_this_address_only(
    app: Flask, visitor: FlaskClient, make: Make, code: str, noon: datetime
) -> None:
    wrong = "000000" if code != "000000" else "000001"
    answers = [enter(visitor, wrong).status_code for _ in range(21)]
    assert answers == [422] * 20 + [429]
    refused = enter(visitor, code)
    assert refused.status_code == 429
    assert "Please wait 15 minutes" in refused.text
    make.edition("khac")
    assert enter(visitor, wrong, "/e/khac/door").status_code == 422
    elsewhere = app.test_client().post(DOOR, data={"code": code}, environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert elsewhere.status_code == 303


def test_knocking_on_a_closed_door_does_not_close_it_for_others(app: Flask, code: str) -> None:
    client, wrong = app.test_client(), "000000" if code != "000000" else "000001"
    assert [enter(client, wrong).status_code for _ in range(320)] == [422] * 20 + [429] * 300
    elsewhere = app.test_client().post(DOOR, data={"code": code}, environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert elsewhere.status_code == 303


def test_a_guesser_with_many_addresses_meets_the_limit_of_the_day(app: Flask, code: str) -> None:
    client, wrong = app.test_client(), "000000" if code != "000000" else "000001"
    answers = [
        client.post(DOOR, data={"code": wrong}, environ_overrides={"REMOTE_ADDR": f"10.0.{number // 15}.1"}).status_code
        for number in range(301)
    ]
    assert answers == [422] * 300 + [429]


def test_a_queue_of_judges_passes(app: Flask, make: Make, noon: datetime) -> None:
    edition = make.edition()
    judges = [make.member(edition, Role.JUDGE) for _ in range(25)]
    codes = [issue(app, edition, judge, noon) for judge in judges]
    assert [enter(app.test_client(), code).status_code for code in codes] == [303] * 25


def test_with_one_contest_the_general_door_leads_straight_there(
    visitor: FlaskClient, make: Make, noon: datetime
) -> None:
    make.edition()
    make.edition("nhap", state=EditionState.DRAFT)
    answer = visitor.get("/door")
    assert (answer.status_code, answer.location) == (303, DOOR)


def test_with_several_one_chooses(visitor: FlaskClient, make: Make, noon: datetime) -> None:
    make.edition("mot", name_en="First")
    make.edition("hai", name_en="Second")
    page = visitor.get("/door").text
    assert 'href="/e/mot/door">First' in page
    assert 'href="/e/hai/door">Second' in page


def test_without_any_the_page_says_what_to_do(visitor: FlaskClient, noon: datetime) -> None:
    assert "No contest is open yet" in visitor.get("/door").text
