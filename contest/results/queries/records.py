"""The record of a round's meeting: who was there, what was decided, what was missing."""

from __future__ import annotations

from sqlalchemy import select

from contest.editions.facts import RoundFacts
from contest.infra.db import db
from contest.results.frozen import METHOD, Record, RulingLine
from contest.results.models import Correction
from contest.results.preconditions import Situation
from contest.results.queries.lifecycle import Written
from contest.results.queries.snapshots import latest_snapshot
from contest.results.reviews import CorrectionStatus


def record_of(round_: RoundFacts, situation: Situation, written: Written, *, unconfirmed: str = "") -> Record:
    """Return what the next version of the results will keep, in two queries.

    `unconfirmed` says why nobody confirmed them: "import", or empty for a draft of the minutes.
    """
    confirmed = written.confirmed
    newest = latest_snapshot(round_.id)
    return Record(
        method=METHOD,
        version=1 if newest is None else newest.version + 1,
        confirmed_by=confirmed.name if confirmed else "",
        confirmed_as=("chair" if confirmed.as_chair else "organiser") if confirmed else unconfirmed,
        confirmed_at=confirmed.confirmed_at.isoformat() if confirmed else "",
        council=situation.council,
        rulings=tuple(
            RulingLine(one.kind.value, one.entry, one.value, one.reason, one.author, one.decided_at.isoformat())
            for one in written.rulings
        ),
        total=situation.books.total,
        missing=situation.books.missing,
        correction=_reason(round_.id),
    )


def _reason(round_id: int) -> str:
    """Return why the results are corrected; empty when they are frozen for the first time."""
    reason = db.session.scalar(
        select(Correction.reason)
        .where(Correction.round_id == round_id, Correction.status == CorrectionStatus.APPROVED)
        .order_by(Correction.id.desc())
        .limit(1)
    )
    return reason or ""
