"""The server's clock: the only place that reads the time, so that tests can stop it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


def _system() -> datetime:
    return datetime.now(UTC)


# A stack, because a rehearsal may stop the clock inside a block that has stopped it already.
_sources: list[Callable[[], datetime]] = [_system]


def now() -> datetime:
    """Return the current moment, aware, in UTC."""
    return _sources[-1]()


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Make `now()` answer `moment` inside the block (tests and rehearsals)."""
    _sources.append(lambda: moment)
    try:
        yield
    finally:
        _sources.pop()
