"""Bytes that a database has let go of, and that still stand in its file."""

from __future__ import annotations

from contest.infra.db import db


def shred() -> bool:
    """Write an SQLite file anew without what was deleted or changed, and empty its log; tell whether all of it went.

    Somebody who reads at the same moment keeps the log from being emptied: then it is to be tried again. On PostgreSQL
    this is the server's own work (VACUUM), and nothing is done. Ends the reading transaction of the session.
    """
    db.session.rollback()
    if db.engine.dialect.name != "sqlite":
        return True
    raw = db.engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except db.engine.dialect.loaded_dbapi.OperationalError:
        return False
    else:
        return not busy
    finally:
        raw.close()
