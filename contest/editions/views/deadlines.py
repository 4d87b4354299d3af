"""Deadlines, their history, and extending one by a formal decision."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions import services
from contest.editions.facts import EditionFacts
from contest.editions.forms.deadlines import BLAMES, ExtensionForm
from contest.editions.forms.fields import blame, given
from contest.editions.moments import offset_label, to_utc
from contest.editions.policy import can_organise
from contest.editions.queries import extensions_of, round_heads
from contest.editions.views.blueprint import blueprint
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work


def _form(edition: EditionFacts) -> ExtensionForm:
    form = ExtensionForm()
    form.offer(round_heads(edition.id))
    return form


def _page(edition: EditionFacts, form: ExtensionForm, status: int = 200) -> ResponseReturnValue:
    rounds = round_heads(edition.id)
    page = render_template(
        "editions/deadlines.html",
        form=form,
        rounds=rounds,
        round_names={one.code: one.name for one in rounds},
        extensions=extensions_of(edition.id),
        may_extend=can_organise(current_user, edition) and edition.submissions_close is not None,
        zone=offset_label(edition.timezone, clock.now()),
    )
    return page, status


@blueprint.get("/e/<edition_code>/organise/deadlines")
@committee_readers
def deadlines(edition: EditionFacts) -> ResponseReturnValue:
    return _page(edition, _form(edition))


@blueprint.post("/e/<edition_code>/organise/deadlines")
@organisers_only
def extend_deadline(edition: EditionFacts) -> ResponseReturnValue:
    form = _form(edition)
    if not form.validate_on_submit():
        return _page(edition, form, 422)
    try:
        with unit_of_work():
            services.extend_deadline(
                edition_id=edition.id,
                round_code=form.of.data or "",
                until=to_utc(given(form.until), edition.timezone) or clock.now(),
                decision=form.decision(),
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        blame(form, refused, BLAMES)
        return _page(edition, form, 422)
    flash(_("The deadline is extended. Teams read the decision beside the new time."), "success")
    return redirect(url_for("editions.deadlines", edition_code=edition.code), 303)
