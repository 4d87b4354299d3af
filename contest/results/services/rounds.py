"""A round from closed scoring to published results: freeze, reopen, publish."""

from __future__ import annotations

from datetime import datetime

from contest.editions import services as editions
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import RoundState
from contest.errors import RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.infra.signing import canonical_json, fingerprint
from contest.results.models import Snapshot
from contest.results.queries import frozen_report, latest_snapshot, live_report
from contest.results.report import RoundReport, to_payload
from contest.results.services.rows import following, has_scorecards, locked_round


def close_round(*, edition: EditionFacts, round_id: int, actor_id: int | None, now: datetime) -> str:
    """Close the scoring and freeze the results as a snapshot; return its fingerprint.

    Unfinished scorecards do not count and are counted in the audit trail. Raises what the ranking raises.
    """
    editions.close_scoring(round_id=round_id, actor_id=actor_id, now=now)
    return freeze_round(edition=edition, round_id=round_id, actor_id=actor_id, now=now)


def freeze_round(*, edition: EditionFacts, round_id: int, actor_id: int | None, now: datetime) -> str:
    """Write the results of a closed round as its next snapshot and return the fingerprint.

    Nothing is written when the newest snapshot holds the same. Raises `RuleBroken` "round_not_closed".
    """
    round_ = locked_round(round_id)
    if round_.state is not RoundState.CLOSED:
        raise RuleBroken("round_not_closed", round=round_.code)
    report = live_report(edition, round_)
    payload = to_payload(report)
    digest = fingerprint(payload)
    newest = latest_snapshot(round_id)
    if newest is not None and newest.fingerprint == digest:
        return digest
    version = 1 if newest is None else newest.version + 1
    db.session.add(
        Snapshot(
            round_id=round_id,
            version=version,
            payload=canonical_json(payload),
            fingerprint=digest,
            created_at=now,
            created_by=actor_id,
        )
    )
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{edition.id}",
        action="round.frozen",
        subject=f"round:{round_.code}",
        version=version,
        fingerprint=digest,
        unfinished=report.unfinished,
    )
    return digest


def reopen_round(*, round_id: int, actor_id: int | None, now: datetime) -> None:
    """Open the scoring of a closed round again; its snapshots stay.

    Raises `RuleBroken` "next_round_started", and what `editions.services.reopen_scoring` raises.
    """
    round_ = locked_round(round_id)
    target = following(round_)
    if target is not None and has_scorecards(target.id):
        raise RuleBroken("next_round_started", round=target.code)
    editions.reopen_scoring(round_id=round_id, actor_id=actor_id, now=now)


def current_report(edition: EditionFacts, round_: RoundFacts) -> RoundReport:
    """Return the frozen report, provided that it still says what the data say.

    Raises `RuleBroken` "round_not_closed" or "results_changed".
    """
    if round_.state not in (RoundState.CLOSED, RoundState.PUBLISHED):
        raise RuleBroken("round_not_closed", round=round_.code)
    newest = latest_snapshot(round_.id)
    if newest is None:
        raise RuleBroken("round_not_closed", round=round_.code)
    if (
        round_.state is RoundState.CLOSED
        and fingerprint(to_payload(live_report(edition, round_))) != newest.fingerprint
    ):
        raise RuleBroken("results_changed", round=round_.code)
    return frozen_report(newest.id)


def publish_round(*, edition: EditionFacts, round_id: int, actor_id: int | None, now: datetime) -> None:
    """Open the frozen results to the public. Raises `RuleBroken` "round_not_closed" or "results_changed"."""
    round_ = locked_round(round_id)
    if round_.state is RoundState.PUBLISHED:
        return
    current_report(edition, round_)
    editions.mark_published(round_id=round_id, actor_id=actor_id, now=now)
