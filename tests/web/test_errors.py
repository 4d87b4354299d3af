"""Error answers: pages for people, JSON for scripts, and nothing that tells a stranger what exists."""

from __future__ import annotations

import errno
import logging

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.exceptions import MethodNotAllowed, ServiceUnavailable, TooManyRequests

from contest.errors import NotAllowed, NotFound, Refused, RuleBroken, StorageFull
from contest.web.errors import PAGES, error_answer, status_of
from contest.web.guards import public

SCRIPT = {"X-Requested-With": "fetch"}
FAILURES: dict[str, Exception] = {
    "rule": RuleBroken("scoring_closed"),
    "forbidden": NotAllowed(),
    "missing": NotFound(),
    "method": MethodNotAllowed(["GET", "PUT"]),
    "later": TooManyRequests(retry_after=30),
    "down": ServiceUnavailable(retry_after=60),
    "full": StorageFull(),
    "disk": OSError(errno.ENOSPC, "No space left on device"),
    "crash": ZeroDivisionError("the secret of the crash"),
}
STATUS = {
    "rule": 409,
    "forbidden": 403,
    "missing": 404,
    "method": 405,
    "later": 429,
    "down": 503,
    "full": 507,
    "disk": 507,
    "crash": 500,
}


def failing(what: str) -> str:
    raise FAILURES[what]


@pytest.fixture
def broken(app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of the real application whose health check fails as the query says."""
    monkeypatch.setitem(app.view_functions, "web.healthz", public(lambda: failing(_asked())))
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", 0)
    client = app.test_client()
    client.set_cookie("locale", "en")
    return client


def _asked() -> str:
    return request.args["what"]


@pytest.mark.parametrize("what", FAILURES)
def test_people_get_a_page(broken: FlaskClient, what: str) -> None:
    answer = broken.get(f"/healthz?what={what}")
    assert answer.status_code == STATUS[what]
    assert answer.mimetype == "text/html"
    assert '<main class="' in answer.text
    assert "secret of the crash" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("what", FAILURES)
def test_scripts_get_json(broken: FlaskClient, what: str) -> None:
    answer = broken.get(f"/healthz?what={what}", headers=SCRIPT)
    assert answer.status_code == STATUS[what]
    found = answer.get_json()
    assert found.keys() == {"error", "message", "error_id"}
    failure = FAILURES[what]
    usual = failure.code if isinstance(failure, Refused) else str(STATUS[what])
    assert found["error"] == ("storage_full" if what == "disk" else usual)
    assert bool(found["error_id"]) == (what == "crash")


def test_a_refusal_is_said_in_words(broken: FlaskClient) -> None:
    assert "Scoring is not open now." in broken.get("/healthz?what=rule").text
    assert broken.get("/healthz?what=rule", headers=SCRIPT).get_json()["message"].startswith("Scoring is not open")


def test_a_hidden_thing_looks_like_a_missing_one(broken: FlaskClient) -> None:
    hidden = broken.get("/healthz?what=missing")
    missing = broken.get("/no-such-page?what=missing")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.text.replace("/healthz", "/no-such-page") == missing.text


@pytest.mark.parametrize(
    ("what", "name", "value"),
    [("method", "Allow", "GET, PUT"), ("later", "Retry-After", "30"), ("down", "Retry-After", "60")],
)
def test_what_the_standard_asks_for_is_kept(broken: FlaskClient, what: str, name: str, value: str) -> None:
    assert broken.get(f"/healthz?what={what}").headers[name] == value


def test_a_crash_is_logged_under_the_number_that_is_shown(
    broken: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        found = broken.get("/healthz?what=crash", headers=SCRIPT).get_json()["error_id"]
    (record,) = [record for record in caplog.records if record.getMessage().startswith("error ")]
    assert record.getMessage() == f"error {found} on GET /healthz"
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ZeroDivisionError)


@pytest.mark.parametrize(("status", "page"), [(404, 404), (418, 400), (451, 400), (500, 500), (502, 500), (503, 503)])
def test_a_status_without_a_page_of_its_own_has_the_general_one(sqlite_app: Flask, status: int, page: int) -> None:
    assert page in PAGES
    with sqlite_app.test_request_context("/somewhere"):
        body, answered = _pair(error_answer(status))
        expected, _ = _pair(error_answer(page))
    assert answered == status
    assert body == expected


def _pair(answer: object) -> tuple[str, int]:
    assert isinstance(answer, tuple)
    return str(answer[0]), int(answer[1])


@pytest.mark.parametrize(
    ("refused", "status"),
    [(RuleBroken("x"), 409), (NotAllowed(), 403), (NotFound(), 404), (StorageFull(), 507), (Refused("x"), 409)],
)
def test_refusals_have_a_status(refused: Refused, status: int) -> None:
    assert status_of(refused) == status


def test_a_form_without_its_token_says_so(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        client = app.test_client()
        client.set_cookie("locale", "en")
        page = client.post("/locale")
        script = client.post("/locale", headers=SCRIPT)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert (page.status_code, script.status_code) == (400, 400)
    assert "This page was open for too long." in page.text
    assert script.get_json()["error"] == "csrf"


@pytest.mark.parametrize(
    ("method", "path", "size", "status", "words"),
    [
        ("GET", "/nothing-here", 0, 404, "There is nothing at this address"),
        ("POST", "/healthz", 0, 405, "This address cannot be used that way"),
        ("POST", "/sign-in", 3_000_000, 413, "This is too long to be taken"),
    ],
)
def test_a_script_is_told_what_is_wrong(
    client: FlaskClient, method: str, path: str, size: int, status: int, words: str
) -> None:
    client.set_cookie("locale", "en")
    answer = client.open(path, method=method, data=b"a" * size, headers=SCRIPT)
    assert (answer.status_code, answer.get_json()) == (status, {"error": str(status), "message": words, "error_id": ""})
