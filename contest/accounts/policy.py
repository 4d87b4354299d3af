"""Who may let whom in."""

from __future__ import annotations

from contest.accounts.people import PersonFacts
from contest.accounts.roles import COMMITTEE, Identity, Nobody


def can_issue_link(user: Identity | Nobody, person: PersonFacts) -> bool:
    """Tell whether the user may issue a way in as `person`: never further than the user's own editions reach."""
    if user.is_admin:
        return True
    return not person.is_admin and all(user.holds(edition_id, *COMMITTEE) for edition_id in person.roles)


def can_end_device(user: Identity | Nobody, owner_id: int) -> bool:
    """Tell whether the user may end a session: everybody their own, the administrator any."""
    return user.is_authenticated and (user.id == owner_id or user.is_admin)


def can_remove_second_factor(user: Identity | Nobody) -> bool:
    """Tell whether the user may take away another person's second factors: a system administrator."""
    return user.is_admin
