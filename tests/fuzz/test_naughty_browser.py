"""IN-08: the naughty strings stand in every stored text of the world, and no page of any role lets one of them act."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, Route
from sqlalchemy import Column, func, select
from sqlalchemy import text as sql

from contest.infra.db import unit_of_work
from tests.browser.chromium import CHROMIUM
from tests.browser.conftest import chromium
from tests.fuzz.naughty import bundles, kept, strings
from tests.sweep.addresses import readable, true_paths
from tests.sweep.site import Site, read
from tests.sweep.test_stored import worded

__all__ = ["chromium"]
pytestmark = [
    pytest.mark.fuzz,
    pytest.mark.timeout(900),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
HOST = "http://localhost"
HTML = "text/html"
ROOM = 1500
# In this order: a page that several get is read by the first of them.
ROLES = ("judge", "captain", "chair", "organiser", "administrator", "halfway", "visitor")
# The browser says what it blocked, and what a text of ours would have done: all of it before any script of the page.
WATCH = """
window.acts = [];
addEventListener("securitypolicyviolation", (event) => window.acts.push(
  `${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
for (const name of ["alert", "confirm", "prompt", "open", "print"])
  window[name] = (...given) => { window.acts.push(`${name}(${given})`); };
"""
# What escaped text cannot make: a script without an address, a handler in an attribute, an address that is a program,
# a frame.
GROWN = """() => [
  ...[...document.querySelectorAll("script:not([src])")].filter(
    (one) => !["application/json", "importmap", "speculationrules"].includes(one.type)),
  ...document.querySelectorAll("iframe, object, embed, base, frame, applet, marquee"),
  ...[...document.querySelectorAll("*")].filter((one) => [...one.attributes].some(
    (held) => held.name.startsWith("on") || /^\\s*(javascript|vbscript):/i.test(held.value) && held.name !== "value")),
].map((one) => one.outerHTML.slice(0, 200)).concat(window.acts)"""


@dataclass
class Desk:
    """What the pages ask for is answered by the application in this process; all else is noted and cut off."""

    site: Site
    role: str = "visitor"
    faults: list[str] = field(default_factory=list)
    address: str = ""
    static: dict[str, dict[str, Any]] = field(default_factory=dict)

    def answer(self, route: Route) -> None:
        asked = route.request
        parts = urlsplit(asked.url)
        if f"{parts.scheme}://{parts.netloc}" != HOST:
            self.note(f"asks for {asked.url[:200]}")
            route.abort()
            return
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if path not in self.static:
            given = self._answered(path, asked)
            if not path.startswith("/static/"):
                route.fulfill(**given)
                return
            self.static[path] = given
        route.fulfill(**self.static[path])

    def _answered(self, path: str, asked: Request) -> dict[str, Any]:
        sent: dict[str, Any] = {"data": asked.post_data_buffer, "headers": asked.headers} if asked.post_data else {}
        # The browser calls from a greenlet of its own, where the context of the test does not hold.
        with (
            self.site.app.app_context(),
            self.site.person(self.role).open(path, method=asked.method, **sent) as given,
        ):
            if given.status_code >= 500:
                self.note(f"{path} answers {given.status_code}")
            heads = {name: value for name, value in given.headers.items() if name.lower() != "set-cookie"}
            return {"status": given.status_code, "headers": heads, "body": given.get_data()}

    def note(self, fault: str) -> None:
        self.faults.append(f"{self.role} {self.address}: {fault}")

    def watched(self, browser: Browser) -> Page:
        context = browser.new_context(service_workers="block")
        context.add_init_script(WATCH)
        context.route("**/*", self.answer)
        page = context.new_page()
        page.on("pageerror", lambda error: self.note(f"error {error.stack}"))
        page.on("console", lambda said: self.note(f"console {said.text[:300]}") if told(said) else None)
        page.on("dialog", self._refuse)
        return page

    def _refuse(self, dialog: Dialog) -> None:
        self.note(f"dialog {dialog.message}")
        dialog.dismiss()


def told(said: Any) -> bool:
    """Tell whether the browser complains: an answer of 4xx to a script is no fault of a text."""
    return said.type == "error" and "Failed to load resource" not in said.text


def put_everywhere() -> int:
    """Put the strings behind every stored text, in each row and column others; return how many texts hold some."""
    with unit_of_work() as session:
        return sum(_put(session, column, 37 * number) for number, column in enumerate(worded()))


def _put(session: Any, column: Column[Any], first: int) -> int:
    """Fill a column up to its length with what a form keeps of the strings."""
    table, name = column.table.name, column.name
    taken = session.scalar(select(func.max(func.length(column)))) or 0
    room = min(getattr(column.type, "length", None) or ROOM, ROOM) - taken - 1
    fitting = tuple(text for text in plain_strings() if len(text) <= room)
    held = [" ".join(bundle) for bundle in bundles(room, fitting)]
    changed: int = 0
    for place, mark in enumerate(held):
        asked = f"UPDATE {table} SET {name} = {name} || :mark WHERE {name} <> '' AND rowid % :turns = :turn"  # noqa: S608  names of our own tables
        found: Any = session.execute(
            sql(asked), {"mark": f" {mark}", "turns": len(held), "turn": (place + first) % len(held)}
        )
        changed += found.rowcount
    return changed


def plain_strings() -> tuple[str, ...]:
    """Return what a field of one line keeps of each string."""
    return tuple(dict.fromkeys(filter(None, (kept(one, "text") for one in strings()))))


def pages_of(desk: Desk, role: str, seen: set[str]) -> list[str]:
    """Return an address of each page that the role gets and no role before it; no address breaks, files neither."""
    found, site = [], desk.site
    for rule in readable():
        for path in () if rule.rule in seen else true_paths(site.app, rule, site.world.own)[:1]:
            answer = read(site.person(role).get(path))
            if answer.status >= 500:
                desk.note(f"{path} answers {answer.status}")
            if answer.status == 200 and answer.mimetype == HTML:
                seen.add(rule.rule)
                found.append(path)
    return found


def visit(page: Page, desk: Desk, path: str) -> str:
    desk.address = path
    page.goto(HOST + path, wait_until="load")
    for grown in page.evaluate(GROWN):
        desk.note(grown)
    found: str = page.evaluate("document.documentElement.textContent")
    return " ".join(found.split())


def test_the_watch_sees_what_it_watches_for(site: Site, chromium: Browser) -> None:
    desk = Desk(site)
    page = desk.watched(chromium)
    visit(page, desk, "/sign-in")
    assert desk.faults == []
    page.evaluate(
        """() => { document.body.insertAdjacentHTML("beforeend", '<p onclick="alert(1)"><img src="http://a.example/">');
        document.body.append(Object.assign(document.createElement("script"), {text: "alert(1)"})); alert(2) }"""
    )
    page.wait_for_function("window.acts.length >= 4")
    told = " ".join(page.evaluate(GROWN))
    page.context.close()
    assert all(mark in told for mark in ("<p onclick", "script-src-attr", "script-src-elem", "img-src", "alert(2)"))
    assert "console" in " ".join(desk.faults)


def test_in_08_no_stored_string_acts_on_any_page(site: Site, chromium: Browser) -> None:
    texts = put_everywhere()
    assert texts > 500
    desk = Desk(site)
    seen: set[str] = set()
    shown = ""
    for role in ROLES:
        desk.role = role
        page = desk.watched(chromium)
        for path in pages_of(desk, role, seen):
            shown += visit(page, desk, path)
        page.context.close()
    assert desk.faults == []
    assert len(seen) > 100
    # Some stand only in texts that no page shows in words: in the fields of forms, in files.
    unseen = [one for one in plain_strings() if " ".join(one.split()) not in shown]
    assert len(unseen) < len(plain_strings()) / 10
