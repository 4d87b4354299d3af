"""Fixtures of the people tests."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.models import User
from contest.infra.hashing import hash_password
from tests.factories import Make

PASSWORD = "con mèo đọc báo"


def without_tokens(page: str) -> str:
    """The page without its form tokens, which differ from browser to browser."""
    return re.sub(r'(name="csrf[_-]token" (?:value|content)=")[^"]*', r"\1", page)


@pytest.fixture
def english(app: Flask) -> FlaskClient:
    """A visitor who reads English, so that tests quote the words of the code."""
    client = app.test_client()
    client.set_cookie("locale", "en")
    return client


@pytest.fixture
def ngan(make: Make) -> User:
    """A person with a password."""
    return make.user("Nguyễn Kim Ngân", email="ngan@example.vn", password_hash=hash_password(PASSWORD))
