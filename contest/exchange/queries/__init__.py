"""Reads for files that come in and go out."""

from __future__ import annotations

from contest.exchange.queries.bundle import bundle_of
from contest.exchange.queries.plans import RoundAssignments, round_assignments
from contest.exchange.queries.reading import Reading, packed, read_bytes, read_path, taken_problem
from contest.exchange.queries.results import results_bundle
from contest.exchange.queries.sheets import entered_of
from contest.exchange.queries.waiting import remembered_mapping, waiting_file

__all__ = [
    "Reading",
    "RoundAssignments",
    "bundle_of",
    "entered_of",
    "packed",
    "read_bytes",
    "read_path",
    "remembered_mapping",
    "results_bundle",
    "round_assignments",
    "taken_problem",
    "waiting_file",
]
