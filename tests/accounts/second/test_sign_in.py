"""AU-10: whatever the first factor was, nothing opens before the second."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

import contest
from contest.accounts import services
from contest.accounts.models import User, UserSession
from contest.accounts.roles import Role
from contest.accounts.second import services as second
from contest.accounts.second.factors import FirstStep
from contest.accounts.second.models import HalfSignIn, RecoveryCode
from contest.accounts.second.queries import factors_of
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from tests.accounts.conftest import PASSWORD, without_tokens
from tests.accounts.second.conftest import Phone, give_app, give_codes, give_passkey, mails
from tests.factories import Make

STEP = "/sign-in/second-step"


def inside(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def sessions() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(UserSession)).all())


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie(client.application.config["SESSION_COOKIE_NAME"])
    return found.value if found else ""


def password(client: FlaskClient, word: str = PASSWORD, login: str = "ngan@example.vn") -> tuple[int, str | None]:
    answer = client.post("/sign-in", data={"login": login, "password": word})
    return answer.status_code, answer.location


def test_the_password_alone_opens_nothing(half: FlaskClient) -> None:
    assert sessions() == 0
    assert not inside(half)
    assert half.get("/").text.count("Nguyễn Kim Ngân") == 0
    assert half.get(STEP).status_code == 200


def test_the_code_opens_and_the_way_goes_on(english: FlaskClient, phone: Phone) -> None:
    answer = english.post(
        "/sign-in", query_string={"next": "/account?tab=2"}, data={"login": "ngan@example.vn", "password": PASSWORD}
    )
    assert answer.location == f"{STEP}?next=/account?tab%3D2"
    before = cookie(english)
    answer = english.post(answer.location, data={"code": phone.code()})
    assert (answer.status_code, answer.location) == (303, "/account?tab=2")
    assert inside(english)
    assert cookie(english) != before
    with english.session_transaction() as session:
        assert "half" not in session


@pytest.mark.parametrize("next_page", ["//evil.example", "https://evil.example/"])
def test_the_way_stays_inside_the_site(half: FlaskClient, phone: Phone, next_page: str) -> None:
    answer = half.post(STEP, query_string={"next": next_page}, data={"code": phone.code()})
    assert answer.location == "/"


def test_a_code_is_taken_once(half: FlaskClient, app: Flask, phone: Phone) -> None:
    code = phone.code()
    assert half.post(STEP, data={"code": code}).status_code == 303
    other = app.test_client()
    password(other)
    answer = other.post(STEP, data={"code": code})
    assert answer.status_code == 422
    assert not inside(other)
    assert other.post(STEP, data={"code": phone.code(1)}).status_code == 303


@pytest.mark.parametrize("code", ["", "000000", "12345", "x" * 41, "abcd-efgh-jkmn-pqrs", "\x00123456", "' OR 1=1"])
def test_a_wrong_code_opens_nothing_and_may_be_tried_again(half: FlaskClient, phone: Phone, code: str) -> None:
    assert half.post(STEP, data={"code": code}).status_code == 422
    assert not inside(half)
    assert half.post(STEP, data={"code": phone.code()}).status_code == 303


def test_a_link_does_not_go_around_the_second_step(app: Flask, english: FlaskClient, phone: Phone) -> None:
    with unit_of_work():
        link = services.issue_link(
            user_id=phone.user.id, edition_id=None, secret_key="k", actor_id=None, now=clock.now()
        )
    answer = english.post(f"/s/{link.token}")
    assert (answer.status_code, answer.location) == (303, STEP)
    assert not inside(english)
    assert english.post(f"/s/{link.token}").status_code == 410
    assert english.post(STEP, data={"code": phone.code()}).status_code == 303
    assert inside(english)


def test_digits_at_the_door_do_not_go_around_it(app: Flask, english: FlaskClient, make: Make, phone: Phone) -> None:
    edition = make.edition()
    make.member(edition, Role.CHAIR, phone.user)
    with unit_of_work():
        link = services.issue_link(
            user_id=phone.user.id,
            edition_id=edition.id,
            secret_key=app.config["SECRET_KEY"],
            actor_id=None,
            now=clock.now(),
        )
    answer = english.post(f"/e/{edition.code}/door", data={"code": link.code})
    assert (answer.status_code, answer.location) == (303, STEP)
    assert not inside(english)


def test_a_paired_device_stays_paired_after_the_second_step(
    app: Flask, english: FlaskClient, make: Make, phone: Phone
) -> None:
    edition = make.edition()
    round_ = make.round(edition)
    with unit_of_work():
        [link] = services.issue_links(
            user_ids=[phone.user.id],
            edition_id=edition.id,
            secret_key=app.config["SECRET_KEY"],
            actor_id=None,
            now=clock.now(),
            round_id=round_.id,
        )
    english.post(f"/s/{link.token}")
    english.post(STEP, data={"code": phone.code()})
    assert db.session.scalars(select(UserSession.round_id)).one() == round_.id
    assert english.get("/account/second-step").status_code == 403


def test_the_half_sign_in_belongs_to_one_browser(app: Flask, half: FlaskClient, phone: Phone) -> None:
    stranger = app.test_client()
    answer = stranger.post(STEP, data={"code": phone.code()})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert not inside(stranger)
    assert stranger.get(STEP).location == "/sign-in"


def test_it_ends_after_ten_minutes(half: FlaskClient, phone: Phone, noon: datetime) -> None:
    with clock.stopped_at(noon + timedelta(minutes=9, seconds=59)):
        assert half.get(STEP).status_code == 200
    with clock.stopped_at(noon + timedelta(minutes=10)):
        assert half.get(STEP).location == "/sign-in"
        assert half.post(STEP, data={"code": phone.code()}).location == "/sign-in"
        assert not inside(half)


def test_it_serves_once(app: Flask, half: FlaskClient, phone: Phone) -> None:
    copy = app.test_client()
    copy.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie(half))
    assert half.post(STEP, data={"code": phone.code()}).status_code == 303
    assert copy.post(STEP, data={"code": phone.code(1)}).location == "/sign-in"
    assert not inside(copy)


def test_a_closed_account_does_not_finish(half: FlaskClient, phone: Phone) -> None:
    db.session.merge(phone.user).is_active = False
    db.session.commit()
    assert half.post(STEP, data={"code": phone.code()}).location == "/sign-in"
    assert not inside(half)


def test_signing_in_as_another_ends_the_session_before(app: Flask, make: Make, phone: Phone) -> None:
    client, other = app.test_client(), make.user(email="khac@example.vn")
    make.sign_in(client, other)
    assert inside(client)
    kept = cookie(client)
    password(client)
    assert not inside(client)
    copy = app.test_client()
    copy.set_cookie(app.config["SESSION_COOKIE_NAME"], kept)
    assert not inside(copy)


def test_a_wrong_password_tells_nothing_of_a_second_step(app: Flask, make: Make, phone: Phone) -> None:
    make.user(email="khac@example.vn")
    answers = [
        app.test_client().post("/sign-in", data={"login": login, "password": "sai"})
        for login in ("ngan@example.vn", "khac@example.vn")
    ]
    texts = {without_tokens(one.text).replace("ngan@", "khac@") for one in answers}
    assert len(texts) == 1
    assert [one.status_code for one in answers] == [422, 422]


def test_tries_are_limited_and_the_owner_is_not_locked_out(app: Flask, half: FlaskClient, phone: Phone) -> None:
    answers = [half.post(STEP, data={"code": "000000"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    spread = []
    for turn in range(25):
        thief = app.test_client()
        with unit_of_work():
            token = second.begin_half(user_id=phone.user.id, way=FirstStep.PASSWORD, round_id=None, now=clock.now())
        with thief.session_transaction() as session:
            session["half"] = token
        spread.append(
            thief.post(
                STEP, data={"code": "000000"}, environ_overrides={"REMOTE_ADDR": f"203.0.113.{turn}"}
            ).status_code
        )
    assert spread == [422] * 20 + [429] * 5
    # Who knows the password has used up its tries; the owner comes by a link.
    owner = app.test_client()
    with unit_of_work():
        link = services.issue_link(
            user_id=phone.user.id, edition_id=None, secret_key="k", actor_id=None, now=clock.now()
        )
    owner.post(f"/s/{link.token}", environ_overrides={"REMOTE_ADDR": "198.51.100.1"})
    answer = owner.post(STEP, data={"code": phone.code()}, environ_overrides={"REMOTE_ADDR": "198.51.100.1"})
    assert answer.status_code == 303


def test_a_recovery_code_opens_once_and_a_mail_tells(app: Flask, half: FlaskClient, phone: Phone) -> None:
    codes = give_codes(phone.user)
    assert half.post(STEP, data={"code": codes[3].upper().replace("-", " ")}).status_code == 303
    assert inside(half)
    assert [(who, "recovery code" in body or "khôi phục" in body) for who, body in mails()] == [
        ("ngan@example.vn", True)
    ]
    assert factors_of(phone.user.id).codes_left == 9
    again = app.test_client()
    password(again)
    assert again.post(STEP, data={"code": codes[3]}).status_code == 422
    assert again.post(STEP, data={"code": codes[4]}).status_code == 303


def test_recovery_codes_and_keys_do_not_lie_in_the_database(phone: Phone) -> None:
    codes = give_codes(phone.user)
    hashes = db.session.scalars(select(RecoveryCode.code_hash)).all()
    assert not set(codes) & set(hashes)
    rows = db.session.execute(db.text("SELECT sealed, waiting FROM app_keys")).all()
    assert all(phone.secret not in str(row) for row in rows)


def test_codes_of_somebody_else_open_nothing(app: Flask, half: FlaskClient, make: Make, phone: Phone) -> None:
    other = make.user()
    theirs, codes = give_app(app, other), give_codes(other)
    for code in (theirs.code(), codes[0]):
        assert half.post(STEP, data={"code": code}).status_code == 422
    assert not inside(half)


def test_the_page_names_only_what_the_person_has(half: FlaskClient, phone: Phone) -> None:
    assert "passkey" not in half.get(STEP).text.lower()
    give_passkey(phone.user)
    assert "Use a passkey" in half.get(STEP).text


def test_who_has_no_second_factor_signs_in_as_before(english: FlaskClient, ngan: User, noon: datetime) -> None:
    assert password(english) == (303, "/")
    assert inside(english)
    assert db.session.scalars(select(HalfSignIn)).all() == []


def test_every_way_in_leads_through_the_second_step() -> None:
    """Sessions are opened where both steps are known: elsewhere only for an account made by the same request."""
    root = Path(contest.__file__).parent
    openers = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for word in ("open_session(", "start_session(")
        if word in path.read_text(encoding="utf-8")
    }
    assert openers == {
        "accounts/services/sessions.py",
        "accounts/views/entry.py",
        "accounts/views/second_step.py",
        "submissions/views/register.py",
    }
