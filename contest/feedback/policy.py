"""Who screens letters, and who sees how judges used the scale."""

from __future__ import annotations

from contest.accounts.roles import Identity, Nobody
from contest.editions.facts import EditionFacts
from contest.editions.policy import can_organise
from contest.results.policy import can_see_severity


def can_screen_letters(user: Identity | Nobody, edition: EditionFacts) -> bool:
    """Tell whether the person may draft, screen and release; chair and observer read along."""
    return can_organise(user, edition)


def can_see_judges_marks(user: Identity | Nobody, edition: EditionFacts) -> bool:
    """Tell whether the person may see the marks of single judges beside each other."""
    return edition.marks_shown and can_see_severity(user, edition)
