"""An organiser who is signed in, and the answers as a person reads them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from html import unescape
from re import sub

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.models import Edition
from tests.factories import Make

Words = Callable[[TestResponse], str]


@pytest.fixture
def words() -> Words:
    """The visible text of an answer on one line."""

    def read(answer: TestResponse) -> str:
        body = sub(r"<(script|style)\b.*?</\1>", " ", answer.get_data(as_text=True))
        return " ".join(unescape(sub(r"<[^>]+>", " ", body)).split())

    return read


@pytest.fixture
def edition(app: Flask, make: Make, noon: datetime) -> Edition:
    return make.edition(state="draft")


@pytest.fixture
def organiser(make: Make, client: FlaskClient, edition: Edition) -> User:
    """The edition's organiser, signed in, reading English."""
    person = make.member(edition, Role.ORGANISER)
    make.sign_in(client, person)
    client.set_cookie("locale", "en")
    return person
