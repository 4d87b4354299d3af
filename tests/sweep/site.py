"""The site under test: who asks, what it answers, and what the request changed in the database."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.pool import PoolProxiedConnection
from werkzeug.test import TestResponse

from contest.infra import cache
from contest.infra.db import db
from contest.web.limits import limiter
from tests.conftest import note_all
from tests.factories import NOON
from tests.sweep.world import World

Row = tuple[Any, ...]
Dump = dict[str, dict[Row, Row]]
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
# Who opens what belongs to others is noted: the one thing that reading writes.
LOG = "looks"
NOTED = f"INSERT INTO {LOG.upper()} "
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')
# Bidirectional and zero-width characters hide what a text says; the joiner inside emoji is not one of them.
HIDING = {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\u200b", "\ufeff"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, read to the end."""

    status: int
    data: bytes
    location: str
    mimetype: str

    @property
    def text(self) -> str:
        """The body, without the form token that is new in every answer; JSON as people would read it."""
        text = self.data.decode("utf-8", "replace")
        return str(json.loads(text)) if self.mimetype == "application/json" else TOKEN.sub("", text)


def read(response: TestResponse) -> Answer:
    """Read an answer and close it."""
    with response:
        return Answer(
            response.status_code, response.data, response.headers.get("Location", ""), response.mimetype or ""
        )


@dataclass(frozen=True, slots=True)
class Picture:
    """The world as it was built: the database in memory, and the files."""

    world: World
    database: Any
    files: dict[Path, bytes]
    dump: dict[str, dict[tuple[Any, ...], tuple[Any, ...]]] = field(default_factory=dict)
    forms: dict[str, Any] = field(default_factory=dict)


class Visitors:
    """People in front of the application with the world in it."""

    def __init__(self, app: Flask, world: World, forms: dict[str, Any]) -> None:
        self.app = app
        self.world = world
        self.forms = forms
        self._cookies = {role: self._cookie(token) for role, token in world.tokens.items()}
        self._cookies |= {role: self._signed({"half": token}) for role, token in world.guarded.halves.items()}

    def _cookie(self, token: str) -> str:
        return self._signed({"_user_id": token, "_fresh": True, "seen": int(NOON.timestamp())})

    def _signed(self, held: dict[str, Any]) -> str:
        signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert signer is not None
        return str(signer.dumps(held))

    def person(self, role: str, locale: str = "vi") -> FlaskClient:
        """Return a browser of the role, signed in; "visitor" has no session."""
        client = self.app.test_client()
        client.set_cookie("locale", locale)
        if role in self._cookies:
            client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self._cookies[role])
        return client

    def cookie(self, role: str) -> str:
        """Return the session cookie of a role that is signed in."""
        return self._cookies[role]

    def get(self, role: str, path: str, locale: str = "vi") -> Answer:
        """Ask for a page; fail when the request sends a statement that writes."""
        with self.only_reading(path):
            return read(self.person(role, locale).get(path))

    def settle(self) -> None:
        """Take what is stored now as unchanged, where that is seen."""

    @contextmanager
    def only_reading(self, path: str) -> Iterator[None]:
        """Fail when the block writes to the database."""
        written: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            said = statement.lstrip().upper()
            if said.startswith(WRITES) and not said.startswith(NOTED):
                written.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        assert written == [], f"reading {path} wrote"


class Site(Visitors):
    """The same on SQLite, where what a request has changed can be seen and taken back."""

    def __init__(self, app: Flask, picture: Picture) -> None:
        super().__init__(app, picture.world, picture.forms)
        self._picture = picture
        self.raw: PoolProxiedConnection = db.engine.raw_connection()
        self._seen = -1
        self.restore()
        if not picture.dump:
            picture.dump.update(self.dump())

    def close(self) -> None:
        self.raw.close()

    def restore(self) -> None:
        """Put the world back as it was built."""
        db.session.remove()
        note_all(self.app)
        self._picture.database.backup(self.raw.driver_connection)
        for path, data in self._picture.files.items():
            if not path.exists():
                path.write_bytes(data)
        cache.clear_all()
        limiter.reset()
        self.settle()

    def kept(self, world: World) -> Picture:
        """Return a picture of what is stored now, for tests that begin from there."""
        db.session.remove()
        live: Any = self.raw.driver_connection
        database = type(live)(":memory:", check_same_thread=False)
        live.backup(database)
        return Picture(world, database, self._picture.files)

    @property
    def files(self) -> frozenset[Path]:
        """Return where the stored files of the world lie."""
        return frozenset(self._picture.files)

    @property
    def pristine(self) -> Dump:
        """Every row as it was built."""
        return self._picture.dump

    def _version(self) -> int:
        # SQLite changes this number for a connection whenever another one has committed a change.
        cursor = self.raw.cursor()
        found: int = cursor.execute("PRAGMA data_version").fetchone()[0]
        cursor.close()
        return found

    def settle(self) -> None:
        """Take what is stored now as unchanged."""
        self._seen = self._version()

    def untouched(self) -> bool:
        """Tell whether nothing at all was committed since `settle`."""
        return self._version() == self._seen

    def dump(self) -> Dump:
        """Return every row of every table by its primary key, but for the log of looks."""
        found: Dump = {}
        cursor = self.raw.cursor()
        for table in db.metadata.sorted_tables:
            if table.name == LOG:
                found[LOG] = {}
                continue
            keys = ", ".join(column.name for column in table.primary_key)
            width = len(table.primary_key)
            names = ", ".join(column.name for column in table.columns)
            rows = cursor.execute(f"SELECT {keys}, {names} FROM {table.name}").fetchall()  # noqa: S608  names of our own tables
            found[table.name] = {row[:width]: row[width:] for row in rows}
        cursor.close()
        return found


def changes(before: Mapping[str, Mapping[Row, Row]], after: Mapping[str, Mapping[Row, Row]]) -> dict[str, Any]:
    """Return the cells that differ, as "table.column[key]" -> new value; a missing row is none in each cell."""
    found: dict[str, Any] = {}
    for table in db.metadata.sorted_tables:
        old, new = before[table.name], after[table.name]
        for key in [*old, *(key for key in new if key not in old)]:
            if old.get(key) == new.get(key):
                continue
            blank: Row = (None,) * len(table.columns)
            for column, was, now in zip(table.columns, old.get(key, blank), new.get(key, blank), strict=True):
                if was != now:
                    found[f"{table.name}.{column.name}[{','.join(map(str, key))}]"] = now
    return found


def texts(value: Any) -> Iterator[str]:
    """Yield the texts inside a stored value, also inside stored JSON."""
    if isinstance(value, str):
        inside = _parsed(value) if value[:1] in "[{" else None
        if inside is None:
            yield value
        else:
            yield from texts(inside)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from texts(key)
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def blemish(text: str) -> str:
    """Return what is wrong with a stored text, or nothing."""
    if not unicodedata.is_normalized("NFC", text):
        return "not NFC"
    bad = [c for c in text if c in HIDING or (unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t")]
    return f"holds {bad[0]!r}" if bad else ""
