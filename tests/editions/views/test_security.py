"""AU-10: an edition that wants it opens to its committee with a second factor only."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts import services
from contest.accounts.models import User, UserSession
from contest.accounts.roles import Role
from contest.accounts.second.queries import committee_counts, factors_of, has_second_factor
from contest.editions.models import Edition
from contest.infra import clock
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from tests.accounts.second.conftest import give_app, give_codes, give_passkey, mails
from tests.factories import Make

SECURITY = "/e/mua-thu-2026/organise/security"
PEOPLE = "/e/mua-thu-2026/organise/people"


@pytest.fixture
def edition(make: Make) -> Edition:
    return make.edition()


@pytest.fixture
def strict(make: Make, edition: Edition, noon: datetime) -> Edition:
    """The edition, after somebody has required a second factor."""
    with unit_of_work():
        db.session.merge(edition).second_factor_required = True
    return edition


def browser(app: Flask, make: Make, user: User) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("locale", "en")
    make.sign_in(client, user)
    return client


def actions(scope: str) -> list[str]:
    found = select(AuditEntry.action).where(AuditEntry.scope == scope).order_by(AuditEntry.id)
    return list(db.session.scalars(found))


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.SECRETARY])
def test_the_committee_is_led_to_set_one_up(app: Flask, make: Make, strict: Edition, role: Role) -> None:
    client = browser(app, make, make.member(strict, role))
    for path in ("/e/mua-thu-2026/", "/e/mua-thu-2026/organise/", PEOPLE, SECURITY):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (303, f"/account/second-step?next={path}")
    assert client.post(PEOPLE, data={"name": "Lê An", "role": "observer"}).status_code == 403
    assert client.get(PEOPLE, headers={"X-Requested-With": "x"}).status_code == 403
    page = client.get(f"/account/second-step?next={PEOPLE}").text
    assert "This season asks for a second step" in page


def test_the_set_up_leads_back(app: Flask, make: Make, strict: Edition) -> None:
    client = browser(app, make, make.member(strict, Role.ORGANISER))
    client.get(client.get(PEOPLE).location)
    client.post("/account/second-step/app")
    secret = re.findall(r'data-copy="([A-Z2-7 ]+)"', client.get("/account/second-step/app").text)[0].replace(" ", "")
    code = pyotp.TOTP(secret).at(clock.now())
    page = client.post("/account/second-step/app/confirm", data={"code": code}).text
    assert f'href="{PEOPLE}"' in page
    assert client.get(PEOPLE).status_code == 200


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/"])
def test_it_leads_to_pages_of_ours_only(app: Flask, make: Make, noon: datetime, target: str) -> None:
    user = make.user()
    client = browser(app, make, user)
    client.get("/account/second-step", query_string={"next": target})
    give_app(app, user)
    page = client.get("/account/second-step", query_string={"next": target}).text
    assert "evil.example" not in page.replace("next=", "").partition("<main")[2]
    assert "evil.example" not in client.post("/account/second-step/codes").text


def test_the_administrator_too(app: Flask, make: Make, strict: Edition) -> None:
    client = browser(app, make, make.user(is_admin=True))
    assert client.get(PEOPLE).location == f"/account/second-step?next={PEOPLE}"


@pytest.mark.parametrize("role", [Role.JUDGE, Role.CAPTAIN, Role.OBSERVER, Role.CHAIR, Role.MENTOR])
def test_nobody_else_is(app: Flask, make: Make, strict: Edition, role: Role) -> None:
    client = browser(app, make, make.member(strict, role))
    assert client.get("/e/mua-thu-2026/").status_code == 200
    assert app.test_client().get("/e/mua-thu-2026/").status_code == 200


def test_other_editions_stay_open(app: Flask, make: Make, strict: Edition) -> None:
    other = make.edition("mua-xuan-2027")
    organiser = make.member(strict, Role.ORGANISER)
    make.member(other, Role.ORGANISER, organiser)
    assert browser(app, make, organiser).get("/e/mua-xuan-2027/organise/people").status_code == 200


@pytest.mark.parametrize("factor", ["app", "passkey"])
def test_with_a_factor_all_is_open(app: Flask, make: Make, strict: Edition, factor: str) -> None:
    organiser = make.member(strict, Role.ORGANISER)
    client = browser(app, make, organiser)
    assert client.get(PEOPLE).status_code == 303
    if factor == "app":
        give_app(app, organiser)
    else:
        give_passkey(organiser)
    assert client.get(PEOPLE).status_code == 200


def test_recovery_codes_alone_do_not_count(app: Flask, make: Make, strict: Edition) -> None:
    organiser = make.member(strict, Role.ORGANISER)
    give_codes(organiser)
    assert browser(app, make, organiser).get(PEOPLE).status_code == 303


def test_no_page_of_the_committee_is_left_open(app: Flask, make: Make, strict: Edition) -> None:
    client = browser(app, make, make.member(strict, Role.ORGANISER))
    asked = 0
    for rule in app.url_map.iter_rules():
        if rule.arguments != {"edition_code"}:
            continue
        path = rule.rule.replace("<edition_code>", strict.code)
        if "GET" in (rule.methods or set()):
            assert client.get(path).location == f"/account/second-step?next={path}", path
        if "POST" in (rule.methods or set()):
            assert client.post(path).status_code in (403, 401, 429), path
        asked += 1
    assert asked > 80


def test_a_hidden_edition_stays_hidden(app: Flask, make: Make) -> None:
    make.edition("an", state="draft", second_factor_required=True)
    client = browser(app, make, make.user())
    assert client.get("/e/an/").status_code == 404


def test_it_is_switched_and_holds_at_once(app: Flask, make: Make, edition: Edition, noon: datetime) -> None:
    organiser = make.member(edition, Role.ORGANISER)
    give_app(app, organiser)
    colleague = browser(app, make, make.member(edition, Role.SECRETARY))
    client = browser(app, make, organiser)
    assert colleague.get(PEOPLE).status_code == 200
    assert "1 of 2 people" in client.get(SECURITY).text
    assert client.post(SECURITY, data={"required": "1"}).location == SECURITY
    assert colleague.get(PEOPLE).status_code == 303
    assert client.post(SECURITY, data={"required": "1"}).status_code == 303
    assert client.post(SECURITY, data={"required": "0"}).status_code == 303
    assert colleague.get(PEOPLE).status_code == 200
    assert actions(f"edition:{edition.id}") == ["second.required", "second.not_required"]


@pytest.mark.parametrize("required", ["", "2", "yes"])
def test_nothing_else_is_taken(app: Flask, make: Make, edition: Edition, noon: datetime, required: str) -> None:
    client = browser(app, make, make.member(edition, Role.ORGANISER))
    assert client.post(SECURITY, data={"required": required}).status_code == 422
    assert actions(f"edition:{edition.id}") == []


def test_the_switch_asks_for_a_fresh_proof(app: Flask, make: Make, strict: Edition, noon: datetime) -> None:
    organiser = make.member(strict, Role.ORGANISER)
    phone = give_app(app, organiser)
    client = browser(app, make, organiser)
    with clock.stopped_at(noon + timedelta(hours=1)):
        assert client.post(SECURITY, data={"required": "0"}).status_code == 422
        assert client.post(SECURITY, data={"required": "0", "one_time": phone.code()}).status_code == 303


def test_a_copy_keeps_the_setting(app: Flask, make: Make, strict: Edition, noon: datetime) -> None:
    organiser = make.member(strict, Role.ORGANISER)
    give_app(app, organiser)
    client = browser(app, make, organiser)
    assert (
        client.post("/e/mua-thu-2026/organise/clone", data={"code": "mua-moi", "name_vi": "Mùa mới"}).status_code == 303
    )
    assert db.session.scalars(select(Edition.second_factor_required).order_by(Edition.id)).all() == [True, True]


@pytest.mark.both_databases
def test_the_count_knows_apps_and_passkeys(app: Flask, make: Make, edition: Edition, noon: datetime) -> None:
    people = [make.member(edition, role) for role in (Role.ORGANISER, Role.SECRETARY, Role.ORGANISER, Role.JUDGE)]
    make.member(edition, Role.SECRETARY, people[0])
    assert committee_counts(edition.id) == (3, 0)
    give_app(app, people[0])
    give_passkey(people[1])
    give_passkey(people[3])
    assert committee_counts(edition.id) == (3, 2)


def remove(client: FlaskClient, person: User, **data: str) -> int:
    return client.post(f"{PEOPLE}/{person.public_id}/second-step/remove", data=data).status_code


def test_the_administrator_removes_a_lost_one(app: Flask, make: Make, edition: Edition, noon: datetime) -> None:
    judge, admin = make.member(edition, Role.JUDGE), make.user(is_admin=True)
    give_app(app, judge)
    give_passkey(judge)
    give_codes(judge)
    theirs, client = browser(app, make, judge), browser(app, make, admin)
    assert "Remove the second step" in client.get(f"{PEOPLE}/{judge.public_id}").text
    assert remove(client, judge) == 303
    assert (factors_of(judge.id).any, factors_of(judge.id).codes_left) == (False, 0)
    assert theirs.get("/account").status_code == 303
    assert [(who, "System administrator" in body or "Quản trị" in body) for who, body in mails()] == [
        (judge.email, True)
    ]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "second.removed")).one()
    assert (entry.actor_id, entry.subject) == (admin.id, f"user:{judge.id}")
    assert remove(client, judge) == 404


def test_organisers_neither_see_nor_remove_it(app: Flask, make: Make, edition: Edition, noon: datetime) -> None:
    judge = make.member(edition, Role.JUDGE)
    give_app(app, judge)
    client = browser(app, make, make.member(edition, Role.ORGANISER))
    page = client.get(f"{PEOPLE}/{judge.public_id}").text
    assert "second-step" not in page.partition("<main")[2]
    assert remove(client, judge) == 404
    assert has_second_factor(judge.id)


def test_removing_asks_for_a_fresh_proof(app: Flask, make: Make, edition: Edition, noon: datetime) -> None:
    judge, admin = make.member(edition, Role.JUDGE), make.user(is_admin=True)
    give_app(app, judge)
    phone = give_app(app, admin)
    client = browser(app, make, admin)
    with clock.stopped_at(noon + timedelta(hours=1)):
        assert remove(client, judge) == 422
        assert has_second_factor(judge.id)
        assert remove(client, judge, one_time=phone.code()) == 303


def test_a_command_helps_the_only_administrator(app: Flask, make: Make, noon: datetime) -> None:
    admin = make.user(email="admin@example.vn", is_admin=True)
    give_app(app, admin)
    with unit_of_work():
        services.start_session(user_id=admin.id, device="d", now=noon)
    run = app.test_cli_runner().invoke
    answer = run(args=["accounts", "remove-second-step", "Admin@example.vn"])
    assert answer.exit_code == 0, answer.output
    db.session.rollback()
    assert not has_second_factor(admin.id)
    assert db.session.scalars(select(UserSession.revoked_at)).one() == noon
    assert actions("accounts")[-2:] == ["second.removed", "sessions.ended"]
    assert [who for who, _body in mails()] == ["admin@example.vn"]
    assert run(args=["accounts", "remove-second-step", "admin@example.vn"]).exit_code == 1
    assert run(args=["accounts", "remove-second-step", "nobody@example.vn"]).exit_code == 1
