"""Public page and set-up of editions."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, url_for
from flask_login import current_user

from contest.editions import jobs as _jobs  # registers what goes on by itself
from contest.editions.facts import EditionFacts
from contest.editions.policy import can_organise
from contest.editions.views import alarm_mails as _alarm_mails  # mails new alarms
from contest.editions.views import (
    alarms,
    deadlines,
    door,
    entry,
    listing,
    outbox,
    overview,
    people,
    public,
    refusals,
    rounds,
    security,
    setup,
)
from contest.editions.views import entry_messages as _entry_messages  # registers more sentences
from contest.editions.views import messages as _messages  # registers the sentences
from contest.editions.views import observed as _observed  # mails signed heads to observers
from contest.editions.views.blueprint import blueprint

blueprints = (blueprint, people.blueprint, door.blueprint, outbox.blueprint, alarms.blueprint)
# Importing the pages hangs their views on the blueprint.
PAGES = (deadlines, entry, listing, overview, public, refusals, rounds, security, setup)


def organises(edition: EditionFacts) -> bool:
    """Tell whether the reader runs the edition: what leads to pages of organisers asks."""
    return can_organise(current_user, edition)


def init_app(app: Flask) -> None:
    """Let the masthead lead from any page of an edition to its public page, and templates ask who organises."""
    app.jinja_env.globals["organises"] = organises

    @app.context_processor
    def home_of_edition() -> dict[str, Any]:
        edition = g.get("edition")
        return {"edition_href": url_for("editions.public", edition_code=edition.code) if edition else ""}
