"""Pages of judges and of those who watch over the judging."""

from __future__ import annotations

from contest.judging.queries import rooms as _rooms  # registers the tables
from contest.judging.views import assignment_by_hand as _by_hand  # registers its routes
from contest.judging.views import assignment_messages as _assignment_messages  # registers the sentences
from contest.judging.views import assignment_proposals as _proposals  # registers its routes
from contest.judging.views import conflict_rules as _conflict_rules  # registers its routes
from contest.judging.views import happening_messages as _happening  # registers the sentences
from contest.judging.views import health as _health  # registers its route
from contest.judging.views import messages as _messages  # registers the sentences
from contest.judging.views import mine as _mine  # registers its routes
from contest.judging.views import navigation as _navigation  # registers the menu
from contest.judging.views import pages as _pages  # registers its routes
from contest.judging.views import paired as _paired  # registers its routes, keeps paired devices in
from contest.judging.views import panel_changes as _panel_changes  # registers its routes
from contest.judging.views import panel_import as _panel_import  # registers its routes
from contest.judging.views import panel_messages as _panel_messages  # registers the sentences
from contest.judging.views import panel_navigation as _panel_navigation  # registers menu and cards
from contest.judging.views import practice as _practice  # registers its routes
from contest.judging.views import recusals as _recusals  # registers its routes
from contest.judging.views import stakes as _stakes  # closes pages to who has a stake
from contest.judging.views import team_conflicts as _team_conflicts  # registers its routes
from contest.judging.views import titles as _titles  # registers its routes
from contest.judging.views import watch as _watch  # registers its routes
from contest.judging.views.assignments import blueprint as _assignments
from contest.judging.views.capacity import blueprint as _capacity
from contest.judging.views.conflicts import blueprint as _conflicts
from contest.judging.views.draw import blueprint as _draw
from contest.judging.views.fit import blueprint as _fit
from contest.judging.views.judge import blueprint as _judge
from contest.judging.views.live import blueprint as _live
from contest.judging.views.looks import blueprint as _looks
from contest.judging.views.offline import blueprint as _offline
from contest.judging.views.panel import blueprint as _panel
from contest.judging.views.progress import blueprint as _progress
from contest.judging.views.record import blueprint as _record
from contest.judging.views.reshuffles import blueprint as _changes
from contest.judging.views.round_panels import blueprint as _round_panels
from contest.judging.views.sheets import blueprint as _sheets
from contest.judging.views.sights import blueprint as _sights

blueprints = (
    *(_judge, _panel, _conflicts, _assignments, _progress, _record, _draw),
    *(_fit, _offline, _sheets, _looks, _sights, _capacity, _changes, _live, _round_panels),
)
