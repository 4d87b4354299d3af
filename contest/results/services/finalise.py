"""Freeze the results of a round for good: one snapshot per version, which the database itself keeps unchanged."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import update

from contest.commitments import Book
from contest.editions import services as editions
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import Verb, moved
from contest.infra.db import db
from contest.infra.signing import canonical_json, fingerprint
from contest.results.frozen import Record, freeze
from contest.results.models import Correction, Snapshot
from contest.results.persons import with_people
from contest.results.preconditions import checks, require
from contest.results.queries.records import record_of
from contest.results.queries.snapshots import known_names
from contest.results.report import RoundReport
from contest.results.reviews import CorrectionStatus
from contest.results.services.rows import locked_round
from contest.results.services.situation import situation_now


def finalise_round(*, edition: EditionFacts, round_id: int, actor_id: int | None, now: datetime) -> str:
    """Write the confirmed results as the next immutable snapshot and return its fingerprint.

    Raises `RuleBroken` "round_cannot_finalise", or the code of the first precondition that does not hold: what held at
    the confirmation is looked at again.
    """
    round_ = locked_round(round_id)
    moved(round_.state, Verb.FINALISE)
    situation, report, written = situation_now(edition, round_)
    require(checks(Verb.FINALISE, situation))
    record = record_of(round_, situation, written)
    digest = _write(round_, report, record, actor_id, now)
    _end_correction(round_id)
    editions.mark_finalised(round_id=round_id, actor_id=actor_id, now=now, version=record.version, fingerprint=digest)
    return digest


def freeze_loaded(*, edition: EditionFacts, round_id: int, publish: bool, actor_id: int | None, now: datetime) -> str:
    """Freeze a closed round that came from a file in which it was finalised or published; return the fingerprint.

    The file knows no confirmation and no meeting: the snapshot says so. Raises what the ranking raises.
    """
    round_ = locked_round(round_id)
    situation, report, written = situation_now(edition, round_)
    record = record_of(round_, situation, replace(written, confirmed=None), unconfirmed="import")
    digest = _write(round_, report, record, actor_id, now)
    editions.mark_confirmed(round_id=round_id, actor_id=actor_id, now=now, imported=1)
    editions.mark_finalised(round_id=round_id, actor_id=actor_id, now=now, version=record.version, fingerprint=digest)
    if publish:
        editions.mark_published(round_id=round_id, version=record.version, actor_id=actor_id, now=now)
    return digest


def _write(round_: RoundFacts, report: RoundReport, record: Record, actor_id: int | None, now: datetime) -> str:
    book = Book(known_names(round_.edition_id))
    payload = with_people(freeze(report, record), book.put)
    digest = fingerprint(payload)
    db.session.add(
        Snapshot(
            round_id=round_.id,
            version=record.version,
            payload=canonical_json(payload),
            names=book.names,
            fingerprint=digest,
            created_at=now,
            created_by=actor_id,
        )
    )
    db.session.flush()  # the next query for the newest snapshot must find it
    return digest


def _end_correction(round_id: int) -> None:
    db.session.execute(
        update(Correction)
        .where(Correction.round_id == round_id, Correction.status == CorrectionStatus.APPROVED)
        .values(status=CorrectionStatus.DONE)
    )
