"""Who may ask, and under which name: writes from other sites, other hosts, tricks with methods and paths."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import from_env
from contest import create_app
from contest.accounts.roles import Role
from contest.infra.audit import AuditEntry
from contest.infra.db import db
from tests.factories import Make

HOME = "/e/mua-thu-2026/organise/"


@pytest.fixture
def organiser(app: Flask, make: Make, client: FlaskClient) -> FlaskClient:
    edition = make.edition()
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    return client


def acts() -> int:
    return db.session.query(AuditEntry).count()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:9999"},
    ],
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/account/language"])
def test_a_write_from_another_site_is_refused(organiser: FlaskClient, path: str, headers: dict[str, str]) -> None:
    before = acts()
    assert organiser.post(path, headers=headers).status_code == 403
    assert organiser.get("/account").status_code == 200, "still signed in"
    assert acts() == before


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},
        {"Origin": "null"},
    ],
)
def test_a_write_from_a_page_of_ours_arrives(organiser: FlaskClient, headers: dict[str, str]) -> None:
    assert organiser.post("/sign-out", headers=headers).status_code == 303
    assert organiser.get("/account").status_code == 303


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost"])
def test_no_other_origin_may_read(organiser: FlaskClient, origin: str) -> None:
    for method in ("GET", "OPTIONS"):
        answer = organiser.open("/account", method=method, headers={"Origin": origin})
        assert [name for name in answer.headers.keys() if name.lower().startswith("access-control")] == []  # noqa: SIM118


@pytest.fixture
def narrow(tmp_path: Path) -> FlaskClient:
    """A site in production, behind one proxy."""
    key = "k3Yq9_x7LmZp2RtVb8NcWd5FgHj4SaQe"
    environ = {"APP_ENV": "production", "SECRET_KEY": key, "BASE_URL": "https://thi.example.vn", "TRUSTED_PROXIES": "1"}
    return create_app(from_env({**environ, "DATA_DIR": str(tmp_path)})).test_client()


@pytest.mark.parametrize(
    "host", ["evil.example", "thi.example.vn.evil.example", "xthi.example.vn", "[::1]", "a b", "[", ""]
)
def test_an_unknown_host_is_no_address_of_ours(narrow: FlaskClient, host: str) -> None:
    for path in ("/sign-in", "/healthz", "/static/css/app.css", "/no-such-page"):
        for headers in ({"Host": host}, {"Host": "thi.example.vn", "X-Forwarded-Host": host or "?"}):
            with narrow.get(path, headers=headers) as answer:
                assert answer.status_code == 400, path
                assert "evil" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "host", ["thi.example.vn", "THI.example.vn", "thi.example.vn:8443", "localhost", "127.0.0.1:8000"]
)
def test_the_hosts_that_are_known_are_answered(narrow: FlaskClient, host: str) -> None:
    for headers in ({"Host": host}, {"Host": "inside:8000", "X-Forwarded-Host": host}):
        assert narrow.get("/manifest.webmanifest", headers=headers).status_code in (200, 404)


def test_a_forwarded_host_is_nothing_without_a_proxy_that_is_known(client: FlaskClient) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}
    page = client.get("/sign-in", headers=forged)
    assert page.status_code == 200
    assert "evil.example" not in page.get_data(as_text=True) + str(page.headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-HTTP-Method-Override": "GET"},
        {"X-HTTP-Method": "GET"},
        {"X-Method-Override": "GET"},
    ],
)
def test_no_header_changes_the_method(organiser: FlaskClient, headers: dict[str, str]) -> None:
    assert organiser.post("/account/devices/999/end", headers=headers).status_code == 404
    assert organiser.get("/sign-out", headers=dict.fromkeys(headers, "POST")).status_code == 405
    assert organiser.get("/sign-out?_method=POST").status_code == 405
    assert organiser.get("/account").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        HOME + "/",
        "/" + HOME,
        HOME.upper(),
        HOME.replace("organise", "Organise"),
        HOME + "%2e%2e/organise/",
        HOME + ";x",
        HOME.replace("/organise", "/./organise"),
        HOME + "outbox.css",
        HOME + "people/x.js",
        "/account.json",
        "/account/x.css",
    ],
)
def test_no_spelling_of_a_path_opens_what_is_closed(organiser: FlaskClient, client: FlaskClient, path: str) -> None:
    visitor = client.application.test_client()
    for who in (visitor, organiser):
        answer = who.get(path)
        assert answer.status_code in (303, 308, 404), answer.status_code
        assert answer.headers.get("Location", "/").startswith(("/", "http://localhost/"))
        assert "public" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/.git/HEAD",
        "/.env",
        "/config.py",
        "/wsgi.py",
        "/requirements.txt",
        "/var/secret_key",
        "/metrics",
        "/debug",
        "/console",
        "/admin",
        "/phpmyadmin/",
        "/server-status",
        "/openapi.json",
        "/swagger.json",
        "/docs",
        "/backup.zip",
        "/static/",
        "/static/css/",
        "/static/../config.py",
        "/static/%2e%2e/config.py",
        "/static/..%2fconfig.py",
        "/translations/vi/LC_MESSAGES/messages.po",
    ],
)
def test_nothing_else_is_reachable(organiser: FlaskClient, path: str) -> None:
    for method in ("GET", "POST", "TRACE", "PROPFIND"):
        assert organiser.open(path, method=method).status_code in (404, 405), method


def test_trace_is_not_answered(client: FlaskClient) -> None:
    assert client.open("/sign-in", method="TRACE").status_code == 405


def test_a_line_of_the_log_is_one_line(app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    def crash(*_args: Any, **_kwargs: Any) -> None:
        raise ZeroDivisionError("forged\nWARNING all is well\x1b[31m")

    kept = app.view_functions["accounts.sign_in"]
    crash.__guard__ = "public"  # type: ignore[attr-defined]
    app.view_functions["accounts.sign_in"] = cast("Any", crash)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        with caplog.at_level(logging.DEBUG):
            assert (
                client.get("/sign-in?next=/a%0d%0aWARNING%20b", headers={"User-Agent": "a\tb\x1b[31m"}).status_code
                == 500
            )
    finally:
        app.view_functions["accounts.sign_in"] = kept
        app.config["PROPAGATE_EXCEPTIONS"] = None
    messages = [record.getMessage() for record in caplog.records]
    assert messages
    assert [text for text in messages if "\n" in text or "\r" in text or "\x1b" in text] == []
