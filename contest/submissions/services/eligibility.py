"""The rules of entry where something is handed in, and exceptions in writing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from contest.editions.entry_rules_json import entry_rules_from_json
from contest.editions.models import Edition
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import EntryException, Submission
from contest.submissions.queries.eligibility import standing_of
from contest.submissions.services.rows import locked, note

LONGEST_REASON = 500


def hold_others(submission_id: int) -> None:
    """Let no other team be handed in until the transaction ends, where a rule compares teams.

    Taken before the submission's own row, so that two who hand in wait for each other and never cross. Raises
    `NotFound`.
    """
    row = db.session.execute(
        select(Edition.id, Edition.entry_rules)
        .join(Submission, Submission.edition_id == Edition.id)
        .where(Submission.id == submission_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    if entry_rules_from_json(row.entry_rules).looks_around:
        # Not FOR UPDATE: rows that name the edition may be written meanwhile.
        db.session.execute(select(Edition.id).where(Edition.id == row.id).with_for_update(key_share=True))


def require_eligible(row: Submission) -> None:
    """Refuse to hand in what a rule blocks; raises `RuleBroken` "not_eligible" with the `findings`."""
    blocking = standing_of(row.edition_id, row.id).blocking
    if blocking:
        raise RuleBroken("not_eligible", findings=blocking)


def blocks_of(row: Submission) -> frozenset[str]:
    """Return the keys of what blocks a submission that is handed in; nothing for others."""
    if row.status is not SubmissionStatus.SUBMITTED:
        return frozenset()
    return frozenset(one.key for one in standing_of(row.edition_id, row.id).blocking)


def refuse_new_blocks(row: Submission, before: Collection[str]) -> None:
    """Refuse a change that would make a submission that is handed in break a rule that it did not break `before`.

    Raises `RuleBroken` "would_be_ineligible" with the `findings`.
    """
    if row.status is not SubmissionStatus.SUBMITTED:
        return
    blocking = standing_of(row.edition_id, row.id).blocking
    fresh = tuple(one for one in blocking if one.key not in before)
    if fresh:
        raise RuleBroken("would_be_ineligible", findings=fresh)


def let_pass(*, submission_id: int, key: str, reason: str, actor_id: int | None, now: datetime) -> None:
    """Let one finding about a submission pass, in writing; asked twice, the first answer stays.

    Raises `NotFound`, `RuleBroken` "reason_missing" or "finding_gone".
    """
    said = _said(reason)
    row = locked(submission_id)
    standing = standing_of(row.edition_id, row.id)
    found = standing.finding(key)
    if found is None:
        raise RuleBroken("finding_gone")
    if key in standing.passed:
        return
    db.session.add(
        EntryException(submission_id=row.id, key=key, code=found.code.value, reason=said, actor_id=actor_id, at=now)
    )
    # The trail outlives the people's data, so that it holds no names but those in the reason.
    note(row, "entry_let_pass", actor_id=actor_id, now=now, finding=found.code.value, key=key, reason=said)


def take_back(*, submission_id: int, key: str, reason: str, actor_id: int | None, now: datetime) -> None:
    """Take back what was let pass; what has been handed in stays so until the committee decides.

    Raises `NotFound`, `RuleBroken` "reason_missing" or "finding_gone" when nothing of this key is in force.
    """
    said = _said(reason)
    row = locked(submission_id)
    held = db.session.scalar(
        select(EntryException).where(
            EntryException.submission_id == row.id, EntryException.key == key, EntryException.ended_at.is_(None)
        )
    )
    if held is None:
        raise RuleBroken("finding_gone")
    held.ended_reason, held.ended_by_id, held.ended_at = said, actor_id, now
    note(row, "entry_taken_back", actor_id=actor_id, now=now, finding=held.code, key=key, reason=said)


def _said(reason: str) -> str:
    if not reason.strip():
        raise RuleBroken("reason_missing")
    return reason.strip()[:LONGEST_REASON]
