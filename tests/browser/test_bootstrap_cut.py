"""Pages look with the cut of Bootstrap as they look with all of it: every computed style of every element."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from itsdangerous import TimestampSigner
from playwright.sync_api import Browser, Page, sync_playwright

from contest.accounts.roles import Role
from contest.infra.db import db, release_connections
from contest.web.bundles import STYLES
from tests.faults.conftest import TRUE_TIME
from tests.faults.venue import CHROMIUM, FLAGS, Venue
from tests.sweep.addresses import filled, readable, variables
from tests.tools.bootstrap import CUT, STATIC, WHOLE, Rule, parsed, selectors

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(900),
    pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed"),
]

EVERY = 4  # of the committee's pages: they share their parts
STILL = "*, *::before, *::after { transition: none !important; animation: none !important }"
# Every property of every element and of what stands before and after it; variables only name what others compute.
STYLES_NOW = """() => [...document.querySelectorAll("html, body, body *")].flatMap((one) =>
  [null, "::before", "::after"].map((part) => {
    const style = getComputedStyle(one, part);
    if (part && style.content === "none") return null;
    const lines = [...style].filter((name) => !name.startsWith("--")).map((name) => `${name}: ${style[name]}`);
    return [`${one.tagName} ${one.className.baseVal ?? one.className}${part ?? ""}`, lines];
  }).filter(Boolean))"""
COMPARED = f"""async (sheets) => {{
  const before = ({STYLES_NOW})();
  const old = [...document.styleSheets].find((one) => /css\\/bootstrap\\.css|built\\/scoring\\.css/.test(one.href));
  let last = old.ownerNode;
  for (const [href, media] of /built/.test(old.href) ? sheets : sheets.slice(0, 1)) {{
    const next = Object.assign(document.createElement("link"), {{ rel: "stylesheet", href, media }});
    const loaded = new Promise((done, failed) => {{ next.onload = done; next.onerror = failed; }});
    last.after(next);
    last = next;
    await loaded;
  }}
  old.ownerNode.remove();
  const after = ({STYLES_NOW})();
  if (before.length !== after.length) return [`${{before.length}} elements, ${{after.length}} with all of it`];
  return before.flatMap(([name, lines], place) => lines.filter((line, at) => line !== after[place][1][at])
    .slice(0, 3).map((line) => `${{name}} > ${{line}}`));
}}"""
MATCHED = "(all) => all.filter((one) => document.querySelector(one))"
ANY = re.compile(r"^(?=[>+~ ]|$)|(?<=[>+~ ])(?=[>+~ ]|$)")  # where only the state was named
STATE = re.compile(r":not\(:[^()]*\)|::?(?!not\b|root\b|is\b|where\b|(?:first|last|nth)-)-?[\w-]+(?:\([^()]*\))?")


def asked(rules: Iterable[Rule]) -> Iterator[str]:
    """Yield the selectors of rules, those inside of others too."""
    for rule in rules:
        if not rule.head.startswith(("@keyframes", "@font-face")):
            yield from asked(rule.rules) if rule.rules else selectors(rule.head)


def left_out() -> list[str]:
    """Return what the cut asks for no longer, whatever state an element is in."""
    whole, cut = (set(asked(parsed(path.read_text(encoding="utf-8")))) for path in (WHOLE, CUT))
    return sorted({ANY.sub("*", STATE.sub("", one)) for one in whole - cut})


def sheets() -> list[list[str]]:
    """Return the addresses and media of the single style sheets, all of Bootstrap first."""
    ours = [name.partition(":")[::2] for name in STYLES["scoring.css"][1:]]
    whole = "/static/" + WHOLE.relative_to(STATIC).as_posix()
    return [[whole, "all"], *([f"/static/{name}", medium or "all"] for name, medium in ours)]


class Rooms:
    """A served contest with a judge's paper, and who comes into which room."""

    def __init__(self, venue: Venue, browser: Browser) -> None:
        self.venue, self.browser = venue, browser
        with venue.app.app_context():
            edition = db.session.merge(venue.edition)
            self.people = {
                "organiser": venue.make.member(edition, Role.ORGANISER).id,
                "judge": venue.judge_id,
            }
            known = {"edition_code": venue.code, "round_code": db.session.merge(venue.round).code}
            rules = [
                (one, {name: known.get(name, "") for name in variables(one)})
                for one in readable()
                if "stream" not in one.rule
            ]
            self.addresses = [filled(venue.app, one, values) for one, values in rules if all(values.values())]
            release_connections()

    def page(self, who: str, theme: str, width: int) -> Page:
        # Styles are swapped by a script, which the policy of the pages would forbid.
        context = self.browser.new_context(
            base_url=self.venue.address,
            viewport={"width": width, "height": 900},
            bypass_csp=True,
            service_workers="block",
        )
        cookies: list[Any] = [{"name": "theme", "value": theme, "url": self.venue.address}]
        if who in self.people:
            cookies.append(self.venue.cookie(self.people[who]))
        context.add_cookies(cookies)
        return context.new_page()


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    venue = Venue(tmp_path_factory.mktemp("rooms"), papers=2, criteria=4)
    venue.start()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as play:
        patch.setattr(TimestampSigner, "get_timestamp", TRUE_TIME)  # other tests let cookies be signed at one moment
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield Rooms(venue, browser)
        browser.close()
    venue.close()


@pytest.mark.parametrize(
    ("who", "theme", "width"), [("organiser", "light", 1440), ("judge", "dark", 360), ("nobody", "light", 768)]
)
def test_a_page_looks_as_with_all_of_bootstrap(rooms: Rooms, who: str, theme: str, width: int) -> None:
    page, unused, different, seen = rooms.page(who, theme, width), left_out(), {}, 0
    assert len(unused) > 1_000
    papers = [rooms.venue.base + one for one in rooms.venue.papers] if who == "judge" else []
    for address in [*papers, *rooms.addresses[:: EVERY if who == "organiser" else 1]]:
        answer = page.request.get(address, max_redirects=0)
        if not answer.ok or "text/html" not in answer.headers["content-type"]:
            continue
        page.goto(address)
        if not page.locator("link[href*='css/bootstrap.css'], link[href*='built/scoring.css']").count():
            continue  # a page for paper
        seen += 1
        page.add_style_tag(content=STILL)
        if found := [*page.evaluate(MATCHED, unused), *page.evaluate(COMPARED, sheets())]:
            different[address] = found[:5]
    page.context.close()
    assert different == {}
    assert seen >= {"organiser": 10, "judge": 8, "nobody": 3}[who]


def test_a_rule_that_is_missing_is_seen(rooms: Rooms) -> None:
    page = rooms.page("judge", "light", 1440)
    without = CUT.read_text(encoding="utf-8").replace("\n.form-control{", "\n.form-else{")
    page.route("**/css/bootstrap.css*", lambda route: route.fulfill(body=without, content_type="text/css"))
    page.goto("/account")
    page.add_style_tag(content=STILL)
    assert any("form-control" in one for one in page.evaluate(COMPARED, sheets()))
    page.context.close()
