"""Writes about results: freeze a closed round, let the best advance, publish."""

from __future__ import annotations

from contest.results.services.cuts import advance_round, cut_of, standings_of
from contest.results.services.rounds import close_round, freeze_round, publish_round, reopen_round

__all__ = [
    "advance_round",
    "close_round",
    "cut_of",
    "freeze_round",
    "publish_round",
    "reopen_round",
    "standings_of",
]
