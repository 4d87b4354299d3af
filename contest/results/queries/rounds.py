"""Reads about results: the live report of a round, and its frozen snapshots."""

from __future__ import annotations

from sqlalchemy import select

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import FROZEN
from contest.infra.db import db
from contest.judging.models import Advancement
from contest.results.building import build_report
from contest.results.queries.gathering import Gathered, gather
from contest.results.queries.snapshots import SnapshotLine, frozen_report, latest_snapshot
from contest.results.report import RoundReport
from contest.submissions.models import Submission


def live_report(edition: EditionFacts, round_: RoundFacts) -> RoundReport:
    """Return the report of the marks as they stand now, in as many queries whatever the size.

    Raises what `ranking.rank` raises.
    """
    return report_from(edition, round_, gather(edition, round_))


def report_from(edition: EditionFacts, round_: RoundFacts, gathered: Gathered) -> RoundReport:
    """Return the report of what was gathered. Raises what `ranking.rank` raises."""
    return build_report(
        edition,
        round_,
        tracks=gathered.tracks,
        entrants=gathered.entrants,
        judges=gathered.judges,
        inputs=gathered.inputs,
    )


def advanced_into(round_id: int) -> frozenset[str]:
    """Return the codes of the submissions that advanced into a round."""
    rows = db.session.scalars(
        select(Submission.code)
        .join(Advancement, Advancement.submission_id == Submission.id)
        .where(Advancement.round_id == round_id)
    )
    return frozenset(rows)


def report_of(edition: EditionFacts, round_: RoundFacts) -> tuple[RoundReport, SnapshotLine | None]:
    """Return the frozen report of a finalised round with its snapshot, or the live one without.

    Raises what `live_report` raises.
    """
    if round_.state in FROZEN:
        snapshot = latest_snapshot(round_.id)
        if snapshot is not None:
            return frozen_report(snapshot.id), snapshot
    return live_report(edition, round_), None
