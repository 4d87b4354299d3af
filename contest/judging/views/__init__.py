"""Pages of judges and of those who watch over the judging."""

from __future__ import annotations

from contest.judging.views import assignment_by_hand as _by_hand  # registers its routes
from contest.judging.views import health as _health  # registers its route
from contest.judging.views import messages as _messages  # registers the sentences
from contest.judging.views import navigation as _navigation  # registers the menu
from contest.judging.views import panel_changes as _panel_changes  # registers its routes
from contest.judging.views import panel_import as _panel_import  # registers its routes
from contest.judging.views import panel_messages as _panel_messages  # registers the sentences
from contest.judging.views import panel_navigation as _panel_navigation  # registers menu and cards
from contest.judging.views.assignments import blueprint as _assignments
from contest.judging.views.conflicts import blueprint as _conflicts
from contest.judging.views.draw import blueprint as _draw
from contest.judging.views.judge import blueprint as _judge
from contest.judging.views.panel import blueprint as _panel
from contest.judging.views.progress import blueprint as _progress

blueprints = (_judge, _panel, _conflicts, _assignments, _progress, _draw)
