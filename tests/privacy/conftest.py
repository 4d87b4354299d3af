"""A team of pupils in an edition that waits for consents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.models import Edition
from contest.editions.privacy import PrivacyRules, privacy_to_json
from contest.infra.db import db, unit_of_work
from contest.infra.mail import OutboxMail
from contest.privacy.services.tombstones import LIST
from contest.submissions.models import Consent, TeamMember
from tests.factories import Make
from tests.submissions.conftest import Entry, entry_in, parts_for

BORN = {"Lê Thị Ánh": 2009, "Trần Anh Dung": 2013, "Đỗ Ân": 2012}
"""The captain is 17 and agrees alone; the two others are 13 and 14."""
TAKE_PART, NAME = "take_part", "publish_name"


@dataclass
class Team:
    """The team with its people's browsers."""

    entry: Entry
    captain: FlaskClient
    organiser: FlaskClient
    person: User

    @property
    def base(self) -> str:
        return f"/e/{self.entry.edition.code}/team/{self.entry.public_id}/consents"

    @property
    def desk(self) -> str:
        return f"/e/{self.entry.edition.code}/organise/privacy"

    def member(self, name: str) -> int:
        db.session.rollback()
        return db.session.query(TeamMember).filter_by(team_id=self.entry.team.id, name=name).one().id

    def records(self) -> list[Consent]:
        db.session.rollback()
        return db.session.query(Consent).order_by(Consent.id).all()

    def give(self, name: str, *purposes: str, signed: str | None = None) -> int:
        """Tick as a member on the team's page."""
        page = f"{self.base}/{self.member(name)}"
        return ticked(self.captain, page, f"{page}/give", signed or name, *purposes)

    def ask_guardian(self, name: str, email: str = "me@example.org") -> str:
        """Have a link mailed to a guardian and return its address."""
        self.captain.post(f"{self.base}/{self.member(name)}/guardian", data={"guardian": "Mẹ Hoa", "email": email})
        db.session.rollback()
        mail = db.session.query(OutboxMail).order_by(OutboxMail.id.desc()).first()
        assert mail is not None
        assert mail.recipient == email
        found = re.search(r"/consent/[\w-]+", mail.body)
        assert found is not None
        return found[0]

    def guardian_agrees(self, name: str, *purposes: str) -> str:
        """A guardian opens the mailed link in a browser without an account and agrees."""
        link = self.ask_guardian(name)
        assert ticked(self.entry.app.test_client(), link, f"{link}/give", "Mẹ Hoa", *purposes) == 303
        return link

    def everybody(self, *purposes: str) -> str:
        """Everybody who is asked agrees; returns the link of the guardian of Trần Anh Dung."""
        for name in BORN:
            assert self.give(name, *purposes) == 303
        self.guardian_agrees("Đỗ Ân", *purposes)
        return self.guardian_agrees("Trần Anh Dung", *purposes)


def ticked(client: FlaskClient, page: str, target: str, signed: str, *purposes: str) -> int:
    """Read the page, tick and sign as a browser does."""
    text = client.get(page).text
    sent = dict(re.findall(r'name="(\w+_seen|language)"[^>]* value="([^"]*)"', text))
    return client.post(target, data={**sent, **dict.fromkeys(purposes, "y"), "signed": signed}).status_code


def born(entry: Entry) -> None:
    """Write the dates of birth of `BORN`."""
    with unit_of_work() as session:
        for member in session.query(TeamMember).filter_by(team_id=entry.team.id).all():
            member.birth_date = datetime(BORN[member.name], 3, 1).date()  # noqa: DTZ001  a day, no moment


@pytest.fixture(autouse=True)
def _no_tombstones(request: pytest.FixtureRequest) -> Iterator[None]:
    """Begin and leave without a list of who was erased: the data folder is that of all tests."""
    listed = Path(request.getfixturevalue("app").config["DATA_DIR"]) / LIST if "app" in request.fixturenames else None
    yield
    if listed is not None:
        listed.unlink(missing_ok=True)


@pytest.fixture
def pupils_edition(make: Make) -> Edition:
    """An open edition that waits for consents."""
    rules = privacy_to_json(PrivacyRules(required=True, contact="Cô Lan, 028 3333 4444"))
    edition = make.edition(privacy_rules=rules)
    make.track(edition, "A", name_vi="Học sinh", name_en="Pupils")
    make.field(edition, "edtech", name_vi="Giáo dục", name_en="Education")
    parts_for(make, edition)
    db.session.refresh(edition)
    return edition


@pytest.fixture
def team(app: Flask, make: Make, pupils_edition: Edition, noon: datetime) -> Team:
    """A complete draft of three pupils."""
    del noon
    entry = entry_in(app, make, pupils_edition).complete()
    born(entry)
    organiser = make.member(pupils_edition, Role.ORGANISER)

    def browser(user: User) -> FlaskClient:
        client = app.test_client()
        client.set_cookie("locale", "en")
        make.sign_in(client, user)
        return client

    return Team(entry, browser(entry.captain), browser(organiser), organiser)
