"""Results pages: the committee's and the public's."""

from __future__ import annotations

from contest.results.views import messages as _messages  # registers the sentences
from contest.results.views import organiser, public

blueprints = (organiser.blueprint, public.blueprint)
