"""Results promised before the ceremony: the organiser's button, and the page on which everybody checks."""

from __future__ import annotations

import json

from flask import Response, abort, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from contest.editions.facts import EditionFacts, RoundHead
from contest.editions.queries import round_head
from contest.editions.views.guards import edition_public, organisers_only
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.results.queries.announcing import Promise, promises_of
from contest.results.services.announcing import announce
from contest.results.views.organiser import blueprint as committee
from contest.results.views.organiser import ranking_page, round_of, to_ranking
from contest.results.views.public import blueprint
from contest.web import messages
from contest.web.forms import ActionForm

messages.register(
    {
        "announce_frozen_only": _l(
            "Only frozen results that are not public yet can be promised: finalise the round first."
        )
    }
)


@committee.post("/e/<edition_code>/organise/results/<round_code>/promise")
@organisers_only
def promise(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    if not ActionForm().validate_on_submit():
        return ranking_page(edition, round_, 400)
    with unit_of_work():
        announce(edition=edition, round_id=round_.id, actor_id=current_user.id, now=clock.now())
    flash(_("The promise is public. Print its code, or read it out before the ceremony."), "success")
    return to_ranking(edition, round_code)


def _found(edition: EditionFacts, round_code: str) -> tuple[RoundHead, tuple[Promise, ...]]:
    round_ = round_head(edition.id, round_code)
    if round_ is None:
        abort(404)
    found = promises_of(edition.code, round_.id, round_.code, round_.published_version)
    if not found:
        abort(404)
    return round_, found


@blueprint.get("/e/<edition_code>/results/<round_code>/promise")
@edition_public
def promised(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, found = _found(edition, round_code)
    return render_template("results/promise.html", round=round_, promises=found)


@blueprint.get("/e/<edition_code>/results/<round_code>/promise.json")
@edition_public
def promised_file(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    _round, found = _found(edition, round_code)
    opened = next((one for one in found if one.open), None)
    if opened is None:
        abort(404)
    told = {"digest": opened.digest, "nonce": opened.nonce, "document": opened.said}
    name = f"{edition.code}_{round_code}_promise.json"
    answer = Response(json.dumps(told, ensure_ascii=False, indent=1) + "\n", mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
