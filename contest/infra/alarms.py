"""Alarms: what a person should look at, raised once per kind, account or address, and hour.

What counts towards an alarm is said as a `Happening`: the edge counts it (`contest.web.watching`) and lets an `Alert`
wait when it was too much. Waiting alerts are written after the request in a unit of work of their own, so that nothing
that goes wrong with them breaks a page or the saving of a mark. A service names its happening with `after_the_act`: it
counts when the act is stored, and not when that falls.

The database refuses to change what an alarm says; only that somebody has looked at it is added, once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from contest.errors import Busy, NotFound, RuleBroken
from contest.infra import audit, cache, wiping
from contest.infra.db import Base, QuickSession, db, unit_of_work
from contest.infra.types import EnumText, UtcDateTime

SITE = "accounts"
"""The scope of what concerns no edition."""
HOUR = timedelta(hours=1)
MOST_WAITING, KEPT_KEYS = 1_000, 10_000
PENDING = "happenings"
Item = TypeVar("Item")


class AlarmKind(StrEnum):
    """What was too much."""

    MASS_READS = "mass_reads"
    REFUSALS = "refusals"
    SIGN_INS = "sign_ins"
    CHANGED_SCORES = "changed_scores"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that counts towards an alarm.

    `who` is what it is counted by, a pseudonym: "user:7", "address:3f2a…", "login:9c1b…"; `user_id` the account, if one
    is known. `scope` is "edition:3" or `SITE`; `subject` is a code of what it was about, never a name or a mark.
    """

    kind: AlarmKind
    scope: str
    who: str
    at: datetime
    user_id: int | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """A happening that was one too many: how many they were, within how many seconds."""

    of: Happening
    count: int
    seconds: int

    @property
    def key(self) -> tuple[str, str, str, datetime]:
        """Of alerts with the same key one alarm is raised."""
        return (self.of.kind, self.of.scope, self.of.who, hour_of(self.of.at))


def hour_of(moment: datetime) -> datetime:
    """Return the beginning of the hour (UTC)."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


class Alarm(Base):
    """One alarm. `hour` is the one in which no second one like it is raised; see `Happening` and `Alert`."""

    __tablename__ = "alarms"
    __table_args__ = (
        UniqueConstraint("kind", "scope", "who", "hour"),
        Index("ix_alarms_scope_acknowledged_at", "scope", "acknowledged_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[AlarmKind] = mapped_column(EnumText(AlarmKind))
    scope: Mapped[str] = mapped_column(String(64))
    who: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    subject: Mapped[str] = mapped_column(String(64))
    count: Mapped[int]
    seconds: Mapped[int]
    hour: Mapped[datetime] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    note: Mapped[str] = mapped_column(String(500), default="", server_default="")


wiping.in_scope(Alarm.scope)

Told = Callable[[Alarm], None]
_told: list[Told] = []


class _Queue(Generic[Item]):
    """What waits in this process, for any of its threads; of too many the oldest go."""

    def __init__(self) -> None:
        self._held: deque[Item] = deque(maxlen=MOST_WAITING)
        cache.forget_with(self)

    def __bool__(self) -> bool:
        return bool(self._held)

    def put(self, items: Iterable[Item]) -> None:
        self._held.extend(items)

    def take(self) -> list[Item]:
        """Return what waits; of two threads one gets each."""
        found: list[Item] = []
        with suppress(IndexError):
            while True:
                found.append(self._held.popleft())
        return found

    def clear(self) -> None:
        self._held.clear()


_happened = _Queue[Happening]()
_waiting = _Queue[Alert]()
_raised: cache.FrozenCache[bool] = cache.FrozenCache(KEPT_KEYS)


def on_raised(function: Told) -> Told:
    """Register who is told of a new alarm, in the transaction that writes it."""
    _told.append(function)
    return function


def after_the_act(happening: Happening) -> None:
    """Let something count once the running unit of work is stored."""
    db.session().info.setdefault(PENDING, []).append(happening)


@event.listens_for(QuickSession, "after_commit")
def _hand_on(session: QuickSession) -> None:
    _happened.put(session.info.pop(PENDING, ()))


@event.listens_for(QuickSession, "after_soft_rollback")
def _forget(session: QuickSession, previous: object) -> None:
    del previous
    session.info.pop(PENDING, None)


def take_happened() -> list[Happening]:
    """Return what acts have left to be counted; each is returned once."""
    return _happened.take()


def wait(alert: Alert) -> bool:
    """Let an alarm be raised after the request, and tell so; one like it in the same hour is passed over."""
    kept = []

    def keep() -> bool:
        kept.append(alert)
        return True

    _raised.get(alert.key, keep)
    _waiting.put(kept)
    return bool(kept)


def any_waiting() -> bool:
    """Tell whether alarms wait to be written."""
    return bool(_waiting)


def write_waiting() -> None:
    """Write the alarms that wait and tell whoever is to know. Raises `Busy`: then they go on waiting."""
    ready = _waiting.take()
    try:
        with unit_of_work():
            for alert in ready:
                _raise(alert)
    except Busy:
        _waiting.put(ready)
        raise


def _raise(alert: Alert) -> None:
    of = alert.of
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values: dict[str, Any] = {"kind": of.kind, "scope": of.scope, "who": of.who, "user_id": of.user_id}
    values |= {
        "subject": of.subject[:64],
        "count": alert.count,
        "seconds": alert.seconds,
        "hour": hour_of(of.at),
        "at": of.at,
        "note": "",
    }
    number = db.session.scalar(insert(Alarm).values(**values).on_conflict_do_nothing().returning(Alarm.id))
    if number is None:  # another process has raised it
        return
    said = {"kind": of.kind.value, "who": of.who, "count": alert.count, "seconds": alert.seconds}
    audit.record(at=of.at, actor_id=None, scope=of.scope, action="alarm.raised", subject=f"alarm:{number}", **said)
    row = db.session.get_one(Alarm, number)
    for tell in _told:
        tell(row)


def acknowledge(*, alarm_id: int, scope: str, note: str, actor_id: int, now: datetime) -> None:
    """Note that somebody has looked at an alarm, with a word about it.

    Raises `NotFound`, `RuleBroken` "alarm_about_you", "alarm_acknowledged".
    """
    row = db.session.scalar(select(Alarm).where(Alarm.id == alarm_id, Alarm.scope == scope).with_for_update())
    if row is None:
        raise NotFound
    if row.user_id == actor_id:
        raise RuleBroken("alarm_about_you")
    if row.acknowledged_at is not None:
        raise RuleBroken("alarm_acknowledged")
    row.acknowledged_at, row.acknowledged_by, row.note = now, actor_id, note
    said = {"reason": note} if note else {}
    subject = f"alarm:{alarm_id}"
    audit.record(at=now, actor_id=actor_id, scope=scope, action="alarm.acknowledged", subject=subject, **said)
