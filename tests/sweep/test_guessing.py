"""AU-03 and AU-04 at full size: ten thousand guesses, a hall of five hundred, two hundred pairs against the clock."""

from __future__ import annotations

import time
from collections import Counter
from statistics import median
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contest.accounts.models import User, UserSession
from contest.accounts.views import sign_in
from contest.infra import clock, hashing
from contest.infra.db import db
from contest.web.limits import limiter
from tests.accounts.conftest import PASSWORD
from tests.conftest import NOON
from tests.factories import Make

pytestmark = pytest.mark.trust
VICTIM = "ngan@example.vn"


@pytest.fixture
def ngan(make: Make) -> User:
    return make.user("Nguyễn Kim Ngân", email=VICTIM, password_hash=hashing.hash_password(PASSWORD))


def attempt(client: FlaskClient, login: str, password: str, address: str = "203.0.113.1") -> Any:
    data = {"login": login, "password": password}
    headers = {"X-Requested-With": "guesser"}  # a refusal is a line for a script, and a page for a person
    return client.post("/sign-in", data=data, headers=headers, environ_overrides={"REMOTE_ADDR": address})


@pytest.mark.timeout(900)
def test_ten_thousand_guesses_reach_a_hundred_passwords_and_the_owner_signs_in(
    app: Flask, ngan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def no(login: str, password: str) -> None:
        tried.append((login, password))

    with clock.stopped_at(NOON):
        owner, guesser = app.test_client(), app.test_client()
        assert attempt(owner, VICTIM, PASSWORD).status_code == 303
        owner.post("/sign-out")
        with monkeypatch.context() as patch:
            patch.setattr(sign_in, "password_owner", no)
            statuses = Counter(
                attempt(guesser, VICTIM, f"đoán {turn}", f"198.51.{turn % 50}.{turn % 199 + 1}").status_code
                for turn in range(10_000)
            )
        assert statuses == {422: 100, 429: 9_900}
        assert len(tried) == 100
        assert attempt(owner, VICTIM, PASSWORD).status_code == 303


@pytest.mark.timeout(900)
def test_a_hall_of_five_hundred_signs_in_behind_one_address(app: Flask, make: Make) -> None:
    kept = hashing.hash_password(PASSWORD)
    emails = [f"user{number}@example.vn" for number in range(500)]
    for email in emails:
        make.user("Người Dự Thi", email=email, password_hash=kept)
    with clock.stopped_at(NOON):
        for number, email in enumerate(emails):
            client = app.test_client()
            if number % 10 == 0:  # every tenth mistypes first
                assert attempt(client, email, "gõ nhầm").status_code == 422
            assert attempt(client, email, PASSWORD).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(UserSession)) == 500


@pytest.mark.timeout(900)
def test_the_clock_does_not_tell_who_has_an_account(app: Flask, ngan: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred pairs, in turns: the median of the differences is far below what a hash takes."""
    client = app.test_client()
    monkeypatch.setattr(limiter, "enabled", False)

    def cost(login: str) -> float:
        start = time.perf_counter()
        assert attempt(client, login, "sai mật khẩu").status_code == 422
        return time.perf_counter() - start

    pairs = [(cost(VICTIM), cost(f"nobody{turn}@example.vn")) for turn in range(200)]
    known = median(known for known, _ in pairs)
    difference = median(known - unknown for known, unknown in pairs)
    assert abs(difference) < known / 10, (difference, known)
