"""AU-11: before personal data, rights and keys, whoever signed in a while ago proves once more who they are."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.models import Membership, User, UserSession
from contest.accounts.roles import Role
from contest.editions.models import Edition
from contest.infra import clock
from contest.infra.db import db
from tests.accounts.conftest import PASSWORD
from tests.factories import Make
from tests.test_routes import address, rules

# Every view that hands out personal data, gives or takes rights, hands over a way in, overwrites, wipes or uses a key.
PROVEN = {
    "accounts.change_profile",  # the address to which links go
    "accounts.link_with",
    "accounts.unlink",
    "certificates.file",
    "certificates.merge",
    "exchange.export",
    "looks.sheet",
    "exchange.import_sheet",
    "exchange.load_bundle",
    "exchange.proof",
    "panel.add_judge",
    "panel.import_list",
    "panel.remove_judge",
    "panel.sheet",
    "papers.sign",
    "privacy.clear_file",
    "people.add",
    "people.grant",
    "people.issue",
    "people.mail_link",
    "people.remove_role",
    "people.sheet",
    "privacy.download_my_data",
    "privacy.erase",
    "privacy.hand_out",
    "privacy.person",
    "progress.pair",
    "rehearsal.start",
    "rehearsal.wipe",
    "results.workbook",
}
# These ask in their own form, see tests/results/test_proof.py and tests/stage.
ASK_THEMSELVES = {"awards.publish", "results.publish", "ceremony.publish", "people.remove_second_factor"}
# Addresses that sound alike, and why they need no proof.
HARMLESS = {
    "booths.drawing": "a map of stands",
    "booths.listed": "teams and their stands, as they hang in the hall",
    "booths.pdf": "a map of stands",
    "certificates.pdf": "one certificate, as its holder has it",
    "exchange.columns": "a step before the one that asks",
    "exchange.preview_sheet": "a step before the one that asks",
    "exchange.receive_sheet": "a step before the one that asks",
    "exchange.save_columns": "a step before the one that asks",
    "exchange.upload_sheet": "a step before the one that asks",
    "panel.import_page": "a step before the one that asks",
    "people.end_device": "puts a device out and lets none in",
    "progress.devices": "the list of paired devices",
    "exchange.plan_file": "codes of entries beside judges, who are named to the organiser on the page as well",
    "letters.all_letters": "what each team is told; no person is named",
    "papers.paper": "one paper to sign, as it is shown on the page",
    "papers.scan": "one signed paper, as it was put in",
    "published.ranking": "public",
    "results.ranking_file": "codes, teams and results without a person",
    "submissions.committee_file": "one file that the committee reads",
}
SOUNDS = re.compile(
    r"/export|\.(csv|xlsx|zip|json|pdf|docx|svg)|\.<any|/(roles|wipe|link|devices|sign|import)\b|(people|judges)/sheet"
)
LATER = timedelta(minutes=15, seconds=1)


@pytest.fixture
def organiser(make: Make, client: FlaskClient, ngan: User, edition: Edition, noon: datetime) -> User:
    make.member(edition, Role.ORGANISER, user=ngan)
    person = db.session.merge(ngan)
    person.is_admin = True  # may load bundles too
    db.session.commit()
    client.post("/sign-in", data={"login": "ngan@example.vn", "password": PASSWORD})
    client.set_cookie("locale", "en")
    return person


@pytest.fixture
def edition(make: Make) -> Edition:
    return make.edition(code="mua-thu-2026")


def asking(path: str, back: str = "/") -> str:
    """Return where a stale GET of a path is led."""
    thanks = f"/account/confirm?next={path}&back={back}"
    return f"/account/prove?next={thanks.replace('=', '%3D').replace('&', '%26')}"


def roles_page(person: User) -> str:
    return f"/e/mua-thu-2026/organise/people/{person.public_id}"


def prove(client: FlaskClient, password: str = PASSWORD, **query: str) -> Any:
    return client.post("/account/confirm", query_string=query, data={"proof-password": password})


def show(client: FlaskClient, asked: str, password: str = PASSWORD) -> Any:
    """Fill in the page that a stale GET was led to."""
    return client.post(asked, data={"password": password})


def test_each_such_view_is_on_the_list_and_asks(app: Flask) -> None:
    marked = {name for name, view in app.view_functions.items() if hasattr(view, "__proof__")}
    assert marked == PROVEN


def test_whatever_sounds_like_an_export_or_a_right_is_decided(app: Flask) -> None:
    decided = PROVEN | ASK_THEMSELVES | HARMLESS.keys()
    committee = [rule for rule in rules(app) if "/organise/" in rule.rule and SOUNDS.search(rule.rule)]
    assert sorted({rule.endpoint for rule in committee} - decided) == []


@pytest.mark.parametrize("endpoint", sorted(PROVEN - {"accounts.change_profile", "panel.import_list"}))
def test_stale_sessions_are_asked_and_nothing_happens(
    app: Flask, client: FlaskClient, organiser: User, noon: datetime, endpoint: str
) -> None:
    rule = next(rule for rule in rules(app) if rule.endpoint == endpoint)
    path = address(rule).replace("/e/khong-co/", "/e/mua-thu-2026/")
    with clock.stopped_at(noon + LATER):
        if "POST" in (rule.methods or set()):
            answer = client.post(path, data={"role": "chair"})
            assert (answer.status_code, "Is it you?" in answer.text) == (401, True)
        else:
            answer = client.get(path)
            assert (answer.status_code, answer.location) == (303, asking(path))
        assert (
            client.open(
                path,
                method="POST" if "POST" in (rule.methods or set()) else "GET",
                headers={"X-Requested-With": "fetch"},
            ).status_code
            == 401
        )


def test_who_has_just_signed_in_is_not_asked(client: FlaskClient, organiser: User, noon: datetime) -> None:
    with clock.stopped_at(noon + timedelta(minutes=15)):
        answer = client.get("/e/mua-thu-2026/organise/export")
        assert (answer.status_code, answer.mimetype) == (200, "application/zip")
        assert "Go on" in client.get("/account/confirm?next=/editions").text


def test_a_download_waits_behind_the_proof(client: FlaskClient, organiser: User, noon: datetime) -> None:
    path, page = "/e/mua-thu-2026/organise/export", "/e/mua-thu-2026/organise/files"
    with clock.stopped_at(noon + LATER):
        asked = client.get(path, headers={"Referer": f"http://localhost{page}"}).location
        assert asked == asking(path, page)
        assert "Your password, once more" in client.get(asked).text
        wrong = show(client, asked, "sai mật khẩu")
        assert (wrong.status_code, "This is not your password." in wrong.text) == (422, True)
        assert client.get(path).status_code == 303
        right = show(client, asked)
        assert (right.status_code, right.location) == (303, f"/account/confirm?next={path}&back={page}")
        thanks = client.get(right.location).text
        assert f'href="{page}"' in thanks
        assert f'action="{right.location.replace("&", "&amp;")}"' in thanks
        assert client.post(right.location).location == path
        assert client.get(path).mimetype == "application/zip"


def test_a_form_goes_on_with_all_that_was_typed(
    app: Flask, make: Make, client: FlaskClient, organiser: User, edition: Edition, noon: datetime
) -> None:
    judge = make.member(edition, Role.JUDGE)
    path = f"{roles_page(judge)}/roles"
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        with clock.stopped_at(noon + LATER):
            token = token_in(client.get(roles_page(judge)).text)
            asked = client.post(path, data={"role": "chair", "csrf_token": token})
            assert asked.status_code == 401
            assert not holds(judge, Role.CHAIR)
            carried = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', asked.text))
            action = re.search(r'<form method="post" action="(/account/confirm[^"]*)"', asked.text)
            assert action is not None
            assert carried["role"] == "chair"
            sent = {**carried, "proof-password": PASSWORD}
            again = client.post(action[1].replace("&amp;", "&"), data=sent)
            assert (again.status_code, again.location) == (307, path)
            assert client.post(again.location, data=sent).status_code == 303  # as a browser does by itself
            assert holds(judge, Role.CHAIR)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token" [^>]*value="([^"]+)"', page)
    assert found is not None
    return found[1]


def holds(person: User, role: Role) -> bool:
    db.session.rollback()
    held = select(Membership.role).where(Membership.user_id == person.id)
    return role in db.session.scalars(held).all()


def test_a_file_is_not_kept_and_the_page_says_so(client: FlaskClient, organiser: User, noon: datetime) -> None:
    path = "/e/mua-thu-2026/organise/results/r1/papers/sign"
    with clock.stopped_at(noon + LATER):
        answer = client.post(path, data={"sign-certificate": (BytesIO(b"a key"), "key.p12")})
        assert (answer.status_code, answer.location) == (303, "/account/prove?next=/")
        assert "choose the file again" in client.get(answer.location).text


def test_the_proof_renews_the_session_and_the_old_cookie_is_dead(
    app: Flask, client: FlaskClient, organiser: User, noon: datetime
) -> None:
    name = app.config["SESSION_COOKIE_NAME"]
    stolen = app.test_client()
    held = client.get_cookie(name)
    assert held is not None
    stolen.set_cookie(name, held.value)
    with clock.stopped_at(noon + LATER):
        assert stolen.get("/account").status_code == 200
        assert prove(client, next="/").status_code == 303
        assert stolen.get("/account").status_code == 303
        assert client.get("/account").status_code == 200
        alive = select(UserSession).where(UserSession.user_id == organiser.id, UserSession.revoked_at.is_(None))
        assert len(db.session.scalars(alive).all()) == 1


def test_guessing_ends_after_ten_wrong_passwords(client: FlaskClient, organiser: User, noon: datetime) -> None:
    with clock.stopped_at(noon + LATER):
        answers = [prove(client, f"đoán {turn}", next="/").status_code for turn in range(11)]
        assert answers == [422] * 10 + [429]


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_nobody_is_led_elsewhere(client: FlaskClient, organiser: User, noon: datetime, target: str) -> None:
    assert prove(client, next=target).location == "/"
    assert prove(client, then=target).location == "/"
    thanks = client.get("/account/confirm", query_string={"next": target, "back": target}).text
    assert 'action="/account/confirm?next=/&amp;back=/"' in thanks
    assert f'href="{target}' not in thanks
    with clock.stopped_at(noon + LATER):
        asked = client.get("/e/mua-thu-2026/organise/export", headers={"Referer": "https://evil.example/account"})
        assert asked.location == asking("/e/mua-thu-2026/organise/export")


def test_a_new_address_is_proved_and_a_new_name_is_not(client: FlaskClient, organiser: User, noon: datetime) -> None:
    with clock.stopped_at(noon + LATER):
        same = {"name": "Nguyễn Ngân", "email": "ngan@example.vn", "phone": "", "locale": ""}
        assert client.post("/account", data=same).status_code == 303
        moved = client.post("/account", data={**same, "email": "other@example.vn"})
        assert moved.status_code == 401
        assert 'name="email" value="other@example.vn"' in moved.text
    db.session.rollback()
    kept = db.session.get_one(User, organiser.id)
    assert (kept.name, kept.email) == ("Nguyễn Ngân", "ngan@example.vn")


def test_without_a_password_another_tab_helps_and_nothing_is_lost(
    make: Make, client: FlaskClient, edition: Edition, noon: datetime
) -> None:
    person, judge = make.member(edition, Role.ORGANISER), make.member(edition, Role.JUDGE)
    make.sign_in(client, person)
    client.set_cookie("locale", "en")
    path = f"{roles_page(judge)}/roles"
    with clock.stopped_at(noon + LATER):
        page = client.post(path, data={"role": "chair"})
        assert (page.status_code, 'name="role" value="chair"' in page.text) == (401, True)
        assert "Confirm in another tab" in page.text
        assert "Ask another organiser for a link" in page.text  # this site sends no mail
        assert prove(client, then=path).status_code == 422
        make.sign_in(client, person)  # the other tab
        assert (prove(client, then=path).status_code, prove(client, then=path).location) == (307, path)


def test_the_token_of_an_open_page_survives(app: Flask, client: FlaskClient, ngan: User, noon: datetime) -> None:
    def token_after_sign_in() -> str:
        client.post("/sign-in", data={"login": "ngan@example.vn", "password": PASSWORD})
        client.get("/account")
        with client.session_transaction() as session:
            return str(session["csrf_token"])

    first = token_after_sign_in()
    assert token_after_sign_in() == first
    client.post("/sign-out")
    assert token_after_sign_in() != first


def test_a_panel_list_is_shown_without_and_saved_with_a_proof(
    client: FlaskClient, organiser: User, noon: datetime
) -> None:
    with clock.stopped_at(noon + LATER):
        path, rows = "/e/mua-thu-2026/organise/judges/import", {"text": "Trần Quốc Đạt\tdat@example.vn"}
        assert client.post(path, data=rows).status_code == 200
        assert client.post(path, data={**rows, "action": "save"}).status_code == 401
