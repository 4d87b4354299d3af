"""Who may see results."""

from __future__ import annotations

from contest.accounts.roles import Identity, Nobody, Role
from contest.editions.facts import EditionFacts, RoundHead
from contest.editions.policy import can_organise, can_see_committee_pages


def can_see_ranking(user: Identity | Nobody, edition: EditionFacts, round_: RoundHead) -> bool:
    """Tell whether the public ranking is open: to everybody once published, also while it is corrected."""
    del user, edition
    return round_.published_version is not None


def can_see_draft_ranking(user: Identity | Nobody, edition: EditionFacts) -> bool:
    """Tell whether the person may see numbers before publication."""
    return can_see_committee_pages(user, edition)


def can_decide_results(user: Identity | Nobody, edition: EditionFacts) -> bool:
    """Tell whether the person may close, finalise, advance and publish."""
    return can_organise(user, edition)


def can_review_results(user: Identity | Nobody, edition: EditionFacts) -> bool:
    """Tell whether the person may confirm results and ask for or decide a correction: the committee and the chair."""
    return can_organise(user, edition) or user.holds(edition.id, Role.CHAIR)


def can_confirm_results(user: Identity | Nobody, edition: EditionFacts, *, has_chair: bool) -> bool:
    """Tell whether the person confirms here: the chair, or the committee where the edition has none."""
    return user.holds(edition.id, Role.CHAIR) or (can_organise(user, edition) and not has_chair)


def can_see_severity(user: Identity | Nobody, edition: EditionFacts) -> bool:
    """Tell whether the person may see how strict each judge is: the organiser and the chair, nobody who reads along."""
    return user.is_admin or user.holds(edition.id, Role.ORGANISER, Role.CHAIR)
