"""Reads about results."""

from __future__ import annotations

from contest.results.queries.awards import award_specs
from contest.results.queries.rounds import advanced_into, live_report, report_of
from contest.results.queries.snapshots import (
    CorrectionLine,
    SnapshotLine,
    corrections_of,
    frozen,
    frozen_report,
    latest_snapshot,
    snapshot_of,
    snapshots_of,
)

__all__ = [
    "CorrectionLine",
    "SnapshotLine",
    "advanced_into",
    "award_specs",
    "corrections_of",
    "frozen",
    "frozen_report",
    "latest_snapshot",
    "live_report",
    "report_of",
    "snapshot_of",
    "snapshots_of",
]
