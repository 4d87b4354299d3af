"""A whole ceremony in headless Chromium: two windows, a phone, and the network cut after loading."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    expect,
)

from config import TestConfig
from contest import create_app
from contest.accounts import services as accounts
from contest.infra import clock
from contest.infra.db import unit_of_work
from tests.browser.chromium import CHROMIUM, serving
from tests.factories import Make
from tests.ports import free_port
from tests.stage.shows import FIELD, LONG, perform, prepare

# With CEREMONY_SHOTS=FOLDER every step is kept as a picture to look at.
SHOTS = os.environ.get("CEREMONY_SHOTS", "")
WIDE: ViewportSize = {"width": 1920, "height": 1080}
OLD: ViewportSize = {"width": 1024, "height": 768}
PHONE: ViewportSize = {"width": 360, "height": 740}
SECONDS = 8_000
MEASURE = """() => {
  const wide = window.innerWidth, high = window.innerHeight, page = document.documentElement;
  const room = document.querySelector(".bv-stage-fit");
  const texts = [...document.querySelectorAll("main *")].filter((one) =>
    one.clientWidth && [...one.childNodes].some((child) => child.nodeType === 3 && child.data.trim()));
  const outside = (box) => box.left < 0 || box.right > wide + 1 || box.top < 0 || box.bottom > high + 1;
  const words = (found) => found.map((one) => one.textContent);
  return {
    bars: page.scrollHeight > high || page.scrollWidth > wide,
    cut: Boolean(room) && (room.scrollHeight > room.clientHeight + 1 || room.scrollWidth > room.clientWidth + 1),
    small: words(texts.filter((one) => parseFloat(getComputedStyle(one).fontSize) < 32)),
    out: words(texts.filter((one) => outside(one.getBoundingClientRect()))),
  };
}"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]


@dataclass
class Theatre:
    """The served application, a show in it, and the way in."""

    app: Flask
    base: str
    edition: str
    edition_id: int
    organiser_id: int
    home: str

    def link(self) -> str:
        with self.app.app_context(), unit_of_work():
            issued = accounts.issue_link(
                user_id=self.organiser_id,
                edition_id=self.edition_id,
                secret_key=self.app.config["SECRET_KEY"],
                actor_id=None,
                now=clock.now(),
                life=timedelta(hours=1),
            )
        return f"{self.base}/s/{issued.token}"


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    folder = tmp_path_factory.mktemp("theatre")
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    settings = {"DATABASE_URL": f"sqlite:///{folder / 'site.sqlite'}", "DATA_DIR": str(folder), "APP_ENV": "test"}
    app = create_app(TestConfig.from_env({**settings, "BASE_URL": base}))
    with app.app_context():
        upgrade()
        show = perform(app, Make(app), clock.now())
        made = prepare(show, clock.now())
        ids = (show.edition.code, show.edition.id, show.organiser.id)
        home = f"{base}{show.home}/{made}"
    with serving(app, port):
        yield Theatre(app, base, *ids, home)


class Stage:
    """The laptop with its two windows. Everything that any window asks of the network is noted."""

    def __init__(self, context: BrowserContext, theatre: Theatre, mode: str, size: ViewportSize, name: str) -> None:
        self.name, self.context = name, context
        self.asked: list[Request] = []
        self.broken: list[str] = []
        context.on("request", self._note)
        self.desk = context.new_page()
        self._watch(self.desk)
        self.desk.goto(theatre.link())
        with self.desk.expect_navigation():
            self.desk.locator("main form button[type=submit]").first.click()
        self.desk.goto(f"{theatre.home}/{mode}/operator")
        expect(self.desk.locator("[data-lamp=pack]")).to_have_class("is-on", timeout=SECONDS)
        self.hall = context.new_page()
        self._watch(self.hall)
        self.hall.set_viewport_size(size)
        self.hall.goto(f"{theatre.home}/{mode}/projector")
        self.hall.wait_for_selector("body[data-letters=here]")
        self.shots = 0

    def _hear(self, message: ConsoleMessage) -> None:
        # That a phone is asked for while the network is away is no fault; what was asked is noted apart.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.broken.append(message.text)

    def _note(self, request: Request) -> None:
        self.asked.append(request)

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.on("console", self._hear)

    def press(self, key: str) -> None:
        self.desk.keyboard.press(key)

    def reveal(self) -> None:
        """Press Space, and once more to cut the drum short."""
        self.press(" ")
        self.scene("drum")
        self.press(" ")
        self.scene("reveal")

    def scene(self, kind: str) -> None:
        expect(self.hall.locator("body")).to_have_attribute("data-scene", kind, timeout=SECONDS)
        self.looks_right()

    def text(self) -> str:
        return " ".join(self.hall.inner_text("main").split())

    def look(self, step: str) -> None:
        """Keep a picture of the projector, once what comes in has come."""
        if SHOTS:
            self.shots += 1
            self.hall.wait_for_timeout(700 if step == "drum" else 1500)
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            self.hall.screenshot(path=f"{SHOTS}/{self.name}-{self.shots:02d}-{step}.png")

    def looks_right(self) -> None:
        """No scroll bar, nothing cut off, no letter below 32 pixels."""
        found = self.hall.evaluate(MEASURE)
        kind = self.hall.get_attribute("body", "data-scene")
        assert found == {"bars": False, "cut": False, "small": [], "out": []}, kind


def opened(
    chromium: Browser, theatre: Theatre, size: ViewportSize, mode: str = "live", locale: str = "vi", **options: str
) -> Stage:
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, **options)  # type: ignore[arg-type]
    context.add_cookies([{"name": "locale", "value": locale, "url": theatre.base}])
    return Stage(context, theatre, mode, size, f"{mode}-{locale}-{size['width']}")


TEAMS = [team for team, *_ in FIELD]


def hidden(page: Page, *, but: tuple[str, ...] = ()) -> None:
    """The whole document, its title, its address and its pictures name no team, but those that were told."""
    content = page.content() + page.title() + page.url
    assert [team for team in TEAMS if team in content and team not in but] == []


@pytest.mark.parametrize(("size", "locale"), [(WIDE, "vi"), (OLD, "vi"), (WIDE, "en"), (OLD, "en")])
def test_a_whole_ceremony_with_the_network_cut_after_loading(
    chromium: Browser, theatre: Theatre, size: ViewportSize, locale: str
) -> None:
    stage = opened(chromium, theatre, size, locale=locale)
    hall, desk = stage.hall, stage.desk
    expect(hall.locator("main")).to_be_empty()  # it opens blank
    hidden(hall)
    hidden(desk)
    stage.context.set_offline(True)
    stage.asked.clear()
    stage.press(" ")
    stage.scene("waiting")
    stage.look("waiting")
    stage.press("c")
    stage.scene("countdown")
    expect(hall.locator(".bv-stage-clock")).to_have_text("9:59", timeout=SECONDS)
    stage.look("countdown")
    stage.press("c")
    stage.press("l")
    stage.scene("logos")
    stage.press(" ")
    stage.scene("opening")
    stage.look("opening")
    for names, groups in (
        (("Giải Khán giả bình chọn", "Audience award"), [["Tia Nắng Nhỏ"]]),
        (("Giải Khuyến khích", "Consolation prize"), [["@x -5%"], [TEAMS[4]]]),
        (("Giải Ba", "Third prize"), [["فريق النور"]]),
        (("Giải Nhì", "Second prize"), [["=1+1", TEAMS[2]]]),
        (("Giải Nhất", "First prize"), [["Đỗ Thị Ỷ"]]),
    ):
        stage.press(" ")
        stage.scene("announce")
        assert names[locale == "en"] in stage.text()
        stage.look("announce")
        told: list[str] = []
        for group in groups:
            hidden(hall, but=tuple(told))
            hidden(desk, but=tuple(told))
            stage.press(" ")
            stage.scene("drum")
            hidden(hall)
            stage.look("drum")
            stage.scene("reveal")
            found = [team for team in TEAMS if team in stage.text()]
            assert found == group
            told = group
            stage.look("reveal")
    assert LONG in stage.text()  # three hundred characters, and not one is cut
    picture = hall.locator(".bv-stage-face img")
    assert (picture.get_attribute("src") or "").startswith("blob:")
    assert picture.evaluate("image => image.naturalWidth") == 900
    stage.press(" ")
    stage.scene("thanks")
    stage.look("thanks")
    stage.press(" ")
    stage.scene("thanks")  # the end is the end
    assert [request.url for request in stage.asked if not request.url.startswith("blob:")] == []
    assert stage.broken == []
    stage.context.close()


def test_peek_blackout_pause_back_and_the_two_languages(chromium: Browser, theatre: Theatre) -> None:
    stage = opened(chromium, theatre, WIDE, reduced_motion="reduce")
    hall, desk = stage.hall, stage.desk
    for _ in range(3):
        stage.press(" ")
    stage.scene("announce")
    expect(desk.locator("[data-next]")).to_contain_text("Giải Khán giả bình chọn")
    hidden(desk)
    desk.keyboard.down("p")
    expect(desk.locator("[data-peek-place]")).to_contain_text("Tia Nắng Nhỏ")
    hidden(hall)
    desk.keyboard.up("p")
    hidden(desk)
    stage.press("b")
    expect(hall.locator("[data-black]")).to_be_visible()
    stage.press("b")
    expect(hall.locator("[data-black]")).to_be_hidden()
    stage.press("w")
    stage.press(" ")
    stage.scene("announce")  # paused: nothing moves
    stage.press("w")
    stage.reveal()
    assert hall.evaluate("document.getAnimations().length") == 0  # less motion was asked for
    stage.press("ArrowLeft")
    stage.scene("announce")
    hidden(hall)
    hidden(desk)
    stage.press("t")
    expect(hall.locator("main")).to_contain_text("Audience award")
    expect(hall.locator("main")).not_to_contain_text("Giải Khán giả")
    stage.press("t")
    expect(hall.locator("main")).to_contain_text("Giải Khán giả bình chọn")
    expect(hall.locator("main")).to_contain_text("Audience award")
    stage.looks_right()
    stage.look("both")
    hall.keyboard.press("PageDown")  # a clicker whose window happens to be the projector's
    stage.scene("drum")
    if SHOTS:
        desk.screenshot(path=f"{SHOTS}/desk.png", full_page=True)
    assert stage.broken == []
    stage.context.close()


def test_a_reload_keeps_the_place_behind_a_black_curtain(chromium: Browser, theatre: Theatre) -> None:
    stage = opened(chromium, theatre, OLD)
    for _ in range(3):
        stage.press(" ")
    stage.reveal()
    stage.desk.on("dialog", lambda dialog: dialog.accept())
    kept = stage.desk.evaluate("JSON.stringify(localStorage)")
    assert [team for team in TEAMS if team in kept] == []
    stage.desk.reload()
    expect(stage.desk.locator("[data-lamp=pack]")).to_have_class("is-on", timeout=SECONDS)
    expect(stage.hall.locator("[data-black]")).to_be_visible()
    expect(stage.desk.locator("[data-count]")).to_have_text("Bước 4 trên 14")
    stage.press("b")
    expect(stage.hall.locator("[data-black]")).to_be_hidden()
    assert "Tia Nắng Nhỏ" in stage.text()
    stage.context.close()


def test_a_phone_drives_and_the_keyboard_remains(chromium: Browser, theatre: Theatre) -> None:
    stage = opened(chromium, theatre, WIDE)
    stage.desk.get_by_role("button", name="Ghép điện thoại").click()
    code = stage.desk.locator(".bv-op-code").inner_text().replace("-", "")
    handset = chromium.new_context(viewport=PHONE)
    phone = handset.new_page()
    phone.goto(f"{theatre.base}/e/{theatre.edition}/remote#{code}")
    assert "#" not in phone.url  # the code stands in no address that is kept
    if SHOTS:
        phone.screenshot(path=f"{SHOTS}/phone.png")
    hidden(phone)
    phone.locator("button[value=next]").click()
    stage.scene("waiting")
    expect(phone.locator("[data-said]")).to_have_text("Đã gửi.")
    phone.wait_for_timeout(600)
    phone.locator("button[value=blackout]").click()
    expect(stage.hall.locator("[data-black]")).to_be_visible(timeout=SECONDS)
    handset.set_offline(True)
    phone.wait_for_timeout(600)
    phone.locator("button[value=back]").click()
    expect(phone.locator("[data-said]")).to_contain_text("Không có mạng")
    stage.context.set_offline(True)
    stage.press(" ")
    stage.scene("opening")
    expect(stage.desk.locator("[data-lamp=phone]")).to_have_class("is-off", timeout=SECONDS)
    handset.close()
    stage.context.close()


def test_a_rehearsal_wears_the_mark_and_knows_no_real_name(chromium: Browser, theatre: Theatre) -> None:
    stage = opened(chromium, theatre, OLD, mode="rehearsal")
    expect(stage.hall.locator(".bv-stage-test")).to_be_visible()
    expect(stage.hall.locator(".bv-stage-test")).to_have_text("TEST")
    stage.context.set_offline(True)
    for _ in range(3):
        stage.press(" ")
    seen = 0
    for _ in range(40):
        if stage.hall.get_attribute("body", "data-scene") == "thanks":
            break
        stage.press(" ")
        stage.hall.wait_for_timeout(60)
        kind = stage.hall.get_attribute("body", "data-scene")
        hidden(stage.hall)
        hidden(stage.desk)
        if kind == "reveal":
            seen += 1
            stage.looks_right()
            stage.look("reveal")
    assert seen == 5  # one for each award; the places of two are shared
    assert stage.hall.get_attribute("body", "data-scene") == "thanks"
    assert stage.broken == []
    stage.context.close()
