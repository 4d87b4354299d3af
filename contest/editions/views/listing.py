"""The list of editions, and starting one: empty or from an earlier one."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions import services
from contest.editions.codes import next_year
from contest.editions.facts import EditionFacts
from contest.editions.forms.basics import BLAMES, CloneForm, NewEditionForm
from contest.editions.forms.fields import blame
from contest.editions.policy import can_create_editions, can_organise, can_see_committee_pages
from contest.editions.privacy import NEW_EDITION
from contest.editions.queries import visible_editions
from contest.editions.rules import LocalText
from contest.editions.views.blueprint import blueprint
from contest.editions.views.guards import creators_only, organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.web.guards import public


@blueprint.get("/editions")
@public
def index() -> ResponseReturnValue:
    found = visible_editions(current_user)
    return render_template(
        "editions/index.html",
        editions=found,
        readable={one.id for one in found if can_see_committee_pages(current_user, one)},
        organised={one.id for one in found if can_organise(current_user, one)},
        may_create=can_create_editions(current_user),
    )


def _sources() -> list[EditionFacts]:
    return [one for one in visible_editions(current_user) if can_organise(current_user, one)]


def _new_page(form: NewEditionForm, status: int = 200) -> ResponseReturnValue:
    return render_template("editions/new.html", form=form, sources=_sources()), status


@blueprint.get("/editions/new")
@creators_only
def new() -> ResponseReturnValue:
    return _new_page(NewEditionForm())


@blueprint.post("/editions/new")
@creators_only
def create() -> ResponseReturnValue:
    form = NewEditionForm()
    if not form.validate_on_submit():
        return _new_page(form, 422)
    try:
        with unit_of_work():
            made = services.create_edition(
                basics=form.basics(),
                code=form.code.data or "",
                privacy=NEW_EDITION,
                actor_id=current_user.id,
                now=clock.now(),
            ).code
    except RuleBroken as refused:
        blame(form, refused, BLAMES)
        return _new_page(form, 422)
    flash(_("The edition is there as a draft. Only its committee sees it."), "success")
    return redirect(url_for("editions.setup_basics", edition_code=made), 303)


@blueprint.get("/e/<edition_code>/organise/clone")
@organisers_only
def clone(edition: EditionFacts) -> ResponseReturnValue:
    data = {"name_vi": next_year(edition.name.vi), "name_en": next_year(edition.name.en)}
    return render_template("editions/clone.html", form=CloneForm(data=data))


@blueprint.post("/e/<edition_code>/organise/clone")
@organisers_only
def make_clone(edition: EditionFacts) -> ResponseReturnValue:
    form = CloneForm()
    if not form.validate_on_submit():
        return render_template("editions/clone.html", form=form), 422
    try:
        with unit_of_work():
            made = services.clone_edition(
                edition_id=edition.id,
                name=LocalText(form.name_vi.data or "", form.name_en.data or ""),
                code=form.code.data or "",
                actor_id=current_user.id,
                now=clock.now(),
            ).code
    except RuleBroken as refused:
        blame(form, refused, BLAMES)
        return render_template("editions/clone.html", form=form), 422
    flash(_("The copy is there as a draft. Set its dates next."), "success")
    return redirect(url_for("editions.setup_basics", edition_code=made), 303)
