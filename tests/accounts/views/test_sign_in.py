"""Sign-in with a password, and sign-out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts import services
from contest.accounts.models import User, UserSession
from contest.accounts.roles import Role
from contest.accounts.views import sign_in as views
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from tests.accounts.conftest import PASSWORD, without_tokens
from tests.factories import Make

WRONG = "E-mail, phone number or password is not right."


def attempt(client: FlaskClient, login: str, password: str = PASSWORD, **query: str) -> Any:
    return client.post("/sign-in", query_string=query, data={"login": login, "password": password})


def signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def cookie(client: FlaskClient, app: Flask) -> str:
    found = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    return found.value if found else ""


def test_the_page_offers_every_way_in(english: FlaskClient, noon: datetime) -> None:
    page = english.get("/sign-in").text
    for address in ('action="/sign-in"', 'href="/door"', 'href="/sign-in/link"'):
        assert address in page


def test_the_code_link_leads_to_the_door_of_the_edition_in_view(english: FlaskClient, noon: datetime) -> None:
    page = english.get("/sign-in?next=/e/mua-thu-2026/judging").text
    assert 'href="/e/mua-thu-2026/door"' in page
    assert 'action="/sign-in?next=/e/mua-thu-2026/judging"' in page


@pytest.mark.parametrize("login", ["ngan@example.vn", " Ngan@Example.VN ", "0903123782", "+84 903 123 782"])
def test_e_mail_and_phone_both_open(english: FlaskClient, ngan: User, noon: datetime, login: str) -> None:
    person = db.session.merge(ngan)
    person.phone = "+84903123782"
    db.session.commit()
    answer = attempt(english, login)
    assert (answer.status_code, answer.location) == (303, "/")
    assert signed_in(english)


def test_a_wrong_password_keeps_what_was_typed_but_never_the_password(
    english: FlaskClient, ngan: User, noon: datetime
) -> None:
    answer = attempt(english, "ngan@example.vn", "sai mật khẩu")
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert 'value="ngan@example.vn"' in answer.text
    assert "sai mật khẩu" not in answer.text
    assert not signed_in(english)


@pytest.mark.parametrize(("login", "password"), [("", "x"), ("x", ""), ("", "")])
def test_empty_fields_are_named(english: FlaskClient, noon: datetime, login: str, password: str) -> None:
    answer = attempt(english, login, password)
    assert answer.status_code == 422
    assert "Please fill in this field." in answer.text


@pytest.mark.parametrize("login", ["nobody@example.vn", "no login at all", "0909999999", "x" * 254])
def test_unknown_logins_get_the_very_same_answer(app: Flask, ngan: User, noon: datetime, login: str) -> None:
    known = attempt(app.test_client(), "ngan@example.vn", "sai mật khẩu")
    unknown = attempt(app.test_client(), login, "sai mật khẩu")
    assert unknown.status_code == known.status_code == 422
    assert without_tokens(unknown.text).replace(login, "ngan@example.vn") == without_tokens(known.text)
    assert sorted(unknown.headers.keys()) == sorted(known.headers.keys())


def test_a_person_without_a_password_cannot_use_one(english: FlaskClient, make: Make, noon: datetime) -> None:
    make.user(email="khach@example.vn")
    assert attempt(english, "khach@example.vn", "no account has this password").status_code == 422


def test_a_closed_account_stays_outside(english: FlaskClient, ngan: User, noon: datetime) -> None:
    db.session.merge(ngan).is_active = False
    db.session.commit()
    assert attempt(english, "ngan@example.vn").status_code == 422


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/account", "/account"),
        ("/e/x/judging?tab=2", "/e/x/judging?tab=2"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/\tevil", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_the_way_goes_on_inside_the_site(
    english: FlaskClient, ngan: User, noon: datetime, wanted: str, reached: str
) -> None:
    assert attempt(english, "ngan@example.vn", next=wanted).location == reached
    assert english.get("/sign-in", query_string={"next": wanted}).location == reached


def test_the_cookie_is_new_after_sign_in(app: Flask, english: FlaskClient, ngan: User, noon: datetime) -> None:
    with english.session_transaction() as session:
        session["planted"] = "by somebody else"
    before = cookie(english, app)
    attempt(english, "ngan@example.vn")
    assert cookie(english, app) != before
    with english.session_transaction() as session:
        assert "planted" not in session
        assert session.permanent


def test_signing_in_again_ends_the_session_before(app: Flask, english: FlaskClient, ngan: User, noon: datetime) -> None:
    attempt(english, "ngan@example.vn")
    stolen = app.test_client()
    stolen.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie(english, app))
    assert signed_in(stolen)
    attempt(english, "ngan@example.vn")
    assert signed_in(english)
    assert not signed_in(stolen)


def test_the_cookie_holds_a_token_and_the_database_its_hash(english: FlaskClient, ngan: User, noon: datetime) -> None:
    attempt(english, "ngan@example.vn")
    with english.session_transaction() as session:
        token = session["_user_id"]
    row = db.session.scalars(select(UserSession)).one()
    assert token not in (row.token_hash, str(ngan.id))
    assert (row.created_at, row.expires_at) == (noon, noon + timedelta(hours=336))


def test_an_idle_session_ends_and_a_busy_one_goes_on(english: FlaskClient, ngan: User, noon: datetime) -> None:
    attempt(english, "ngan@example.vn")
    for hour in range(0, 300, 60):  # never idle for the 72 hours
        with clock.stopped_at(noon + timedelta(hours=hour)):
            assert signed_in(english)
    with clock.stopped_at(noon + timedelta(hours=240 + 73)):
        assert not signed_in(english)


def test_no_session_outlives_its_limit(english: FlaskClient, ngan: User, noon: datetime) -> None:
    attempt(english, "ngan@example.vn")
    for hour in range(0, 336, 48):
        with clock.stopped_at(noon + timedelta(hours=hour)):
            assert signed_in(english)
    with clock.stopped_at(noon + timedelta(hours=336)):
        assert not signed_in(english)


def test_an_answer_does_not_set_the_cookie_each_time(english: FlaskClient, ngan: User, noon: datetime) -> None:
    attempt(english, "ngan@example.vn")
    english.get("/account")
    assert "Set-Cookie" not in english.get("/account").headers
    with english.get("/static/css/app.css") as style:
        assert "Set-Cookie" not in style.headers


def test_signing_out_ends_the_session_everywhere_the_cookie_went(
    app: Flask, english: FlaskClient, ngan: User, noon: datetime
) -> None:
    attempt(english, "ngan@example.vn")
    copy = app.test_client()
    copy.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie(english, app))
    answer = english.post("/sign-out")
    assert (answer.status_code, answer.location) == (303, "/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not signed_in(english)
    assert not signed_in(copy)
    assert db.session.scalars(select(UserSession)).one().revoked_at == noon


def test_signing_out_twice_is_no_error(english: FlaskClient, noon: datetime) -> None:
    assert english.post("/sign-out").status_code == 303


def test_the_language_survives_signing_out(english: FlaskClient, ngan: User, noon: datetime) -> None:
    attempt(english, "ngan@example.vn")
    english.post("/sign-out")
    assert "Sign in" in english.get("/sign-in").text


def test_a_page_for_people_sends_visitors_through_the_door(english: FlaskClient, noon: datetime) -> None:
    answer = english.get("/account?tab=1")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/account?tab%3D1")


def test_ten_misses_close_one_login_from_one_address_and_no_other(
    english: FlaskClient, make: Make, ngan: User, noon: datetime
) -> None:
    answers = [attempt(english, "ngan@example.vn", "sai").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    refused = attempt(english, "ngan@example.vn")
    assert refused.status_code == 429
    assert "Please wait 15 minutes" in refused.text
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    assert attempt(english, "another@example.vn", "sai").status_code == 422
    elsewhere = english.application.test_client()
    answer = elsewhere.post(
        "/sign-in",
        data={"login": "ngan@example.vn", "password": PASSWORD},
        environ_overrides={"REMOTE_ADDR": "203.0.113.9"},
    )
    assert answer.status_code == 303


def test_a_full_hall_may_sign_in_from_one_address(
    app: Flask, ngan: User, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "password_owner", lambda _login, _password: ngan.id)
    for _ in range(70):
        assert attempt(app.test_client(), "ngan@example.vn").status_code == 303


def test_sixty_misses_a_minute_close_an_address(
    english: FlaskClient, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "password_owner", nobody)
    answers = [attempt(english, f"user{number}@example.vn", "sai").status_code for number in range(61)]
    assert answers == [422] * 60 + [429]


def nobody(login: str, password: str) -> None:
    """Answer like a wrong password, without the hash that is slow on purpose."""
    del login, password


def from_elsewhere(app: Flask, number: int, password: str = PASSWORD) -> int:
    """Try Ngân's login from another address, in a browser that was never here."""
    place = {"REMOTE_ADDR": f"198.51.{number // 200}.{number % 200 + 1}"}
    data = {"login": "ngan@example.vn", "password": password}
    return app.test_client().post("/sign-in", data=data, environ_overrides=place).status_code


def test_guessers_reach_a_hundred_passwords_and_the_owner_signs_in(
    app: Flask, english: FlaskClient, ngan: User, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert attempt(english, "ngan@example.vn").status_code == 303  # some day before
    english.post("/sign-out")
    with monkeypatch.context() as patch:
        patch.setattr(views, "password_owner", nobody)
        assert [from_elsewhere(app, turn, f"đoán {turn}") for turn in range(103)] == [422] * 100 + [429] * 3
    assert from_elsewhere(app, 500) == 429  # even with the right one: nobody learns that it is
    assert attempt(english, "ngan@example.vn").status_code == 303


def test_a_guesser_in_the_hall_keeps_nobody_out_who_was_here_before(
    app: Flask, english: FlaskClient, ngan: User, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert attempt(english, "ngan@example.vn").status_code == 303
    english.post("/sign-out")
    guesser = app.test_client()
    with monkeypatch.context() as patch:
        patch.setattr(views, "password_owner", nobody)
        misses = [attempt(guesser, f"user{number}@example.vn", "sai").status_code for number in range(61)]
    assert misses[-1] == 429
    assert attempt(english, "ngan@example.vn").status_code == 303


def test_a_known_browser_guesses_no_more_than_others(english: FlaskClient, ngan: User, noon: datetime) -> None:
    attempt(english, "ngan@example.vn")
    english.post("/sign-out")
    answers = [attempt(english, "ngan@example.vn", "sai").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


@pytest.mark.parametrize("forged", ["x", "x.", ".", "mark.0000", "device.é"])
def test_a_forged_mark_counts_like_none(app: Flask, ngan: User, noon: datetime, forged: str) -> None:
    client = app.test_client()
    client.set_cookie("known", forged)
    assert [attempt(client, "ngan@example.vn", "sai").status_code for _ in range(11)] == [422] * 10 + [429]


def test_the_mark_of_one_login_is_none_of_another(
    app: Flask, make: Make, english: FlaskClient, ngan: User, noon: datetime
) -> None:
    attempt(english, "ngan@example.vn")
    mark = english.get_cookie("known")
    assert mark is not None
    assert "ngan" not in mark.value
    answers = [attempt(english, "dat@example.vn", f"đoán {number}").status_code for number in range(11)]
    assert answers == [422] * 10 + [429]
    fresh = app.test_client()
    assert attempt(fresh, "dat@example.vn", "sai").status_code == 429  # counted by the address they share


def test_a_lost_role_is_lost_at_the_next_request(make: Make, client: FlaskClient, ngan: User, noon: datetime) -> None:
    edition = make.edition()
    make.member(edition, Role.ORGANISER, make.user("Trần Quốc Đạt"))
    make.member(edition, Role.ORGANISER, ngan)
    attempt(client, "ngan@example.vn")
    page = "/e/mua-thu-2026/organise/people"
    assert client.get(page).status_code == 200
    with unit_of_work():
        services.revoke_role(user_id=ngan.id, edition_id=edition.id, role=Role.ORGANISER, actor_id=None, now=noon)
    assert client.get(page).status_code == 404
    assert client.post(page, data={"name": "Lê Mới", "role": "organiser"}).status_code == 404


def test_a_closed_account_is_out_at_the_next_request(client: FlaskClient, ngan: User, noon: datetime) -> None:
    attempt(client, "ngan@example.vn")
    assert signed_in(client)
    db.session.merge(ngan).is_active = False
    db.session.commit()
    assert client.get("/account").status_code == 303
