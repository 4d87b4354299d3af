"""The world is built once per process; every test gets it as it was built."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from contest import commitments
from contest.accounts.outside.providers import read_providers
from contest.accounts.second.services import app as app_keys
from contest.infra import clock, signing
from contest.infra.db import db
from contest.privacy.services import erasing
from contest.results.services import announcing
from tests.conftest import _empty
from tests.factories import NOON
from tests.sweep.cast import join
from tests.sweep.site import Picture, Site
from tests.sweep.world import build

# Nobody is asked: a private address is refused before.
OUTSIDE, _ = read_providers(
    {"school": {"discovery": "https://127.0.0.1/x", "client_id": "c", "client_secret": "s", "name": "Trường"}}
)


@pytest.fixture(scope="session")
def picture(sqlite_app: Flask) -> Picture:
    """Build the world and keep a picture of it."""
    root: Path = sqlite_app.extensions["storage"].root
    strays = set(root.glob("??/*"))  # of tests that ran before in this process
    with sqlite_app.app_context(), clock.stopped_at(NOON):
        _empty(sqlite_app)
        world = build(sqlite_app)
        db.session.remove()
        raw = db.engine.raw_connection()
        live: Any = raw.driver_connection
        database = type(live)(":memory:", check_same_thread=False)
        live.backup(database)
        raw.close()
    return Picture(world, database, {path: path.read_bytes() for path in set(root.glob("??/*")) - strays})


@pytest.fixture(scope="session")
def full_picture(sqlite_app: Flask, picture: Picture) -> Picture:
    """The same world with people in two roles at once, with a stake, or with a closed account."""
    with sqlite_app.app_context(), clock.stopped_at(NOON):
        site = Site(sqlite_app, picture)
        world = join(sqlite_app, picture.world)
        full = site.kept(world)
        site.close()
    return full


@pytest.fixture
def full_site(sqlite_app: Flask, full_picture: Picture, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The site with everybody in it."""
    yield from _site(sqlite_app, full_picture, monkeypatch)


@pytest.fixture
def site(sqlite_app: Flask, picture: Picture, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The site as it was built, at noon; it has a mail server, so that the buttons about mail are there."""
    yield from _site(sqlite_app, picture, monkeypatch)


def _site(sqlite_app: Flask, picture: Picture, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    settings: dict[str, Any] = {"SMTP_URL": "smtp://127.0.0.1:9", "PROPAGATE_EXCEPTIONS": False}
    for name, value in settings.items():  # a crash is an answer of 500, as on a server
        monkeypatch.setitem(sqlite_app.config, name, value)
    monkeypatch.setitem(sqlite_app.extensions, "outside", OUTSIDE)
    # The same act done twice is compared row by row.
    monkeypatch.setattr(commitments, "fresh_salt", lambda: "5a" * 16)
    monkeypatch.setattr(signing, "fresh_nonce", lambda: b"5a" * 6)
    monkeypatch.setattr(announcing, "fresh_nonce", lambda: "5a" * 32)
    monkeypatch.setattr(erasing, "public_id", lambda length: "x" * length)
    monkeypatch.setattr(app_keys, "new_app_key", lambda: "ABCDEFGH" * 4)
    with sqlite_app.app_context(), clock.stopped_at(NOON):
        site = Site(sqlite_app, picture)
        yield site
        site.close()
