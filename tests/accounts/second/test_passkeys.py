"""Passkeys with real keys: asked once, answered for this site, this person and this question only."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from contest.accounts.models import User, UserSession
from contest.accounts.second import services as second
from contest.accounts.second.factors import MOST_PASSKEYS, Asked
from contest.accounts.second.models import Passkey, PasskeyChallenge
from contest.accounts.second.queries import factors_of
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from tests.accounts.authenticator import Authenticator
from tests.accounts.conftest import PASSWORD
from tests.accounts.second.conftest import SITE, give_passkey
from tests.factories import Make

ENTER = "/sign-in/passkey"
STEP = "/sign-in/second-step"
MINE = "/account/second-step/passkeys"


def inside(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def enter(client: FlaskClient, device: Authenticator, **query: str) -> Any:
    options = client.post(f"{ENTER}/ask").text
    return client.post(ENTER, query_string=query, data={"answer": device.get(options)})


@pytest.fixture
def device(app: Flask, ngan: User, noon: datetime) -> Authenticator:
    """Kim Ngân's passkey."""
    return give_passkey(ngan)


def test_a_passkey_is_the_only_step(english: FlaskClient, device: Authenticator, ngan: User) -> None:
    answer = enter(english, device, next="/account?tab=2")
    assert (answer.status_code, answer.location) == (303, "/account?tab=2")
    assert inside(english)
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["second.passkey_added", "passkey.entered", "session.started"]


def test_alone_it_needs_a_finger_a_face_or_a_pin(english: FlaskClient, device: Authenticator) -> None:
    asked = json.loads(english.post(f"{ENTER}/ask").text)
    assert asked["userVerification"] == "required"
    assert "allowCredentials" not in asked or asked["allowCredentials"] == []
    device.verifies = False
    assert enter(english, device).status_code == 422
    assert not inside(english)


def test_after_a_password_a_touch_is_enough(english: FlaskClient, device: Authenticator) -> None:
    english.post("/sign-in", data={"login": "ngan@example.vn", "password": PASSWORD})
    assert not inside(english)
    device.verifies = False
    options = english.post(f"{STEP}/ask").text
    assert len(json.loads(options)["allowCredentials"]) == 1
    answer = english.post(f"{STEP}/passkey", data={"answer": device.get(options)})
    assert answer.status_code == 303
    assert inside(english)


def test_the_second_step_takes_passkeys_of_the_same_person_only(
    english: FlaskClient, make: Make, device: Authenticator
) -> None:
    other = give_passkey(make.user())
    english.post("/sign-in", data={"login": "ngan@example.vn", "password": PASSWORD})
    options = english.post(f"{STEP}/ask").text
    assert english.post(f"{STEP}/passkey", data={"answer": other.get(options)}).status_code == 422
    assert not inside(english)


def lie(**values: Any) -> Callable[[Authenticator], None]:
    def change(device: Authenticator) -> None:
        for name, value in values.items():
            setattr(device, name, value)

    return change


@pytest.mark.parametrize(
    "wrong",
    [
        lie(host="evil.example"),
        lie(origin="https://evil.example"),
        lie(origin="http://localhost:8000"),
        lie(origin="https://localhost"),
        lie(key=Authenticator().key),
        lie(credential=b"another passkey of another person"),
        lie(user_handle="c29tZWJvZHk"),
        lie(counter=0),
    ],
    ids=["host", "origin", "port", "scheme", "key", "credential", "person", "counter"],
)
def test_every_lie_is_refused(
    english: FlaskClient, device: Authenticator, wrong: Callable[[Authenticator], None]
) -> None:
    wrong(device)
    assert enter(english, device).status_code == 422
    assert not inside(english)


def test_a_copied_key_shows_by_its_counter(app: Flask, english: FlaskClient, device: Authenticator) -> None:
    copy = Authenticator(key=device.key, credential=device.credential, counter=device.counter)
    copy.user_handle = device.user_handle
    assert enter(english, device).status_code == 303
    assert enter(app.test_client(), copy).status_code == 422
    assert enter(app.test_client(), device).status_code == 303


def test_devices_that_do_not_count_are_taken(english: FlaskClient, ngan: User, noon: datetime) -> None:
    device = give_passkey(ngan, Authenticator(counter=-1))
    device.counter = -1
    assert enter(english, device).status_code == 303


def test_a_question_is_answered_once(app: Flask, english: FlaskClient, device: Authenticator) -> None:
    options = english.post(f"{ENTER}/ask").text
    answer = device.get(options)
    assert english.post(ENTER, data={"answer": answer}).status_code == 303
    english.post("/sign-out")
    assert english.post(ENTER, data={"answer": device.get(options)}).status_code == 422
    assert not inside(english)


def test_a_wrong_answer_uses_it_up_too(english: FlaskClient, device: Authenticator) -> None:
    options = english.post(f"{ENTER}/ask").text
    liar = Authenticator(credential=device.credential, counter=50)
    assert english.post(ENTER, data={"answer": liar.get(options)}).status_code == 422
    assert english.post(ENTER, data={"answer": device.get(options)}).status_code == 422


def test_it_is_answered_by_the_browser_that_was_asked(app: Flask, english: FlaskClient, device: Authenticator) -> None:
    options = english.post(f"{ENTER}/ask").text
    stolen = app.test_client()
    stolen.post(f"{ENTER}/ask")
    assert stolen.post(ENTER, data={"answer": device.get(options)}).status_code == 422
    assert not inside(stolen)


def test_it_is_answered_within_five_minutes(english: FlaskClient, device: Authenticator, noon: datetime) -> None:
    options = english.post(f"{ENTER}/ask").text
    with clock.stopped_at(noon + timedelta(minutes=5)):
        assert english.post(ENTER, data={"answer": device.get(options)}).status_code == 422
        english.post(f"{ENTER}/ask")  # old ones go with the next question
        assert len(db.session.scalars(select(PasskeyChallenge)).all()) == 1


def test_an_answer_to_one_question_is_none_to_another(
    english: FlaskClient, make: Make, ngan: User, device: Authenticator
) -> None:
    make.sign_in(english, ngan)
    options = english.post("/account/prove/ask").text
    assert english.post(ENTER, data={"answer": device.get(options)}).status_code == 422
    options = english.post(f"{ENTER}/ask").text
    assert english.post("/account/prove/passkey", data={"answer": device.get(options)}).status_code == 422


def test_a_question_that_nobody_asked_is_no_question(english: FlaskClient, device: Authenticator) -> None:
    made_up = json.dumps({"challenge": "c29tZSBjaGFsbGVuZ2U"})
    assert english.post(ENTER, data={"answer": device.get(made_up)}).status_code == 422


def test_a_closed_account_is_not_opened(english: FlaskClient, device: Authenticator, ngan: User) -> None:
    db.session.merge(ngan).is_active = False
    db.session.commit()
    assert enter(english, device).status_code == 422


def test_a_removed_passkey_opens_nothing(app: Flask, english: FlaskClient, device: Authenticator, ngan: User) -> None:
    other = give_passkey(ngan, name="Khác")
    first = factors_of(ngan.id).passkeys[0]
    with unit_of_work():
        second.remove_passkey(user_id=ngan.id, public_id=first.public_id, now=clock.now())
    assert enter(english, device).status_code == 422
    assert enter(app.test_client(), other).status_code == 303


def test_several_are_added_and_named(english: FlaskClient, make: Make, ngan: User, noon: datetime) -> None:
    make.sign_in(english, ngan)
    devices = [Authenticator(), Authenticator()]
    for number, device in enumerate(devices):
        options = english.post(f"{MINE}/ask").text
        assert len(json.loads(options)["excludeCredentials"]) == number
        answer = english.post(MINE, data={"answer": device.create(options), "name": f"Máy {number}"})
        # The recovery codes come with the first one.
        assert (answer.status_code, answer.text.count("<code>")) == ((200, 10) if number == 0 else (303, 0))
    assert [one.name for one in factors_of(ngan.id).passkeys] == ["Máy 0", "Máy 1"]
    english.post("/sign-out")
    assert enter(english, devices[1]).status_code == 303


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Máy\u202e  tính\x07 ", "Máy tính"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("", "Passkey"),
        ("x" * 60, "x" * 60),
    ],
)
def test_names_are_kept_clean_and_shown_escaped(
    english: FlaskClient, make: Make, ngan: User, noon: datetime, typed: str, kept: str
) -> None:
    make.sign_in(english, ngan)
    answer = Authenticator().create(english.post(f"{MINE}/ask").text)
    english.post(MINE, data={"answer": answer, "name": typed})
    assert [one.name for one in factors_of(ngan.id).passkeys] == [kept]
    assert "<script>alert" not in english.get("/account/second-step").text


@pytest.mark.parametrize("name", ["x" * 61, "a\x00b"])
def test_names_that_cannot_be_kept_are_refused(
    english: FlaskClient, make: Make, ngan: User, noon: datetime, name: str
) -> None:
    make.sign_in(english, ngan)
    answer = Authenticator().create(english.post(f"{MINE}/ask").text)
    refused = english.post(MINE, data={"answer": answer, "name": name})
    assert refused.status_code == 422
    assert 'class="bv-error"' in refused.text
    assert not factors_of(ngan.id).any


@pytest.mark.parametrize("wrong", [lie(host="evil.example"), lie(origin="https://evil.example")])
def test_a_passkey_for_another_site_is_not_added(
    english: FlaskClient, make: Make, ngan: User, noon: datetime, wrong: Callable[[Authenticator], None]
) -> None:
    make.sign_in(english, ngan)
    device = Authenticator()
    wrong(device)
    options = english.post(f"{MINE}/ask").text
    assert english.post(MINE, data={"answer": device.create(options)}).status_code == 422
    assert not factors_of(ngan.id).any


def test_a_passkey_is_added_once(app: Flask, make: Make, device: Authenticator) -> None:
    other = make.user()
    with unit_of_work():
        options = second.ask_new_passkey(user_id=other.id, site=SITE, holder="h", now=clock.now())
    with unit_of_work():
        assert not second.add_passkey(
            user_id=other.id, name="x", answer=device.create(options), site=SITE, holder="h", now=clock.now()
        )
    assert len(db.session.scalars(select(Passkey)).all()) == 1


def test_there_is_an_end_to_passkeys(app: Flask, ngan: User, noon: datetime) -> None:
    for number in range(MOST_PASSKEYS):
        give_passkey(ngan, name=str(number))
    with pytest.raises(RuleBroken, match="too_many_passkeys"), unit_of_work():
        second.ask_new_passkey(user_id=ngan.id, site=SITE, holder="h", now=noon)


PIECES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8), lambda one: st.lists(one, max_size=3)
)


@given(data=st.data())
@settings(max_examples=12)
def test_no_answer_breaks_the_site(sqlite_app: Flask, data: st.DataObject) -> None:
    """Also an answer to a true question, with parts replaced by anything: refused, never a crash."""
    with sqlite_app.app_context():
        client = sqlite_app.test_client()
        asked = client.post(f"{ENTER}/ask").text
        answer = json.loads(Authenticator().get(asked))
        for name in data.draw(st.lists(st.sampled_from(["id", "rawId", "type", "response"]), max_size=2)):
            answer[name] = data.draw(PIECES)
        if isinstance(answer["response"], dict):
            for name in data.draw(st.lists(st.sampled_from(sorted(answer["response"])), max_size=2)):
                answer["response"][name] = data.draw(PIECES)
        assert client.post(ENTER, data={"answer": json.dumps(answer)}).status_code in (422, 429)
        db.session.remove()


@pytest.mark.both_databases
@pytest.mark.parametrize("name", ["\x00", "a\x00b", "ố", "💡", "x" * 3000])
def test_strange_identifiers_are_unknown_ones(app: Flask, noon: datetime, name: str) -> None:
    with unit_of_work():
        options = second.ask_passkey(asked=Asked.ENTER, user_id=None, site=SITE, holder="h", now=noon)
    answer = json.loads(Authenticator().get(options)) | {"id": name, "rawId": name}
    with unit_of_work():
        shown = second.show_passkey(
            asked=Asked.ENTER, user_id=None, answer=json.dumps(answer), site=SITE, holder="h", now=noon
        )
    assert shown is None
    assert db.session.scalars(select(UserSession)).all() == []
