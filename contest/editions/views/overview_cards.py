"""Places that packages to the right fill: cards of the organiser's overview, buttons of the public page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from contest.accounts.roles import Identity, Nobody
from contest.editions.facts import EditionFacts


@dataclass(frozen=True, slots=True)
class Card:
    """One number on the organiser's overview, e.g. submitted entries."""

    title: str
    value: str
    hint: str = ""
    href: str = ""
    order: int = 50


@dataclass(frozen=True, slots=True)
class PublicLink:
    """One button on the public page, e.g. the published results."""

    label: str
    href: str
    icon: str = ""
    order: int = 50


Person = Identity | Nobody
CardProvider = Callable[[EditionFacts, Person], Iterable[Card]]
LinkProvider = Callable[[EditionFacts, Person], Iterable[PublicLink]]
_cards: list[CardProvider] = []
_links: list[LinkProvider] = []


def card_provider(function: CardProvider) -> CardProvider:
    """Register a function of (edition, identity) that yields cards for the organiser's overview."""
    _cards.append(function)
    return function


def public_link_provider(function: LinkProvider) -> LinkProvider:
    """Register a function of (edition, identity) that yields buttons for the public page."""
    _links.append(function)
    return function


def cards(edition: EditionFacts, identity: Person) -> list[Card]:
    """Return the cards in order."""
    return sorted((card for offer in _cards for card in offer(edition, identity)), key=lambda card: card.order)


def public_links(edition: EditionFacts, identity: Person) -> list[PublicLink]:
    """Return the buttons in order."""
    return sorted((link for offer in _links for link in offer(edition, identity)), key=lambda link: link.order)
