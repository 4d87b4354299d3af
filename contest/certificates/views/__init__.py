"""Pages about certificates."""

from __future__ import annotations

from contest.certificates.views import look, messages, organiser, people, public, register
from contest.certificates.views import own as own_pages
from contest.certificates.views.blueprint import blueprint, own

__all__ = ["look", "messages", "organiser", "own_pages", "people", "public", "register"]

blueprints = (blueprint, own)
