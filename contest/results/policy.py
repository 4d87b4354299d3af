"""Who may see results."""

from __future__ import annotations

from contest.accounts.roles import Identity, Nobody
from contest.editions.facts import EditionFacts, RoundHead
from contest.editions.phases import RoundState
from contest.editions.policy import can_organise, can_see_committee_pages


def can_see_ranking(user: Identity | Nobody, edition: EditionFacts, round_: RoundHead) -> bool:
    """Tell whether the public ranking is open: to everybody once published, never before."""
    del user, edition
    return round_.state is RoundState.PUBLISHED


def can_see_draft_ranking(user: Identity | Nobody, edition: EditionFacts) -> bool:
    """Tell whether the person may see numbers before publication."""
    return can_see_committee_pages(user, edition)


def can_decide_results(user: Identity | Nobody, edition: EditionFacts) -> bool:
    """Tell whether the person may close, advance and publish."""
    return can_organise(user, edition)
