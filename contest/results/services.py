"""Writes about results: freeze a closed round, let the best advance, publish."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete, func, select

from contest.editions import services as editions
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.editions.queries import fields_of, round_by_id
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.infra.signing import canonical_json, fingerprint
from contest.judging.models import Advancement, Assignment, Scorecard
from contest.results.advancement import Cut, advance
from contest.results.models import Snapshot
from contest.results.queries import frozen_report, latest_snapshot, live_report
from contest.results.ranking import Standing, StandingStatus
from contest.results.report import RoundReport, to_payload
from contest.submissions.models import Submission


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
    round_ = _locked_round(round_id)
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
    round_ = _locked_round(round_id)
    target = _following(round_)
    if target is not None and _has_scorecards(target.id):
        raise RuleBroken("next_round_started", round=target.code)
    editions.reopen_scoring(round_id=round_id, actor_id=actor_id, now=now)


def _locked_round(round_id: int) -> RoundFacts:
    db.session.execute(select(Round.id).where(Round.id == round_id).with_for_update())
    round_ = round_by_id(round_id)
    if round_ is None:
        raise NotFound
    return round_


def standings_of(report: RoundReport) -> list[Standing]:
    """Return the report's lines as standings; positions are places in the report, tracks places in its tracks."""
    place = {track.code: position for position, track in enumerate(report.tracks)}
    return [
        Standing(
            submission=position,
            track=None if line.entrant.track is None else place[line.entrant.track],
            rank=line.rank,
            result=line.result,
            own_result=line.own_result,
            status=StandingStatus(line.status),
            judges=line.judges,
            tied=line.tied,
            value=None if line.result is None else Decimal(line.result),
        )
        for position, line in enumerate(report.lines)
    ]


def cut_of(edition_id: int, round_: RoundFacts, report: RoundReport) -> Cut:
    """Return who would advance by the round's rule. Raises `RuleBroken` "advance_not_set" and what `advance` raises."""
    if round_.rules.advance is None:
        raise RuleBroken("advance_not_set", round=round_.code)
    fields = {row.code: position for position, row in enumerate(fields_of(edition_id))}
    by_line = [None if line.entrant.field is None else fields[line.entrant.field] for line in report.lines]
    return advance(standings_of(report), round_.rules.advance, by_line)


def advance_round(*, edition: EditionFacts, round_id: int, actor_id: int | None, now: datetime) -> int:
    """Let those above the line into the next round and return how many; replaces an earlier decision.

    Works on the frozen numbers. Raises `RuleBroken` "round_not_closed", "no_next_round", "next_round_started",
    "results_changed" and what `cut_of` raises.
    """
    round_ = _locked_round(round_id)
    report = _current_report(edition, round_)
    target = _next_round(round_)
    if _has_scorecards(target.id):
        raise RuleBroken("next_round_started", round=target.code)
    cut = cut_of(edition.id, round_, report)
    codes = [report.lines[position].entrant.code for position in cut.advancing]
    ids = db.session.scalars(
        select(Submission.id).where(Submission.edition_id == edition.id, Submission.code.in_(codes))
    ).all()
    db.session.execute(delete(Advancement).where(Advancement.round_id == target.id))
    db.session.execute(delete(Assignment).where(Assignment.round_id == target.id, Assignment.submission_id.not_in(ids)))
    db.session.add_all(
        Advancement(round_id=target.id, submission_id=submission_id, decided_at=now) for submission_id in ids
    )
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{edition.id}",
        action="round.advanced",
        subject=f"round:{round_.code}",
        into=target.code,
        submissions=codes,
    )
    return len(codes)


def _current_report(edition: EditionFacts, round_: RoundFacts) -> RoundReport:
    """Return the frozen report, provided that it still says what the data say."""
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


def _following(round_: RoundFacts) -> Round | None:
    return db.session.scalar(
        select(Round)
        .where(Round.edition_id == round_.edition_id, Round.position > round_.position)
        .order_by(Round.position)
        .limit(1)
    )


def _next_round(round_: RoundFacts) -> Round:
    target = _following(round_)
    if target is None:
        raise RuleBroken("no_next_round", round=round_.code)
    return target


def _has_scorecards(round_id: int) -> bool:
    started = select(func.count()).select_from(Scorecard).join(Assignment).where(Assignment.round_id == round_id)
    return bool(db.session.scalar(started))


def publish_round(*, edition: EditionFacts, round_id: int, actor_id: int | None, now: datetime) -> None:
    """Open the frozen results to the public. Raises `RuleBroken` "round_not_closed" or "results_changed"."""
    round_ = _locked_round(round_id)
    if round_.state is RoundState.PUBLISHED:
        return
    _current_report(edition, round_)
    editions.mark_published(round_id=round_id, actor_id=actor_id, now=now)
