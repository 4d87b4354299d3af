"""Servers of these tests run in processes of their own, by the real clock: so are the cookies signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from itsdangerous import TimestampSigner
from playwright.sync_api import Playwright, sync_playwright

from tests.faults.venue import Tablet, Venue

# Read before any test runs: the others let cookies be signed at one moment, for a whole session.
TRUE_TIME = TimestampSigner.get_timestamp


@pytest.fixture(autouse=True)
def _true_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign at the true time, whatever ran before in this process."""
    monkeypatch.setattr(TimestampSigner, "get_timestamp", TRUE_TIME)


@pytest.fixture(scope="module")
def play() -> Iterator[Playwright]:
    """A hand that starts browsers."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def venue(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Venue]:
    """A served round with two papers, or as many as a test asks for."""
    here = Venue(tmp_path, papers=getattr(request, "param", 2), criteria=4)
    here.start()
    yield here
    here.close()


@pytest.fixture
def tablet(play: Playwright, venue: Venue, tmp_path: Path) -> Iterator[Callable[..., Tablet]]:
    """Make tablets; without a name always the same one. At the end none of their pages may have broken."""
    made: list[Tablet] = []

    def start(name: str = "tablet", user_id: int | None = None, **options: Any) -> Tablet:
        made.append(Tablet(play, venue, tmp_path / name, user_id, **options))
        return made[-1]

    yield start
    for one in made:
        one.close()
    assert [words for one in made for words in one.broken] == []
