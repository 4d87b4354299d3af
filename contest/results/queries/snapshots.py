"""Reads about frozen results: their versions, what each holds, and the corrections between them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from contest.accounts.models import User
from contest.commitments import Names, reveal
from contest.editions.models import Round
from contest.infra.db import db, plain_rows
from contest.results.frozen import Frozen, report_in, thaw
from contest.results.models import AwardList, Correction, Snapshot
from contest.results.report import RoundReport
from contest.results.reviews import CorrectionStatus


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    """A snapshot without its payload."""

    id: int
    version: int
    fingerprint: str
    created_at: datetime
    created_by: str


_LINES = (
    select(
        Snapshot.id,
        Snapshot.version,
        Snapshot.fingerprint,
        Snapshot.created_at,
        User.name.label("created_by"),
    )
    .outerjoin(User, User.id == Snapshot.created_by)
    .where(Snapshot.round_id == bindparam("round_id"))
)
_LATEST = _LINES.order_by(Snapshot.version.desc()).limit(1)
_ONE = _LINES.where(Snapshot.version == bindparam("version"))
_ALL = _LINES.order_by(Snapshot.version)


def _line(row: Any) -> SnapshotLine:
    return SnapshotLine(row.id, row.version, row.fingerprint, row.created_at, row.created_by or "")


def latest_snapshot(round_id: int) -> SnapshotLine | None:
    """Return the newest snapshot of a round without its payload; none before the round was finalised."""
    row = plain_rows(_LATEST, round_id=round_id).one_or_none()
    return None if row is None else _line(row)


def snapshot_of(round_id: int, version: int) -> SnapshotLine | None:
    """Return one version of a round without its payload."""
    row = plain_rows(_ONE, round_id=round_id, version=version).one_or_none()
    return None if row is None else _line(row)


def snapshots_of(round_id: int) -> tuple[SnapshotLine, ...]:
    """Return all versions of a round without their payloads, the first one first."""
    return tuple(map(_line, plain_rows(_ALL, round_id=round_id)))


def _payload(snapshot_id: int) -> dict[str, Any]:
    row = db.session.execute(select(Snapshot.payload, Snapshot.names).where(Snapshot.id == snapshot_id)).one()
    found: dict[str, Any] = json.loads(reveal(row.payload, row.names))
    return found


def known_names(edition_id: int) -> Names:
    """Return the names beside all frozen documents of an edition: the same name keeps its commitment."""
    frozen_ = select(Snapshot.names).join(Round, Round.id == Snapshot.round_id).where(Round.edition_id == edition_id)
    settled = select(AwardList.names).where(AwardList.edition_id == edition_id)
    found: Names = {}
    for statement in (frozen_, settled):
        for names in db.session.scalars(statement):
            found |= names
    return found


def frozen_report(snapshot_id: int) -> RoundReport:
    """Return the report that a snapshot holds."""
    return report_in(_payload(snapshot_id))


def frozen(snapshot_id: int) -> Frozen:
    """Return everything that a snapshot holds."""
    return thaw(_payload(snapshot_id))


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A correction with the names of those who asked and decided; `version` is the one that it corrects."""

    public_id: str
    version: int
    reason: str
    status: CorrectionStatus
    asked_by_id: int | None
    asked_by: str
    asked_at: datetime
    answer: str
    decided_by: str
    decided_at: datetime | None


_ASKER, _DECIDER = aliased(User), aliased(User)


def corrections_of(round_id: int) -> tuple[CorrectionLine, ...]:
    """Return the corrections of a round, the newest first, in one query."""
    rows = db.session.execute(
        select(Correction, _ASKER.name.label("asker"), _DECIDER.name.label("decider"))
        .outerjoin(_ASKER, _ASKER.id == Correction.asked_by)
        .outerjoin(_DECIDER, _DECIDER.id == Correction.decided_by)
        .where(Correction.round_id == round_id)
        .order_by(Correction.id.desc())
    )
    return tuple(
        CorrectionLine(
            public_id=row.Correction.public_id,
            version=row.Correction.version,
            reason=row.Correction.reason,
            status=row.Correction.status,
            asked_by_id=row.Correction.asked_by,
            asked_by=row.asker or "",
            asked_at=row.Correction.asked_at,
            answer=row.Correction.answer,
            decided_by=row.decider or "",
            decided_at=row.Correction.decided_at,
        )
        for row in rows
    )
