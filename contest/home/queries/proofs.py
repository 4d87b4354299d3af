"""What can be proved by computing it again: fingerprints, chains, files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC

from sqlalchemy import select, text

from contest.commitments import flawed
from contest.home.queries.invariants import MOST_NAMED, Breach
from contest.infra import audit, wiping
from contest.infra.db import db
from contest.infra.signing import fingerprint
from contest.infra.storage import Storage
from contest.judging.events import first_broken
from contest.judging.models import Assignment, ScoreEventRow
from contest.judging.queries.record import events_of
from contest.results.models import AwardList, Snapshot
from contest.submissions.models import Receipt, SubmissionFile
from contest.submissions.queries.receipts import receipt_fingerprint

CHUNK = 1 << 20
PROOFS = 10
"""How many rules `proofs` looks at."""


def proofs(storage: Storage) -> tuple[Breach, ...]:
    """Return what does not hold, by what is computed again."""
    found = (
        ("audit_chain", "the audit trail does not fit together", _trail()),
        ("event_chain", "the events of a scorecard do not fit together", _events()),
        ("snapshot_fingerprint", "a frozen result is not the one that was frozen", _frozen(Snapshot)),
        ("frozen_names", "a name beside what stands for good is not the one that was written", _names()),
        ("award_fingerprint", "a settled list of awards is not the one that was settled", _frozen(AwardList)),
        ("receipt_fingerprint", "a team's receipt is not the one that was given", _receipts()),
        ("foreign_keys", "a row names another one that is not there", _foreign_keys()),
        ("files_exist", "a file is missing", _missing(storage)),
        ("files_are_the_same", "a file is not the one that was handed in", _changed(storage)),
        ("files_have_an_owner", "a stored file belongs to nobody", _orphans(storage)),
    )
    return tuple(breach for code, sentence, names in found for breach in _breach(code, sentence, names))


def _breach(code: str, sentence: str, names: Iterable[str]) -> Iterator[Breach]:
    known = sorted(names)
    if known:
        yield Breach(code, sentence, len(known), tuple(known[:MOST_NAMED]))


def _trail() -> Iterator[str]:
    return (f"{one.scope} entry {one.seq}" for one in audit.broken())


def _events() -> Iterator[str]:
    written = select(ScoreEventRow.assignment_id).distinct()
    for paper in db.session.execute(select(Assignment.id, Assignment.public_id).where(Assignment.id.in_(written))):
        if first_broken(events_of(paper.id, paper.public_id), fingerprint) is not None:
            yield paper.public_id


def _frozen(table: type[Snapshot | AwardList]) -> Iterator[str]:
    for row in db.session.execute(select(table.id, table.payload, table.fingerprint)):
        held = json.loads(row.payload) if isinstance(row.payload, str) else row.payload
        if fingerprint(held) != row.fingerprint:
            yield str(row.id)


def _names() -> Iterator[str]:
    for table in (Snapshot, AwardList):
        for row in db.session.execute(select(table.id, table.payload, table.names)):
            if flawed(row.payload, row.names):
                yield f"{table.__tablename__} {row.id}"
    entries = select(audit.AuditEntry.id, audit.AuditEntry.chained, audit.AuditEntry.words)
    for row in db.session.execute(entries.order_by(audit.AuditEntry.id)):
        if row.words and flawed(json.dumps(row.chained, ensure_ascii=False), row.words):
            yield f"audit_entries {row.id}"


def _receipts() -> Iterator[str]:
    for row in db.session.execute(select(Receipt.id, Receipt.manifest, Receipt.at, Receipt.fingerprint)):
        if receipt_fingerprint(row.manifest, row.at.astimezone(UTC)) != row.fingerprint:
            yield str(row.id)


def _foreign_keys() -> Iterator[str]:
    if db.engine.dialect.name != "sqlite":  # a server checks its keys itself
        return
    for row in db.session.execute(text("PRAGMA foreign_key_check")):
        yield f"{row[0]} {row[1]}"


def _named() -> set[str]:
    return {key for column in wiping.files() for key in db.session.scalars(select(column).where(column.is_not(None)))}


def _missing(storage: Storage) -> Iterator[str]:
    return (key for key in _named() if not storage.exists(key))


def _changed(storage: Storage) -> Iterator[str]:
    for row in db.session.execute(select(SubmissionFile.storage_key, SubmissionFile.sha256)):
        if storage.exists(row.storage_key) and _digest(storage, row.storage_key) != row.sha256:
            yield row.storage_key


def _digest(storage: Storage, key: str) -> str:
    found = hashlib.sha256()
    with storage.open(key) as stream:
        while chunk := stream.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


def _orphans(storage: Storage) -> Iterator[str]:
    named = _named()
    return (key for key in storage.keys() if key not in named)  # noqa: SIM118  a storage is no mapping
