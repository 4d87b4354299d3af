"""Fixtures: one application per database and process, emptied between tests."""

from __future__ import annotations

import gc
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from itsdangerous import TimestampSigner
from sqlalchemy import Engine, event, text
from werkzeug.test import TestResponse

from config import SETTINGS, TestConfig
from contest import create_app
from contest.infra import cache, clock, inspection
from contest.infra.db import db, unit_of_work
from contest.judging.views import watch
from contest.web.limits import limiter
from tests import factories

# The quick tests say the same on every run, however busy the machine; HYPOTHESIS_PROFILE=explore looks further.
settings.register_profile(
    "steady", deadline=None, derandomize=True, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None, max_examples=1_000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

NOON = datetime(2026, 10, 8, 5, 0, tzinfo=UTC)  # 12:00 in Ho Chi Minh City
POSTGRES = os.environ.get("TEST_DATABASE_URL", "")
REDIS = os.environ.get("TEST_REDIS_URL", "")

ALARMS = tuple(name for name in SETTINGS if name.startswith("ALARM_"))
INTO = re.compile(
    r"\s*(?:WITH .*)?(?:INSERT INTO|INSERT OR \w+ INTO|REPLACE INTO)\s+\"?(\w+)", re.IGNORECASE | re.DOTALL
)

# SQLite begins again at 1 by itself.
FIRST_IDS = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences
WHERE schemaname = current_schema() AND last_value IS NOT NULL
"""


def pytest_collection_finish() -> None:
    """Let the collector pass over what stays to the end: modules, tests, mappers."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@event.listens_for(Engine, "connect")
def _answer_backwards(connection: Any, record: Any) -> None:
    """Let SQLite give rows that nobody ordered backwards: what leans on their order falls here, not on another day."""
    del record
    if "sqlite" in type(connection).__module__:
        connection.execute("PRAGMA reverse_unordered_selects=ON")


@pytest.fixture(scope="session", autouse=True)
def _steady_tokens() -> Iterator[None]:
    """Sign every token of a form at one moment: two pages that are alike stay alike when the second hand moves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TimestampSigner, "get_timestamp", lambda _self: int(NOON.timestamp()))
        yield


@pytest.fixture(scope="session", autouse=True)
def _inspection_here() -> Iterator[None]:
    """Look into files in this process: a child for each upload costs a fifth of a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspection, "_run", inspected_here)
        yield


def inspected_here(verb: str, stream: Any, module: str, target: Any) -> bytes | None:
    """Do what the child of `inspection` does, without its limits."""
    stream.seek(0)
    reader = import_module(f"contest.infra.children.{module}")
    try:
        if verb == "strip":
            reader.strip(stream, target)
            return b"done"
        return json.dumps(getattr(reader, verb)(stream)).encode()
    except Exception:  # noqa: BLE001  as a child that falls over
        return None


@pytest.fixture(scope="session", autouse=True)
def _short_streams() -> Iterator[None]:
    """Let a stream of the live room end at once: a test reads an answer to its end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watch, "LOOK_SECONDS", 0.0)
        patch.setattr(watch, "STREAM_SECONDS", 0.01)
        yield


class Client(FlaskClient):
    """A client whose every request has an application context of its own, as on a server.

    A test keeps a context open for its own queries; without this, Flask would lend it to the requests, and with it
    the signed-in person and the language of the request before.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.rollback()  # what the test has read must not hide what the request writes
        with self.application.app_context():
            return super().open(*args, **kwargs)


def _app(url: str, folder: Path) -> Flask:
    environ = {"DATABASE_URL": url, "DATA_DIR": str(folder), "BASE_URL": "http://localhost", "APP_ENV": "test"}
    environ["DISK_FLOOR_MB"] = "0"  # whatever room the machine has
    environ |= dict.fromkeys(ALARMS, "0")  # a sweep does within a second what would alarm anybody
    app = create_app(TestConfig.from_env(environ))
    app.test_client_class = Client
    app.config["WTF_CSRF_ENABLED"] = False  # tests/test_routes.py turns it on and sweeps every route
    with app.app_context():
        upgrade()
        _let_the_trail_be_emptied()
    _note_writes(app)
    return app


def _let_the_trail_be_emptied() -> None:
    """Take away one rule of the database, that no audit entry goes: every test begins with none."""
    table = " ON audit_entries" if db.engine.dialect.name == "postgresql" else ""
    with unit_of_work() as session:
        session.execute(text(f"DROP TRIGGER audit_entries_never_go{table}"))


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("sqlite")
    return _app(f"sqlite:///{folder / 'test.sqlite'}", folder)


@pytest.fixture(scope="session")
def postgres_app(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Flask]:
    """An application in a PostgreSQL schema of its own, so that parallel workers never meet."""
    schema = f"test_{worker_id}"
    separator = "&" if "?" in POSTGRES else "?"
    bare = create_app(TestConfig.from_env({"DATABASE_URL": POSTGRES, "APP_ENV": "test"}))
    with bare.app_context(), unit_of_work() as session:
        session.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
        session.execute(text(f"CREATE SCHEMA {schema}"))
    # A test that loses power does not matter: commits need not wait for the disk.
    options = f"-csearch_path%3D{schema}%20-csynchronous_commit%3Doff"
    app = _app(f"{POSTGRES}{separator}options={options}", tmp_path_factory.mktemp("postgres"))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    with bare.app_context():
        with unit_of_work() as session:
            session.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
        db.engine.dispose()


def _note_writes(app: Flask) -> None:
    """Remember into which tables anything was written: only those have to be emptied."""
    app.extensions["written"] = written = set[str]()
    note_all(app)

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found = INTO.match(statement)
        if found:
            written.add(found[1])

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)


def note_all(app: Flask) -> None:
    """Say that any table may hold rows: whoever fills the database past the engine has to."""
    app.extensions["written"].update(table.name for table in db.metadata.sorted_tables)


def _empty(app: Flask) -> None:
    cache.clear_all()
    limiter.reset()
    db.session.remove()
    written: set[str] = app.extensions["written"]
    tables = [table.name for table in reversed(db.metadata.sorted_tables) if table.name in written]
    if not tables:
        return
    with db.engine.connect().execution_options(writing=True) as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        connection.execute(text("UPDATE editions SET is_test = true"))  # of no other one a snapshot may be deleted
        for table in tables:  # TRUNCATE makes new files and waits for the disk: 60 times slower on tables of a few rows
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608  names of our own tables
        if connection.dialect.name == "postgresql":
            connection.execute(text(FIRST_IDS))
        else:  # tables whose numbers are never given twice
            connection.execute(text("DELETE FROM sqlite_sequence"))
        connection.commit()
    written.clear()


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on SQLite, or on the database a test marked `both_databases` runs on."""
    backend = getattr(request, "param", "sqlite")
    chosen: Flask = request.getfixturevalue(f"{backend}_app")
    with chosen.app_context():
        _empty(chosen)
        yield chosen
        db.session.remove()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test marked `both_databases` on SQLite and on PostgreSQL."""
    if metafunc.definition.get_closest_marker("both_databases") is None or "app" not in metafunc.fixturenames:
        return
    skip = pytest.mark.skipif(not POSTGRES, reason="TEST_DATABASE_URL is not set")
    metafunc.parametrize(
        "app", [pytest.param("sqlite"), pytest.param("postgres", marks=[skip, pytest.mark.postgres])], indirect=True
    )


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def noon() -> Iterator[datetime]:
    """Stop the clock on the day of the contest."""
    with clock.stopped_at(NOON):
        yield NOON


@pytest.fixture
def make(app: Flask) -> factories.Make:
    """Build rows: `make.edition()`, `make.judge(edition)` … each committed at once."""
    return factories.Make(app)


@pytest.fixture
def alarms_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Raise alarms from the usual numbers on."""
    for name in ALARMS:
        monkeypatch.setitem(app.config, name, SETTINGS[name].default)
