"""The commands that make the first administrator and a way in."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.models import User
from contest.infra import clock
from contest.infra.db import db
from tests.factories import Make


def run(app: Flask, *args: str) -> tuple[int, str]:
    answer = app.test_cli_runner().invoke(args=["accounts", *args])
    db.session.rollback()
    return answer.exit_code, answer.output


def people() -> list[User]:
    return list(db.session.scalars(select(User)))


@pytest.mark.both_databases
def test_the_first_administrator_enters_by_the_printed_link(app: Flask, noon: datetime) -> None:
    code, output = run(app, "create-admin", " Quản Trị ", "--email", "Admin@Example.vn")
    assert code == 0
    [user] = people()
    assert (user.name, user.email, user.is_admin, user.password_hash) == ("Quản Trị", "admin@example.vn", True, None)
    [path] = re.findall(r"^http://localhost(/s/\S+)$", output.strip())
    client = app.test_client()
    with clock.stopped_at(noon + timedelta(hours=23)):
        assert client.post(path).status_code == 303
        assert "Quản Trị" in client.get("/account").text


@pytest.mark.parametrize(
    ("email", "words"),
    [("no address", "login_not_valid"), ("taken@example.vn", "login_taken"), ("", "login_not_valid")],
)
def test_a_refused_administrator_is_not_made(app: Flask, make: Make, noon: datetime, email: str, words: str) -> None:
    make.user(email="taken@example.vn")
    code, output = run(app, "create-admin", "Quản Trị", "--email", email)
    assert code == 1
    assert words in output
    assert [user.is_admin for user in people()] == [False]


@pytest.mark.parametrize("login", ["ngan@example.vn", "Ngan@Example.vn", "0903123782"])
def test_a_link_for_a_person_who_is_locked_out(app: Flask, make: Make, noon: datetime, login: str) -> None:
    make.user("Kim Ngân", email="ngan@example.vn", phone="+84903123782")
    code, output = run(app, "link", login)
    assert code == 0
    client: FlaskClient = app.test_client()
    assert "Kim Ngân" in client.get(output.strip().removeprefix("http://localhost")).text


def test_nobody_gets_no_link(app: Flask, noon: datetime) -> None:
    code, output = run(app, "link", "nobody@example.vn")
    assert code == 1
    assert "nobody signs in with nobody@example.vn" in output
