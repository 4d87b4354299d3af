"""The main job in headless Chromium against a served application: scripts, tokens and content policy included."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser

from config import TestConfig
from contest import create_app
from contest.infra import clock
from tests.browser.chromium import CHROMIUM, ChromiumDriver, serving
from tests.journeys.main_job import Cast, run
from tests.journeys.test_main_job import administrator_token
from tests.ports import free_port

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    """The application on a free port with a database of its own."""
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite'}", "DATA_DIR": str(tmp_path), "APP_ENV": "test"}
    app = create_app(TestConfig.from_env({**settings, "BASE_URL": "http://127.0.0.1"}))
    with app.app_context():
        upgrade()
    port = free_port()
    with serving(app, port):
        yield app, f"http://127.0.0.1:{port}"


def test_the_main_job(served: tuple[Flask, str], chromium: Browser) -> None:
    app, base = served
    people: list[ChromiumDriver] = []

    def new_person() -> ChromiumDriver:
        people.append(ChromiumDriver(chromium.new_context(accept_downloads=True), base))
        return people[-1]

    with app.app_context():
        token = administrator_token(app)
    run(Cast(new_person=new_person, organiser_token=token), clock.now())
    assert [message for person in people for message in person.broken] == []
