"""Who may see and change a submission. What the moment and the state allow is the services' business."""

from __future__ import annotations

from contest.accounts.roles import Identity, Nobody
from contest.editions.facts import EditionFacts
from contest.editions.policy import can_organise, can_see_committee_pages
from contest.submissions.facts import Access


def can_edit_submission(user: Identity | Nobody, access: Access) -> bool:
    """Tell whether the person leads the team; the list is `queries.own_submissions`."""
    return user.id is not None and user.id == access.captain_id


def can_see_submission(user: Identity | Nobody, edition: EditionFacts, access: Access) -> bool:
    """Tell whether the person may read the submission with its team and files."""
    return can_edit_submission(user, access) or can_list_submissions(user, edition)


def can_list_submissions(user: Identity | Nobody, edition: EditionFacts) -> bool:
    """Tell whether the person may read all submissions; the list is `queries.submission_list`."""
    return can_see_committee_pages(user, edition)


def can_decide_submission(user: Identity | Nobody, edition: EditionFacts) -> bool:
    """Tell whether the person may disqualify and reinstate."""
    return can_organise(user, edition)
