"""`flask serve`: migrate, seed an empty database, print the ways in, serve; the demo, rehearsals, the check."""

from __future__ import annotations

from contest.home.cli import papers
from contest.home.cli.check import check
from contest.home.cli.demo import demo
from contest.home.cli.rehearsal import rehearsal
from contest.home.cli.serve import serve

__all__ = ["groups", "papers"]  # the last one stands under `results`
groups = (serve, check, demo, rehearsal)
