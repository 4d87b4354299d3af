"""Pages of teams and the committee's pages about submissions."""

from __future__ import annotations

from contest.submissions import jobs as _jobs  # registers what goes on by itself
from contest.submissions.views import (
    confirming,
    draft,
    eligibility,
    files,
    handing_in,
    names,
    organiser,
    register,
    team,
    tus,
)
from contest.submissions.views import messages as _messages  # registers the sentences
from contest.submissions.views import navigation as _navigation  # registers menu and cards
from contest.submissions.views.blueprint import blueprint

blueprints = (blueprint,)
# Importing the pages hangs their views on the blueprint.
PAGES = (confirming, draft, eligibility, files, handing_in, names, organiser, register, team, tus)
