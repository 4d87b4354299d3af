"""The page that tells in plain words what happens with personal data."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from contest.editions.facts import EditionFacts
from contest.editions.queries import basics_of
from contest.editions.views.guards import edition_public
from contest.infra import clock
from contest.privacy.views.blueprint import blueprint
from contest.submissions.queries.consents import day_in, privacy_rules_of


@blueprint.get("/e/<edition_code>/privacy")
@edition_public
def notice(edition: EditionFacts) -> ResponseReturnValue:
    rules, basics = privacy_rules_of(edition.id), basics_of(edition.id)
    return render_template(
        "privacy/notice.html",
        contact=rules.contact or basics.contact,
        organiser=basics.organiser,
        policy=rules.policy(day_in(edition.id, clock.now())),
    )
