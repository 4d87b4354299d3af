"""A judge's device in a real browser: getting ready, the way out, plain http, ten entries by keys and by touch."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from contest.infra.db import db, release_connections, unit_of_work
from contest.judging.models import Assignment
from tests.faults.proxy import Cable
from tests.faults.test_network import EVERYTHING
from tests.faults.venue import Tablet, Venue

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
ENTRIES = 10
# Seconds that a practised hand takes for a key and for a tap (Card, Moran and Newell 1980: keystroke; point and press).
# What a person thinks is not counted: marks are given after reading.
KEY_SECONDS, TAP_SECONDS = 0.28, 1.3
MOST_SECONDS = 180

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(900),
    pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed"),
]

Start = Callable[..., Tablet]


def wait_offline(judge: Tablet, venue: Venue, paper: str) -> None:
    """Type a mark that cannot be sent."""
    judge.open_paper(paper)
    venue.proxy.set(Cable.CUT)
    judge.mark("C1", "7")
    expect(judge.state).to_contain_text("Waiting to be sent: 1")


def test_the_judges_pages_can_be_installed(venue: Venue, tablet: Start) -> None:
    judge = tablet()
    judge.open(venue.base)
    judge.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    session = judge.context.new_cdp_session(judge.page)
    assert session.send("Page.getAppManifest")["errors"] == []
    errors = [one["errorId"] for one in session.send("Page.getInstallabilityErrors")["installabilityErrors"]]
    assert [one for one in errors if one != "in-incognito"] == []


def test_the_list_without_network_shows_what_waits(venue: Venue, tablet: Start) -> None:
    judge = tablet()
    judge.get_ready()
    wait_offline(judge, venue, venue.papers[1])
    judge.open(venue.base)
    waiting = judge.page.locator("li.is-unsent")
    expect(waiting).to_have_count(1)
    expect(waiting).to_contain_text("Waiting to be sent")
    expect(judge.page.locator("[data-device-line]")).to_have_text("Waiting to be sent: 1")
    venue.proxy.set(Cable.WHOLE)
    expect(waiting).to_have_count(0, timeout=15_000)
    expect(judge.page.locator("[data-device-line]")).to_contain_text("Ready without network: 2 submissions")


def test_what_is_stored_follows_the_list(venue: Venue, tablet: Start) -> None:
    judge = tablet()
    gone, stays = venue.papers
    with venue.app.app_context():
        picture = venue.add_picture(stays)
        release_connections()
    judge.get_ready()
    with venue.app.app_context():
        with unit_of_work() as session:
            session.delete(db.session.query(Assignment).filter_by(public_id=gone).one())
        fresh = venue.add_paper()
        release_connections()
    judge.open(venue.base)
    wanted, found = [False, True, True, True], [False]
    for _ in range(60):  # it catches up by itself, after the list was shown
        pages = judge.page.evaluate(EVERYTHING)["pages"]
        found = [one in pages for one in (gone, stays, fresh, f"files/{picture}")]
        if found == wanted:
            break
        judge.page.wait_for_timeout(500)
    assert found == wanted
    judge.page.wait_for_load_state("networkidle")
    venue.proxy.set(Cable.CUT)
    judge.open_paper(stays)
    judge.page.locator("[data-pages] summary").click()
    shown = judge.page.locator("[data-pages] img")
    expect(shown).to_be_visible()
    assert shown.evaluate("one => one.decode().then(() => one.naturalWidth)") > 0


def test_signing_out_clears_the_device(venue: Venue, tablet: Start) -> None:
    judge = tablet()
    judge.get_ready()
    judge.page.locator("details:has([data-sign-out]) summary").click()
    judge.page.locator("[data-sign-out] button").click()
    judge.page.wait_for_url(venue.address + "/")
    held = judge.page.evaluate(WHAT_IS_LEFT)
    assert held == {"databases": [], "pages": 0, "workers": 0, "local": 0}


@pytest.mark.parametrize(("way", "left"), [("keep", 1), ("drop", 0)])
def test_nobody_signs_out_over_unsent_marks_without_a_word(venue: Venue, tablet: Start, way: str, left: int) -> None:
    judge, paper = tablet(), venue.papers[0]
    judge.get_ready()
    wait_offline(judge, venue, paper)
    judge.page.locator("details:has([data-sign-out]) summary").click()
    judge.page.locator("[data-sign-out] button").click()
    leave = judge.page.locator("[data-device-leave]")
    expect(leave).to_be_visible()
    expect(leave.locator("[data-device-unsent]")).to_have_text("Waiting to be sent: 1")
    # The way out needs the server; what waits is held back, as if it were busy.
    judge.page.route("**/device/hello.json", lambda route: route.abort())
    venue.proxy.set(Cable.WHOLE)
    judge.page.locator(f"[data-device-go={way}] button").click()
    judge.page.wait_for_url(venue.address + "/")
    held = judge.page.evaluate(EVERYTHING)
    assert len(held["outbox"]) == left
    assert (held["papers"], held["lists"], held["device"], held["pages"]) == ([], [], [], "")
    judge.page.unroute("**/device/hello.json")
    judge.context.add_cookies([venue.cookie(venue.judge_id)])  # type: ignore[list-item]  # playwright's own mapping
    judge.open_paper(paper)
    expect(judge.state).to_have_attribute("data-save-state", "saved" if left else "idle", timeout=10_000)
    assert venue.stored(paper) == ({"C1": "7"} if left else {})


def test_on_plain_http_the_outbox_works_without_a_worker(venue: Venue, tablet: Start) -> None:
    judge, paper = tablet(flags=["--host-resolver-rules=MAP venue.test 127.0.0.1"]), venue.papers[0]
    venue.address = venue.address.replace("localhost", "venue.test")
    judge.context.add_cookies([venue.cookie(venue.judge_id)])  # type: ignore[list-item]  # as above
    judge.open(f"{venue.base}device/")
    assert judge.page.evaluate("[isSecureContext, 'subtle' in crypto, 'serviceWorker' in navigator]") == [False] * 3
    expect(judge.page.locator("[data-device-status]")).to_contain_text("cần https")
    judge.open_paper(paper)
    venue.proxy.set(Cable.CUT)
    judge.mark("C1", "7")
    expect(judge.state).to_contain_text("chờ gửi: 1", ignore_case=True)
    venue.proxy.set(Cable.DUMB)
    judge.page.wait_for_timeout(1500)
    venue.proxy.set(Cable.WHOLE)
    judge.open_paper(paper)
    expect(judge.state).to_have_attribute("data-save-state", "saved", timeout=15_000)
    assert venue.stored(paper) == {"C1": "7"}
    assert len(venue.events(paper)) == 1


class Hand:
    """Counts what a judge presses and taps."""

    def __init__(self, judge: Tablet) -> None:
        self.page, self.keys, self.taps, self.began = judge.page, 0, 0, time.monotonic()

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def tap(self, what: str) -> None:
        self.page.locator(what).tap()
        self.taps += 1

    def pad(self, text: str) -> None:
        self.page.keyboard.insert_text(text)  # the pad on the screen
        self.taps += len(text)

    def seconds(self, entries: int) -> float:
        """Tell what was done, and how long a person's hand would take for it."""
        hand = self.keys * KEY_SECONDS + self.taps * TAP_SECONDS
        clock = time.monotonic() - self.began
        sys.stdout.write(
            f"{entries} entries: {self.keys} keys, {self.taps} taps, {hand:.0f} s by hand; {clock:.1f} s here\n"
        )
        return hand


def next_after(here: str) -> Callable[[str], bool]:
    """Tell an address of another paper from this one and from the list."""
    return lambda address: address != here and not address.endswith("/judging/")


@pytest.mark.parametrize("venue", [ENTRIES], indirect=True)
def test_ten_entries_by_the_keyboard_alone(venue: Venue, tablet: Start) -> None:
    judge = tablet()
    judge.open_paper(venue.papers[0])
    hand = Hand(judge)
    for turn in range(ENTRIES):
        here = judge.page.url
        for mark in ("7", "8.5", "9", "6"):
            hand.press("j")
            hand.type(mark)
        for _ in range(4):
            hand.press("Tab")
        _hand_in_by_keys(hand)
        if turn < ENTRIES - 1:
            judge.page.wait_for_url(next_after(here))
            judge.page.locator("form[data-outbox-ready]").wait_for()
    judge.page.wait_for_url(venue.address + venue.base)
    assert _all_scored(venue, {"C1": "7", "C2": "8.5", "C3": "9", "C4": "6"})
    assert hand.seconds(ENTRIES) < MOST_SECONDS


def _hand_in_by_keys(hand: Hand) -> None:
    """Walk with Tab to the button that hands the sheet in, and press it."""
    for _ in range(40):
        if hand.page.evaluate("document.activeElement.value === 'submit'"):
            hand.press("Enter")
            return
        hand.press("Tab")
    raise AssertionError("Tab does not reach the button")


@pytest.mark.parametrize("venue", [ENTRIES], indirect=True)
def test_ten_entries_by_touch_alone(venue: Venue, tablet: Start) -> None:
    judge = tablet(**PHONE)
    judge.open(venue.base)
    hand = Hand(judge)
    hand.tap(".bv-desk-next .btn")
    for turn in range(ENTRIES):
        judge.page.locator("form[data-outbox-ready]").wait_for()
        here = judge.page.url
        hand.tap('label[for="c0-7"]')
        hand.tap('input[name="mark-C2"]')
        hand.pad("8,5")
        hand.tap('label[for="c2-9"]')
        hand.tap('input[name="mark-C4"]')
        hand.pad("6")
        hand.tap("button[value=submit]")
        if turn < ENTRIES - 1:
            judge.page.wait_for_url(next_after(here))
    judge.page.wait_for_url(venue.address + venue.base)
    assert _all_scored(venue, {"C1": "7", "C2": "8.5", "C3": "9", "C4": "6"})
    assert hand.seconds(ENTRIES) < MOST_SECONDS


def _all_scored(venue: Venue, marks: dict[str, str]) -> bool:
    return all(venue.stored(paper) == marks for paper in venue.papers)


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_state_is_accessible(venue: Venue, tablet: Start, locale: str) -> None:
    judge, paper = tablet(), venue.papers[0]
    judge.get_ready()
    judge.context.add_cookies([{"name": "locale", "value": locale, "url": venue.address}])
    judge.open_paper(paper)
    judge.page.locator("[data-outbox-panel]").evaluate_all("all => all.forEach((one) => (one.hidden = false))")
    judge.page.locator("[data-outbox-message]").evaluate("one => (one.textContent = 'x')")
    assert violations(judge, "[data-outbox-panels]") == []
    judge.open(f"{venue.base}device/#sign-out")
    judge.page.locator("[data-device-leave], [data-device-refused], [data-device-missing]").evaluate_all(
        "all => all.forEach((one) => (one.hidden = false))"
    )
    assert violations(judge, "main") == []
    assert judge.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def violations(judge: Tablet, part: str) -> list[str]:
    return [one["id"] for one in Axe().run(judge.page, context=part).response["violations"]]


WHAT_IS_LEFT = """async () => ({
  databases: (await indexedDB.databases()).map((one) => one.name),
  pages: (await caches.keys()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  local: localStorage.length,
})"""
