"""The scripts of the pages in a real browser, under the real content policy, against a server that can misbehave."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, Response, jsonify, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect
from werkzeug.serving import make_server

from config import TestConfig
from contest import create_app
from contest.web.guards import public
from tests.browser.chromium import CHROMIUM

PHONE: ViewportSize = {"width": 360, "height": 740}
LAPTOP: ViewportSize = {"width": 1440, "height": 900}
NOW = datetime(2026, 10, 8, 5, 0, tzinfo=UTC)

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]


class Desk:
    """The server's side of autosave: keeps what arrived and answers as told."""

    def __init__(self) -> None:
        self.text = "first"
        self.version = 1
        self.answers: list[int] = []
        self.posts: list[dict[str, str]] = []
        self.gate = threading.Event()
        self.gate.set()

    def save(self) -> tuple[Response, int]:
        self.gate.wait(10)
        self.posts.append({**request.form.to_dict(), "asked": request.headers["X-Requested-With"]})
        status = self.answers.pop(0) if self.answers else 200
        if status == 422:
            return jsonify(errors={"title": "Too long."}), 422
        if status != 200:
            return jsonify(error=str(status)), status
        self.text = request.form["title"]
        self.version += 1
        return jsonify(saved_at="2026-10-08T05:04:00+00:00", version=self.version, errors={}), 200


class Site:
    def __init__(self, app: Flask, port: int) -> None:
        self.app = app
        self.address = f"http://localhost:{port}"
        self.desk = Desk()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    environ = {"DATABASE_URL": "sqlite://", "DATA_DIR": str(folder), "BASE_URL": "http://localhost", "APP_ENV": "test"}
    app = create_app(TestConfig.from_env(environ))
    pages = FileSystemLoader(Path(__file__).parent / "pages")
    assert app.jinja_env.loader is not None
    app.jinja_env.loader = ChoiceLoader([pages, app.jinja_env.loader])
    server = make_server("127.0.0.1", 0, app, threaded=True)
    here = Site(app, server.server_port)

    @app.get("/try/<name>")
    @public
    def try_page(name: str) -> str:
        return render_template(f"{name}.html", desk=here.desk, moment=NOW, deadline=NOW + timedelta(seconds=90))

    @app.post("/try/save")
    @public
    def try_save() -> tuple[Response, int]:
        return here.desk.save()

    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield here
    server.shutdown()


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    site.desk = Desk()
    context = chromium.new_context(viewport=PHONE, base_url=site.address, timezone_id="Asia/Ho_Chi_Minh")
    context.add_cookies([{"name": "locale", "value": "en", "url": site.address}])
    opened = context.new_page()
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    opened.on("console", note)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("dialog", lambda dialog: dialog.accept())
    yield opened
    context.close()
    assert complaints == []


def state(page: Page) -> Any:
    return page.locator("[data-save-state]")


def write(page: Page, text: str) -> None:
    page.get_by_label("Title").fill(text)


def open_form(page: Page) -> None:
    with page.expect_response("**/js/autosave.js"):
        page.goto("/try/form")
    page.wait_for_load_state("networkidle")


def test_typed_text_is_saved_by_itself_and_the_server_says_when(page: Page, site: Site) -> None:
    open_form(page)
    write(page, "Trợ lý tưới vườn")
    expect(state(page)).to_have_text("Saved 12:04")
    (post,) = site.desk.posts
    assert (post["title"], post["version"], post["asked"]) == ("Trợ lý tưới vườn", "1", "autosave")
    assert page.locator("[name=version]").input_value() == "2"


def test_nothing_is_called_saved_before_the_answer_and_later_words_follow(page: Page, site: Site) -> None:
    open_form(page)
    site.desk.gate.clear()
    write(page, "one")
    expect(state(page)).to_have_text("Saving…")
    write(page, "two")
    site.desk.gate.set()
    expect(state(page)).to_have_attribute("data-save-state", "saved")
    expect(page.locator("[name=version]")).to_have_value("3")
    assert [(post["title"], post["version"]) for post in site.desk.posts] == [("one", "1"), ("two", "2")]


def test_a_lost_network_is_told_and_the_text_arrives_when_it_returns(page: Page, site: Site) -> None:
    open_form(page)
    page.context.set_offline(True)
    write(page, "written in the lift")
    expect(state(page)).to_have_text("Not saved, will try again")
    page.context.set_offline(False)
    expect(state(page)).to_have_text("Saved 12:04")
    assert site.desk.text == "written in the lift"


def test_text_that_never_arrived_survives_a_reload(page: Page, site: Site) -> None:
    open_form(page)
    site.desk.answers = [500] * 9
    write(page, "not lost")
    expect(state(page)).to_have_text("Not saved, will try again")
    site.desk.answers = []
    page.reload()
    expect(page.get_by_label("Title")).to_have_value("not lost")
    expect(state(page)).to_have_text("Saved 12:04")
    assert site.desk.text == "not lost"


def test_an_old_text_does_not_overwrite_a_newer_version_after_a_reload(page: Page, site: Site) -> None:
    open_form(page)
    site.desk.answers = [500] * 9
    write(page, "old")
    expect(state(page)).to_have_text("Not saved, will try again")
    site.desk.answers, site.desk.text, site.desk.version = [], "newer", 7
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_label("Title")).to_have_value("newer")


def test_a_conflict_keeps_the_text_and_stops_saving(page: Page, site: Site) -> None:
    open_form(page)
    site.desk.answers = [409]
    write(page, "mine")
    expect(state(page)).to_contain_text("another tab")
    write(page, "mine, longer")
    page.wait_for_timeout(1800)
    assert len(site.desk.posts) == 1
    expect(page.get_by_label("Title")).to_have_value("mine, longer")


def test_a_refused_field_is_marked_and_saved_once_it_is_right(page: Page, site: Site) -> None:
    open_form(page)
    site.desk.answers = [422]
    write(page, "far too long")
    expect(page.locator("[data-error-for=title]")).to_have_text("Too long.")
    expect(page.get_by_label("Title")).to_have_attribute("aria-invalid", "true")
    page.wait_for_timeout(1800)
    assert len(site.desk.posts) == 1
    write(page, "short")
    expect(state(page)).to_have_text("Saved 12:04")
    expect(page.locator("[data-error-for=title]")).to_be_hidden()


def test_the_language_switch_keeps_the_page_and_what_was_typed(page: Page, site: Site) -> None:
    page.goto("/try/plain?tab=2")
    page.wait_for_load_state("networkidle")
    write(page, "half a thought")
    page.locator("button[name=locale]").click()
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    assert page.url.endswith("/try/plain?tab=2")
    expect(page.locator("[name=title]")).to_have_value("half a thought")


def test_colours_change_without_a_reload_and_stay(page: Page) -> None:
    page.goto("/try/plain")
    page.wait_for_load_state("networkidle")
    write(page, "still here")
    page.locator("details:has([data-theme-form]) summary").click()
    page.locator("button[name=theme][value=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.get_by_label("Title")).to_have_value("still here")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_countdown_goes_by_the_servers_clock(page: Page) -> None:
    page.clock.install(time=datetime(2001, 1, 1, tzinfo=UTC))
    page.goto("/try/plain")
    left = page.locator("[data-countdown-left]")
    expect(left).to_have_text("00:01:30 left")
    page.clock.run_for(31_000)
    expect(left).to_have_text("00:00:59 left")
    page.clock.run_for(60_000)
    expect(left).to_have_text("The deadline has passed")


def test_a_dangerous_button_wakes_up_when_the_name_is_typed(page: Page) -> None:
    page.goto("/try/plain")
    button = page.get_by_role("button", name="Delete")
    expect(button).to_be_disabled()
    page.locator("[data-confirm-input]").fill("  sáng tạo TRẺ ")
    expect(button).to_be_enabled()


def test_the_filter_finds_names_with_and_without_marks(page: Page) -> None:
    page.goto("/try/plain")
    rows = page.locator("#teams tbody tr:visible")
    expect(rows).to_have_count(3)
    for typed, found in (("duong", 1), ("Đường", 1), ("mam xanh", 1), ("zzz", 0), ("", 3)):
        page.get_by_role("searchbox").fill(typed)
        expect(rows).to_have_count(found)


def test_a_strip_that_is_wider_than_the_page_shows_where_one_is(page: Page) -> None:
    page.goto("/try/strip")
    expect(page.locator(".bv-tabs .is-active")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("link", name="What everybody said yes to")).not_to_be_in_viewport(ratio=1)


def test_a_menu_closes_by_escape_and_by_a_tap_elsewhere(page: Page) -> None:
    page.goto("/try/plain")
    page.wait_for_load_state("networkidle")
    menu = page.locator("details:has([data-theme-form])")
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    page.mouse.click(20, 500)
    expect(menu).not_to_have_attribute("open", "")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
@pytest.mark.parametrize("name", ["form", "plain"])
def test_pages_meet_the_accessibility_rules_and_do_not_scroll_sideways(
    page: Page, site: Site, name: str, size: ViewportSize, theme: str
) -> None:
    page.set_viewport_size(size)
    page.context.add_cookies([{"name": "theme", "value": theme, "url": site.address}])
    page.goto(f"/try/{name}")
    page.wait_for_load_state("networkidle")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]


def test_what_a_thumb_must_hit_is_large_enough(page: Page) -> None:
    page.goto("/try/form")
    low = page.evaluate(
        """[...document.querySelectorAll(".btn, .bv-tool, .bv-score-button, .form-control")]
        .map((element) => element.getBoundingClientRect())
        .filter((box) => box.height > 0 && (box.height < 44 || box.width < 44)).length"""
    )
    assert low == 0
    marks = page.locator(".bv-score-button").first.bounding_box()
    assert marks
    assert min(marks["height"], marks["width"]) >= 48
