from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.models import User, UserSession
from contest.accounts.views import seen
from contest.errors import Busy
from contest.infra import clock
from contest.infra.db import db
from tests.accounts.conftest import PASSWORD
from tests.counting import counted

FROM = {"REMOTE_ADDR": "113.161.20.7"}
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.fixture
def me(english: FlaskClient, ngan: User, noon: datetime) -> FlaskClient:
    assert clock.now() == noon
    english.post(
        "/sign-in",
        data={"login": "ngan@example.vn", "password": PASSWORD},
        environ_overrides=FROM,
        headers={"User-Agent": AGENT},
    )
    return english


def row() -> UserSession:
    db.session.rollback()
    return db.session.query(UserSession).one()


def test_au_13_the_list_tells_when_and_where_a_device_was_last_used(me: FlaskClient, noon: datetime) -> None:
    with clock.stopped_at(noon + timedelta(minutes=7)):
        me.get("/", environ_overrides={"REMOTE_ADDR": "27.72.1.2"})
        page = " ".join(me.get("/account", environ_overrides={"REMOTE_ADDR": "27.72.1.2"}).text.split())

    assert "Firefox · Linux" in page
    assert "Last used 08/10/2026 12:07 from 27.72.x.x" in page
    assert "27.72.1.2" not in page
    assert page.count("This device") == 1


@pytest.mark.parametrize(("after", "noted"), [(timedelta(minutes=5, seconds=-1), 0), (timedelta(minutes=5), 7)])
def test_a_use_is_noted_once_in_five_minutes(
    app: Flask, me: FlaskClient, noon: datetime, after: timedelta, noted: int
) -> None:
    with clock.stopped_at(noon + after), counted(app) as statements:
        for _ in range(3):
            me.get("/account")

    writes = [one for one in statements if one.startswith("UPDATE user_sessions")]
    assert len(writes) == bool(noted)
    assert row().seen_at == (noon + after if noted else noon)


def test_a_sign_in_is_the_first_use(me: FlaskClient, noon: datetime) -> None:
    assert (row().seen_at, row().place) == (noon, "113.161.x.x")


def test_a_busy_database_closes_no_page(me: FlaskClient, noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def busy(**_values: object) -> None:
        asked.append(1)
        raise Busy

    with monkeypatch.context() as patched, clock.stopped_at(noon + timedelta(minutes=6)):
        patched.setattr("contest.accounts.services.note_use", busy)
        assert [me.get("/account").status_code for _ in range(3)] == [200] * 3
    assert (row().seen_at, len(asked)) == (noon, 1), "nobody waits for the same lock again"
    seen._database_rests.clear()  # noqa: SLF001  half a minute later
    with clock.stopped_at(noon + timedelta(minutes=7)):
        me.get("/account")
    assert row().seen_at == noon + timedelta(minutes=7)
