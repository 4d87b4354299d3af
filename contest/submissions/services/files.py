"""Uploaded files: checked and stored before the transaction, recorded inside it, removed again when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from typing import BinaryIO

from sqlalchemy import select, update

from contest.editions.parts import PartKind, PartSpec
from contest.editions.queries import parts_of
from contest.errors import NotFound, Refused, RuleBroken, StorageFull
from contest.infra import inspection
from contest.infra.db import db
from contest.infra.scanner import NOT_ASKED, Scan, Scanner
from contest.infra.storage import Storage, Stored, TooLarge
from contest.submissions.completeness import MEGABYTE
from contest.submissions.filenames import clean_filename
from contest.submissions.filetypes import check_content, check_findings, type_by_name
from contest.submissions.lifecycle import Act
from contest.submissions.models import SubmissionFile
from contest.submissions.queries.contents import content_of
from contest.submissions.queries.space import used_by
from contest.submissions.quotas import Quota, require_room
from contest.submissions.services.rows import locked_for, note, part_rows, refuse_incomplete
from contest.submissions.services.scanning import state_of

QUOTA = Quota()
NO_SCANNER = Scanner()


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is stored and checked, but belongs to no submission yet."""

    part: str
    filename: str
    content_type: str
    stored: Stored
    scan: Scan = NOT_ASKED


@contextmanager
def received_file(
    storage: Storage,
    stream: BinaryIO,
    *,
    filename: str,
    part: PartSpec,
    sha256: str = "",
    scanner: Scanner = NO_SCANNER,
) -> Iterator[Received]:
    """Store and check an upload; the bytes are removed again when the block raises.

    `sha256` is what the sender says of the bytes: when given, they must agree. Open it around the unit of work, so that
    no transaction waits for a slow disk and a refused one leaves nothing. Raises `StorageFull`, or `RuleBroken`
    "file_too_large" (`limit` and `size` in MB), "file_changed_on_the_way" or those of `filetypes`, each with `part`.
    """
    name = clean_filename(filename)
    try:
        claimed = type_by_name(name, part.extensions)
        stored = _stored(storage, stream, part)
    except StorageFull:
        raise
    except Refused as refused:
        raise _named(refused, part) from refused
    try:
        _compare(sha256, stored, name)
        with storage.open(stored.key) as kept:
            check_content(kept, claimed, name)
            check_findings(inspection.inspect(kept, claimed.content_type), name)
            scan = scanner.scan(kept)
        yield Received(part=part.code, filename=name, content_type=claimed.content_type, stored=stored, scan=scan)
    except RuleBroken as refused:
        storage.delete(stored.key)
        raise _named(refused, part) from refused
    except BaseException:
        storage.delete(stored.key)
        raise


def add_file(
    *, submission_id: int, received: Received, actor_id: int | None, now: datetime, quota: Quota = QUOTA
) -> str:
    """Make a received file the current one of its part and return its public id; an earlier one is superseded.

    Raises `NotFound`, `RuleBroken` "wrong_status", "submissions_not_open", "submissions_closed", "part_unknown", or
    those of `quotas.require_room`.
    """
    row = locked_for(submission_id, Act.EDIT, now)
    part = part_rows(row.edition_id).get(received.part)
    if part is None or part.kind is not PartKind.FILE:
        raise RuleBroken("part_unknown", part=received.part)
    require_room(used_by(submission_id, now), received.stored.size, quota)
    _supersede(submission_id, part.id, now)
    file = SubmissionFile(
        submission_id=submission_id,
        part_id=part.id,
        filename=received.filename,
        content_type=received.content_type,
        size=received.stored.size,
        sha256=received.stored.sha256,
        storage_key=received.stored.key,
        uploaded_at=now,
        scan=state_of(received.scan),
        scan_found=received.scan.found,
    )
    db.session.add(file)
    row.version, row.updated_at = row.version + 1, now
    db.session.flush()  # the public id is the answer
    note(row, "file_added", actor_id=actor_id, now=now, part=received.part, sha256=received.stored.sha256)
    if received.scan.found:
        facts = {"sha256": received.stored.sha256, "found": received.scan.found}
        note(row, "file_quarantined", actor_id=actor_id, now=now, **facts)
    return file.public_id


def announced_file(
    *, submission_id: int, part_code: str, filename: str, size: int, now: datetime, quota: Quota, most_bytes: int
) -> str:
    """Return the clean name of a file that is about to come in pieces, after what can be checked without its bytes.

    Raises as `add_file` does, or `RuleBroken` "file_type_refused", "file_double_ending", "file_empty" or
    "file_too_large".
    """
    row = locked_for(submission_id, Act.EDIT, now)
    part = next((one for one in parts_of(row.edition_id).values() if one.code == part_code), None)
    if part is None or part.kind is not PartKind.FILE:
        raise RuleBroken("part_unknown", part=part_code)
    name, limit = clean_filename(filename), min(part.max_mb * MEGABYTE, most_bytes)
    try:
        type_by_name(name, part.extensions)
        if not size:
            raise RuleBroken("file_empty", filename=name)
        if size > limit:
            raise RuleBroken("file_too_large", limit=limit // MEGABYTE, size=_megabytes(size))
    except Refused as refused:
        raise _named(refused, part) from refused
    require_room(used_by(submission_id, now), size, quota)
    return name


def remove_file(*, submission_id: int, file_public_id: str, actor_id: int | None, now: datetime) -> None:
    """Take a file out of the submission; its bytes stay for the receipts that name it.

    Raises `NotFound`, or `RuleBroken` as `add_file` does and "would_be_incomplete".
    """
    row = locked_for(submission_id, Act.EDIT, now)
    file = db.session.scalar(
        select(SubmissionFile).where(
            SubmissionFile.submission_id == submission_id,
            SubmissionFile.public_id == file_public_id,
            SubmissionFile.superseded_at.is_(None),
        )
    )
    if file is None:
        raise NotFound
    code = next(code for code, part in part_rows(row.edition_id).items() if part.id == file.part_id)
    content = content_of(submission_id)
    refuse_incomplete(row, replace(content, files={key: size for key, size in content.files.items() if key != code}))
    file.superseded_at = row.updated_at = now
    row.version += 1
    note(row, "file_removed", actor_id=actor_id, now=now, part=code, sha256=file.sha256)


def _compare(sha256: str, stored: Stored, filename: str) -> None:
    if sha256 not in ("", stored.sha256):
        raise RuleBroken("file_changed_on_the_way", filename=filename)


def _stored(storage: Storage, stream: BinaryIO, part: PartSpec) -> Stored:
    limit = part.max_mb * MEGABYTE
    size = stream.seek(0, 2)
    stream.seek(0)
    if size > limit:
        raise RuleBroken("file_too_large", limit=part.max_mb, size=_megabytes(size))
    try:
        return storage.put(stream, limit=limit)
    except TooLarge as grown:
        raise RuleBroken("file_too_large", limit=part.max_mb, size=_megabytes(limit + 1)) from grown


def _megabytes(size: int) -> Decimal:
    return (Decimal(size) / MEGABYTE).quantize(Decimal("0.1"), ROUND_CEILING)


def _named(refused: Refused, part: PartSpec) -> RuleBroken:
    return RuleBroken(refused.code, **{"part": part.name, "part_code": part.code, **refused.facts})


def _supersede(submission_id: int, part_id: int, now: datetime) -> None:
    db.session.execute(
        update(SubmissionFile)
        .where(
            SubmissionFile.submission_id == submission_id,
            SubmissionFile.part_id == part_id,
            SubmissionFile.superseded_at.is_(None),
        )
        .values(superseded_at=now)
    )
