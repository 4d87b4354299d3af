"""Promise the frozen results before they are shown."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select

from contest.editions.facts import EditionFacts
from contest.editions.phases import RoundState
from contest.errors import RuleBroken
from contest.infra.db import db
from contest.results.announcing import NONCE_BYTES, sealed
from contest.results.models import ResultCommitment
from contest.results.queries.announcing import promised
from contest.results.queries.snapshots import latest_snapshot
from contest.results.services.rows import locked_round, trace


def fresh_nonce() -> str:
    """Return the hex of a number that nobody can guess."""
    return secrets.token_hex(NONCE_BYTES)


def announce(*, edition: EditionFacts, round_id: int, actor_id: int, now: datetime) -> str:
    """Promise the newest frozen results of a round and return the digest; repeating returns the one that stands.

    Raises `RuleBroken` "announce_frozen_only" unless the round is finalised and not public yet.
    """
    round_ = locked_round(round_id)
    snapshot = latest_snapshot(round_id) if round_.state is RoundState.FINALISED else None
    if snapshot is None:
        raise RuleBroken("announce_frozen_only", round=round_.name)
    held = db.session.scalar(select(ResultCommitment.digest).where(ResultCommitment.snapshot_id == snapshot.id))
    if held is not None:
        return held
    nonce = fresh_nonce()
    digest = sealed(nonce, promised(edition.code, round_.code, snapshot))
    db.session.add(
        ResultCommitment(
            round_id=round_id,
            snapshot_id=snapshot.id,
            nonce=nonce,
            digest=digest,
            announced_at=now,
            announced_by=actor_id,
        )
    )
    trace("results.promised", round_, actor_id=actor_id, now=now, version=snapshot.version, digest=digest)
    return digest
