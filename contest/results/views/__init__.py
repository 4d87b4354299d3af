"""Results pages: the committee's and the public's."""

from __future__ import annotations

from contest.results.views import announcing as _announcing  # registers its routes
from contest.results.views import appeals, awards, organiser, public
from contest.results.views import check_words as _words  # registers the sentences of the preconditions
from contest.results.views import fairness as _fairness  # registers its route
from contest.results.views import ledger as _ledger  # registers its routes
from contest.results.views import measured as _measured  # registers its routes
from contest.results.views import messages as _messages  # registers the sentences
from contest.results.views import minutes as _minutes  # registers its routes
from contest.results.views import own_marking as _own_marking  # registers its route
from contest.results.views import rulings as _rulings  # registers its routes
from contest.results.views import steps as _steps  # registers its routes
from contest.results.views import sums as _sums  # registers its route
from contest.results.views import topup as _topup  # registers its routes
from contest.results.views import versions as _versions  # registers its routes

blueprints = (organiser.blueprint, public.blueprint, awards.blueprint, appeals.blueprint)
