"""CF-01: what keeps a production server from starting, one by one, and what it only warns of."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, event, text

from config import ConfigError, from_env
from contest import create_app
from contest.infra import clock, startup
from contest.infra.db import db, sqlite_version

KEY = "k3Yq9_x7LmZp2RtVb8NcWd5FgHj4SaQe"
TODAY = datetime(2027, 1, 5, tzinfo=UTC)
COOKIES = {
    "BASE_URL": "https://thi.example.vn",
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
}


def production(folder: Path) -> Flask:
    settings = {"APP_ENV": "production", "SECRET_KEY": KEY, "BASE_URL": "https://thi.example.vn"}
    return create_app(from_env({**settings, "DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder}/x.sqlite3"}))


@pytest.mark.parametrize("version", [(3, 7, 0), (3, 40, 1), (3, 44, 5), (3, 50, 6), (3, 51, 2), (3, 45, 0)], ids=str)
def test_cf_01_an_sqlite_that_loses_writes_is_refused(version: tuple[int, ...]) -> None:
    (sentence,) = startup.sqlite_faults(version)
    assert sentence.startswith(f"SQLite {version[0]}.{version[1]}.{version[2]} can lose acknowledged writes")


@pytest.mark.parametrize("version", [(3, 6, 23), (3, 44, 6), (3, 44, 9), (3, 50, 7), (3, 51, 3), (3, 53, 4)], ids=str)
def test_an_sqlite_that_keeps_writes_is_taken(version: tuple[int, ...]) -> None:
    assert list(startup.sqlite_faults(version)) == []


def test_the_sqlite_of_the_lock_is_sound() -> None:
    assert list(startup.sqlite_faults(sqlite_version())) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("SESSION_COOKIE_HTTPONLY", False), ("SESSION_COOKIE_SECURE", False), ("SESSION_COOKIE_SAMESITE", "None")],
)
def test_cf_01_a_cookie_without_its_flags_is_refused(name: str, value: object) -> None:
    assert list(startup.cookie_faults(COOKIES)) == []
    (sentence,) = startup.cookie_faults({**COOKIES, name: value})
    assert sentence.startswith(name)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
@pytest.mark.parametrize(("mode", "count"), [(0o700, 0), (0o750, 0), (0o755, 1), (0o701, 1), (0o777, 1)])
def test_cf_01_a_data_folder_that_others_can_read_is_refused(tmp_path: Path, mode: int, count: int) -> None:
    tmp_path.chmod(mode)
    assert len(list(startup.folder_faults(tmp_path))) == count
    tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    ("moved", "count"), [(timedelta(days=-2), 1), (timedelta(0), 0), (timedelta(days=365 * 21), 1)]
)
def test_cf_01_a_clock_that_cannot_be_right_is_refused(moved: timedelta, count: int) -> None:
    assert len(list(startup.clock_faults(startup.newest_migration() + moved))) == count


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
def test_cf_01_an_unsafe_machine_keeps_production_from_being_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.stopped_at(TODAY):
        assert production(tmp_path).config["HOSTS"][0] == "thi.example.vn"
        tmp_path.chmod(0o755)
        with pytest.raises(ConfigError, match="chmod 700"):
            production(tmp_path)
        tmp_path.chmod(0o700)
        monkeypatch.setattr(startup, "sqlite_version", lambda: (3, 40, 1))
        with pytest.raises(ConfigError, match="can lose acknowledged writes"):
            production(tmp_path)
    with clock.stopped_at(datetime(2001, 1, 1, tzinfo=UTC)), pytest.raises(ConfigError, match="The clock says 2001"):
        production(tmp_path)


def test_cf_01_without_a_host_production_is_not_built(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "HOSTS", [])
    assert "No host name is set: BASE_URL must name the one that people type" in startup.faults(app)


LOOSE = {"sqlite": "PRAGMA synchronous=NORMAL", "postgresql": "SET synchronous_commit=off"}


@pytest.mark.both_databases
def test_cf_01_a_database_that_acknowledges_too_early_is_refused(app: Flask) -> None:
    def loosen(connection: Connection) -> None:
        connection.connection.driver_connection.execute(LOOSE[connection.dialect.name])  # type: ignore[union-attr]  # checked out just now

    db.session.remove()
    event.listen(db.engine, "engine_connect", loosen)
    try:
        (sentence,) = startup.database_faults()
    finally:
        event.remove(db.engine, "engine_connect", loosen)
        db.engine.dispose()
    assert sentence.endswith("an acknowledged mark could be lost")


def test_sqlite_as_we_open_it_is_careful_enough(app: Flask) -> None:
    with db.engine.connect() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == startup.FULL
    assert startup.database_faults() == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no root")
def test_cf_06_root_is_warned_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert startup.warnings() == [
        "This runs as root and needs no more than its own data folder: give it a user of its own"
    ]
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert startup.warnings() == []
