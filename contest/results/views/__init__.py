"""Results pages: the committee's and the public's."""

from __future__ import annotations

from contest.results.views import awards, organiser, public
from contest.results.views import messages as _messages  # registers the sentences

blueprints = (organiser.blueprint, public.blueprint, awards.blueprint)
