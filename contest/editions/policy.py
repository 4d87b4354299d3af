"""Who may see and run an edition."""

from __future__ import annotations

from contest.accounts.roles import COMMITTEE, Identity, Nobody, Role
from contest.editions.facts import EditionFacts
from contest.editions.phases import EditionState


def can_see_public(user: Identity | Nobody, edition: EditionFacts) -> bool:
    """Tell whether the public page is open: announced ones to all, drafts and rehearsals to their people."""
    open_to_all = edition.state is not EditionState.DRAFT and not edition.is_rehearsal
    return open_to_all or bool(user.roles_in(edition.id)) or user.is_admin


def can_organise(user: Identity | Nobody, edition: EditionFacts) -> bool:
    """Tell whether the person may run the edition."""
    return user.is_admin or user.holds(edition.id, *COMMITTEE)


def can_see_committee_pages(user: Identity | Nobody, edition: EditionFacts) -> bool:
    """Tell whether the person may read the committee's pages (chair and observer read along)."""
    return can_organise(user, edition) or user.holds(edition.id, Role.CHAIR, Role.OBSERVER)


def needs_second_factor(user: Identity | Nobody, edition: EditionFacts) -> bool:
    """Tell whether nothing of the edition opens to the person without a second factor at sign-in."""
    return edition.second_factor_required and can_organise(user, edition)


def can_create_editions(user: Identity | Nobody) -> bool:
    """Tell whether the person may start an edition: administrators, and organisers of any edition."""
    return user.is_admin or any(Role.ORGANISER in held for held in user.roles.values())
