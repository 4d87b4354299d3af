"""Save what papers say besides the results; file signed ones back, checked and stored first, then recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import func, select

from contest.editions.facts import RoundFacts
from contest.editions.services.rows import edition_row, trace
from contest.errors import RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.infra.storage import Storage, Stored, TooLarge
from contest.papers.details import NAMES, Details, check_presenters, from_json, to_json
from contest.papers.kinds import Paper
from contest.papers.models import PaperDetails, PaperScan
from contest.results.queries.awards import award_specs
from contest.results.queries.snapshots import SnapshotLine
from contest.submissions.filenames import clean_filename, ending
from contest.submissions.filetypes import check_content, type_by_name

SCAN_TYPES = (".pdf", ".jpg", ".jpeg")
MOST_BYTES = 20 << 20
MOST_SCANS = 200


@dataclass(frozen=True, slots=True)
class Received:
    """A scan that is stored and checked, but not recorded yet."""

    filename: str
    content_type: str
    stored: Stored


@contextmanager
def received_scan(storage: Storage, stream: BinaryIO, *, filename: str) -> Iterator[Received]:
    """Store and check a scan; its bytes are removed again when the block raises. Open it around the unit of work.

    Raises `RuleBroken` "scan_type_refused", "scan_too_large" (`limit` in MB), or those of `filetypes.check_content`.
    """
    name = clean_filename(filename)
    if ending(name) not in SCAN_TYPES:
        raise RuleBroken("scan_type_refused", filename=name)
    claimed = type_by_name(name, SCAN_TYPES)
    try:
        stored = storage.put(stream, limit=MOST_BYTES)
    except TooLarge as refused:
        raise RuleBroken("scan_too_large", filename=name, limit=MOST_BYTES >> 20) from refused
    try:
        with storage.open(stored.key) as kept:
            check_content(kept, claimed, name)
        yield Received(name, claimed.content_type, stored)
    except BaseException:
        storage.delete(stored.key)
        raise


def file_scan(
    *,
    round_: RoundFacts,
    snapshot: SnapshotLine,
    paper: Paper,
    received: Received,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Record a scan of a signed paper beside the frozen results that the paper was made of; an older one stays.

    Raises `RuleBroken` "too_many_scans" (`most`), or "scan_filed_already" for the same bytes of the same paper.
    """
    mine = select(func.count()).select_from(PaperScan).where(PaperScan.round_id == round_.id)
    if (db.session.scalar(mine) or 0) >= MOST_SCANS:
        raise RuleBroken("too_many_scans", most=MOST_SCANS)
    same = mine.where(PaperScan.paper == paper, PaperScan.sha256 == received.stored.sha256)
    if db.session.scalar(same):
        raise RuleBroken("scan_filed_already", filename=received.filename)
    db.session.add(
        PaperScan(
            round_id=round_.id,
            paper=paper,
            version=snapshot.version,
            fingerprint=snapshot.fingerprint,
            filename=received.filename,
            content_type=received.content_type,
            size=received.stored.size,
            sha256=received.stored.sha256,
            storage_key=received.stored.key,
            filed_at=now,
            filed_by=actor_id,
        )
    )
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{round_.edition_id}",
        action="paper.scan_filed",
        subject=f"round:{round_.id}",
        round=round_.code,
        paper=paper.value,
        version=snapshot.version,
        sha256=received.stored.sha256,
    )


def save_details(*, edition_id: int, details: Details, actor_id: int | None, now: datetime) -> None:
    """Keep what the papers of an edition say; the trail notes which texts changed, not the names of people in them.

    Raises `RuleBroken` "edition_archived", or what `details.check_presenters` raises.
    """
    edition_row(edition_id)
    check_presenters(details.presenters, [one.code for one in award_specs(edition_id)])
    row = db.session.get(PaperDetails, edition_id)
    before = from_json(row.said if row else {})
    changed = [name for name in NAMES if getattr(before, name) != getattr(details, name)]
    if not changed:
        return
    if row is None:
        row = PaperDetails(edition_id=edition_id)
        db.session.add(row)
    row.said, row.saved_at, row.saved_by = to_json(details), now, actor_id
    trace("paper.details_saved", edition_id=edition_id, actor_id=actor_id, now=now, changed=changed)


def note_signing(
    *, round_: RoundFacts, snapshot: SnapshotLine, paper: Paper, signer: str, actor_id: int | None, now: datetime
) -> None:
    """Write into the audit trail who had a paper signed with which certificate; nothing of the key is kept."""
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{round_.edition_id}",
        action="paper.signed",
        subject=f"round:{round_.id}",
        round=round_.code,
        paper=paper.value,
        version=snapshot.version,
        signer=signer,
    )
