"""Writes of the front door: the demo edition and the ways into it."""

from __future__ import annotations

from contest.home.services.demo import seed_demo
from contest.home.services.ways_in import WayIn, ways_in

__all__ = ["WayIn", "seed_demo", "ways_in"]
