"""The pages: one's own data, a person's data for the organiser, how long what is kept."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.models import User
from contest.infra import clock
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.privacy.kinds import AskedBy, RequestKind
from contest.privacy.models import PrivacyRequest, RetentionRules
from contest.privacy.services import requests
from tests.factories import Make
from tests.privacy.world import ANN, BEN, World, build, holding

DESK = "/e/mua-thu-2026/organise/privacy"


@dataclass
class Office:
    """The world with the organiser's browser and a request to erase somebody."""

    world: World
    organiser: FlaskClient
    request: str

    @property
    def person(self) -> str:
        return f"{DESK}/requests/{self.request}/person"


def browser(make: Make, app: Flask, user_id: int) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("locale", "en")
    make.sign_in(client, db.session.get_one(User, user_id))
    return client


def asked(world: World, name: str, now: datetime) -> str:
    with unit_of_work():
        return requests.ask(
            edition_id=world.edition, kind=RequestKind.ERASURE, about=requests.About(name),
            asker=requests.Asker(AskedBy.GUARDIAN, f"Mẹ của {name}", "me@example.org"), words="Xin xóa",
            actor_id=world.organiser, now=now,
        ).public_id  # fmt: skip


@pytest.fixture
def office(make: Make, app: Flask, noon: datetime) -> Office:
    world = build(make, app, noon)
    return Office(world, browser(make, app, world.organiser), asked(world, BEN, noon))


def acts() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_pr_05_people_fetch_their_own_data(make: Make, app: Flask, office: Office) -> None:
    client = browser(make, app, office.world.ann)
    assert "/account/data" in client.get("/account").text
    answer = client.post("/account/data")
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (
        200,
        "application/zip",
        "no-store",
    )
    with zipfile.ZipFile(io.BytesIO(answer.data)) as held:
        assert json.loads(held.read("data.json"))["tables"]["users"][0]["name"] == ANN
    assert acts()[-1] == "data.exported"


def test_pr_05_a_stale_session_proves_itself_first(make: Make, app: Flask, office: Office, noon: datetime) -> None:
    client = browser(make, app, office.world.ann)
    with clock.stopped_at(noon + timedelta(hours=1)):
        assert client.post("/account/data").status_code == 401
        assert office.organiser.post(f"{office.person}/data").status_code == 401
        assert office.organiser.post(f"{office.person}/erase", data={"confirm": BEN}).status_code == 401
    assert "data.exported" not in acts()
    assert holding(BEN) != []


def test_the_organiser_sees_what_goes_before_it_goes(office: Office) -> None:
    before = holding(BEN)
    text = office.organiser.get(office.person).text
    assert "Entries in lists of members" in text
    assert "The team’s files stay" in text
    assert holding(BEN) == before


def test_pr_05_the_organiser_hands_out_the_data_of_a_member(office: Office) -> None:
    answer = office.organiser.post(f"{office.person}/data")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as held:
        said = held.read("data.json").decode()
    assert (BEN in said, ANN in said) == (True, False)


def test_pr_07_the_name_is_typed_before_anybody_is_erased(office: Office) -> None:
    for typed in ("", "Ai đó"):
        assert office.organiser.post(f"{office.person}/erase", data={"confirm": typed}).status_code == 422
    assert holding(BEN) != []
    assert office.organiser.post(f"{office.person}/erase", data={"confirm": BEN.lower()}).status_code == 303
    assert holding(BEN, "me@example.org") == []
    assert ANN in office.organiser.get("/e/mua-thu-2026/organise/submissions").text or holding(ANN) != []


def test_whoever_is_erased_is_found_no_more(office: Office) -> None:
    office.organiser.post(f"{office.person}/erase", data={"confirm": BEN})
    text = office.organiser.get(office.person).text
    assert "Nobody is found" in text
    assert office.organiser.post(f"{office.person}/data").status_code == 409
    assert office.organiser.post(f"{office.person}/erase", data={"confirm": "x"}).status_code == 409


def test_a_request_of_another_edition_is_not_there(make: Make, office: Office) -> None:
    other = make.edition("khac")
    with unit_of_work() as session:
        session.query(PrivacyRequest).update({PrivacyRequest.edition_id: other.id})
    assert office.organiser.get(office.person).status_code == 404
    assert office.organiser.post(f"{office.person}/erase", data={"confirm": BEN}).status_code == 404


def test_pr_09_the_page_tells_what_goes_when_and_sets_the_days(office: Office) -> None:
    assert "183 days after the contest" in office.organiser.get(f"{DESK}/retention").text
    days = {"entries": "100", "accounts": "365", "consents": "1826", "access": "365", "mail": "90", "files": "30"}
    assert office.organiser.post(f"{DESK}/retention", data={**days, "consents": "30"}).status_code == 422
    assert office.organiser.post(f"{DESK}/retention", data=days).status_code == 303
    assert "100 days after the contest" in office.organiser.get(f"{DESK}/retention").text
    assert db.session.scalars(select(RetentionRules.days)).all() == [{"entries": 100}]
    assert acts()[-1] == "retention.set"
