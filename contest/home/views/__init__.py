"""The front door, and rehearsals."""

from __future__ import annotations

from contest.home.views import messages as _messages  # registers the sentences
from contest.home.views.front import blueprint
from contest.home.views.rehearsal import blueprint as _rehearsal

blueprints = (blueprint, _rehearsal)
