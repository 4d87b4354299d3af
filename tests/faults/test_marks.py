"""Thirty marks on a bad day: the network comes and goes, the tablet and the server are killed, nothing is lost.

FAULT_RUNS sets how often it is played, each time with its own seed; FAULT_SEED sets the first seed.
"""

from __future__ import annotations

import os
import random
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.faults.proxy import Cable
from tests.faults.venue import CHROMIUM, Tablet, Venue

RUNS = int(os.environ.get("FAULT_RUNS", "3"))
FIRST = int(os.environ.get("FAULT_SEED", "0"))
DATABASE = os.environ.get("TEST_DATABASE_URL", "") if os.environ.get("FAULT_POSTGRES") else ""
MARKS = 30

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(900),
    pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed"),
]


class Day:
    """One run: what the judge gave is in `given`; a step may go wrong in a way that the seed decides."""

    def __init__(self, venue: Venue, tablet: Tablet, seed: int) -> None:
        self.venue, self.tablet = venue, tablet
        self.random = random.Random(seed)
        self.given: dict[str, dict[str, str]] = {paper: {} for paper in venue.papers}
        self.paper = ""
        self.retyped = 0
        todo = [(paper, code) for paper in venue.papers for code in venue.codes]
        assert len(todo) == MARKS
        self.order = sorted(todo, key=lambda one: (venue.papers.index(one[0]), self.random.random()))
        self.faults = self._faults()

    def _faults(self) -> dict[int, list[str]]:
        """Two reloads without network, a kill of each side, and cuts wherever the dice fall, between the marks."""
        places = self.random.sample(range(2, MARKS - 1), 4)
        plan: dict[int, list[str]] = {}
        for place, fault in zip(places, ("reload", "reload", "kill tablet", "kill server"), strict=True):
            plan.setdefault(place, []).append(fault)
        for place in range(1, MARKS):
            if self.random.random() < 0.35:
                plan.setdefault(place, []).append("turn")
        return plan

    def play(self) -> None:
        for place, (paper, code) in enumerate(self.order):
            for fault in self.faults.get(place, []):
                self._suffer(fault)
            self._open(paper)
            self._give(code)
            self.tablet.page.wait_for_timeout(self.random.choice((0, 20, 150, 600, 1200)))

    def _open(self, paper: str) -> None:
        if self.paper != paper:
            self.paper = paper
            self.tablet.open_paper(paper)

    def _give(self, code: str) -> None:
        text = str(self.random.randint(0, 10)) if int(code[1:]) % 2 else f"{self.random.randint(0, 19) / 2:g}"
        self.tablet.mark(code, text)
        self.given[self.paper][code] = text

    def _suffer(self, fault: str) -> None:
        if fault == "turn":
            whole = self.venue.proxy.state is Cable.WHOLE
            self.venue.proxy.set(self.random.choice((Cable.CUT, Cable.DUMB, Cable.DEAD)) if whole else Cable.WHOLE)
        elif fault == "reload":
            self._without_network(self._reload)
        elif fault == "kill tablet":
            self._without_network(self._kill_tablet)
        else:
            self.venue.kill()
            self.tablet.page.wait_for_timeout(self.random.choice((0, 300)))
            self.venue.start()

    def _without_network(self, act: object) -> None:
        before = self.venue.proxy.state
        self.venue.proxy.set(Cable.CUT)
        assert callable(act)
        act()
        self.venue.proxy.set(before)

    def _reload(self) -> None:
        if self.paper:
            self._settle()
            self.tablet.open_paper(self.paper)
            assert self.tablet.shown() == self.given[self.paper]

    def _settle(self) -> None:
        # A keystroke is on the disk within a moment; two seconds are what is promised.
        self.tablet.page.wait_for_timeout(self.random.choice((300, 1000, 2000)))

    def _kill_tablet(self) -> None:
        self._settle()
        self.tablet.kill()
        self.tablet.start()
        if self.paper:
            self.tablet.open_paper(self.paper)
            assert self.tablet.shown() == self.given[self.paper]

    def end(self) -> None:
        """The network is back for good: everything goes out by itself while the judge looks at the list."""
        self.venue.proxy.set(Cable.WHOLE)
        self.tablet.open(self.venue.base)
        expect(self.tablet.page.locator("[data-judging-desk]")).to_be_visible()
        expect(self.tablet.page.locator("li.is-unsent")).to_have_count(0, timeout=30_000)

    def check(self) -> None:
        for paper in self.venue.papers:
            self.tablet.open_paper(paper)
            assert self.tablet.shown() == self.given[paper]
            assert self.venue.stored(paper) == self.given[paper]
            events = self.venue.events(paper)
            assert len({event.key for event in events}) == len(events)
            contents = [event.marks for event in events]
            assert all(one != other for one, other in pairwise(contents)), "stored twice"
            assert contents[-1] == self.given[paper]
        assert self.tablet.broken == []


@pytest.mark.parametrize("seed", range(FIRST, FIRST + RUNS))
def test_the_server_holds_exactly_the_marks_that_the_page_shows(play: Playwright, tmp_path: Path, seed: int) -> None:
    assert CHROMIUM
    venue = Venue(tmp_path, database=DATABASE)
    venue.start()
    tablet = Tablet(play, venue, tmp_path / "tablet")
    try:
        tablet.get_ready()
        day = Day(venue, tablet, seed)
        day.play()
        day.end()
        day.check()
    finally:
        tablet.close()
        venue.close()
