"""A correction of frozen results: one person asks with a reason, another decides, and a new version follows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from contest.editions import services as editions
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import Verb, moved
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db
from contest.results.models import Correction
from contest.results.queries import latest_snapshot
from contest.results.reviews import CorrectionStatus, require_second_person
from contest.results.services.rounds import revoke_confirmation
from contest.results.services.rows import locked_round, trace


def ask_correction(
    *, edition: EditionFacts, round_id: int, reason: str, actor_id: int | None, now: datetime
) -> Correction:
    """Ask to correct the frozen results of a round; nothing changes until another person approves.

    Raises `RuleBroken` "round_cannot_correct", "reason_missing", "correction_open".
    """
    round_ = locked_round(round_id)
    _require_own(edition, round_)
    moved(round_.state, Verb.CORRECT)
    if not reason.strip():
        raise RuleBroken("reason_missing")
    if open_correction(round_id) is not None:
        raise RuleBroken("correction_open")
    newest = latest_snapshot(round_id)
    row = Correction(
        round_id=round_id,
        version=newest.version if newest else 0,
        reason=reason.strip(),
        asked_by=actor_id,
        asked_at=now,
    )
    db.session.add(row)
    db.session.flush()  # an appeal may point at it
    trace("correction.asked", round_, actor_id=actor_id, now=now, version=row.version)
    return row


def _require_own(edition: EditionFacts, round_: RoundFacts) -> None:
    if round_.edition_id != edition.id:
        raise NotFound


def open_correction(round_id: int) -> int | None:
    """Return the id of the correction that is asked for or being made."""
    under_way = (CorrectionStatus.ASKED, CorrectionStatus.APPROVED)
    return db.session.scalar(
        select(Correction.id).where(Correction.round_id == round_id, Correction.status.in_(under_way)).limit(1)
    )


def decide_correction(
    *,
    edition: EditionFacts,
    round_id: int,
    public_id: str,
    approve: bool,
    answer: str,
    actor_id: int | None,
    now: datetime,
) -> Correction:
    """Approve or refuse a correction; an approved one takes the round back to closed, what is public stays.

    Raises `NotFound`, `RuleBroken` "same_person", "correction_decided", "reason_missing" for a refusal without one,
    "round_cannot_correct".
    """
    round_ = locked_round(round_id)
    _require_own(edition, round_)
    row = db.session.scalar(
        select(Correction).where(Correction.round_id == round_id, Correction.public_id == public_id)
    )
    if row is None:
        raise NotFound
    if row.status is not CorrectionStatus.ASKED:
        raise RuleBroken("correction_decided")
    require_second_person(row.asked_by, actor_id)
    if not approve and not answer.strip():
        raise RuleBroken("reason_missing")
    row.status = CorrectionStatus.APPROVED if approve else CorrectionStatus.REFUSED
    row.answer, row.decided_by, row.decided_at = answer.strip(), actor_id, now
    action = "correction.approved" if approve else "correction.refused"
    trace(action, round_, actor_id=actor_id, now=now, version=row.version)
    if approve:
        revoke_confirmation(round_id=round_id, actor_id=actor_id, now=now, reason=row.reason[:500])
        editions.mark_corrected(round_id=round_id, actor_id=actor_id, now=now, version=row.version)
    return row
