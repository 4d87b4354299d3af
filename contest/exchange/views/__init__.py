"""Pages for files that come in and go out."""

from __future__ import annotations

from contest.exchange.views import bundles, files, messages, notes, plans, sheets
from contest.exchange.views.blueprint import blueprint

__all__ = ["blueprints", "bundles", "files", "messages", "notes", "plans", "sheets"]
blueprints = (blueprint,)
