"""A venue: a server that can be killed, the cable to it, a round to be scored, and the tablet of a judge."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from http.client import HTTPException
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import BrowserContext, Error, Page, Playwright

from config import TestConfig
from contest import create_app
from contest.accounts.models import User
from contest.editions.models import Criterion, Edition, Round
from contest.editions.parts import PartKind
from contest.infra import cache
from contest.infra.db import db, release_connections, unit_of_work
from contest.judging.models import Assignment, Judge, ScoreEventRow
from contest.judging.queries.desk import paper_of, sheet_of
from contest.submissions.models import SubmissionFile
from tests.factories import NOON, Make
from tests.faults.proxy import Proxy
from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = "/usr/bin/chromium"
# What the browser itself says of a cut cable (half a manifest has a syntax error; the worker is looked for anew), and
# of plain http.
BY_THE_BROWSER = (
    *("Failed to load resource", "Manifest:", "An unknown error occurred when fetching the script."),
    "The Cross-Origin-Opener-Policy",
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
STARTED_WITHIN = 180  # a crowded machine takes its time


@dataclass(frozen=True)
class Event:
    """One row of the record: its key and the marks that it holds, by criterion."""

    key: str
    marks: Mapping[str, str]


class Venue:
    """The server's side: an edition with one round, `papers` submissions, all assigned to one judge."""

    def __init__(self, folder: Path, *, papers: int = 3, criteria: int = 10, database: str = "") -> None:
        self.folder = folder
        self.port = free_port()
        self.proxy = Proxy(self.port)
        self.address = f"http://localhost:{self.proxy.port}"
        url = database or f"sqlite:///{folder / 'site.sqlite'}"
        self.environ = {"DATABASE_URL": url, "DATA_DIR": str(folder), "APP_ENV": "test", "BASE_URL": self.address}
        self.app: Flask = create_app(TestConfig.from_env(self.environ))
        cache.clear_all()  # the rounds of the venue before had these numbers too
        self.process: subprocess.Popen[bytes] | None = None
        with self.app.app_context():
            upgrade()
            self.make = Make(self.app)
            self._people()
            self._round(criteria)
            self.papers = [self._paper(number) for number in range(papers)]
            release_connections()

    def _people(self) -> None:
        # Unlike any other of a database that outlives the test.
        mark = f"{self.folder.name.replace('_', '-')[-12:]}-{self.port}-{secrets.token_hex(2)}"
        self.edition = self.make.edition(f"mua-{mark}".lower())
        self.code, self.edition_id = self.edition.code, self.edition.id
        self.judge = self.make.judge(self.edition, self.make.user("Nguyễn Thị Minh Khai", email=f"{mark}@a.vn"))
        self.other = self.make.judge(self.edition, self.make.user("Trần Văn Khánh", email=f"{mark}@b.vn"))
        self.judge_id, self.other_id = self.judge.user_id, self.other.user_id
        self.base = f"/e/{self.code}/judging/"

    def _round(self, criteria: int) -> None:
        self.round = self.make.round(self.edition, criteria=criteria)
        self.round_id = self.round.id
        with unit_of_work() as session:  # every other criterion has buttons
            for row in session.query(Criterion).filter_by(round_id=self.round_id):
                if row.position % 2:
                    row.step, row.max_points = Decimal(1), 10
        self.codes = [f"C{number}" for number in range(1, criteria + 1)]

    def _paper(self, number: int) -> str:
        submission = self.make.submission(self.edition, code=f"BT-{self.edition_id:02d}{number:02d}")
        return str(self.make.assignment(self.round, self.judge, submission).public_id)

    def add_paper(self) -> str:
        """Give the judge one more submission; inside an application context."""
        self.edition, self.round = (
            db.session.get_one(Edition, self.edition_id),
            db.session.get_one(Round, self.round_id),
        )
        self.judge = db.session.query(Judge).filter_by(user_id=self.judge_id).one()
        self.papers.append(self._paper(len(self.papers)))
        return self.papers[-1]

    def add_picture(self, paper: str) -> str:
        """Give the submission of a paper a picture as its file; inside an application context."""
        content = (ROOT / "contest" / "static" / "img" / "icon-192.png").read_bytes()
        stored = self.app.extensions["storage"].put(BytesIO(content), limit=len(content))
        edition = db.session.get_one(Edition, self.edition_id)
        part = self.make.part(edition, "poster", PartKind.FILE, accept="png")
        with unit_of_work() as session:
            row = SubmissionFile(
                submission_id=session.query(Assignment).filter_by(public_id=paper).one().submission_id,
                part_id=part.id, filename="poster.png", content_type="image/png", size=stored.size,
                sha256=stored.sha256, storage_key=stored.key, uploaded_at=NOON,
            )  # fmt: skip
            session.add(row)
        return str(row.public_id)

    def start(self) -> None:
        """Start the server on the data folder as it is and wait until it answers."""
        deadline = time.monotonic() + STARTED_WITHIN
        self._launch()
        while time.monotonic() < deadline:
            if self._answers():
                return
            if self.process is not None and self.process.poll() is not None:
                time.sleep(1)  # what it held may not be free yet: it is started again, as a supervisor would
                self._launch()
            time.sleep(0.1)
        raise TimeoutError(f"no answer on port {self.port}: {self.log.read_text(errors='replace')[-2000:]}")

    @property
    def log(self) -> Path:
        """What the servers of this venue had to say."""
        return self.folder / "served.log"

    def _launch(self) -> None:
        command = [sys.executable, "-m", "tests.faults.served", str(self.port)]
        environ = {**os.environ, **self.environ, "PYTHONPATH": str(ROOT)}
        with self.log.open("ab") as said:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=said)

    def _answers(self) -> bool:
        # A crowded machine takes its time for the first answer, too: to ask again sooner only adds to the crowd.
        address = f"http://127.0.0.1:{self.port}/healthz"
        with suppress(OSError, HTTPException), urllib.request.urlopen(address, timeout=20):
            return True
        return False

    def kill(self) -> None:
        """End the server as a power cut does: without a word."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()
        self.proxy.close()
        with self.app.app_context():
            release_connections()

    def stored(self, paper: str) -> dict[str, str]:
        """The marks that the server holds for a paper, by criterion, as plain decimals."""
        with self.app.app_context():
            found = paper_of(self.edition_id, paper)
            assert found is not None
            sheet = sheet_of(found.round)
            points = zip(sheet.criteria, found.points(sheet), strict=True)
            marks = {c.code: f"{c.value_of(one).normalize():f}" for c, one in points if one is not None}
            release_connections()
            return marks

    def events(self, paper: str) -> list[Event]:
        """The record of a paper, oldest first."""
        with self.app.app_context():
            found = paper_of(self.edition_id, paper)
            assert found is not None
            rows = db.session.query(ScoreEventRow).filter_by(assignment_id=found.id).order_by(ScoreEventRow.id)
            events = [Event(row.key or "", dict(row.marks)) for row in rows]
            release_connections()
            return events

    def cookie(self, user_id: int) -> dict[str, Any]:
        """The cookie of a fresh session, for a browser."""
        with self.app.app_context():
            client = self.app.test_client()
            self.make.sign_in(client, db.session.get_one(User, user_id))
            name = self.app.config["SESSION_COOKIE_NAME"]
            kept = client.get_cookie(name)
            assert kept is not None
            release_connections()
            return {"name": name, "value": kept.value, "url": self.address, "httpOnly": True, "sameSite": "Lax"}


class Tablet:
    """A browser with a profile on disk, which outlives it."""

    def __init__(
        self, playwright: Playwright, venue: Venue, profile: Path, user_id: int | None = None, **options: Any
    ) -> None:
        self.playwright, self.venue, self.profile = playwright, venue, profile
        self.flags = [*FLAGS, *options.pop("flags", [])]
        self.options = {"viewport": {"width": 800, "height": 1000}, **options}
        self.cookies = [venue.cookie(user_id or venue.judge_id)]
        self.broken: list[str] = []
        self.start()

    def start(self, *, cookies: bool = True) -> None:
        self.context: BrowserContext = self.playwright.chromium.launch_persistent_context(
            str(self.profile), executable_path=CHROMIUM, args=self.flags, **self.options
        )
        if cookies:
            language = {"name": "locale", "value": "en", "url": self.venue.address}
            self.context.add_cookies([*self.cookies, language])  # type: ignore[list-item]  # playwright's own mapping
        self.page: Page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.page.set_default_timeout(40_000)
        self.page.on("pageerror", lambda error: self.broken.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message: Any) -> None:
        if message.type == "error" and not message.text.startswith(BY_THE_BROWSER):
            self.broken.append(f"{message.text} ({message.location})")

    def pids(self) -> list[int]:
        """The processes of this browser: those that name its profile, which nobody else has."""
        mark = f"--user-data-dir={self.profile}".encode()
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                with suppress(OSError):
                    words = (folder / "cmdline").read_bytes().split(b"\0")
                    if mark in words and not any(word.startswith(b"--type=") for word in words):
                        found.append(int(folder.name))
        return found

    def kill(self) -> None:
        """Pull the battery."""
        for pid in self.pids():
            os.kill(pid, signal.SIGKILL)
        with suppress(Error):
            self.context.close()
        deadline = time.monotonic() + 10
        while self.pids() and time.monotonic() < deadline:
            time.sleep(0.05)
        for lock in self.profile.glob("Singleton*"):
            lock.unlink()

    def close(self) -> None:
        with suppress(Error):
            self.context.close()

    def open(self, path: str) -> None:
        """Go to a page; what the browser says of a lost network is not the tablet's business."""
        with suppress(Error):
            self.page.goto(self.venue.address + path)

    def open_paper(self, paper: str) -> None:
        self.open(self.venue.base + paper)
        self.page.locator("form[data-outbox-ready]").wait_for()

    def get_ready(self) -> None:
        """Store everything, as the page "ready for bad Wi-Fi" offers."""
        self.open(f"{self.venue.base}device/")
        self.page.locator("[data-device-do=keep]").click()
        self.page.locator("[data-device-status]", has_text="Ready").wait_for()

    def mark(self, code: str, text: str) -> None:
        """Give a mark, by button or by number, as the criterion asks."""
        button = self.page.locator(f'input[type=radio][name="mark-{code}"][value="{text}"]')
        if button.count():
            button.evaluate("e => e.checked || e.labels[0].click()")
        else:
            self.page.locator(f'input[name="mark-{code}"]').fill(text)

    def shown(self) -> dict[str, str]:
        """The marks on the open page, by criterion, as plain decimals."""
        found: dict[str, str] = self.page.locator("form[data-sheet]").evaluate(
            "form => Object.fromEntries([...new FormData(form)].filter(([n, v]) => n.startsWith('mark-') && v !== '')"
            ".map(([n, v]) => [n.slice(5), v.replace(',', '.')]))"
        )
        return found

    @property
    def state(self) -> Any:
        return self.page.locator("[data-save-state]")
