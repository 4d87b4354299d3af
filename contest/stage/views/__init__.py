"""Pages of the stage."""

from __future__ import annotations

from contest.stage.views import booth_files as _booth_files  # registers its routes
from contest.stage.views import ceremony_screens as _ceremony_screens  # registers its routes
from contest.stage.views.booths import blueprint as _booths
from contest.stage.views.ceremony import blueprint as _ceremony
from contest.stage.views.pitch import blueprint as _pitch
from contest.stage.views.pitch_public import blueprint as _next_up

blueprints = (_ceremony, _pitch, _next_up, _booths)
