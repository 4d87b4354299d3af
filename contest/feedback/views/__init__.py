"""Pages of feedback: the organiser's queue, the team's letter, and plots of judges and participation."""

from __future__ import annotations

from contest.feedback.views import messages as _messages  # registers the sentences
from contest.feedback.views import participation, plots, queue, team
from contest.feedback.views import screening as _screening  # registers its routes

blueprints = (queue.blueprint, team.blueprint, plots.blueprint, participation.blueprint)
