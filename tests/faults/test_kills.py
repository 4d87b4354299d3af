"""The server is killed at random moments while marks are being saved (RL-06): what it confirmed is there, for good.

Four papers are saved at once, without a browser, as fast as the server answers. FAULT_RUNS sets how often the server is
killed: twice for each run, 100 times for the fifty bad days.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pysqlite3 import dbapi2 as sqlite  # two libraries of SQLite in one process lose each other's locks
from sqlalchemy import func, select

from contest.infra.db import db, release_connections
from contest.judging.models import Assignment, Score, Scorecard
from contest.judging.queries.record import history_of
from tests.faults.venue import Venue

KILLS = 2 * int(os.environ.get("FAULT_RUNS", "3"))
DATABASE = os.environ.get("TEST_DATABASE_URL", "") if os.environ.get("FAULT_POSTGRES") else ""
PAPERS = 4

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]


@dataclass
class Saver:
    """One page that saves: `version` is the last one confirmed, `open` what was sent and not answered yet."""

    venue: Venue
    paper: str
    cookie: str
    dice: random.Random
    version: int = 0
    open: dict[str, Any] | None = None
    confirmed: list[tuple[str, str, int, dict[str, str]]] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)

    def run(self) -> None:
        """Save until the server is gone."""
        line = http.client.HTTPConnection("localhost", self.venue.port, timeout=30)
        try:
            token = json.loads(self._ask(line, "GET", f"{self.venue.base}device/hello.json"))["csrf"]
            while not self.refused:
                self._save(line, token)
        except (OSError, http.client.HTTPException):
            return  # killed; what is open is sent again, under the same key
        finally:
            line.close()

    def _save(self, line: http.client.HTTPConnection, token: str) -> None:
        if self.open is None:
            marks = {code: str(self.dice.randint(0, 10)) for code in self.venue.codes}
            key = f"{self.dice.getrandbits(64):016x}"
            self.open = {"version": self.version, "rubric_version": 1, "key": key, "marks": marks}
        body = json.dumps(self.open)
        headers = {"Content-Type": "application/json", "X-CSRFToken": token, "Referer": self.venue.address}
        said = json.loads(self._ask(line, "POST", self.venue.base + self.paper, body, headers))
        if "event" not in said:
            self.refused.append((self.version, str(said)))
            return
        self.version = said["version"]
        self.confirmed.append((said["event"], self.open["key"], said["version"], self.open["marks"]))
        self.open = None

    def _ask(self, line: http.client.HTTPConnection, verb: str, path: str, body: str = "", headers: Any = None) -> str:
        line.request(verb, path, body or None, {"Cookie": self.cookie, **(headers or {})})
        answer = line.getresponse()
        for kept in answer.headers.get_all("Set-Cookie", []):  # the token of a form belongs to the cookie
            name = kept.partition("=")[0]
            others = [one for one in self.cookie.split("; ") if not one.startswith(f"{name}=")]
            self.cookie = "; ".join([*others, kept.partition(";")[0]])
        return answer.read().decode()


def check(venue: Venue, saver: Saver) -> None:
    """What was confirmed is there as it was confirmed; what was not is there whole or not at all."""
    events = {event.key: dict(event.marks) for event in venue.events(saver.paper)}
    for _, key, _, marks in saver.confirmed:
        assert events.pop(key) == marks, "a confirmed save is gone"
    waiting = {} if saver.open is None else {saver.open["key"]: saver.open["marks"]}
    assert all(waiting.get(key) == marks for key, marks in events.items()), "half a save, or one that nobody sent"
    with venue.app.app_context():
        history = history_of(venue.edition_id, saver.paper)
        assert history is not None
        assert (history.broken, history.agrees) == (None, True)
        half = (
            select(func.count(Score.criterion_id))
            .join(Scorecard, Scorecard.id == Score.scorecard_id)
            .join(Assignment, Assignment.id == Scorecard.assignment_id)
            .where(Assignment.public_id == saver.paper)
        )
        assert db.session.scalar(half) in (0, len(venue.codes))
        release_connections()


def test_rl_06_a_server_killed_during_saves_keeps_what_it_confirmed(tmp_path: Path) -> None:
    venue = Venue(tmp_path, papers=PAPERS, criteria=4, database=DATABASE)
    venue.codes = [code for code in venue.codes if int(code[1:]) % 2]  # those with whole marks
    kept = venue.cookie(venue.judge_id)
    dice = random.Random(6)
    cookie = f"{kept['name']}={kept['value']}"
    savers = [Saver(venue, paper, cookie, random.Random(place)) for place, paper in enumerate(venue.papers)]
    back: list[float] = []
    try:
        for _ in range(KILLS):
            begun = time.monotonic()
            venue.start()
            back.append(time.monotonic() - begun)
            threads = [threading.Thread(target=saver.run) for saver in savers]
            for thread in threads:
                thread.start()
            time.sleep(dice.uniform(0.3, 1.3))
            venue.kill()
            for thread in threads:
                thread.join()
            for saver in savers:
                assert saver.refused == []
                check(venue, saver)
            if not DATABASE:
                with sqlite.connect(venue.folder / "site.sqlite") as database:
                    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        venue.close()
    confirmed = sum(len(saver.confirmed) for saver in savers)
    assert confirmed > KILLS
    print(f"{KILLS} kills, {confirmed} saves confirmed, none lost; back after {max(back):.1f} s at most")  # noqa: T201  a figure
