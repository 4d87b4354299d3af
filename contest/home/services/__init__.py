"""Writes of the front door: the demo edition and the ways into it, rehearsals."""

from __future__ import annotations

from contest.home.services.demo import seed_demo
from contest.home.services.rehearsal import Wiped, start_afresh, start_rehearsal, wipe_rehearsal
from contest.home.services.ways_in import WayIn, ways_in

__all__ = ["WayIn", "Wiped", "seed_demo", "start_afresh", "start_rehearsal", "ways_in", "wipe_rehearsal"]
