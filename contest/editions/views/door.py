"""The door of an edition: six digits typed on a phone or a shared computer."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address

from contest.accounts import services
from contest.accounts.forms import DoorForm
from contest.accounts.second.factors import FirstStep
from contest.accounts.views.entry import begin, go_on
from contest.accounts.views.failures import note_failure
from contest.editions.facts import EditionFacts
from contest.editions.phases import EditionState
from contest.editions.queries import editions_in_state
from contest.editions.views.guards import edition_public
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.web.guards import public
from contest.web.limits import failed, limiter
from contest.web.messages import sentence

blueprint = Blueprint("door", __name__)


@blueprint.get("/door")
@public
def choose() -> ResponseReturnValue:
    editions = editions_in_state(EditionState.ANNOUNCED)
    if len(editions) == 1:
        return redirect(url_for("door.door", edition_code=editions[0].code), 303)
    return render_template("accounts/choose_door.html", editions=editions)


def _edition() -> str:
    return str((request.view_args or {})["edition_code"])


def _edition_from_here() -> str:
    return f"{_edition()}:{get_remote_address()}"


def _page(form: DoorForm) -> str:
    return render_template("accounts/door.html", form=form, next_page=request.args.get("next"))


@blueprint.get("/e/<edition_code>/door")
@edition_public
def door(edition: EditionFacts) -> ResponseReturnValue:
    del edition
    return _page(DoorForm())


# A million codes, a few dozen of them alive for three days: 300 misses a day leave a guesser without hope, also one
# with many addresses. Links and QR codes do not pass through here and always work.
@blueprint.post("/e/<edition_code>/door")
@limiter.limit("20 per 15 minutes", key_func=_edition_from_here, deduct_when=failed)
@limiter.limit("300 per day", key_func=_edition, deduct_when=failed)
@edition_public
def enter(edition: EditionFacts) -> ResponseReturnValue:
    form = DoorForm()
    if not form.validate_on_submit():
        return _page(form), 422
    now, key = clock.now(), current_app.config["SECRET_KEY"]
    try:
        with unit_of_work():
            way = services.redeem_code(edition_id=edition.id, code=form.code.data or "", secret_key=key, now=now)
            step = begin(way.user_id, now, FirstStep.DOOR, way.round_id)
    except RuleBroken as refused:
        note_failure("door")
        form.code.errors = [sentence(refused)]
        return _page(form), 422
    return go_on(step, now)
