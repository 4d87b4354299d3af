"""Reads about promised results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest.infra.db import db
from contest.infra.signing import canonical_json
from contest.results.announcing import document, sealed
from contest.results.models import ResultCommitment, Snapshot
from contest.results.queries.snapshots import SnapshotLine, frozen_report, snapshot_of


def promised(edition_code: str, round_code: str, snapshot: SnapshotLine) -> str:
    """Return the text that is promised, computed from the frozen rows."""
    names = {"edition": edition_code, "round_code": round_code}
    bound = {"version": snapshot.version, "fingerprint": snapshot.fingerprint}
    return canonical_json(document(frozen_report(snapshot.id), **names, **bound))  # type: ignore[arg-type]  # texts


def promise_of(snapshot_id: int) -> str:
    """Return the digest that was promised for a snapshot, "" when none was."""
    digest = select(ResultCommitment.digest).where(ResultCommitment.snapshot_id == snapshot_id)
    return db.session.scalar(digest) or ""


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise. `nonce` and `said` are empty until its version is the public one; `fits` tells of both then."""

    version: int
    digest: str
    announced_at: datetime
    nonce: str = ""
    said: str = ""

    @property
    def open(self) -> bool:
        """Whether everybody may check it."""
        return bool(self.nonce)

    @property
    def fits(self) -> bool:
        """Whether what is shown is what was promised."""
        return self.open and sealed(self.nonce, self.said) == self.digest


def promises_of(edition_code: str, round_id: int, round_code: str, published: int | None) -> tuple[Promise, ...]:
    """Return the promises of a round, the oldest first; only that of the published version is opened."""
    rows = db.session.execute(
        select(ResultCommitment, Snapshot.version)
        .join(Snapshot, Snapshot.id == ResultCommitment.snapshot_id)
        .where(ResultCommitment.round_id == round_id)
        .order_by(ResultCommitment.id)
    ).all()
    found = []
    for row, version in rows:
        shown = ("", "")
        snapshot = snapshot_of(round_id, version) if version == published else None
        if snapshot is not None:
            shown = (row.nonce, promised(edition_code, round_code, snapshot))
        found.append(Promise(version, row.digest, row.announced_at, *shown))
    return tuple(found)
