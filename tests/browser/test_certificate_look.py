"""The editor of certificates in headless Chromium: the preview follows what is typed, without leaving the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Page, expect, sync_playwright

from config import TestConfig
from contest import create_app
from contest.accounts import services as accounts
from contest.accounts.roles import Role
from contest.certificates.models import CertificateLook
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from tests.browser.chromium import CHROMIUM, FLAGS, serving
from tests.factories import Make
from tests.ports import free_port

SHAPE = "picture => picture.complete && picture.naturalWidth / picture.naturalHeight"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Flask, str, str]]:
    """The application with one edition: itself, its address, and the organiser's link."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite'}", "DATA_DIR": str(tmp_path), "APP_ENV": "test"}
    app = create_app(TestConfig.from_env({**settings, "BASE_URL": base}))
    with app.app_context():
        upgrade()
        make = Make(app)
        edition = make.edition()
        person, here = make.member(edition, Role.ORGANISER).id, edition.id
        with unit_of_work():
            link = accounts.issue_link(
                user_id=person, edition_id=here, secret_key=app.config["SECRET_KEY"], actor_id=None, now=clock.now(),
                life=timedelta(hours=1),
            )  # fmt: skip
    with serving(app, port):
        yield app, base, f"{base}/s/{link.token}"


@pytest.fixture
def page(served: tuple[Flask, str, str]) -> Iterator[Page]:
    """The editor, opened by the organiser; no script may have complained at the end."""
    _, base, link = served
    complaints: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "locale", "value": "en", "url": base}])
        opened = context.new_page()
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.goto(link)
        opened.locator("main form button[type=submit]").first.click()
        opened.wait_for_load_state("load")
        with opened.expect_response("**/js/press.js*"):
            opened.goto(f"{base}/e/mua-thu-2026/organise/certificates/look")
        opened.wait_for_load_state("networkidle")
        yield opened
        browser.close()
    assert complaints == []


def test_the_preview_follows_what_is_typed(served: tuple[Flask, str, str], page: Page) -> None:
    shown = page.locator("#preview img")
    first = shown.get_attribute("src")
    assert shown.evaluate(SHAPE) > 1
    page.evaluate("window.stayed = true")
    with page.expect_response(lambda answer: answer.request.method == "POST") as drawn:
        page.get_by_label("Place", exact=False).first.fill("Tân Thuận")
        page.locator("[name=orientation]").select_option("portrait")
    assert drawn.value.status == 200
    expect(shown).not_to_have_attribute("src", first or "")
    page.wait_for_function("document.querySelector('#preview img').naturalHeight > 0")
    assert shown.evaluate(SHAPE) < 1
    assert page.evaluate("window.stayed") is True
    app = served[0]
    with app.app_context():
        assert db.session.query(CertificateLook).count() == 0


def test_a_text_that_cannot_be_printed_says_so_until_it_is_corrected(page: Page) -> None:
    text = page.locator("[name=text_winner_vi]")
    usual = text.input_value()
    with page.expect_response(lambda answer: answer.request.method == "POST") as refused:
        text.fill("{ten}")
    assert refused.value.status == 422
    expect(page.locator("#preview")).to_contain_text("Correct the fields that are marked")
    expect(page.locator("#preview img")).to_have_count(0)
    with page.expect_response(lambda answer: answer.request.method == "POST") as again:
        text.fill(usual)
    assert again.value.status == 200
    expect(page.locator("#preview img")).to_have_count(1)
    assert text.input_value() == usual
