"""The audit trail: who did what when, written and chained in the same transaction as the change."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, event, func, insert, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from contest.commitments import Book, Names, reveal
from contest.infra.chain import START, Broken, Link, digest_of, first_broken
from contest.infra.db import Base, QuickSession, db
from contest.infra.types import UtcDateTime

PENDING = "audit_entries"
AT_ONCE = 500
Reaction = Callable[[Link], None]
_reactions: list[Reaction] = []
COLUMNS = {"facts": "chained"}
CODE = re.compile(r"[!-?A-~]*")
"""What counts as a code: ASCII without blanks and without "@". Everything else is words, that may name somebody."""
CODES = frozenset({"round", "submission", "judge", "code", "successor", "edition", "track", "fingerprint"})
"""Facts that are codes however they are spelt: queries look for them."""
WORDS = frozenset({"name", "reason", "signer", "author"})
"""Facts that are words however short they are."""


class AuditEntry(Base):
    """One act. `scope` names what the act hangs on, e.g. "edition:3"; `facts` hold codes and numbers, no secrets.

    Words in the facts (a reason, a name) are commitments in the chain and lie in `words`, see `contest.commitments`: an
    erasure takes them from there and the chain still holds. An entry read back has them in its facts.

    `seq` counts from 1 within the scope without a gap; `previous` and `digest` are explained in `chain`. The database
    itself refuses to change anything but `words`, or to delete an entry.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_scope_id", "scope", "id"),
        Index("ix_audit_entries_scope_seq", "scope", "seq", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    scope: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int] = mapped_column(server_default="0")
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64))
    chained: Mapped[dict[str, Any]] = mapped_column("facts", JSON)
    words: Mapped[Names] = mapped_column(JSON, default=dict, server_default="{}")
    previous: Mapped[str] = mapped_column(String(64), server_default="")
    digest: Mapped[str] = mapped_column(String(64), server_default="")

    @hybrid_property
    def facts(self) -> dict[str, Any]:
        """Return the facts with their words; in a statement, what the chain holds."""
        said: dict[str, Any] = json.loads(reveal(json.dumps(self.chained, ensure_ascii=False), self.words))
        return said

    @facts.inplace.expression
    @classmethod
    def _facts(cls) -> Any:
        return cls.chained


def record(*, at: datetime, actor_id: int | None, scope: str, action: str, subject: str = "", **facts: Any) -> None:
    """Keep an entry for the end of the running unit of work, where it is numbered, chained and written.

    Raises `TypeError` for facts that are no JSON.
    """
    plain = json.loads(json.dumps(facts))  # what the database gives back: the digest must be of that
    book = Book()
    entry = Link(scope, 0, at, actor_id, action, subject, _chained_facts(plain, book), START, "")
    db.session().info.setdefault(PENDING, []).append((entry, book.names))


def _chained_facts(value: Any, book: Book, key: str = "") -> Any:
    """Return the facts with each text that is no code put into the book."""
    if isinstance(value, dict):
        return {name: _chained_facts(held, book, name) for name, held in value.items()}
    if isinstance(value, list):
        return [_chained_facts(one, book, key) for one in value]
    if isinstance(value, str) and key not in CODES and (key in WORDS or not CODE.fullmatch(value)):
        return book.put(value)
    return value


@event.listens_for(QuickSession, "before_commit")
def _write(session: QuickSession) -> None:
    """Write what was kept, as the last act: nobody waits for the end of a chain longer than a commit takes."""
    kept: list[tuple[Link, Names]] = session.info.pop(PENDING, [])
    if not kept:
        return
    pending = [link for link, _ in kept]
    session.flush()
    connection = session.connection()
    rows = []
    for scope in sorted({one.scope for one in pending}):  # always in this order: two writers never wait for each other
        hold(scope)
        last = connection.execute(
            select(AuditEntry.seq, AuditEntry.digest)
            .where(AuditEntry.scope == scope)
            .order_by(AuditEntry.seq.desc())
            .limit(1)
        ).first()
        rows += list(_chained([one for one in pending if one.scope == scope], *(last or (0, START))))
    order = {id(one.facts): place for place, one in enumerate(pending)}
    rows.sort(key=lambda one: order[id(one.facts)])
    words = {id(link.facts): names for link, names in kept}
    connection.execute(insert(AuditEntry), [{**_columns(one), "words": words[id(one.facts)]} for one in rows])
    for link in rows:
        for react in _reactions:
            react(link)


def hold(scope: str) -> None:
    """Let nobody else write on the chain of a scope until the end of the running unit of work."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        connection.execute(select(func.pg_advisory_xact_lock(_lock_of(scope))))


def reaction(function: Reaction) -> Reaction:
    """Register what follows from an entry: called with it in the transaction of its act, which falls when this fails.

    What a reaction adds to the session is written with the act; it records no entry itself.
    """
    _reactions.append(function)
    return function


def _chained(links: list[Link], seq: int, previous: str) -> Iterator[Link]:
    for number, link in enumerate(links, seq + 1):
        placed = replace(link, seq=number, previous=previous)
        previous = digest_of(placed)
        yield replace(placed, digest=previous)


def _columns(link: Link) -> dict[str, Any]:
    return {name: getattr(link, name) for name in Link.__dataclass_fields__}


def _lock_of(scope: str) -> int:
    return int.from_bytes(hashlib.sha256(scope.encode()).digest()[:8], signed=True)


@event.listens_for(QuickSession, "after_soft_rollback")
def _forget(session: QuickSession, previous: object) -> None:
    del previous
    session.info.pop(PENDING, None)


def links_of(scope: str) -> Iterator[Link]:
    """Yield the entries of a scope in the order of their numbers, a few hundred in memory at a time."""
    columns = [getattr(AuditEntry, COLUMNS.get(name, name)) for name in Link.__dataclass_fields__]
    statement = select(*columns).where(AuditEntry.scope == scope).order_by(AuditEntry.seq).limit(AT_ONCE)
    reached = None
    while True:
        after = statement if reached is None else statement.where(AuditEntry.seq > reached)
        page = [Link(*row) for row in db.session.execute(after)]
        yield from page
        if len(page) < AT_ONCE:
            return
        reached = page[-1].seq


def links_about(scope: str, subjects: Collection[str]) -> list[Link]:
    """Return the entries of a scope about some things, in the order of their numbers; facts as the chain holds them."""
    columns = [getattr(AuditEntry, COLUMNS.get(name, name)) for name in Link.__dataclass_fields__]
    chosen = select(*columns).where(AuditEntry.scope == scope, AuditEntry.subject.in_(subjects))
    return [Link(*row) for row in db.session.execute(chosen.order_by(AuditEntry.seq))]


def digests_of(scope: str, *, most: int | None = None) -> list[bytes]:
    """Return the digests of a scope in the order of their numbers, the first `most` of them."""
    found = select(AuditEntry.digest).where(AuditEntry.scope == scope).order_by(AuditEntry.seq).limit(most)
    return [bytes.fromhex(one) for one in db.session.execute(found).scalars()]


def place_of(scope: str, *, action: str, subject: str, at: datetime) -> int | None:
    """Return the number of the last entry of a scope that tells this act at this moment."""
    said = (AuditEntry.scope == scope, AuditEntry.action == action, AuditEntry.subject == subject, AuditEntry.at == at)
    return db.session.scalar(select(func.max(AuditEntry.seq)).where(*said))


def length_of(scope: str) -> int:
    """Return the number of the last entry of a scope, 0 without any."""
    return db.session.scalar(select(func.max(AuditEntry.seq)).where(AuditEntry.scope == scope)) or 0


def scopes() -> list[str]:
    """Return every scope that has entries, in the order of their spelling."""
    return list(db.session.scalars(select(AuditEntry.scope).distinct().order_by(AuditEntry.scope)))


def broken() -> list[Broken]:
    """Return, per scope whose chain does not hold, what is wrong first."""
    found = (first_broken(links_of(scope)) for scope in scopes())
    return [one for one in found if one is not None]
