"""The first page: what is open to everybody, and what waits for the person who signed in."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.accounts.forms import ROLE_WORDS
from contest.accounts.roles import Role
from contest.editions.facts import EditionFacts
from contest.editions.phases import EditionState
from contest.editions.policy import can_create_editions
from contest.editions.queries import visible_editions
from contest.infra import clock
from contest.web import navigation
from contest.web.guards import public

blueprint = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """One edition of the person's own: the roles held there and where they lead."""

    edition: EditionFacts
    roles: tuple[Role, ...]
    doors: tuple[navigation.NavItem, ...]


def _desk(edition: EditionFacts) -> Desk:
    held = current_user.roles_in(edition.id)
    return Desk(
        edition=edition,
        roles=tuple(role for role in Role if role in held),
        doors=tuple(navigation.items(edition, current_user)),
    )


@blueprint.get("/")
@public
def index() -> ResponseReturnValue:
    now = clock.now()
    visible = visible_editions(current_user)
    own = [edition for edition in visible if current_user.roles_in(edition.id)]
    others = [edition for edition in visible if edition not in own and edition.state is EditionState.ANNOUNCED]
    return render_template(
        "home/index.html",
        desks=[_desk(edition) for edition in own],
        open_editions=[(edition, edition.window(now).value) for edition in others],
        role_words=ROLE_WORDS,
        may_create=can_create_editions(current_user),
    )
