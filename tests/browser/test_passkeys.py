"""Passkeys in a real browser with a virtual device: added, used as the second step, as the only one, and as proof."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from config import TestConfig
from contest import create_app
from contest.accounts import services
from contest.accounts.models import User
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from contest.infra.hashing import hash_password
from tests.browser.chromium import CHROMIUM, serving
from tests.ports import free_port

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
PASSWORD = "con mèo đọc báo"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """A server at the address that its settings name: passkeys are made for that one alone."""
    port = free_port()
    folder: Path = tmp_path_factory.mktemp("passkeys")
    address = f"http://localhost:{port}"
    environ = {"DATABASE_URL": f"sqlite:///{folder / 'p.sqlite'}", "DATA_DIR": str(folder), "APP_ENV": "test"}
    app = create_app(TestConfig.from_env({**environ, "BASE_URL": address}))
    with app.app_context():
        upgrade()
    with serving(app, port):
        yield app, address


def faults(page: Page) -> list[str]:
    """What axe finds wrong with the page in view."""
    page.evaluate("() => { for (const one of document.getAnimations()) one.finish(); }")  # colours stand still
    return [one["id"] for one in Axe().run(page).response["violations"]]


class Person:
    """Somebody with an account, a browser and a device that knows them."""

    def __init__(self, app: Flask, page: Page, base: str, email: str) -> None:
        self.app, self.page, self.base, self.email = app, page, base, email
        self.said: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        self.cdp = page.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable")
        self.device = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
        with app.app_context(), unit_of_work():
            user = User(name="Kim Ngân", email=email, password_hash=hash_password(PASSWORD), created_at=clock.now())
            db.session.add(user)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.said.append(message.text)

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)

    def press(self, words: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words).click()

    def enter_with_link(self) -> None:
        with self.app.app_context(), unit_of_work():
            user = db.session.query(User).filter_by(email=self.email).one()
            link = services.issue_link(user_id=user.id, edition_id=None, secret_key="k", actor_id=None, now=clock.now())
        self.open(f"/s/{link.token}")
        self.press("Sign in as")

    def give_password(self) -> None:
        self.open("/sign-in")
        self.page.fill("[name=login]", self.email)
        self.page.fill("[name=password]", PASSWORD)
        with self.page.expect_navigation():
            self.page.locator("form[novalidate] button[type=submit]").click()

    def add_passkey(self, name: str) -> None:
        self.open("/account/second-step")
        self.page.fill("[name=name]", name)
        self.press("Add a passkey")

    def leave(self) -> None:
        self.page.context.clear_cookies(name=self.app.config["SESSION_COOKIE_NAME"])

    def is_inside(self) -> bool:
        self.open("/account")
        return self.page.url == f"{self.base}/account"


@pytest.fixture
def ngan(chromium: Browser, base: tuple[Flask, str], request: pytest.FixtureRequest) -> Iterator[Person]:
    app, address = base
    context = chromium.new_context(locale="en-GB", viewport={"width": 360, "height": 740})
    context.set_default_timeout(20_000)
    context.add_cookies([{"name": "locale", "value": "en", "url": address}])
    person = Person(app, context.new_page(), address, f"{request.node.name}@example.vn".lower())
    yield person
    context.close()
    assert person.said == []


def test_added_then_the_only_step(ngan: Person) -> None:
    ngan.enter_with_link()
    ngan.add_passkey("Điện thoại")
    expect(ngan.page.locator(".bv-codes li")).to_have_count(10)
    ngan.open("/account/second-step")
    expect(ngan.page.locator(".bv-files li")).to_contain_text("Điện thoại")
    assert faults(ngan.page) == []
    ngan.leave()
    assert not ngan.is_inside()
    ngan.open("/sign-in")
    assert faults(ngan.page) == []
    ngan.press("Sign in with a passkey")
    assert ngan.is_inside()


def test_the_second_step_after_a_password(ngan: Person) -> None:
    ngan.enter_with_link()
    ngan.add_passkey("Máy")
    ngan.leave()
    ngan.give_password()
    assert "/sign-in/second-step" in ngan.page.url
    assert faults(ngan.page) == []
    ngan.press("Use a passkey")
    assert ngan.is_inside()


def test_a_device_that_says_no_leaves_the_page_as_it_was(ngan: Person) -> None:
    ngan.enter_with_link()
    ngan.add_passkey("Máy")
    ngan.leave()
    ngan.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": ngan.device, "isUserVerified": False})
    ngan.open("/sign-in")
    button = ngan.page.get_by_role("button", name="Sign in with a passkey")
    button.click()
    expect(ngan.page.locator("[data-passkey-error]")).to_contain_text("Nothing came from the device")
    expect(button).to_be_enabled()
    assert not ngan.is_inside()


def test_an_app_is_set_up_and_asked_for(ngan: Person) -> None:
    ngan.enter_with_link()
    ngan.open("/account/second-step")
    ngan.press("Set up an app")
    expect(ngan.page.locator("svg.bv-qr")).to_be_visible()
    assert faults(ngan.page) == []
    key = str(ngan.page.locator("[data-copy]").get_attribute("data-copy")).replace(" ", "")
    now = clock.now()
    ngan.page.fill("[name=code]", pyotp.TOTP(key).at(now))
    ngan.press("Turn on")
    expect(ngan.page.locator(".bv-codes li")).to_have_count(10)
    assert faults(ngan.page) == []
    code = str(ngan.page.locator(".bv-codes li").first.inner_text())
    ngan.leave()
    ngan.give_password()
    ngan.page.fill("[name=code]", code)
    ngan.press("Sign in")
    assert ngan.is_inside()


def test_without_scripts_the_password_remains(chromium: Browser, base: tuple[Flask, str]) -> None:
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "locale", "value": "en", "url": base[1]}])
    page = context.new_page()
    page.goto(f"{base[1]}/sign-in")
    expect(page.get_by_role("button", name="Sign in with a passkey")).not_to_be_visible()
    expect(page.locator("main").get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    context.close()
