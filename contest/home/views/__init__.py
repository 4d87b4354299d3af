"""The front door."""

from __future__ import annotations

from contest.home.views.front import blueprint

blueprints = (blueprint,)
