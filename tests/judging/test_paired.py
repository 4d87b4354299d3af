"""A device that is paired for one round opens its judge's papers there, and nothing else."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.models import SignInLink, User, UserSession
from contest.accounts.roles import Role
from contest.infra.db import db
from tests.factories import Make
from tests.judging.test_judge_views import KEY, text_of

both = pytest.mark.both_databases


class Square:
    """A judge, who organises the season as well, with a paper in each of two rounds; and the organiser's screen."""

    def __init__(self, app: Flask, make: Make) -> None:
        self.app, self.make, self.edition = app, make, make.edition()
        self.person: User = make.user("Nguyễn Thị Minh Khai")
        self.judge = make.judge(self.edition, self.person)
        self.rounds = [make.round(self.edition, code=code) for code in ("r1", "r2")]
        self.submission = make.submission(self.edition)
        self.papers = [
            str(make.assignment(one, self.judge, make.submission(self.edition)).public_id) for one in self.rounds
        ]
        make.judge(self.edition, make.user("Trần Văn Khánh"))  # without a paper: no card
        self.desk = f"/e/{self.edition.code}/judging/"
        self.devices = f"/e/{self.edition.code}/organise/rounds/r1/devices"
        self.organiser = app.test_client()
        make.sign_in(self.organiser, make.member(self.edition, Role.ORGANISER, make.user("Phạm Minh Tổ")))
        self.organiser.set_cookie("locale", "en")

    def card(self) -> tuple[str, str]:
        """Print the codes of the first round; return the one link and the six digits."""
        page = self.organiser.post(self.devices)
        assert page.status_code == 200
        assert "Trần Văn Khánh" not in page.text
        db.session.rollback()
        assert db.session.scalars(select(SignInLink.round_id)).all() == [self.rounds[0].id]
        digits = re.search(r"(\d{3}) (\d{3})", text_of(page.text))
        assert digits is not None
        return self.edition.code, "".join(digits.groups())

    def tablet(self) -> FlaskClient:
        """Sign a borrowed tablet in with the digits, at the door."""
        client = self.app.test_client()
        client.set_cookie("locale", "en")
        code, digits = self.card()
        answer = client.post(f"/e/{code}/door", data={"code": digits}, headers={"User-Agent": "Chrome/120 Android"})
        assert answer.status_code == 303
        again = self.app.test_client().post(f"/e/{code}/door", data={"code": digits})
        assert again.status_code == 422  # each works once
        return client


@pytest.fixture
def square(app: Flask, make: Make, noon: datetime) -> Square:
    return Square(app, make)


@both
def test_a_paired_device_opens_the_papers_of_its_round_only(square: Square) -> None:
    tablet = square.tablet()
    first, second = square.papers
    assert tablet.get(square.desk + first).status_code == 200
    assert tablet.get(square.desk + second).status_code == 404
    listed = tablet.get(square.desk).text
    assert (first in listed, second in listed) == (True, False)
    kept = tablet.get(square.desk + "device/papers.json").get_json()["papers"]
    assert [one["paper"] for one in kept] == [first]
    entry = {"version": "0", "rubric_version": "1", "key": KEY, "mark-C1": "8"}
    script = {"X-Requested-With": "outbox"}
    assert tablet.post(square.desk + first, data=entry, headers=script).status_code == 200
    other = tablet.post(square.desk + second, data={**entry, "key": KEY[::-1]}, headers=script)
    assert other.status_code == 404
    assert tablet.get(square.desk + "mine/r2").status_code == 404


@both
def test_whoever_else_the_judge_is_the_paired_device_is_a_judges(square: Square) -> None:
    square.make.member(square.edition, Role.ORGANISER, square.person)
    tablet = square.tablet()
    for path in (f"/e/{square.edition.code}/organise/", "/account", f"/e/{square.edition.code}/organise/people"):
        assert tablet.get(path).status_code == 403, path
    assert "paired for one round" in text_of(tablet.get("/account").text)
    own = square.app.test_client()
    square.make.sign_in(own, square.person)
    assert own.get(f"/e/{square.edition.code}/organise/").status_code == 200
    assert own.get(square.desk + square.papers[1]).status_code == 200


@both
def test_the_organiser_sees_the_device_and_cuts_it_off_at_once(square: Square) -> None:
    tablet = square.tablet()
    page = square.organiser.get(square.devices)
    assert "Chrome · Android is paired as Nguyễn Thị Minh Khai" in text_of(page.text)
    person = square.organiser.get(f"/e/{square.edition.code}/organise/people/{square.person.public_id}")
    assert re.search(r"is paired as Nguyễn Thị Minh Khai For .+ only", text_of(person.text))
    action = re.search(r'action="([^"]*/devices/\d+/end)"', page.text)
    assert action is not None
    assert square.organiser.post(action[1]).status_code == 303
    assert tablet.get(square.desk + "device/hello.json", headers={"X-Requested-With": "outbox"}).status_code == 401
    assert "No device is paired" in text_of(square.organiser.get(square.devices).text)


def test_a_paired_device_signs_out_and_then_in_as_anybody(square: Square) -> None:
    tablet = square.tablet()
    assert tablet.post("/sign-out").status_code == 303
    db.session.rollback()
    held = db.session.scalars(select(UserSession).where(UserSession.round_id.is_not(None))).one()
    assert held.revoked_at is not None
    square.make.sign_in(tablet, square.person)
    assert tablet.get("/account").status_code == 200


def test_without_assignments_there_is_nobody_to_pair(square: Square) -> None:
    square.make.round(square.edition, code="r3")
    answer = square.organiser.post(square.devices.replace("r1", "r3"))
    assert answer.status_code == 409
    assert "Assign first" in text_of(answer.text)


def test_revoked_codes_of_a_round_open_nothing(square: Square) -> None:
    code, digits = square.card()
    base = f"/e/{square.edition.code}/organise/people/{square.person.public_id}/links/revoke"
    assert square.organiser.post(base).status_code == 303
    assert square.app.test_client().post(f"/e/{code}/door", data={"code": digits}).status_code == 422
