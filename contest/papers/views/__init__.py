"""Pages of the papers."""

from __future__ import annotations

from contest.papers.views import messages, papers

__all__ = ["blueprints", "messages", "papers"]
blueprints = (papers.blueprint,)
