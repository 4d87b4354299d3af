"""The scoring page in a real browser: light on a slow line, every state accessible, narrow, enlarged."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from itsdangerous import TimestampSigner
from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks._first_load import first_load
from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.infra.db import db, release_connections, unit_of_work
from tests.faults.conftest import TRUE_TIME
from tests.faults.proxy import Cable
from tests.faults.venue import CHROMIUM, FLAGS, Venue

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed"),
]

MOST_BYTES = 150_000
LOOKS = [(locale, theme) for locale in ("vi", "en") for theme in ("light", "dark")]
SIZES = [(320, 640), (360, 740), (720, 450), (1440, 900)]  # 720x450 is 1440x900 at 200 %
COVERED = """() => {
  const bar = document.querySelector(".bv-sticky-bar").getBoundingClientRect();
  const marks = document.querySelector("#marks");
  const all = [...marks.querySelectorAll("input:not([type=hidden]), textarea, summary, a")];
  return all.filter((one) => {
    const shown = one.labels?.length && one.type === "radio" ? one.labels[0] : one;
    one.focus();
    shown.scrollIntoView({ block: "nearest" });
    const box = shown.getBoundingClientRect();
    const top = document.querySelector(".bv-sticky-bar").getBoundingClientRect().top;
    return box.height > 0 && getComputedStyle(document.querySelector(".bv-sticky-bar")).position === "sticky"
      && box.height < innerHeight - bar.height && box.bottom > top + 1;
  }).map((one) => one.id || one.outerHTML.slice(0, 80));
}"""
SMALL = """() => [...document.querySelectorAll(".bv-score-button, .bv-number .form-control, .bv-sticky-bar .btn")]
  .map((one) => one.getBoundingClientRect()).filter((box) => box.height < 47.5 || box.width < 47.5).length"""


class Stand:
    """A served round of eight papers; each stands for a state."""

    def __init__(self, venue: Venue, browser: Browser) -> None:
        self.venue, self.browser = venue, browser
        self.cookies: list[Any] = [venue.cookie(venue.judge_id)]

    def page(self, locale: str = "vi", theme: str = "light", **options: Any) -> Page:
        context = self.browser.new_context(base_url=self.venue.address, **options)
        context.add_cookies(self.cookies)
        for name, value in (("locale", locale), ("theme", theme)):
            context.add_cookies([{"name": name, "value": value, "url": self.venue.address}])
        page = context.new_page()
        page.set_default_timeout(40_000)
        return page

    def url(self, number: int, rest: str = "") -> str:
        return f"{self.venue.base}{self.venue.papers[number]}{rest}"

    def open(self, page: Page, number: int) -> None:
        page.goto(self.url(number))
        page.locator("form[data-outbox-ready]").wait_for()

    def round_state(self, state: RoundState) -> None:
        with self.venue.app.app_context():
            with unit_of_work() as session:
                session.get_one(Round, self.venue.round_id).state = state
            db.session.remove()
            release_connections()


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    venue = Venue(tmp_path_factory.mktemp("stand"), papers=8, criteria=4)
    venue.start()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as play:
        patch.setattr(TimestampSigner, "get_timestamp", TRUE_TIME)  # other tests let cookies be signed at one moment
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield Stand(venue, browser)
        browser.close()
    venue.close()


def score(page: Page, mark: str = "7") -> None:
    for field in page.locator(".bv-number input").all():
        field.fill(mark)
    for group in page.locator(".bv-score").all():
        group.locator(f'label:text-is("{mark}")').click()


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def test_the_first_load_stays_below_150_kilobytes(stand: Stand) -> None:
    load = first_load(stand.browser, stand.venue.address + stand.url(0), stand.cookies, slow=False)
    assert load.size < MOST_BYTES, load.sizes
    assert {path.rpartition(".")[2] for path in load.sizes} >= {"css", "js", "svg", "woff2"}
    assert load.usable > 0


@pytest.mark.parametrize(("locale", "theme"), LOOKS)
def test_no_state_breaks_a_rule_of_accessibility(stand: Stand, locale: str, theme: str) -> None:
    page = stand.page(locale, theme)
    stand.open(page, 0)
    seen = {"empty": violations(page)}
    stand.open(page, 1)
    score(page)
    expect(page.locator("[data-save-state]")).to_have_attribute("data-save-state", "saved")
    seen["draft"] = violations(page)
    page.locator("[data-keys-open]").click()
    seen["keys"] = violations(page)
    page.keyboard.press("Escape")
    stand.open(page, 2)
    if page.locator("button[value=draft]").count():
        score(page)
        with page.expect_navigation():
            page.locator("button[value=submit]").click()
        stand.open(page, 2)
    seen["submitted"] = violations(page)
    for name, rest in (("abstain", "/abstain"), ("recuse", "/recuse"), ("receipt", "/receipt")):
        answer = page.goto(stand.url(2 if name == "receipt" else 3, rest))
        assert answer is not None
        assert answer.ok, rest
        seen[name] = violations(page)
    stand.open(page, 4)
    stand.venue.proxy.set(Cable.CUT)
    page.locator(".bv-number input").first.fill("5")
    expect(page.locator("[data-save-state]")).to_have_attribute("data-save-state", "failed")
    seen["offline"] = violations(page)
    page.locator("[data-outbox-panel]").evaluate_all("all => all.forEach((one) => (one.hidden = false))")
    seen["panels"] = violations(page)
    stand.venue.proxy.set(Cable.WHOLE)
    page.context.close()
    assert {name: found for name, found in seen.items() if found} == {}


@pytest.mark.parametrize(("locale", "theme"), LOOKS)
def test_no_page_without_scripts_breaks_one_either(stand: Stand, locale: str, theme: str) -> None:
    number = 5
    plain, other = stand.page(locale, theme, java_script_enabled=False), stand.page(locale, theme)
    checked = stand.page(locale, theme)
    plain.goto(stand.url(number))
    stand.open(other, number)
    other.locator("#feedback").fill(f"{locale} {theme}")
    expect(other.locator("[data-save-state]")).to_have_attribute("data-save-state", "saved")
    plain.locator(".bv-number input").first.fill("3")
    seen = {}
    for name, act in (("merge", "draft"), ("late", "draft")):
        if name == "late":
            plain.goto(stand.url(number))
            plain.locator(".bv-number input").first.fill("99")
            plain.locator("button[value=draft]").click()
            seen["marks refused"] = by_text(checked, plain)
            plain.goto(stand.url(number))
            plain.locator(".bv-number input").first.fill("4")
            stand.round_state(RoundState.CLOSED)
        plain.locator(f"button[value={act}]").click()
        seen[name] = by_text(checked, plain)
    plain.goto(stand.url(number))
    seen["read-only"] = by_text(checked, plain)
    stand.round_state(RoundState.OPEN)
    plain.goto(stand.url(number))
    seen["reading"] = by_text(checked, plain)
    stand.round_state(RoundState.SCORING)
    for page in (plain, other, checked):
        page.context.close()
    assert {name: found for name, found in seen.items() if found} == {}


def by_text(checked: Page, plain: Page) -> list[str]:
    """The rules that a page without scripts breaks, looked at in a page with them: axe is a script."""
    checked.route("**/shown", lambda route: route.fulfill(body=plain.content(), content_type="text/html"))
    checked.goto("/shown")
    found = violations(checked)
    checked.unroute("**/shown")
    return found


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_narrow_and_enlarged_pages_hide_nothing(stand: Stand, width: int, height: int) -> None:
    # Without smooth scrolling: what is measured stands still.
    page = stand.page(viewport={"width": width, "height": height}, has_touch=True, reduced_motion="reduce")
    for number in (0, 2):
        stand.open(page, number)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(SMALL) == 0
        assert page.evaluate(COVERED) == []
    page.context.close()


def test_forced_colours_and_less_motion_keep_the_marks_apart(stand: Stand) -> None:
    page = stand.page(forced_colors="active", reduced_motion="reduce")
    stand.open(page, 6)
    chosen, free = (page.locator(".bv-score-button").nth(place) for place in (7, 3))
    chosen.click()
    page.mouse.move(0, 0)
    ground = "one => getComputedStyle(one).backgroundColor"
    assert chosen.evaluate(ground) != free.evaluate(ground)
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    moving = "all => all.filter((one) => parseFloat(getComputedStyle(one).transitionDuration) > .01).length"
    assert page.locator("*").evaluate_all(moving) == 0
    page.context.close()
