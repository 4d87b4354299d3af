"""Reads about the fairness of a round: computed once for each content of the results."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import BEFORE_CLOSE, FROZEN
from contest.editions.queries import rounds_of
from contest.infra.cache import FrozenCache
from contest.infra.db import db
from contest.infra.signing import fingerprint
from contest.judging.models import Assignment, Judge, Scorecard
from contest.judging.states import ScorecardStatus
from contest.results.fairness import Fairness, fairness_of
from contest.results.queries.rounds import live_report
from contest.results.queries.snapshots import SnapshotLine, frozen_report, latest_snapshot
from contest.results.report import RoundReport, to_payload


@dataclass(frozen=True, slots=True)
class Held:
    """A report and what follows from it."""

    report: RoundReport
    fairness: Fairness


_kept: FrozenCache[Held] = FrozenCache(16)


def fairness_of_round(edition: EditionFacts, round_: RoundFacts) -> tuple[Held, SnapshotLine | None]:
    """Return the fairness of the frozen results of a finalised round with their snapshot, else of the live ones.

    A frozen report is read once: its fingerprint names all that it holds. Raises what `live_report` raises.
    """
    snapshot = latest_snapshot(round_.id) if round_.state in FROZEN else None
    if snapshot is not None:
        kept = _kept.get((round_.id, snapshot.fingerprint), lambda: _held(frozen_report(snapshot.id)))
        return kept, snapshot
    return fairness_of_report(round_.id, live_report(edition, round_), None), None


def fairness_of_report(round_id: int, report: RoundReport, snapshot: SnapshotLine | None) -> Held:
    """Return the fairness of a report that was read already, and of which snapshot, if of one."""
    digest = fingerprint(to_payload(report)) if snapshot is None else snapshot.fingerprint
    return _kept.get((round_id, digest), lambda: _held(report))


def _held(report: RoundReport) -> Held:
    return Held(report, fairness_of(report))


@dataclass(frozen=True, slots=True)
class OwnRounds:
    """The judge behind a person, by code, and the rounds that are closed and hold a scorecard of theirs, in order."""

    code: str
    rounds: tuple[RoundFacts, ...]


def own_rounds(edition_id: int, user_id: int) -> OwnRounds | None:
    """Return where a person has handed in scorecards and nothing can be changed any more; none who is no judge."""
    judge = db.session.execute(
        select(Judge.id, Judge.code).where(Judge.edition_id == edition_id, Judge.user_id == user_id)
    ).one_or_none()
    if judge is None:
        return None
    marked = set(
        db.session.scalars(
            select(Assignment.round_id)
            .join(Scorecard, Scorecard.assignment_id == Assignment.id)
            .where(Assignment.judge_id == judge.id, Scorecard.status == ScorecardStatus.SUBMITTED)
            .distinct()
        )
    )
    rounds = [one for one in rounds_of(edition_id) if one.id in marked and one.state not in BEFORE_CLOSE]
    return OwnRounds(judge.code, tuple(rounds))
