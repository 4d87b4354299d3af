"""Guards: who is let in, and what the others are told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import LoginManager, UserMixin
from werkzeug.wrappers import Response

import contest
from config import from_env
from contest import create_app
from contest.web.guards import Unguarded, administrator, demand_guards, mark, public, refuse_unguarded, signed_in


class Person(UserMixin):  # type: ignore[misc]  # flask-login ships no types
    def __init__(self, name: str) -> None:
        self.id = name
        self.is_admin = name == "admin"


@pytest.fixture
def bare() -> Flask:
    """An application with one view per guard, and without any for "forgotten"."""
    app = Flask(__name__)
    app.secret_key = "only for this test"
    LoginManager(app).user_loader(Person)
    refuse_unguarded(app)
    guards = {"open": public, "own": signed_in, "system": administrator}
    for name, guard in guards.items():

        def view(name: str = name) -> str:
            return name

        app.add_url_rule(f"/{name}", name, guard(view), methods=["GET", "POST"])
    app.add_url_rule("/forgotten", "forgotten", lambda: "forgotten")
    app.add_url_rule("/sign-in", "accounts.sign_in", public(lambda: "sign in"))
    return app


def client_of(app: Flask, name: str) -> FlaskClient:
    client = app.test_client()
    if name:
        with client.session_transaction() as session:
            session["_user_id"] = name
    return client


@pytest.mark.parametrize(
    ("path", "person", "status"),
    [
        ("/open", "", 200),
        ("/open", "an", 200),
        ("/own", "", 303),
        ("/own", "an", 200),
        ("/system", "", 303),
        ("/system", "an", 404),
        ("/system", "admin", 200),
        ("/forgotten", "", 403),
        ("/forgotten", "admin", 403),
        ("/no-such-page", "admin", 404),
    ],
)
def test_who_is_let_in(bare: Flask, path: str, person: str, status: int) -> None:
    answer = client_of(bare, person).get(path)
    assert answer.status_code == status
    assert status != 200 or answer.text == path.strip("/")


@pytest.mark.parametrize(
    ("asked", "back"), [("/own", "/own"), ("/own?a=1&b=x%26y", "/own?a%3D1%26b%3Dx%2526y"), ("/own?", "/own")]
)
def test_a_visitor_signs_in_and_comes_back(bare: Flask, asked: str, back: str) -> None:
    assert bare.test_client().get(asked).headers["Location"] == f"/sign-in?next={back}"


@pytest.mark.parametrize("path", ["/own", "/system"])
def test_what_cannot_come_back_is_refused(bare: Flask, path: str) -> None:
    client = bare.test_client()
    script = {"X-Requested-With": "fetch"}
    answers: list[Response] = [client.post(path), client.get(path, headers=script), client.head(path)]
    assert [answer.status_code for answer in answers] == [401, 401, 401]


def test_a_guard_keeps_the_name_of_the_view_and_tells_its_own() -> None:
    def people() -> str:
        return ""

    for guard in (signed_in, administrator):
        guarded = guard(people)
        assert guarded.__name__ == "people"
        assert vars(guarded)["__guard__"] == guard.__name__
    assert vars(mark(people, "own", like=people))["__guard__"] == "own"


def test_demanding_guards_names_every_view_without_one(bare: Flask) -> None:
    with pytest.raises(Unguarded, match="no guard says who may call forgotten, static"):
        demand_guards(bare)


@pytest.mark.parametrize("env", ["production", "development", "test"])
def test_ac_02_no_application_starts_around_an_unguarded_view(
    env: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"APP_ENV": env, "DATA_DIR": str(tmp_path), "DATABASE_URL": "sqlite://"}
    if env == "production":
        settings |= {"SECRET_KEY": "k" * 50 + "0123456789", "BASE_URL": "https://thi.example.org"}
    usual = contest._init_web  # noqa: SLF001  the place where another part of the application would be forgotten

    def and_one_more(app: Any) -> None:
        usual(app)
        app.add_url_rule("/forgotten", "forgotten", lambda: "open")

    create_app(from_env(settings))
    monkeypatch.setattr(contest, "_init_web", and_one_more)
    with pytest.raises(Unguarded, match="forgotten"):
        create_app(from_env(settings))
