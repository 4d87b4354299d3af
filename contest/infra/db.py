"""The database: one `db`, its naming convention, its safe settings, and the unit of work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from time import monotonic
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, CursorResult, Engine, Executable, MetaData, event
from sqlalchemy.engine.interfaces import IsolationLevel
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import DeclarativeBase, scoped_session
from sqlalchemy.pool import Pool

from contest.errors import Busy

try:  # the wheel bundles an SQLite without the WAL-reset bug of 3.7.0 to 3.51.2
    import pysqlite3.dbapi2 as sqlite_driver
except ImportError:  # Windows and macOS: the standard library's own is recent there
    import sqlite3 as sqlite_driver

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_SECONDS = 10
REST_SECONDS = 1.0

_writers = Lock()


class Base(DeclarativeBase):
    """Declarative base of every table."""

    metadata = MetaData(naming_convention=NAMING)


class QuickSession(Session):
    """A session whose reads on PostgreSQL need no transaction.

    There each statement of a READ COMMITTED transaction sees its own moment anyway, so that outside a unit of work
    BEGIN and ROLLBACK would be two round trips for nothing.
    """

    def get_bind(self, *args: Any, **options: Any) -> Engine | Connection:
        """Return the engine; outside a unit of work on PostgreSQL the same one in autocommit, on the same pool."""
        engine = super().get_bind(*args, **options)
        if self.info.get("writing") or not isinstance(engine, Engine) or engine.dialect.name != "postgresql":
            return engine
        return _reading(engine, "REPEATABLE READ" if self.info.get("one moment") else "AUTOCOMMIT")


@cache
def _reading(engine: Engine, level: IsolationLevel) -> Engine:
    return engine.execution_options(isolation_level=level)


db = SQLAlchemy(model_class=Base, session_options={"class_": QuickSession})


def sqlite_version() -> tuple[int, ...]:
    """Return the version of the SQLite library in use."""
    version: tuple[int, ...] = sqlite_driver.sqlite_version_info
    return version


def engine_options(url: str) -> dict[str, Any]:
    """Return the options `create_engine` needs for `url`."""
    quiet = {"hide_parameters": True}  # an error that is logged names the statement, and nobody's values
    if url.startswith("sqlite"):
        return {**quiet, "module": sqlite_driver, "connect_args": {"timeout": BUSY_SECONDS}}
    return {**quiet, "pool_size": 10, "max_overflow": 20}


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, record: Any) -> None:
    del record
    if not isinstance(connection, sqlite_driver.Connection):
        return
    # The driver must not open transactions by itself: see _begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "mmap_size=0",
        "trusted_schema=OFF",
        "cell_size_check=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Pool, "checkin")
def _rest(connection: Any, record: Any) -> None:
    del connection
    record.info["rests_since"] = monotonic()


@event.listens_for(Pool, "checkout")
def _wake(connection: Any, record: Any, proxy: Any) -> None:
    """Ask a server connection that rested for long whether it still lives; a ping per request would cost too much."""
    del proxy
    rested = monotonic() - record.info.get("rests_since", monotonic())
    if rested < REST_SECONDS or isinstance(connection, sqlite_driver.Connection):
        return
    try:
        before, connection.autocommit = connection.autocommit, True
        connection.execute("SELECT 1")
        connection.autocommit = before
    except Exception as error:
        raise DisconnectionError from error


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Take the write lock at once for writers: a read transaction that upgrades fails whatever the timeout."""
    if connection.dialect.name != "sqlite":
        return
    if connection.get_execution_options().get("writing", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # may find the database busy: the error needs its usual dress
    else:
        connection.connection.driver_connection.execute("BEGIN")  # type: ignore[union-attr]  # checked out just now


def plain_rows(statement: Executable, **values: Any) -> CursorResult[Any]:
    """Run a read that was built once, with its parameters; return columns, no entities.

    For the busiest reads: a third of the cost of `session.execute`, and a tenth when the statement is not built anew.
    """
    session = db.session()
    session.flush()  # what this transaction has pending must be seen, as with `session.execute`
    return session.connection().execute(statement, values)


def release_connections() -> None:
    """Close every pooled connection of the running application (before a fork: SQLite forbids carrying one over)."""
    db.session.remove()
    db.engine.dispose()


@contextmanager
def one_moment() -> Iterator[None]:
    """Read all of the block as it stands at its first statement, whatever is saved meanwhile; also as a decorator.

    For what is given out before it is frozen: its sums must be those of its own marks. Ends the read transaction that
    the request may have open. Within a unit of work it changes nothing.
    """
    session = db.session
    if session.info.get("writing"):
        yield
        return
    session.rollback()
    session.info["one moment"] = True
    try:
        yield
    finally:
        session.rollback()
        session.info["one moment"] = False


@contextmanager
def unit_of_work() -> Iterator[scoped_session[Session]]:
    """Open the one writing transaction of a request, command or job; commit at the end, roll back on any error.

    Ends the read transaction that the request may have open, so objects loaded before must be loaded again inside.
    Raises `Busy` when the database cannot take the change now, and when nobody knows whether it took it.
    """
    session = db.session
    if session.info.get("writing"):
        raise RuntimeError("unit_of_work() does not nest: only the edge opens one")
    session.rollback()
    session.info["writing"] = True
    with _turn(session.get_bind().dialect.name):
        try:
            session.connection(execution_options={"writing": True})
            yield session
            session.commit()
        except DBAPIError as error:
            session.rollback()
            if _passes(error):
                raise Busy from error
            raise
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["writing"] = False


# SQLite says it in words; PostgreSQL by the class of its code: connection, rollback, resources, locks, operator.
_SQLITE_PASSES = ("database is locked", "database table is locked", "database or disk is full", "disk I/O error")
_POSTGRESQL_PASSES = ("08", "40", "53", "55P03", "57")


def _passes(error: DBAPIError) -> bool:
    """Tell whether the same change may succeed later: a lock held too long, a full disk, a server that went away."""
    code = getattr(error.orig, "sqlstate", None)
    if code is not None:
        return str(code).startswith(_POSTGRESQL_PASSES)
    return error.connection_invalidated or str(error.orig).startswith(_SQLITE_PASSES)


@contextmanager
def _turn(dialect: str) -> Iterator[None]:
    """Queue the writers of this process: SQLite lets one write, and makes the others sleep and try again.

    The database still decides; a writer whose turn does not come goes on and gets its answer there.
    """
    mine = dialect == "sqlite" and _writers.acquire(timeout=BUSY_SECONDS)
    try:
        yield
    finally:
        if mine:
            _writers.release()
