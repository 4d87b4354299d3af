"""The order of presentation: drawn by lot, shown, printed, and changed when a team is absent."""

from __future__ import annotations

import secrets
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.forms.fields import blame
from contest.editions.phases import BEFORE_CLOSE
from contest.editions.policy import can_organise
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.draw import starts
from contest.judging.forms import DrawForm, MoveForm
from contest.judging.queries.draw import drawn_order
from contest.judging.services import draw as services
from contest.judging.views.assignments import round_of
from contest.web import messages

blueprint = Blueprint("draw", __name__)
messages.register(
    {
        "seed_empty": _l("Write the words of the draw: dice, a time, anything that nobody could choose beforehand."),
        "draw_nobody": _l("Nobody is in this round yet, so there is no order to draw."),
        "draw_again_reason": _l("The order has been drawn already. Say why it is drawn again."),
        "not_in_draw": _l("%(item)s is not in the order of presentation."),
        "place_below_one": _l("Places begin with 1: %(item)s stays where it is."),
        "round_over": _l("Round %(round)s is closed: its order of presentation stays as it is."),
    }
)
BLAMES = {"seed_empty": "seed", "draw_again_reason": "reason"}


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/order")
@committee_readers
def order(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    form = DrawForm(formdata=None, data={"seed": secrets.token_hex(8)})
    return _page(edition, round_of(edition, round_code), form, MoveForm(formdata=None))


def _page(
    edition: EditionFacts, round_: RoundFacts, form: DrawForm, move: MoveForm, status: int = 200
) -> ResponseReturnValue:
    drawn = drawn_order(round_.id)
    page = render_template(
        "judging/panel/order.html",
        round=round_,
        drawn=drawn,
        starts=_starts(round_, len(drawn.lines)) if drawn else (),
        form=form,
        move_form=move,
        may_draw=can_organise(current_user, edition) and round_.state in BEFORE_CLOSE,
    )
    return page, status


def _starts(round_: RoundFacts, count: int) -> tuple[datetime, ...]:
    """Return when each turn begins, provided that the round has an opening and its teams have minutes."""
    rules = round_.rules
    minutes = (rules.pitch_minutes, rules.answer_minutes, rules.change_minutes)
    return () if round_.opens_at is None else starts(round_.opens_at, count, minutes)


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/order")
@organisers_only
def draw(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), DrawForm()
    if not form.validate_on_submit():
        return _page(edition, round_, form, MoveForm(formdata=None), 422)
    try:
        with unit_of_work():
            count = services.draw_order(
                round_=round_,
                seed=form.seed.data or "",
                reason=form.reason.data or "",
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        blame(form, refused, BLAMES)
        return _page(edition, round_, form, MoveForm(formdata=None), 409)
    words = ngettext(
        "The order of %(num)s presentation is drawn.", "The order of %(num)s presentations is drawn.", count
    )
    flash(words, "success")
    return _back(edition, round_)


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/order/move")
@organisers_only
def move(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), MoveForm()
    if not form.validate_on_submit():
        return _page(edition, round_, DrawForm(formdata=None), form, 422)
    try:
        with unit_of_work():
            services.move_to_end(
                round_=round_,
                code=form.submission.data or "",
                reason=form.reason.data or "",
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        blame(form, refused, {"not_in_draw": "submission"})
        return _page(edition, round_, DrawForm(formdata=None), form, 409)
    flash(_("%(code)s presents last now.", code=form.submission.data), "success")
    return _back(edition, round_)


def _back(edition: EditionFacts, round_: RoundFacts) -> ResponseReturnValue:
    return redirect(url_for("draw.order", edition_code=edition.code, round_code=round_.code), 303)
