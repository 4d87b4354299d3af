"""A file in pieces from the team's page: cut on its way, it goes on; refused, the page says why."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, Page, Request, Route, expect

from config import TestConfig
from contest import create_app
from contest.editions.parts import PartKind
from contest.infra import clock
from contest.infra.db import db
from contest.submissions.models import SubmissionFile
from tests.browser.chromium import CHROMIUM, serving
from tests.factories import NOON, Make
from tests.ports import free_port
from tests.submissions.conftest import Entry, entry_in
from tests.submissions.samples import pdf

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]

MEGABYTE = 1 << 20
LARGE = pdf() + b"%" * (4 * MEGABYTE) + b"\nstartxref\n0\n%%EOF\n"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite'}", "DATA_DIR": str(tmp_path), "APP_ENV": "test"}
    app = create_app(TestConfig.from_env({**settings, "BASE_URL": "http://127.0.0.1", "DISK_FLOOR_MB": "0"}))
    with app.app_context():
        upgrade()
        yield app


@pytest.fixture
def entry(app: Flask) -> Entry:
    make, now, day = Make(app), clock.now(), timedelta(days=1)
    # The team registers on the day of all tests, and sends today.
    edition = make.edition(submissions_open=min(NOON, now) - day, submissions_close=max(NOON, now) + day)
    make.track(edition, "A")
    make.part(edition, "plan", PartKind.FILE, name_vi="Thuyết minh", name_en="Plan", accept="pdf", max_mb=20)
    return entry_in(app, make, edition)


@pytest.fixture
def page(app: Flask, entry: Entry, chromium: Browser) -> Iterator[Page]:
    """The team's page, signed in."""
    port, client = free_port(), app.test_client()
    Make(app).sign_in(client, entry.captain)
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"], domain="127.0.0.1") or client.get_cookie(
        app.config["SESSION_COOKIE_NAME"]
    )
    assert cookie
    with serving(app, port):
        base = f"http://127.0.0.1:{port}"
        context = chromium.new_context(locale="en-GB")
        context.add_cookies(
            [
                {"name": cookie.key, "value": cookie.value, "url": base},
                {"name": "locale", "value": "en", "url": base},
            ]
        )
        page = context.new_page()
        page.goto(f"{base}/e/{entry.edition.code}/team/{entry.public_id}/")
        yield page
        context.close()


def choose(page: Page, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plan.pdf"
    path.write_bytes(content)
    page.set_input_files("input[name=part-plan]", path)
    page.get_by_role("button", name="Upload").click()


def test_a_large_file_goes_on_after_a_cut(page: Page, entry: Entry, tmp_path: Path) -> None:
    seen: list[str] = []
    cut = {"left": 2}

    def pass_or_cut(route: Route, request: Request) -> None:
        if request.method == "PATCH":
            seen.append(request.headers["upload-offset"])
            if len(seen) in (2, 4) and cut["left"]:
                cut["left"] -= 1
                route.abort("connectionreset")
                return
        route.continue_()

    page.route("**/uploads/*", pass_or_cut)
    choose(page, tmp_path, LARGE)

    expect(page.locator(".bv-file-current")).to_contain_text("plan.pdf", timeout=60_000)
    steps = [str(step * MEGABYTE) for step in (0, 1, 1, 2, 2, 3, 4)]
    assert seen == steps
    db.session.rollback()
    row = db.session.query(SubmissionFile).one()
    assert (row.size, row.sha256) == (len(LARGE), hashlib.sha256(LARGE).hexdigest())
    assert list((tmp_path / "uploads").glob("*")) == []


def test_a_file_begun_before_the_page_was_closed_goes_on(page: Page, entry: Entry, tmp_path: Path) -> None:
    seen: list[str] = []
    page.route("**/uploads/*", lambda route: route.abort() if seen else _note(route, seen))
    choose(page, tmp_path, LARGE)
    expect(page.locator("[data-sending=plan]")).to_contain_text("The connection is gone", timeout=30_000)

    page.unroute_all(behavior="ignoreErrors")
    later: list[str] = []
    page.route("**/uploads/*", lambda route: _note(route, later))
    page.reload()
    page.set_input_files("input[name=part-plan]", tmp_path / "plan.pdf")
    page.get_by_role("button", name="Upload").click()

    expect(page.locator(".bv-file-current")).to_contain_text("plan.pdf", timeout=60_000)
    assert (seen, later[0]) == (["0"], str(MEGABYTE))
    assert entry.row.version > 1


def _note(route: Route, seen: list[str]) -> None:
    if route.request.method == "PATCH":
        seen.append(route.request.headers["upload-offset"])
    route.continue_()


def test_what_is_refused_is_said_beside_its_field(page: Page, tmp_path: Path) -> None:
    broken: list[str] = []
    page.on("console", lambda message: broken.append(message.text) if "Content Security" in message.text else None)
    choose(page, tmp_path, pdf(pages=40)[:-300])

    expect(page.locator(".bv-file-part")).to_contain_text("is damaged or was cut off", timeout=30_000)
    choose(page, tmp_path, b"x" * (21 * MEGABYTE))
    expect(page.locator(".bv-file-part")).to_contain_text("may have at most 20 MB", timeout=30_000)
    assert broken == []
