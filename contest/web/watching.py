"""Counting what may be an attack: cheaply, in the store of the limits; what was too much becomes an alarm.

Nothing here writes to the database while a request is counted. After a request, what waits is written: alarms, and
every ten minutes one entry of the trail per account and address for what was refused to it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from ipaddress import IPv6Address, ip_address
from typing import cast

from flask import Flask, Response, current_app
from flask_limiter.util import get_remote_address
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from contest.errors import Busy
from contest.infra import alarms, clock
from contest.infra.alarms import AlarmKind, Alert, Happening
from contest.infra.db import unit_of_work
from contest.infra.rest import Rest
from contest.infra.signing import keyed_hash
from contest.infra.tally import Counted, Tally
from contest.web.limits import limiter

MINUTE, TEN_MINUTES, HOUR = (timedelta(minutes=number) for number in (1, 10, 60))
NAMESPACE = "alarm"
PSEUDONYM = 16
ADDRESS = "address:"
logger = logging.getLogger(__name__)
Writer = Callable[[Counted], None]


_store_rests, _database_rests = Rest(), Rest()
_tallies: list[tuple[Tally, Writer]] = []


@cache
def _own_store() -> MemoryStorage:
    return MemoryStorage()


def address_here() -> str:
    """Return the pseudonym of where a request comes from: an address, or the network of one person's IPv6."""
    text = get_remote_address()
    try:
        address = ip_address(text)
    except ValueError:  # a socket has none
        return _pseudonym(text)
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return _pseudonym(str(mapped) if mapped else str(int(address) >> 64))
    return _pseudonym(text)


def _pseudonym(text: str) -> str:
    key = cast("str", current_app.config["SECRET_KEY"])
    return f"{ADDRESS}{keyed_hash(key, 'address', text)[:PSEUDONYM]}"


def reached(kind: AlarmKind, who: str, *, most: int, within: timedelta) -> bool:
    """Count one, and tell whether that makes `most` within a time; 0 tells of none."""
    if most <= 1:
        return most == 1
    item = RateLimitItemPerSecond(most - 1, int(within.total_seconds()), namespace=NAMESPACE)
    if _store_rests.over:
        try:
            return not MovingWindowRateLimiter(limiter.storage).hit(item, kind.value, who)
        except Exception:  # noqa: BLE001  whatever is wrong with the store: counting goes on without it
            _store_rests.begin()
            logger.warning("alarms are counted in this process alone: the store of the limits does not answer")
    return not MovingWindowRateLimiter(_own_store()).hit(item, kind.value, who)


def watch(happening: Happening, setting: str, within: timedelta) -> None:
    """Count one towards its alarm; `setting` names how many raise it."""
    most: int = current_app.config[setting]
    if reached(happening.kind, happening.who, most=most, within=within):
        new = alarms.wait(Alert(happening, most, int(within.total_seconds())))
        if new and happening.who.startswith(ADDRESS):  # the log alone knows whose pseudonym it is
            logger.warning("%s: %s from %s", happening.who, happening.kind.value, get_remote_address())


def told_by(writer: Writer) -> Tally:
    """Return a tally whose counts `writer` records, one after the other, in a unit of work."""
    tally = Tally()
    _tallies.append((tally, writer))
    return tally


def init_app(app: Flask) -> None:
    """Write after the requests what waits; functions that are registered later are asked before this one."""

    @app.after_request
    def write_what_waits(answer: Response) -> Response:
        try:
            for happening in alarms.take_happened():
                watch(happening, "ALARM_CHANGES", HOUR)
            if _database_rests.over:
                _write()
        except Busy:
            _database_rests.begin()
            logger.warning("alarms have to wait: the database is busy")
        except Exception:
            _database_rests.begin()
            logger.exception("an alarm could not be raised")
        return answer


def _write() -> None:
    if alarms.any_waiting():
        alarms.write_waiting()
    now = clock.now()
    for tally, writer in _tallies:
        if tally.is_due(now):
            _tell(tally, writer)


def _tell(tally: Tally, writer: Writer) -> None:
    counts = tally.take()
    try:
        with unit_of_work():
            for counted in counts:
                writer(counted)
    except Busy:
        tally.give_back(counts)
        raise
