"""The machine's limit for saves: a bare Flask application that commits one small row per request, and nothing else."""

from __future__ import annotations

import os
import threading
from typing import Any

import psycopg
from flask import Flask

try:
    import pysqlite3.dbapi2 as sqlite3
except ImportError:
    import sqlite3

URL = os.environ["DATABASE_URL"]
TABLE = "CREATE TABLE IF NOT EXISTS one_row (said TEXT NOT NULL)"

app = Flask(__name__)
_here = threading.local()
_turn = threading.Lock()


def _sqlite() -> Any:
    link = sqlite3.connect(f"{URL.removeprefix('sqlite:///')}-bare", timeout=10, isolation_level=None)
    link.execute("PRAGMA journal_mode=WAL")
    link.execute("PRAGMA synchronous=FULL")
    return link


def _link() -> Any:
    if not hasattr(_here, "link"):
        postgres = URL.startswith("postgresql")
        _here.link = psycopg.connect(URL.replace("+psycopg", ""), autocommit=True) if postgres else _sqlite()
        with _turn:
            _here.link.execute(TABLE)
    return _here.link


@app.post("/")
def save() -> dict[str, bool]:
    """Commit one row as safely as the contest does."""
    link = _link()
    if URL.startswith("postgresql"):
        link.execute("INSERT INTO one_row VALUES ('8.5')")
    else:
        with _turn:
            link.execute("BEGIN IMMEDIATE")
            link.execute("INSERT INTO one_row VALUES ('8.5')")
            link.execute("COMMIT")
    return {"saved": True}


@app.get("/")
def ready() -> str:
    """Answer before the load begins."""
    return "ready"
