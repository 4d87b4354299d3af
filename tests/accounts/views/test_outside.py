"""Signing in with a provider outside: a real one on the loopback, right and wrong in every way."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import func, select

from contest.accounts.models import Membership, User, UserSession
from contest.accounts.outside.models import OutsideLogin
from contest.accounts.outside.providers import Provider, read_providers
from contest.infra import clock
from contest.infra.audit import AuditEntry
from contest.infra.db import db
from tests.accounts.conftest import PASSWORD
from tests.accounts.provider import CLIENT, SECRET, LocalProvider, served
from tests.conftest import NOON
from tests.factories import Make

START = "/sign-in/with/school"
FAILED = "Signing in with Trường did not work."


@pytest.fixture(scope="module")
def running() -> Iterator[LocalProvider]:
    with served(NOON.timestamp()) as provider:
        yield provider


@pytest.fixture
def school(app: Flask, running: LocalProvider, noon: datetime, monkeypatch: pytest.MonkeyPatch) -> LocalProvider:
    """The provider without any fault, and a site that knows it."""
    blank = LocalProvider(issuer=running.issuer, key=running.key)
    vars(running).update({name: value for name, value in vars(blank).items() if name != "_codes"})
    offer(app, running, monkeypatch)
    return running


def offer(app: Flask, school: LocalProvider, monkeypatch: pytest.MonkeyPatch, **values: Any) -> None:
    section = {
        "name": "Trường",
        "discovery": f"{school.issuer}/.well-known/openid-configuration",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "own_network": True,
        **values,
    }
    providers, faults = read_providers({"school": section})
    assert faults == []
    monkeypatch.setitem(app.extensions, "outside", providers)
    monkeypatch.setattr("contest.accounts.outside.services.asking._DESCRIPTIONS", dict[Provider, Any]())


def enter(client: FlaskClient, school: LocalProvider, start: str = START) -> Any:
    """Go to the provider, agree there, and come back."""
    away = client.get(start)
    assert away.status_code == 303, away.text
    assert away.location.startswith(f"{school.issuer}/authorize?")
    return client.get(school.consent(away.location))


def signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def refused(answer: Any, words: str = FAILED) -> bool:
    """Tell whether the answer says so, and that nobody was let in and nothing written."""
    db.session.rollback()
    nobody = db.session.scalar(select(func.count()).select_from(UserSession)) == 0
    unlinked = db.session.scalar(select(func.count()).select_from(OutsideLogin)) == 0
    return answer.status_code == 422 and words in answer.text and nobody and unlinked


def test_a_verified_address_opens_the_account_that_has_it(
    english: FlaskClient, school: LocalProvider, ngan: User
) -> None:
    answer = enter(english, school, f"{START}?next=/editions")
    assert (answer.status_code, answer.location) == (303, "/editions")
    assert signed_in(english)
    row = db.session.scalars(select(OutsideLogin)).one()
    assert (row.user_id, row.issuer, row.subject, row.provider) == (ngan.id, school.issuer, "person-1", "school")
    assert db.session.scalars(select(Membership)).all() == []  # no word from outside gives a role
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert "outside.linked" in actions


def test_it_is_offered_only_when_the_settings_name_it(
    app: Flask, english: FlaskClient, school: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f'href="{START}"' in english.get("/sign-in").text
    monkeypatch.setitem(app.extensions, "outside", {})
    assert "/sign-in/with/" not in english.get("/sign-in").text
    assert english.get(START).status_code == 404


def test_the_session_and_the_cookie_are_new(
    app: Flask, english: FlaskClient, school: LocalProvider, ngan: User
) -> None:
    away = english.get(START)
    with english.session_transaction() as session:
        session["planted"] = "by somebody else"
    english.get(school.consent(away.location))
    with english.session_transaction() as session:
        assert "planted" not in session
        assert "errand" not in session


def test_the_subject_counts_later_and_not_the_address(
    app: Flask, make: Make, english: FlaskClient, school: LocalProvider, ngan: User
) -> None:
    other = make.user("Trần Quốc Đạt", email="dat@example.vn")
    assert enter(english, school).status_code == 303
    school.claims = {"email": "dat@example.vn"}  # the address of person-1 changed over there
    again = app.test_client()
    assert enter(again, school).status_code == 303
    rows = db.session.scalars(select(UserSession.user_id).order_by(UserSession.id)).all()
    assert rows == [ngan.id, ngan.id]
    assert other.id not in rows


def test_another_subject_with_the_address_takes_over_nothing(
    app: Flask, english: FlaskClient, school: LocalProvider, ngan: User
) -> None:
    assert enter(english, school).status_code == 303
    school.claims = {"sub": "person-2"}  # the address was given to somebody else over there
    stranger = app.test_client()
    stranger.set_cookie("locale", "en")
    answer = enter(stranger, school)
    assert (answer.status_code, "linked with another account of Trường" in answer.text) == (422, True)
    assert not signed_in(stranger)


UNVERIFIED: list[dict[str, Any]] = [
    {"email_verified": False},
    {"email_verified": "true"},
    {"email_verified": None},
    {"email": None},
]
WRONG: dict[str, dict[str, Any]] = {
    "wrong nonce": {"nonce": "of another errand"},
    "no nonce": {"nonce": None},
    "wrong audience": {"aud": "another client"},
    "two audiences, not for us": {"aud": [CLIENT, "another"], "azp": "another"},
    "wrong issuer": {"iss": "https://evil.example"},
    "expired": {"exp": int(NOON.timestamp()) - 61},
    "no end": {"exp": None},
    "from the future": {"iat": int(NOON.timestamp()) + 3600},
    "names nobody": {"sub": ""},
    "no subject": {"sub": None},
    "subject too long": {"sub": "x" * 256},
}


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG)
def test_a_wrong_token_lets_nobody_in(
    english: FlaskClient, school: LocalProvider, ngan: User, claims: dict[str, Any]
) -> None:
    school.claims = claims
    assert refused(enter(english, school))


@pytest.mark.parametrize(
    "claims", [{"email_verified": False}, {"email_verified": "true"}, {"email_verified": None}, {"email": None}]
)
def test_an_unverified_address_stands_for_nobody(
    english: FlaskClient, school: LocalProvider, ngan: User, claims: dict[str, Any]
) -> None:
    school.claims = claims
    assert refused(enter(english, school), "has not verified your e-mail address")


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("none", None),
        ("HS256", OctKey.import_key(SECRET)),
        ("RS256", RSAKey.generate_key(2048, {"kid": "first"})),
    ],
)
def test_a_token_signed_by_nobody_or_somebody_else_is_refused(
    english: FlaskClient, school: LocalProvider, ngan: User, algorithm: str, key: Any
) -> None:
    school.algorithm, school.signed_by = algorithm, key
    assert refused(enter(english, school))


def test_the_answer_to_another_errand_is_refused(
    app: Flask, english: FlaskClient, school: LocalProvider, ngan: User
) -> None:
    away = english.get(START)
    back = school.consent(away.location)
    assert refused(english.get(back.replace("state=", "state=x")))
    assert refused(english.get(back))  # used up, wrong as it was
    victim = app.test_client()
    victim.set_cookie("locale", "en")
    assert refused(victim.get(school.consent(app.test_client().get(START).location)))


def test_an_answer_comes_once_and_in_time(
    english: FlaskClient, school: LocalProvider, ngan: User, noon: datetime
) -> None:
    back = school.consent(english.get(START).location)
    with clock.stopped_at(noon + timedelta(minutes=10, seconds=1)):
        assert refused(english.get(back))
    back = school.consent(english.get(START).location)
    assert english.get(back).status_code == 303
    english.post("/sign-out")
    assert english.get(back).status_code == 422


def test_another_issuer_in_the_answer_is_refused(english: FlaskClient, school: LocalProvider, ngan: User) -> None:
    back = school.consent(english.get(START).location)
    assert refused(english.get(back.replace(f"iss={school.issuer}", "iss=https://evil.example")))


def test_who_says_no_over_there_comes_back_to_the_other_ways(english: FlaskClient, school: LocalProvider) -> None:
    school.consent(english.get(START).location)
    with english.session_transaction() as session:
        state = session["errand"]["state"]
    assert refused(english.get(f"{START}/back?error=access_denied&state={state}"))


@pytest.mark.parametrize("fault", ["moved", "long", "hosts", "no issuer"])
def test_a_description_that_leads_elsewhere_is_none(english: FlaskClient, school: LocalProvider, fault: str) -> None:
    school.moved, school.long = fault == "moved", fault == "long"
    if fault == "hosts":
        school.described = {"token_endpoint": "https://evil.example/token"}
    if fault == "no issuer":
        school.described = {"issuer": None}
    assert refused(english.get(START))
    assert school.asked == ["/.well-known/openid-configuration"]


def test_a_provider_that_is_down_leaves_the_other_ways(
    app: Flask, english: FlaskClient, ngan: User, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as deaf:  # holds the port and listens to nobody
        deaf.bind(("127.0.0.1", 0))
        offer(app, LocalProvider(issuer=f"http://127.0.0.1:{deaf.getsockname()[1]}"), monkeypatch)
        answer = english.get(START)
    assert (answer.status_code, FAILED in answer.text) == (422, True)
    assert english.post("/sign-in", data={"login": "ngan@example.vn", "password": PASSWORD}).status_code == 303


def test_a_stranger_is_refused_unless_the_domain_may_come(
    app: Flask, english: FlaskClient, school: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.claims = {"email": "moi@hcmut.edu.vn", "name": "Lê Mới"}
    assert refused(enter(english, school), "Nobody here has the address")
    offer(app, school, monkeypatch, creates=["hcmut.edu.vn"])
    for foreign in ("moi@evil.hcmut.edu.vn", "moi@hcmut.edu.vn.evil.example"):
        school.claims = {"email": foreign}
        assert refused(enter(english, school), "Nobody here has the address")
    school.claims = {"email": "Moi@HCMUT.edu.vn", "name": "Lê Mới"}
    assert enter(english, school).status_code == 303
    made = db.session.scalars(select(User)).one()
    assert (made.name, made.email, made.is_admin, made.password_hash) == ("Lê Mới", "moi@hcmut.edu.vn", False, None)
    assert db.session.scalars(select(Membership)).all() == []


def test_a_closed_account_stays_closed(english: FlaskClient, school: LocalProvider, ngan: User) -> None:
    assert enter(english, school).status_code == 303
    english.post("/sign-out")
    db.session.merge(ngan).is_active = False
    db.session.commit()
    assert "This account was closed." in enter(english, school).text
    assert not signed_in(english)


def link(client: FlaskClient, school: LocalProvider) -> Any:
    return enter(client, school, "/account/with/school")


def test_an_account_is_linked_and_unlinked_by_its_owner(
    app: Flask, make: Make, english: FlaskClient, school: LocalProvider, noon: datetime
) -> None:
    person = make.user("Trần Quốc Đạt", email="dat@example.vn")
    make.sign_in(english, person)
    school.claims = {"email_verified": False}  # linking asks for no address: both sides are proved
    assert link(english, school).location == "/account"
    page = english.get("/account").text
    assert "You can sign in with Trường from now on." in page
    assert 'action="/account/with/school/end"' in page
    fresh = app.test_client()
    assert enter(fresh, school).status_code == 303
    with clock.stopped_at(noon + timedelta(minutes=16)):
        assert english.post("/account/with/school/end").status_code == 401
    assert english.post("/account/with/school/end").status_code == 303
    assert db.session.scalars(select(OutsideLogin)).all() == []
    assert english.post("/account/with/school/end").status_code == 404


def test_nobody_links_what_belongs_to_another(
    app: Flask, make: Make, english: FlaskClient, school: LocalProvider, ngan: User
) -> None:
    assert enter(app.test_client(), school).status_code == 303
    make.sign_in(english, make.user("Trần Quốc Đạt", email="dat@example.vn"))
    link(english, school)
    assert "belongs to somebody else here" in english.get("/account").text
    assert db.session.scalars(select(OutsideLogin.user_id)).all() == [ngan.id]


def test_a_link_that_another_person_began_is_refused(
    make: Make, english: FlaskClient, school: LocalProvider, noon: datetime
) -> None:
    make.sign_in(english, make.user("Trần Quốc Đạt", email="dat@example.vn"))
    back = school.consent(english.get("/account/with/school").location)
    make.sign_in(english, make.user("Lê Thị Ánh", email="anh@example.vn"))
    english.get(back)
    assert db.session.scalars(select(OutsideLogin)).all() == []
