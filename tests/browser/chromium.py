"""The same person with a real browser, and a real server for it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page
from waitress.server import create_server

from contest.infra.db import release_connections

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]


@contextmanager
def serving(app: Flask, port: int) -> Iterator[None]:
    """Serve an application on a port of this machine until the block ends."""
    server = create_server(app, host="127.0.0.1", port=port, threads=8)

    def run() -> None:
        with suppress(OSError):  # its loop may ask once more for a socket that was just closed
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield
    server.close()
    thread.join(10)
    with app.app_context():
        release_connections()


class ChromiumDriver:
    """A person with Debian's Chromium; scripts run, the content security policy holds."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.page: Page = context.new_page()
        self.base = base
        self.broken: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", self._note_error)

    def _note_error(self, error: object) -> None:
        # Leaving a page while its modules still load cuts their fetch off; nobody is there to miss them.
        if "Failed to fetch dynamically imported module" not in str(error):
            self.broken.append(str(error))

    def _note(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        if kind == "error" and "Failed to load resource" not in text:
            self.broken.append(text)

    @property
    def text(self) -> str:
        return " ".join(self.page.inner_text("body").split())

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def open(self, path: str) -> None:
        answer = self.page.goto(self.base + path)
        assert answer is not None
        assert answer.ok, f"{answer.status} at {path}"

    def fill(self, **values: str) -> None:
        for key, value in values.items():
            self._set(key.replace("__", "-"), value)

    def _set(self, name: str, value: str) -> None:
        control = self.page.locator(f'[name="{name}"]')
        kind = control.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
        if kind == "radio":
            self._choose(self.page.locator(f'[name="{name}"][value="{value}"]'))
        elif kind == "select":
            control.first.select_option(value)
        elif kind == "checkbox":
            control.first.set_checked(bool(value))
        else:
            control.first.fill(value)

    @staticmethod
    def _choose(radio: Locator) -> None:
        # The visible thing is the label; the input itself may be hidden behind it.
        radio.first.evaluate("e => (e.labels && e.labels[0] || e).click()")

    def fill_all(self, prefix: str, value: str) -> None:
        names = self.page.locator(f'[name^="{prefix}"]').evaluate_all("all => [...new Set(all.map(e => e.name))]")
        assert names, f"no control {prefix}… on {self.path}"
        for name in names:
            self._set(name, value)

    def upload(self, place: int, filename: str, content: bytes) -> None:
        kinds = {".pdf": "application/pdf", ".png": "image/png"}
        kind = kinds.get(filename[filename.rfind(".") :], "application/octet-stream")
        self.page.locator("input[type=file]").nth(place).set_input_files(
            {"name": filename, "mimeType": kind, "buffer": content}
        )

    def press(self, words: str) -> None:
        button = self.page.locator("button[type=submit]:visible:not([aria-hidden=true])").filter(has_text=words)
        with self.page.expect_navigation():
            button.first.click()

    def follow(self, words: str) -> None:
        with self.page.expect_navigation():
            self.page.locator("a:visible").filter(has_text=words).first.click()

    def download(self, words: str) -> bytes:
        with self.page.expect_download() as waiting:
            self.page.locator("a:visible").filter(has_text=words).first.click()
        return waiting.value.path().read_bytes()
