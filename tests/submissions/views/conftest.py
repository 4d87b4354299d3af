"""Clients that read English, so that the words under test are those of the source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contest.accounts.models import User
from tests.factories import Make
from tests.submissions.conftest import Entry

Answer = TestResponse


@pytest.fixture
def english(app: Flask) -> Callable[[], FlaskClient]:
    """Make a fresh browser that reads English."""

    def make() -> FlaskClient:
        client = app.test_client()
        client.set_cookie("locale", "en")
        return client

    return make


@pytest.fixture
def visitor(english: Callable[[], FlaskClient]) -> FlaskClient:
    """Nobody in particular."""
    return english()


@pytest.fixture
def captain(english: Callable[[], FlaskClient], make: Make, entry: Entry) -> FlaskClient:
    """The captain of the entry."""
    client = english()
    make.sign_in(client, entry.captain)
    return client


@pytest.fixture
def committee(english: Callable[[], FlaskClient], make: Make, organiser: User, entry: Entry) -> FlaskClient:
    """An organiser of the entry's edition."""
    client = english()
    make.sign_in(client, organiser)
    return client


def form_of(entry: Entry, **changes: Any) -> dict[str, Any]:
    """What the draft's form sends when everything but files is filled in."""
    return {
        "version": str(entry.row.version),
        "title": "Bản đồ ngập",
        "summary": "Người dân báo điểm ngập.",
        "track": "A",
        "field": "edtech",
        "part-problem": "Nước ngập mỗi mùa mưa",
        "part-notes": "",
        "part-video": "https://youtu.be/abc",
        **changes,
    }
