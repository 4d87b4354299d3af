"""One first load of a page by a real Chromium with an empty cache over a slow line: its bytes and its moments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser

# Chromium's own numbers for a slow mobile network; the line of the promise has 400 kbit/s both ways.
KBIT_PER_SECOND = 400
LATENCY_MS = 400
PATIENCE_MS = 60_000
# Notes when the outbox of the page is ready: from then on a mark that is tapped is kept and sent.
_WATCH = """
new MutationObserver((changes, observer) => {
  if (!document.querySelector("form[data-outbox-ready]")) return;
  performance.mark("usable");
  observer.disconnect();
}).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-outbox-ready"] });
"""
_TIMES = """() => Object.fromEntries([
  ["paint", performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0],
  ["usable", performance.getEntriesByName("usable")[0]?.startTime ?? 0],
  ["form", performance.getEntriesByType("navigation")[0].domInteractive],
])"""


@dataclass(frozen=True)
class Load:
    """Milliseconds since the address was entered, and bytes on the wire (headers included) per path."""

    paint: float
    usable: float
    done: float
    sizes: Mapping[str, int]

    @property
    def size(self) -> int:
        """All bytes of the first load."""
        return sum(self.sizes.values())

    def kinds(self) -> dict[str, int]:
        """Bytes by kind: fonts, styles, scripts, icons, page and the rest."""
        found: dict[str, int] = {}
        for path, size in self.sizes.items():
            found[_kind(path)] = found.get(_kind(path), 0) + size
        return found


def _kind(path: str) -> str:
    ends = {"fonts": ".woff2", "styles": ".css", "scripts": ".js", "icons": ".svg", "manifest": ".webmanifest"}
    return next((kind for kind, end in ends.items() if path.endswith(end)), "pages and data")


class _Wire:
    """What the developer tools of the browser tell of each request."""

    def __init__(self) -> None:
        self.paths: dict[str, str] = {}
        self.sizes: dict[str, int] = {}
        self.last = 0.0

    def asked(self, event: Mapping[str, Any]) -> None:
        self.paths[event["requestId"]] = urlsplit(event["request"]["url"]).path

    def finished(self, event: Mapping[str, Any]) -> None:
        path = self.paths.get(event["requestId"])
        if path is not None:
            self.sizes[path] = self.sizes.get(path, 0) + int(event["encodedDataLength"])


def first_load(browser: Browser, address: str, cookies: list[Any], *, slow: bool = True) -> Load:
    """Open `address` in a fresh profile and wait until its outbox is ready and the network is quiet.

    The service worker is left out: it starts after the page, at its own pace. `slow` puts the line of
    `KBIT_PER_SECOND` and `LATENCY_MS` in between.
    """
    context = browser.new_context(viewport={"width": 360, "height": 740}, service_workers="block")
    try:
        context.add_cookies(cookies)
        page = context.new_page()
        page.add_init_script(_WATCH)
        wire, tools = _Wire(), context.new_cdp_session(page)
        tools.on("Network.requestWillBeSent", wire.asked)
        tools.on("Network.loadingFinished", wire.finished)
        tools.send("Network.enable")
        tools.send("Network.setCacheDisabled", {"cacheDisabled": False})
        if slow:
            line = KBIT_PER_SECOND * 1000 / 8
            limits = {"latency": LATENCY_MS, "downloadThroughput": line, "uploadThroughput": line, "offline": False}
            tools.send("Network.emulateNetworkConditions", limits)
        page.goto(address, timeout=PATIENCE_MS)
        page.locator("form[data-outbox-ready]").wait_for(timeout=PATIENCE_MS)
        page.wait_for_load_state("networkidle", timeout=PATIENCE_MS)
        times = page.evaluate(_TIMES)
        done = page.evaluate("Math.max(...performance.getEntriesByType('resource').map(one => one.responseEnd))")
        return Load(times["paint"], times["usable"], done, wire.sizes)
    finally:
        context.close()
