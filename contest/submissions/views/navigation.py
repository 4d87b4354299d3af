"""What this package offers to the menu, the organiser's overview and the public page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from contest.accounts.roles import Role
from contest.editions.facts import EditionFacts
from contest.editions.views.overview_cards import Card, Person, card_provider
from contest.submissions import policy, queries
from contest.submissions.lifecycle import SubmissionStatus
from contest.web.navigation import NavItem, provider


@provider
def menu(edition: EditionFacts | None, identity: Any) -> Iterator[NavItem]:
    if edition is None:
        return
    if identity.holds(edition.id, Role.CAPTAIN):
        yield NavItem(_("My submission"), url_for("submissions.mine", edition_code=edition.code), "file-earmark", 15)
    if policy.can_list_submissions(identity, edition):
        yield NavItem(_("Submissions"), url_for("submissions.listing", edition_code=edition.code), "inbox", 30)
        yield NavItem(
            _("Eligibility"), url_for("submissions.eligibility", edition_code=edition.code), "shield-check", 31
        )


@card_provider
def cards(edition: EditionFacts, identity: Person) -> Iterator[Card]:
    if not policy.can_list_submissions(identity, edition):
        return
    counts = queries.status_counts(edition.id)
    for status, title, hint, order in (
        (SubmissionStatus.SUBMITTED, _("Submitted"), "", 10),
        (SubmissionStatus.DRAFT, _("Drafts"), _("registered, not handed in"), 11),
    ):
        href = url_for("submissions.listing", edition_code=edition.code, status=status.value)
        yield Card(title, str(counts[status]), hint, href, order)
