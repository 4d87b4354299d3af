"""Handing in, taking back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from contest.editions.queries import parts_of
from contest.errors import RuleBroken
from contest.infra.db import db
from contest.infra.signing import fingerprint
from contest.submissions.completeness import flaws
from contest.submissions.drafts import manifest_of
from contest.submissions.facts import ReceiptFacts
from contest.submissions.lifecycle import Act, SubmissionStatus, after
from contest.submissions.models import Receipt, Submission
from contest.submissions.queries.contents import content_of, files_of, requirements_of
from contest.submissions.queries.receipts import receipt_fingerprint
from contest.submissions.services.consents import require_consents
from contest.submissions.services.eligibility import hold_others, require_eligible
from contest.submissions.services.rows import locked_for, note, timed_for


def submit(*, submission_id: int, actor_id: int | None, now: datetime, seen: str | None = None) -> ReceiptFacts:
    """Hand in what is stored and return the receipt; handing in the same content twice gives the same receipt.

    A draft handed in within the minutes of grace is marked late. `seen` is the fingerprint of the manifest that the
    person confirmed. Raises `NotFound`, `RuleBroken` "wrong_status", "submissions_not_open", "submissions_closed",
    "submission_incomplete" (checklist keys in `items`), "changed_since_shown", "not_eligible" (`findings`) or
    "consents_missing" (`count`).
    """
    hold_others(submission_id)
    row, missed = timed_for(submission_id, Act.SUBMIT, now)
    content, wanted = content_of(submission_id), requirements_of(row.edition_id)
    found = flaws(content, wanted)
    if found:
        raise RuleBroken("submission_incomplete", items=tuple(item.key for item in found))
    files = files_of(submission_id, parts_of(row.edition_id))
    manifest = manifest_of(row.code, content, wanted, files)
    if seen is not None and seen != fingerprint(manifest):
        raise RuleBroken("changed_since_shown")
    receipts = db.session.scalars(
        select(Receipt).where(Receipt.submission_id == submission_id).order_by(Receipt.id)
    ).all()
    if row.status is SubmissionStatus.SUBMITTED and receipts and receipts[-1].manifest == manifest:
        return _facts(receipts[-1], len(receipts))
    require_eligible(row)
    require_consents(row, now)
    _enter(row, missed, now)
    receipt = _receipt(row, manifest, now)
    lateness: dict[str, object] = {} if missed is None else {"late": True, "deadline": missed.isoformat()}
    note(row, "submitted", actor_id=actor_id, now=now, fingerprint=receipt.fingerprint, **lateness)
    return _facts(receipt, len(receipts) + 1)


def _enter(row: Submission, missed: datetime | None, now: datetime) -> None:
    """Make it a submitted one; the place in the order of handing in is taken once, and kept when it comes again."""
    if row.status is not SubmissionStatus.SUBMITTED:
        row.entered_at, row.late = now, missed is not None
    row.status, row.submitted_at, row.status_reason = after(row.status, Act.SUBMIT), now, ""


def withdraw(*, submission_id: int, actor_id: int | None, now: datetime, reason: str = "") -> None:
    """Take a submitted one back, until the deadline.

    Raises `NotFound`, `RuleBroken` "wrong_status", "submissions_not_open" or "submissions_closed".
    """
    row = locked_for(submission_id, Act.WITHDRAW, now)
    row.status, row.status_reason, row.updated_at = after(row.status, Act.WITHDRAW), reason[:500], now
    note(row, "withdrawn", actor_id=actor_id, now=now, reason=reason)


def restore_withdrawn(*, submission_id: int, actor_id: int | None, now: datetime) -> None:
    """Bring a withdrawn one back as a draft, until the deadline; it must be handed in again to count.

    Raises `NotFound`, `RuleBroken` "wrong_status", "submissions_not_open" or "submissions_closed".
    """
    row = locked_for(submission_id, Act.RESTORE, now)
    row.status, row.status_reason, row.updated_at = after(row.status, Act.RESTORE), "", now
    row.submitted_at, row.entered_at, row.late = None, None, False
    note(row, "restored", actor_id=actor_id, now=now)


def _receipt(row: Submission, manifest: dict[str, Any], now: datetime) -> Receipt:
    receipt = Receipt(submission_id=row.id, at=now, manifest=manifest, fingerprint=receipt_fingerprint(manifest, now))
    db.session.add(receipt)
    return receipt


def _facts(receipt: Receipt, number: int) -> ReceiptFacts:
    return ReceiptFacts(number=number, at=receipt.at, manifest=receipt.manifest, fingerprint=receipt.fingerprint)
