"""`flask serve`: migrate, seed an empty database, print the ways in, serve; the demo, rehearsals."""

from __future__ import annotations

from contest.home.cli.demo import demo
from contest.home.cli.rehearsal import rehearsal
from contest.home.cli.serve import serve

groups = (serve, demo, rehearsal)
