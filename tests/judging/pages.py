"""What the tests of the organiser's pages share: who is signed in, how an answer reads."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.models import Edition, Round
from contest.infra.db import db
from contest.judging.models import Judge
from tests.factories import Make


@dataclass(frozen=True)
class Desk:
    """An edition with its organiser signed in."""

    app: Flask
    make: Make
    client: FlaskClient
    edition: Edition
    organiser: User
    code: str
    edition_id: int

    def url(self, path: str) -> str:
        return f"/e/{self.code}/organise/{path}"

    def get(self, path: str) -> TestResponse:
        return self.client.get(self.url(path))

    def post(self, path: str, **fields: object) -> TestResponse:
        return self.client.post(self.url(path), data=fields)

    def at(self, round_: Round, path: str = "") -> str:
        return f"rounds/{round_.code}/{path}"

    def person(self, judge: Judge) -> str:
        """The judge's place in addresses."""
        found: str = db.session.get_one(User, judge.user_id).public_id
        return found


def desk_of(app: Flask, make: Make, role: Role = Role.ORGANISER) -> Desk:
    edition = make.edition()
    organiser = make.member(edition, role, make.user("Phạm Minh Tổ"))
    client = app.test_client()
    make.sign_in(client, organiser)
    client.set_cookie("locale", "en")
    return Desk(app, make, client, edition, organiser, edition.code, edition.id)


def words(answer: TestResponse) -> str:
    """The page's text without tags, on one line."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())
