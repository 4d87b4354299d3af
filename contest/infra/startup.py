"""What must be true of the machine before this site serves in production; one sentence for each fault."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from contest.infra import clock
from contest.infra.db import db, sqlite_version

PRODUCTION = "production"
MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"
# A write that was acknowledged can be lost when two connections meet while the log begins anew.
WAL_RESET = ((3, 7, 0), (3, 51, 2))
MENDED = ((3, 44, 6), (3, 50, 7))
FULL = 2
LOOSE = ("off", "local")
LONGEST_LIFE = timedelta(days=365 * 20)
DATED = re.compile(r"(\d{8})_(\d{4})_")


def faults(app: Flask) -> list[str]:
    """Return what is unsafe about settings and machine; asks no database."""
    found = [*cookie_faults(app.config), *folder_faults(Path(app.config["DATA_DIR"])), *clock_faults(clock.now())]
    if not app.config["HOSTS"]:
        found.append("No host name is set: BASE_URL must name the one that people type")
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        found += sqlite_faults(sqlite_version())
    return found


def database_faults() -> list[str]:
    """Return what the database does less carefully than marks need; asks it."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            level = connection.execute(text("PRAGMA synchronous")).scalar_one()
            return (
                [] if level >= FULL else ["SQLite must run with synchronous=FULL: an acknowledged mark could be lost"]
            )
        shown = {
            name: str(connection.execute(text(f"SHOW {name}")).scalar_one())
            for name in ("fsync", "full_page_writes", "synchronous_commit")
        }
    return [
        f"PostgreSQL must not run with {name}={value}: an acknowledged mark could be lost"
        for name, value in shown.items()
        if value in LOOSE
    ]


def warnings() -> list[str]:
    """Return what is unwise and no reason to stay closed."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return ["This runs as root and needs no more than its own data folder: give it a user of its own"]
    return []


def cookie_faults(config: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is missing on the session cookie."""
    if not config["SESSION_COOKIE_HTTPONLY"]:
        yield "SESSION_COOKIE_HTTPONLY must be on: scripts must not read the session"
    if str(config["BASE_URL"]).startswith("https://") and not config["SESSION_COOKIE_SECURE"]:
        yield "SESSION_COOKIE_SECURE must be on: the session must not travel in the clear"
    if config["SESSION_COOKIE_SAMESITE"] not in ("Lax", "Strict"):
        yield "SESSION_COOKIE_SAMESITE must be Lax or Strict: other sites must not use the session"


def folder_faults(data_dir: Path) -> Iterator[str]:
    """Yield a fault when others on this machine can look into the data; Windows has no such bits."""
    if os.name != "nt" and data_dir.exists() and stat.S_IMODE(data_dir.stat().st_mode) & stat.S_IRWXO:
        yield f"Others on this machine can read {data_dir}: chmod 700 it"


def clock_faults(now: datetime) -> Iterator[str]:
    """Yield a fault when the clock stands where this version cannot be: deadlines go by it."""
    newest = newest_migration()
    if not newest - timedelta(days=1) <= now <= newest + LONGEST_LIFE:
        yield f"The clock says {now:%Y-%m-%d}: set it, deadlines go by it"


def newest_migration() -> datetime:
    """Return when the newest migration was written: this version is not older."""
    dates = [found for path in MIGRATIONS.glob("*.py") if (found := DATED.match(path.name))]
    return max(datetime.strptime("".join(one.groups()), "%Y%m%d%H%M").replace(tzinfo=UTC) for one in dates)


def sqlite_faults(version: tuple[int, ...]) -> Iterator[str]:
    """Yield a fault when this SQLite can lose acknowledged writes."""
    mended = any(version[:2] == one[:2] and version >= one for one in MENDED)
    if WAL_RESET[0] <= version <= WAL_RESET[1] and not mended:
        told = ".".join(map(str, version))
        yield f"SQLite {told} can lose acknowledged writes: use 3.51.3 or newer (3.50.7 and 3.44.6 are mended too)"
