"""The pages of awards: the committee's and the public's."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.roles import Role
from contest.results.queries.awards import award_specs, choices_of, latest_list
from tests.counting import counted
from tests.factories import Make
from tests.results import way
from tests.results.conftest import Scored

NEW = {
    "name_vi": "Giải Nhất",
    "name_en": "First prize",
    "by": "rank",
    "round": "r1",
    "scope": "track",
    "track": "",
    "places": "1",
    "amount": "7000000",
    "exclusive": "y",
    "ties": "share",
    "threshold": "",
    "criterion": "",
    "band": "",
    "sponsor": "",
}


@pytest.fixture
def english(app: Flask, make: Make, scored: Scored, noon: datetime) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("locale", "en")
    make.sign_in(client, scored.organiser)
    return client


@pytest.fixture
def home(scored: Scored) -> str:
    return f"/e/{scored.edition.code}/organise/awards"


def add(client: FlaskClient, home: str, **changes: str) -> int:
    return client.post(f"{home}/new", data=NEW | changes).status_code


def test_from_the_first_award_to_the_public_page(
    english: FlaskClient, app: Flask, scored: Scored, home: str, noon: datetime
) -> None:
    public = f"/e/{scored.edition.code}/awards"
    assert "No awards yet" in english.get(home).text
    assert add(english, home) == 303
    assert "The results of this round are not final yet." in english.get(home).text
    early = english.post(f"{home}/settle", data={"reason": ""})
    assert (early.status_code, latest_list(scored.edition.id)) == (409, None)
    way.finalise(scored.facts, scored.first.id, scored.organiser.id, noon)
    page = english.get(home).text
    assert page.count("VND 3,500,000") == 2
    assert "shared" in page
    assert english.post(f"{home}/publish").status_code == 409
    assert english.post(f"{home}/settle", data={"reason": ""}).status_code == 303
    stranger = app.test_client()
    assert stranger.get(public).status_code == 404
    assert english.post(f"{home}/publish").status_code == 303
    shown = stranger.get(public).text
    assert "Giải Nhất" in shown
    assert scored.submissions[0].title in shown
    assert scored.submissions[1].title not in shown
    assert public in stranger.get(f"/e/{scored.edition.code}/").text


def test_the_public_page_says_nothing_before_publication(
    app: Flask, scored: Scored, english: FlaskClient, home: str, noon: datetime
) -> None:
    add(english, home)
    way.finalise(scored.facts, scored.first.id, scored.organiser.id, noon)
    english.post(f"{home}/settle", data={"reason": ""})
    stranger = app.test_client()
    hidden, missing = (
        stranger.get(f"/e/{scored.edition.code}/awards"),
        stranger.get(f"/e/{scored.edition.code}/nothing"),
    )
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert f"/e/{scored.edition.code}/awards" not in stranger.get(f"/e/{scored.edition.code}/").text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name_vi", "", "Please fill in this field."),
        ("places", "0", "Enter a whole number from 1 to 1000."),
        ("places", "two", "Enter a whole number."),
        ("amount", "-5", "Enter a whole number from 0"),
        ("threshold", "1.234,5", "1.234,5"),
        ("by", "criterion", "Choose the criterion that decides this award."),
        ("by", "band", "Choose the band whose teams get this award."),
        ("round", "r9", "Not a valid choice"),
        ("criterion", "C9", "Not a valid choice"),
    ],
)
def test_a_bad_award_is_refused_at_its_field_and_nothing_is_added(
    english: FlaskClient, scored: Scored, home: str, field: str, value: str, words: str
) -> None:
    answer = english.post(f"{home}/new", data=NEW | {field: value})
    assert answer.status_code == 422
    assert words in answer.text
    assert award_specs(scored.edition.id) == ()


def test_an_award_is_changed_moved_and_removed(english: FlaskClient, scored: Scored, home: str) -> None:
    add(english, home)
    add(english, home, name_vi="Giải Nhì", name_en="Second prize", places="2")
    assert [spec.code for spec in award_specs(scored.edition.id)] == ["first-prize", "second-prize"]
    assert 'value="7000000"' in english.get(f"{home}/first-prize").text
    changed = english.post(f"{home}/first-prize", data=NEW | {"amount": "8000000", "threshold": "7,5"})
    assert changed.status_code == 303
    assert (award_specs(scored.edition.id)[0].amount, str(award_specs(scored.edition.id)[0].threshold)) == (
        8_000_000,
        "7.5",
    )
    assert english.post(f"{home}/second-prize/up").status_code == 303
    assert [spec.code for spec in award_specs(scored.edition.id)] == ["second-prize", "first-prize"]
    assert english.post(f"{home}/first-prize/remove").status_code == 303
    assert [spec.code for spec in award_specs(scored.edition.id)] == ["second-prize"]
    assert english.get(f"{home}/first-prize").status_code == 404
    assert english.post(f"{home}/first-prize/up").status_code == 404


def test_the_usual_prizes_in_one_click(english: FlaskClient, scored: Scored, home: str) -> None:
    assert english.post(f"{home}/usual").status_code == 303
    assert [spec.places for spec in award_specs(scored.edition.id)] == [1, 2, 3, 2]


def test_a_decision_in_writing_with_its_author_and_back_again(
    english: FlaskClient, scored: Scored, home: str, noon: datetime
) -> None:
    add(english, home, by="chair", scope="all")
    way.finalise(scored.facts, scored.first.id, scored.organiser.id, noon)
    code = scored.submissions[1].code
    decide = f"{home}/first-prize/decide"
    empty = english.post(decide, data={"submission": code, "reason": ""})
    assert (empty.status_code, "Please fill in this field." in empty.text) == (422, True)
    unknown = english.post(decide, data={"submission": "ZZ", "reason": "x"})
    assert (unknown.status_code, "There is no submitted entry ZZ." in unknown.text) == (422, True)
    assert choices_of(scored.edition.id) == ()
    assert english.post(decide, data={"submission": code, "reason": "Nhà tài trợ chọn"}).status_code == 303
    page = english.get(home).text
    assert "Nhà tài trợ chọn" in page
    assert scored.organiser.name in page
    (choice,) = choices_of(scored.edition.id)
    assert english.post(f"{home}/decisions/{choice.id}/take-back").status_code == 303
    assert choices_of(scored.edition.id) == ()
    assert english.post(f"{home}/decisions/{choice.id}/take-back").status_code == 404


def test_readers_see_the_awards_and_change_nothing(
    app: Flask, make: Make, scored: Scored, english: FlaskClient, home: str
) -> None:
    add(english, home)
    reader = app.test_client()
    make.sign_in(reader, make.member(scored.edition, Role.CHAIR))
    assert "Giải Nhất" in reader.get(home).text
    assert reader.post(f"{home}/usual").status_code == 403
    assert len(award_specs(scored.edition.id)) == 1


def test_judges_and_strangers_do_not(app: Flask, make: Make, scored: Scored, home: str) -> None:
    client = app.test_client()
    assert client.get(home).status_code == 303
    make.sign_in(client, make.member(scored.edition, Role.JUDGE))
    assert client.get(home).status_code == 403


def test_the_page_asks_the_same_number_of_questions_whatever_the_number_of_awards(
    english: FlaskClient, app: Flask, scored: Scored, home: str, noon: datetime
) -> None:
    add(english, home)
    way.finalise(scored.facts, scored.first.id, scored.organiser.id, noon)
    english.get(home)
    with counted(app) as few:
        english.get(home)
    for _ in range(4):
        add(english, home)
    english.get(home)
    with counted(app) as many:
        english.get(home)
    assert len(many) == len(few)
