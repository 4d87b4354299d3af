"""LG-07: what was planted as a secret stands in no log line and in no fact of the trail, whatever goes wrong."""

from __future__ import annotations

import logging
from datetime import datetime
from smtplib import SMTPException
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from contest.accounts import services
from contest.infra import mailer
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from contest.infra.hashing import hash_password
from contest.infra.mail import SmtpServer, enqueue
from tests.factories import Make
from tests.judging.test_judge_views import Judging

PASSWORD, WRONG = "canary-chim-yen-4711", "canary-sai-4712"  # planted
BODY, MARK = "canary-mail-4713", "7.5"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def facts() -> str:
    db.session.rollback()
    rows = db.session.execute(
        select(AuditEntry.action, AuditEntry.subject, AuditEntry.facts).order_by(AuditEntry.id)
    ).all()
    return repr([tuple(row) for row in rows])


def cookie_of(client: FlaskClient, app: Flask) -> str:
    found = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert found is not None
    return found.value


def test_lg_07_signing_in_leaves_no_password_token_or_cookie(
    app: Flask, client: FlaskClient, make: Make, noon: datetime, lines: pytest.LogCaptureFixture
) -> None:
    person = make.user(email="yen@example.org", password_hash=hash_password(PASSWORD))
    for password in (WRONG, PASSWORD):
        client.post("/sign-in", data={"login": "yen@example.org", "password": password})
    cookie = cookie_of(client, app)
    with unit_of_work():
        token = services.issue_link(
            user_id=person.id, edition_id=None, secret_key=app.config["SECRET_KEY"], actor_id=person.id, now=noon
        ).token
    app.test_client().post(f"/s/{token}")
    said = lines.text + facts()
    assert [one for one in (PASSWORD, WRONG, cookie, token) if one in said] == []
    assert "sign-in failed" in lines.text


def test_lg_07_a_crash_names_neither_the_token_nor_the_values(
    app: Flask, client: FlaskClient, make: Make, lines: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.user(email="canary-4714@example.org")

    def crash(*_args: Any, **_values: Any) -> None:
        with unit_of_work() as session:
            session.execute(
                text("INSERT INTO users (public_id, name, email, is_admin, is_active, created_at) "
                     "SELECT 'x', name, :email, is_admin, is_active, created_at FROM users"),
                {"email": "canary-4714@example.org"},
            )  # fmt: skip

    settings: dict[str, Any] = {"PROPAGATE_EXCEPTIONS": False}
    for name, value in settings.items():
        monkeypatch.setitem(app.config, name, value)
    crash.__guard__ = "public"  # type: ignore[attr-defined]  # as the guard notes it
    monkeypatch.setitem(app.view_functions, "accounts.link", crash)
    assert client.get("/s/canary-token-4715").status_code == 500
    assert "UNIQUE constraint failed" in lines.text
    assert "/s/<token>" in lines.text
    assert [one for one in ("canary-token-4715", "canary-4714@") if one in lines.text] == []


def test_lg_07_marks_and_texts_of_judges_are_in_no_log_and_no_fact(
    make: Make, client: FlaskClient, noon: datetime, lines: pytest.LogCaptureFixture
) -> None:
    judging = Judging(make, client)
    judging.post({"C1": MARK}, feedback="canary-nhan-xet-4716")
    judging.autosave({"C1": "8.5"}, act="submit")
    assert [one for one in (MARK, "8.5", "canary-nhan-xet-4716") if one in lines.text] == []
    assert "canary-nhan-xet-4716" not in facts()


def test_lg_07_a_mail_that_fails_leaves_no_text(
    app: Flask, make: Make, noon: datetime, lines: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise SMTPException

    with unit_of_work():
        enqueue(scope="accounts", recipient="canary-4717@example.org", subject=BODY, body=BODY, now=noon)
    monkeypatch.setattr(mailer, "deliver", refuse)
    server = SmtpServer.from_url("smtp://someone:canary-smtp-4718@127.0.0.1:9", "no-reply@example.org")
    assert mailer.send_due(server) == (0, 1)
    assert "was not sent" in lines.text
    assert [one for one in (BODY, "canary-4717", "canary-smtp-4718") if one in lines.text] == []


def _take_the_name(email: str) -> None:
    with unit_of_work() as session:
        session.execute(text("UPDATE users SET name = NULL WHERE email = :email"), {"email": email})


def test_a_refused_value_is_not_told_by_the_error(app: Flask, make: Make) -> None:
    make.user(email="canary-4719@example.org")
    with pytest.raises(IntegrityError) as caught:
        _take_the_name("canary-4719@example.org")
    assert "canary-4719" not in str(caught.value)
