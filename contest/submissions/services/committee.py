"""What the committee decides about a submission."""

from __future__ import annotations

from datetime import datetime

from contest.errors import RuleBroken
from contest.submissions.lifecycle import Act, SubmissionStatus, after
from contest.submissions.services.consents import require_consents
from contest.submissions.services.rows import locked, note


def disqualify(*, submission_id: int, reason: str, actor_id: int | None, now: datetime) -> None:
    """Take a submitted one out of judging and ranking, with the reason its team will read.

    Raises `NotFound`, `RuleBroken` "reason_missing" or "wrong_status".
    """
    _decide(submission_id, Act.DISQUALIFY, "disqualified", reason, actor_id, now)


def reinstate(*, submission_id: int, reason: str, actor_id: int | None, now: datetime) -> None:
    """Put a disqualified one, or one that is held because of a consent, back among the submitted.

    Raises `NotFound`, `RuleBroken` "reason_missing", "wrong_status" or "consents_missing" (`count`).
    """
    _decide(submission_id, Act.REINSTATE, "reinstated", reason, actor_id, now)


def _decide(submission_id: int, act: Act, action: str, reason: str, actor_id: int | None, now: datetime) -> None:
    if not reason.strip():
        raise RuleBroken("reason_missing")
    row = locked(submission_id)
    status = after(row.status, act)
    if row.status is SubmissionStatus.HELD:
        require_consents(row, now)
    row.status = status
    row.status_reason, row.updated_at = reason.strip()[:500], now
    note(row, action, actor_id=actor_id, now=now, reason=reason.strip()[:500])
