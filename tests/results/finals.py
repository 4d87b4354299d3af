"""The way of a scored round to its final results, for tests that begin there."""

from __future__ import annotations

from datetime import datetime

from contest.editions.phases import RoundState
from contest.editions.queries import round_by_id
from contest.infra.db import db
from contest.infra.signing import canonical_json, fingerprint
from contest.results.models import Snapshot
from contest.results.queries import live_report
from contest.results.report import to_payload
from tests.results.conftest import Scored


def finalised(scored: Scored, now: datetime) -> None:
    """Freeze the first round as it stands."""
    round_ = round_by_id(scored.first.id)
    assert round_ is not None
    payload = to_payload(live_report(scored.facts, round_))
    db.session.add(
        Snapshot(
            round_id=round_.id,
            version=1,
            payload=canonical_json(payload),
            fingerprint=fingerprint(payload),
            created_at=now,
        )
    )
    scored.first.state = RoundState.FINALISED
    db.session.commit()
