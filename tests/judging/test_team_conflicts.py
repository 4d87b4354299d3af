"""A team names judges whom it knows, where the edition lets teams do so."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.models import Edition
from contest.infra.db import db, unit_of_work
from contest.judging.models import Assignment, Conflict, ConflictSettings
from contest.judging.states import Party
from contest.submissions.models import Submission, Team
from tests.factories import Make
from tests.judging.pages import words


class Room:
    """A captain with a submission, signed in, and a judge who is assigned to it."""

    def __init__(self, app: Flask, make: Make) -> None:
        self.edition: Edition = make.edition()
        self.captain: User = make.member(self.edition, Role.CAPTAIN, make.user("Trần Gia Hân"))
        self.submission: Submission = make.submission(self.edition)
        self.judge = make.judge(self.edition, make.user("Vũ Hoàng Long"), organisation="Vườn ươm Sài Gòn")
        make.assignment(make.round(self.edition), self.judge, self.submission)
        with unit_of_work() as session:
            session.get_one(Team, self.submission.team_id).captain_id = self.captain.id
        self.client: FlaskClient = app.test_client()
        make.sign_in(self.client, self.captain)
        self.client.set_cookie("locale", "en")
        self.page = f"/e/{self.edition.code}/team/{self.submission.public_id}/judges"
        self.person = db.session.get_one(User, self.judge.user_id).public_id

    def allow(self) -> None:
        with unit_of_work() as session:
            session.add(ConflictSettings(edition_id=self.edition.id, teams_declare=True))

    def name(self, **fields: str) -> int:
        sent = {"judge": self.person, "kind": "relative", "reason": "Cậu ruột", **fields}
        return self.client.post(self.page, data=sent).status_code


@pytest.fixture
def room(app: Flask, make: Make, noon: datetime) -> Room:
    return Room(app, make)


def test_who_judges_is_told_only_where_teams_are_asked(room: Room) -> None:
    public = f"/e/{room.edition.code}/"
    assert room.client.get(room.page).status_code == 404
    assert room.name() == 404
    assert "Judges whom we know" not in words(room.client.get(public))
    room.allow()
    assert "Vũ Hoàng Long · Vườn ươm Sài Gòn" in words(room.client.get(room.page))
    assert "Judges whom we know" in words(room.client.get(public))


def test_a_named_judge_loses_the_paper_and_may_come_back(room: Room) -> None:
    room.allow()
    assert room.name() == 303
    kept = db.session.query(Conflict).one()
    assert (kept.party, kept.reason, kept.declared_by) == (Party.TEAM, "Cậu ruột", room.captain.id)
    assert db.session.query(Assignment).count() == 0
    assert "Cậu ruột" in words(room.client.get(room.page))
    assert room.client.post(f"{room.page}/withdraw", data={"judge": room.person}).status_code == 303
    assert db.session.query(Conflict).count() == 0
    assert room.client.post(f"{room.page}/withdraw", data={"judge": room.person}).status_code == 404


@pytest.mark.parametrize("wrong", [{"judge": "khong-co"}, {"kind": "hacked"}, {"reason": ""}])
def test_what_is_incomplete_names_nobody(room: Room, wrong: dict[str, str]) -> None:
    room.allow()
    assert room.name(**wrong) == 422
    assert db.session.query(Conflict).count() == 0


def test_a_strange_team_finds_no_page(app: Flask, make: Make, room: Room) -> None:
    room.allow()
    other = app.test_client()
    make.sign_in(other, make.member(room.edition, Role.CAPTAIN, make.user("Ai đó")))
    assert other.get(room.page).status_code == 404
    assert other.post(room.page, data={"judge": room.person, "kind": "relative", "reason": "x"}).status_code == 404
