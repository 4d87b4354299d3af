from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.models import Edition
from contest.editions.queries import edition_by_code, rounds_of
from contest.infra.db import db
from tests.counting import counted
from tests.editions.views.conftest import Words
from tests.factories import Make


def test_everybody_sees_announced_editions_and_nobody_sees_foreign_drafts(
    make: Make, client: FlaskClient, words: Words
) -> None:
    make.edition("a", name_vi="Mùa công bố", name_en="")
    make.edition("d", name_vi="Mùa nháp", name_en="", state="draft")
    page = words(client.get("/editions"))
    assert "Mùa công bố" in page
    assert "Mùa nháp" not in page
    assert 'href="/editions/new"' not in client.get("/editions").get_data(as_text=True)


def test_organisers_find_their_drafts_with_a_way_to_copy(
    organiser: User, client: FlaskClient, edition: Edition
) -> None:
    page = client.get("/editions").get_data(as_text=True)
    assert f'href="/e/{edition.code}/organise/"' in page
    assert f'href="/e/{edition.code}/organise/clone"' in page
    assert 'href="/editions/new"' in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(app: Flask, make: Make, client: FlaskClient, number: int) -> None:
    for place in range(number):
        make.edition(f"e{place}")
    with counted(app) as statements:
        assert client.get("/editions").status_code == 200
    assert len(statements) == 1


def test_only_organisers_and_administrators_start_editions(make: Make, client: FlaskClient) -> None:
    assert client.get("/editions/new").location == "/sign-in?next=/editions/new"
    assert client.post("/editions/new").status_code == 401
    edition = make.edition()
    for person, status in (
        (make.member(edition, Role.JUDGE), 403),
        (make.member(edition, Role.ORGANISER), 200),
        (make.user(is_admin=True), 200),
    ):
        make.sign_in(client, person)
        assert client.get("/editions/new").status_code == status


def test_a_name_is_enough(organiser: User, client: FlaskClient) -> None:
    answer = client.post("/editions/new", data={"name_vi": "  Mùa   xuân 2027 "})
    assert (answer.status_code, answer.location) == (303, "/e/mua-xuan-2027/organise/setup/basics")
    made = edition_by_code("mua-xuan-2027")
    assert made is not None
    assert (made.name.vi, made.state.value) == ("Mùa xuân 2027", "draft")
    assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"name_vi": ""}, "name_vi"),
        ({"name_vi": "   "}, "name_vi"),
        ({"name_vi": "x" * 201}, "name_vi"),
        ({"name_vi": "a\x00b"}, "name_vi"),
        ({"name_vi": "Mùa xuân", "code": "Mùa"}, "code"),
        ({"name_vi": "Mùa xuân", "code": "mua-thu-2026"}, "code"),
        ({"name_vi": "Mùa xuân", "code": "x" * 61}, "code"),
    ],
)
def test_bad_input_names_its_field_and_creates_nothing(
    organiser: User, client: FlaskClient, data: dict[str, str], field: str
) -> None:
    answer = client.post("/editions/new", data={"organiser": "Đoàn trường", **data})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in page
    assert 'value="Đoàn trường"' in page
    assert db.session.query(Edition).count() == 1


def test_a_copy_is_offered_under_next_years_name(
    organiser: User, client: FlaskClient, edition: Edition, make: Make
) -> None:
    make.round(edition, "r1")
    page = client.get(f"/e/{edition.code}/organise/clone").get_data(as_text=True)
    assert 'value="Ý tưởng khởi nghiệp 2027"' in page
    answer = client.post(f"/e/{edition.code}/organise/clone", data={"name_vi": "Ý tưởng khởi nghiệp 2027"})
    assert (answer.status_code, answer.location) == (303, "/e/y-tuong-khoi-nghiep-2027/organise/setup/basics")
    made = edition_by_code("y-tuong-khoi-nghiep-2027")
    assert made is not None
    assert [one.code for one in rounds_of(made.id)] == ["r1"]


@pytest.mark.parametrize(
    ("data", "field"), [({"name_vi": ""}, "name_vi"), ({"name_vi": "x", "code": "mua-thu-2026"}, "code")]
)
def test_a_bad_copy_creates_nothing(
    organiser: User, client: FlaskClient, edition: Edition, data: dict[str, str], field: str
) -> None:
    answer = client.post(f"/e/{edition.code}/organise/clone", data=data)
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.get_data(as_text=True)
    assert db.session.query(Edition).count() == 1
