"""What the virus scanner says of a file, when it comes and later."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from contest.infra.db import db
from contest.infra.scanner import Scan
from contest.submissions.models import Submission, SubmissionFile
from contest.submissions.scans import ScanState
from contest.submissions.services.rows import note


def state_of(scan: Scan) -> ScanState:
    """Return how a file stands after a scan."""
    if not scan.asked:
        return ScanState.NONE
    if not scan.answered:
        return ScanState.UNSCANNED
    return ScanState.QUARANTINED if scan.found else ScanState.CLEAN


def settle_scan(*, file_id: int, scan: Scan, now: datetime) -> bool:
    """Write what a later scan says of a file that waits for it; tell whether there was anything to write."""
    state = state_of(scan)
    waiting = (SubmissionFile.id == file_id, SubmissionFile.scan == ScanState.UNSCANNED)
    if not scan.answered or not scan.asked:
        return False
    done = db.session.execute(
        update(SubmissionFile)
        .where(*waiting)
        .values(scan=state, scan_found=scan.found)
        .returning(SubmissionFile.submission_id, SubmissionFile.sha256)
    ).one_or_none()
    if done is None:
        return False
    if state is ScanState.QUARANTINED:
        row = db.session.get_one(Submission, done.submission_id)
        note(row, "file_quarantined", actor_id=None, now=now, sha256=done.sha256, found=scan.found)
    return True


def waiting_for_scan(limit: int) -> list[tuple[int, str]]:
    """Return row ids and storage keys of files that no scanner has seen, oldest first."""
    rows = db.session.execute(
        select(SubmissionFile.id, SubmissionFile.storage_key)
        .where(SubmissionFile.scan == ScanState.UNSCANNED)
        .order_by(SubmissionFile.id)
        .limit(limit)
    )
    return [(row.id, row.storage_key) for row in rows]
