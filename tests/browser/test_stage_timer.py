"""The clock on the projector and on the control, in headless Chromium with a clock of its own; the network is cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, Page, expect

from config import TestConfig
from contest import create_app
from contest.accounts import services as accounts
from contest.infra.db import db, unit_of_work
from contest.stage.pitching import Act
from contest.stage.timer import Command
from tests.browser.chromium import CHROMIUM, serving
from tests.factories import Make
from tests.ports import free_port
from tests.stage.days import Day

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite'}", "DATA_DIR": str(tmp_path), "APP_ENV": "test"}
    app = create_app(TestConfig.from_env({**settings, "BASE_URL": "http://127.0.0.1"}))
    with app.app_context():
        upgrade()
    port = free_port()
    with serving(app, port), app.app_context():
        yield app, f"http://127.0.0.1:{port}"


@pytest.fixture
def day(served: tuple[Flask, str]) -> Day:
    day = Day(Make(served[0]))
    day.act(day.codes[0], Act.STAGE, now=datetime.now(UTC))
    return day


@pytest.fixture
def context(chromium: Browser, served: tuple[Flask, str], day: Day) -> Iterator[BrowserContext]:
    with unit_of_work():
        link = accounts.issue_link(
            user_id=day.organiser.id, edition_id=day.edition.id, secret_key=served[0].config["SECRET_KEY"],
            actor_id=None, now=datetime.now(UTC),
        )  # fmt: skip
    context = chromium.new_context(viewport={"width": 1024, "height": 768})
    context.add_cookies([{"name": "locale", "value": "en", "url": served[1]}])
    page = context.new_page()
    page.goto(f"{served[1]}/s/{link.token}")
    page.locator("main form button").first.click()
    expect(page).not_to_have_url(re.compile("/s/"))
    page.close()
    yield context
    context.close()


def opened(context: BrowserContext, served: tuple[Flask, str], day: Day, name: str) -> Page:
    page = context.new_page()
    page.goto(f"{served[1]}{day.address}/{name}")
    return page


def seconds(page: Page) -> int:
    """Return what the digits say, below zero once the time is over."""
    text = page.locator("[data-digits]").inner_text()
    minutes, rest = text.lstrip("+").split(":")
    return (int(minutes) * 60 + int(rest)) * (-1 if text.startswith("+") else 1)


def ran(day: Day, spent: float) -> None:
    """Let the clock have run for `spent` seconds by now."""
    now = datetime.now(UTC)
    day.press(Command.RESET, now)
    with unit_of_work() as session:
        session.execute(db.text("UPDATE pitch_days SET pressed_at = NULL"))
    day.press(Command.START, now, claimed=now - timedelta(seconds=spent))


def test_two_screens_show_one_clock_and_it_goes_on_without_the_network(
    served: tuple[Flask, str], context: BrowserContext, day: Day
) -> None:
    ran(day, 120)
    screen, other = (opened(context, served, day, "screen") for _ in range(2))
    expect(screen.locator("body")).to_have_attribute("data-phase", "calm")
    assert abs(seconds(screen) - 179) <= 3
    assert abs(seconds(screen) - seconds(other)) <= 1
    before = seconds(screen)
    context.set_offline(True)
    expect(screen.locator("[data-away]")).to_be_visible()
    screen.wait_for_timeout(3000)
    assert 2 <= before - seconds(screen) <= 6
    context.set_offline(False)
    expect(screen.locator("[data-away]")).to_be_hidden(timeout=15_000)
    day.press(Command.PAUSE, datetime.now(UTC))
    expect(screen.locator("body")).to_have_attribute("data-running", "false", timeout=5_000)
    expect(other.locator("body")).to_have_attribute("data-running", "false", timeout=5_000)
    stands = seconds(screen)
    screen.reload()
    expect(screen.locator("body")).to_have_attribute("data-running", "false")
    assert seconds(screen) == stands == seconds(other)


def test_the_last_minute_the_last_seconds_and_overtime_look_different(
    served: tuple[Flask, str], context: BrowserContext, day: Day
) -> None:
    seen = {}
    for spent, phase, shape in (
        (242, "near", ".bv-shape-near"),
        (293, "last", ".bv-shape-last"),
        (305, "over", ".bv-shape-over"),
    ):
        ran(day, spent)
        screen = opened(context, served, day, "screen")
        expect(screen.locator("body")).to_have_attribute("data-phase", phase)
        expect(screen.locator(shape)).to_be_visible()
        seen[phase] = screen.locator("[data-digits]").inner_text()
        screen.close()
    assert seen["near"].startswith("0:5")
    assert seen["last"].startswith("0:0")
    assert seen["over"].startswith("+0:0")


def test_a_clock_that_is_wrong_on_the_laptop_does_not_matter(
    served: tuple[Flask, str], context: BrowserContext, day: Day
) -> None:
    ran(day, 100)
    screen = context.new_page()
    screen.clock.install(time=datetime(2031, 5, 1, tzinfo=UTC))
    screen.goto(f"{served[1]}{day.address}/screen")
    expect(screen.locator("body")).to_have_attribute("data-phase", "calm")
    before = seconds(screen)
    assert abs(before - 199) <= 4
    screen.clock.fast_forward(60_000)
    assert 57 <= before - seconds(screen) <= 66


def test_buttons_pressed_without_network_count_when_they_were_pressed(
    served: tuple[Flask, str], context: BrowserContext, day: Day
) -> None:
    control = opened(context, served, day, "control")
    expect(control.locator("[data-digits]")).to_have_text("5:00")
    context.set_offline(True)
    control.get_by_role("button", name="Start the clock").click()
    expect(control.locator("[data-note]")).to_contain_text("Not sent yet: 1")
    control.wait_for_timeout(3000)
    control.get_by_role("button", name="+ 30 s").click()
    expect(control.locator("[data-note]")).to_contain_text("Not sent yet: 2")
    db.session.rollback()
    assert not day.stage.timer.running
    context.set_offline(False)
    expect(control.locator("[data-note]")).to_be_hidden(timeout=15_000)
    db.session.rollback()
    db.session.expire_all()
    timer = day.stage.timer
    assert timer.since is not None
    assert timer.extra == 30_000
    assert datetime.now(UTC) - timer.since >= timedelta(seconds=3)
    screen = opened(context, served, day, "screen")
    assert abs(seconds(screen) - seconds(control)) <= 1


def test_next_teams_a_break_and_a_dark_screen(served: tuple[Flask, str], context: BrowserContext, day: Day) -> None:
    screen = opened(context, served, day, "screen")
    day.act(day.codes[0], Act.DONE, now=datetime.now(UTC))
    expect(screen.locator("[data-next-name]")).to_have_text(day.stage.lines[1].line.team, timeout=5_000)
    expect(screen.locator("[data-list] li")).to_have_count(2)
    control = opened(context, served, day, "control")
    control.get_by_label("What the break is for").fill("Trà")
    control.get_by_role("button", name="Show the break").click()
    expect(screen.locator("[data-break-name]")).to_have_text("Trà", timeout=5_000)
    expect(screen.locator("[data-break-left]")).to_have_text(re.compile(r"9:5\d|10:00"))
    control.get_by_role("button", name="Dark screen").click()
    expect(screen.locator("[data-show=break]")).to_be_hidden(timeout=5_000)
    for part in ("timer", "next"):
        expect(screen.locator(f"[data-show={part}]")).to_be_hidden()
