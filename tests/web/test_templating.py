"""What every template knows."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from flask import Flask, g, render_template_string
from flask.testing import FlaskClient

from contest.infra import clock
from contest.web.navigation import NavItem
from contest.web.templating import Assets
from tests.conftest import NOON
from tests.factories import Make


@pytest.fixture
def served(tmp_path: Path) -> Flask:
    (tmp_path / "a.css").write_bytes(b"one")
    return Flask(__name__, static_folder=str(tmp_path), static_url_path="/static")


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def test_an_address_names_the_content(served: Flask, tmp_path: Path) -> None:
    assets = Assets(tmp_path, watch=False)
    with served.test_request_context():
        assert assets.url("a.css") == f"/static/a.css?v={digest(b'one')}"


@pytest.mark.parametrize(("watch", "content"), [(False, b"one"), (True, b"two")])
def test_a_changed_file_is_noticed_when_watched(served: Flask, tmp_path: Path, watch: bool, content: bytes) -> None:  # noqa: FBT001  a parameter of the test
    assets = Assets(tmp_path, watch=watch)
    with served.test_request_context():
        assets.url("a.css")
        (tmp_path / "a.css").write_bytes(b"two")
        assert assets.url("a.css").endswith(digest(content))


def test_an_address_follows_the_mount_point(served: Flask, tmp_path: Path) -> None:
    assets = Assets(tmp_path, watch=False)
    for root in ("", "/contest", ""):
        with served.test_request_context(base_url=f"http://localhost{root}"):
            assert assets.url("a.css").startswith(f"{root}/static/a.css?v=")


def test_a_missing_file_is_an_error_at_once(served: Flask, tmp_path: Path) -> None:
    with served.test_request_context(), pytest.raises(FileNotFoundError):
        Assets(tmp_path, watch=False).url("b.css")


def test_the_edition_in_view_is_known_to_templates(app: Flask, make: Make) -> None:
    facts = make.facts(make.edition())
    with app.test_request_context("/"):
        assert render_template_string("{{ edition is none }}") == "True"
        g.edition = facts
        assert render_template_string("{{ edition|local }}") == "Ý tưởng khởi nghiệp 2026"


@pytest.mark.parametrize(("cookie", "locale"), [("locale=en", "en"), ("locale=vi", "vi"), ("locale=xx", "vi")])
def test_the_language_is_known_to_templates(sqlite_app: Flask, cookie: str, locale: str) -> None:
    with sqlite_app.test_request_context("/", headers={"Cookie": cookie}):
        assert render_template_string("{{ locale }}") == locale


def test_the_clock_of_templates_is_the_clock_of_the_server(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context("/"), clock.stopped_at(NOON):
        assert render_template_string("{{ now()|localtime }}") == "08/10/2026 12:00"


def test_the_menu_is_asked_for_only_by_pages_that_show_it(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def offer(edition: object, identity: object) -> list[NavItem]:
        asked.append(edition)
        return [NavItem("People", "/people", "x")]

    monkeypatch.setattr("contest.web.navigation._providers", [offer])
    with sqlite_app.test_request_context("/"):
        render_template_string("nothing")
        assert asked == []
        assert render_template_string("{% if nav %}{{ nav|list|length }}{{ nav[0].label }}{% endif %}") == "1People"
        assert asked == [None]


def test_pages_are_private_and_dated_files_are_kept(client: FlaskClient) -> None:
    assert client.get("/sign-in").headers["Cache-Control"] == "no-store"
    with client.get("/static/css/app.css?v=1") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (
        client.get("/static/css/no-such.css?v=1").headers.get("Cache-Control") != "public, max-age=31536000, immutable"
    )
