"""What this package offers to the menu, the overview and the public page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from contest.editions.facts import EditionFacts
from contest.editions.policy import can_organise
from contest.editions.views.overview_cards import Card, Person, card_provider
from contest.privacy.queries.files import files_left
from contest.privacy.queries.requests import open_count
from contest.web.navigation import NavItem, provider


@provider
def menu(edition: EditionFacts | None, identity: Any) -> Iterator[NavItem]:
    if edition is not None and can_organise(identity, edition):
        first = url_for("privacy.all_consents", edition_code=edition.code)
        yield NavItem(_("Personal data"), first, "person", 69, area=first.removesuffix("/consents"))


@card_provider
def cards(edition: EditionFacts, identity: Person) -> Iterator[Card]:
    if not can_organise(identity, edition):
        return
    href = url_for("privacy.queue", edition_code=edition.code)
    if naming := len(files_left(edition.id)):
        yield Card(_("Files to look at"), str(naming), _("they may name somebody who was erased"), href, 6)
    if waiting := open_count(edition.id):
        yield Card(_("Requests about personal data"), str(waiting), _("answered within two working days"), href, 5)
