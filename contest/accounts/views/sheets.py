"""Ways in that are handed over: a QR code on the screen, and sheets of them for the printer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import segno
from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from contest.accounts import policy, services
from contest.accounts.forms import ROLE_WORDS
from contest.accounts.people import PersonFacts
from contest.accounts.roles import Role
from contest.accounts.services import IssuedLink
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.web.formats import localtime
from contest.web.mailing import absolute

PER_PAGE = 6


class SheetEdition(Protocol):
    """What a sheet needs of its edition."""

    @property
    def id(self) -> int:
        """The row's id."""

    @property
    def code(self) -> str:
        """The code in addresses."""

    @property
    def name(self) -> Any:
        """A text with `in_(locale)`."""

    @property
    def is_rehearsal(self) -> bool:
        """Whether strangers must not learn that it exists: then there is no door to type digits at."""


@dataclass(frozen=True, slots=True)
class Card:
    """One card of the sheet, in both languages, Vietnamese first. Without a `door` digits open nothing."""

    name: str
    link: IssuedLink
    url: str
    door: str
    roles: tuple[str, str]
    editions: tuple[str, str]
    texts: tuple[str, str]

    @property
    def qr(self) -> Markup:
        """The QR code of the link."""
        return qr_svg(self.url)


def qr_svg(text: str) -> Markup:
    """Return a QR code as inline SVG that fills its box, black on white with its quiet zone whatever the theme."""
    svg = segno.make(text, error="m", micro=False).svg_inline(border=4, light="#fff", omitsize=True, svgclass="bv-qr")
    return Markup(svg)  # noqa: S704  # nosec B704  # segno writes paths and numbers, never the text


def link_url(link: IssuedLink) -> str:
    """Return the full address of a one-time link."""
    return absolute(url_for("accounts.link", token=link.token))


def card_of(person: PersonFacts, link: IssuedLink, edition: SheetEdition, role: Role | None = None) -> Card:
    """Return the card of a person; `role` is the one to print when the person holds several."""
    door = "" if edition.is_rehearsal else absolute(url_for("door.door", edition_code=edition.code))
    shown = [role] if role is not None else sorted(person.roles_in(edition.id), key=list(Role).index)
    roles, texts = [], []
    for locale in ("vi", "en"):
        with force_locale(locale):
            roles.append(", ".join(str(ROLE_WORDS[held]) for held in shown))
            texts.append(_how(door, link))
    return Card(
        name=person.name,
        link=link,
        url=link_url(link),
        door=door,
        roles=(roles[0], roles[1]),
        editions=(edition.name.in_("vi"), edition.name.in_("en")),
        texts=(texts[0], texts[1]),
    )


def _how(door: str, link: IssuedLink) -> str:
    if not door:
        return str(_("Scan with the phone's camera and press the button. It works once."))
    told = _(
        "Scan with the phone's camera and press the button. Or open %(door)s and type the six digits "
        "(until %(until)s). Each works once.",
        door=door.partition("://")[2],
        until=localtime(link.code_expires_at),
    )
    return str(told)


def issue_cards(
    people: Sequence[PersonFacts], edition: SheetEdition, role: Role | None = None, round_id: int | None = None
) -> list[Card]:
    """Issue a fresh link and code for each person, in one unit of work. The caller has asked the policy."""
    now = clock.now()
    with unit_of_work():
        links = services.issue_links(
            user_ids=[person.id for person in people],
            edition_id=edition.id,
            secret_key=current_app.config["SECRET_KEY"],
            actor_id=current_user.id,
            now=now,
            round_id=round_id,
        )
    return [card_of(person, link, edition, role) for person, link in zip(people, links, strict=True)]


def qr_sheet(
    people: Sequence[PersonFacts],
    edition: SheetEdition,
    *,
    role: Role | None = None,
    back_href: str = "",
    round_id: int | None = None,
) -> ResponseReturnValue:
    """Answer a POST with a page to print: one card per person, each with a fresh link and code.

    The secrets exist in this one answer only, so it is the answer to the POST itself and not a page to come back to.
    People whose account reaches further than the user's are named and left out.
    """
    allowed = [person for person in people if policy.can_issue_link(current_user, person)]
    left_out = [person.name for person in people if person not in allowed]
    cards = issue_cards(allowed, edition, role, round_id)
    pages = [cards[start : start + PER_PAGE] for start in range(0, len(cards), PER_PAGE)]
    return render_template("accounts/qr_sheet.html", pages=pages, left_out=left_out, back_href=back_href)
