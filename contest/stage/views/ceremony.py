"""The ceremony as it is prepared: running order, presenters, readings, logos, and publishing when it is over."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from contest.accounts.roles import Identity, Nobody
from contest.accounts.views.account import this_account
from contest.editions.facts import EditionFacts
from contest.editions.forms.fields import blame
from contest.editions.phases import FROZEN, RoundState
from contest.editions.policy import can_organise
from contest.editions.views.guards import organisers_only
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.stage.forms.ceremony import LogoForm, PublishAllForm, RoundForm, ScriptForm, script_data
from contest.stage.queries.ceremony import (
    CeremonyFacts,
    ceremonies_of,
    ceremony_of,
    finals_of,
    logos_of,
    picture_address,
    readings_of,
    remote_until,
    standing_of,
)
from contest.stage.script import Step, StepKind
from contest.stage.services import ceremony as services
from contest.web import messages
from contest.web.formats import local
from contest.web.forms import ActionForm
from contest.web.limits import failed, limiter
from contest.web.navigation import NavItem, provider

blueprint = Blueprint("ceremony", __name__)
UNPROCESSABLE = 422
STEP_WORDS = {
    StepKind.WAITING: _l("Waiting screen: logos, countdown, QR code"),
    StepKind.OPENING: _l("Opening"),
    StepKind.THANKS: _l("Thanks"),
}
PICTURE_BLAMES = dict.fromkeys(("picture_unreadable", "picture_too_many_pixels", "picture_too_large"), "logo")
messages.register(
    {
        "ceremony_not_final": _l("Round %(round)s is not final yet: finalise it, then settle the list of awards."),
        "ceremony_outdated": _l(
            "Something has changed since version %(version)s of the list of awards was settled. Settle the list again."
        ),
        "logos_too_many": _l("The wall holds %(most)s logos. Take one away first."),
        "remote_unknown": _l("This pairing code is not valid, or has ended. Ask the operator for a new one."),
    }
)


@provider
def nav(edition: EditionFacts | None, identity: Identity | Nobody) -> list[NavItem]:
    if edition is None or not can_organise(identity, edition):
        return []
    return [NavItem(_("Ceremony"), url_for("ceremony.ceremonies", edition_code=edition.code), "star", order=66)]


def ceremony_or_404(edition: EditionFacts, ceremony_id: str) -> CeremonyFacts:
    found = ceremony_of(edition.id, ceremony_id)
    if found is None:
        raise NotFound
    return found


def step_name(step: Step) -> str:
    if step.kind is not StepKind.AWARD:
        return str(STEP_WORDS[step.kind])
    track = local(step.track)
    return f"{local(step.name)} · {track}" if track else local(step.name)


@blueprint.get("/e/<edition_code>/organise/ceremony")
@organisers_only
def ceremonies(edition: EditionFacts) -> ResponseReturnValue:
    return _list(edition, RoundForm(formdata=None))


def _list(edition: EditionFacts, form: RoundForm, status: int = 200) -> ResponseReturnValue:
    made, rounds = ceremonies_of(edition.id), finals_of(edition.id)
    form.round.choices = [(one.code, local(one.name)) for one in rounds if one.id not in made]
    page = render_template(
        "stage/ceremonies.html", made=[(one, made[one.id]) for one in rounds if one.id in made], form=form
    )
    return page, status


@blueprint.post("/e/<edition_code>/organise/ceremony")
@organisers_only
def prepare(edition: EditionFacts) -> ResponseReturnValue:
    form = RoundForm()
    form.round.choices = [(one.code, one.code) for one in finals_of(edition.id)]
    if not form.validate_on_submit():
        return _list(edition, form, UNPROCESSABLE)
    with unit_of_work():
        made = services.prepare_ceremony(
            edition_id=edition.id, round_code=form.round.data, actor_id=current_user.id, now=clock.now()
        )
    return _to(edition, made)


@blueprint.get("/e/<edition_code>/organise/ceremony/<ceremony_id>")
@organisers_only
def ceremony(edition: EditionFacts, ceremony_id: str) -> ResponseReturnValue:
    return _page(ceremony_or_404(edition, ceremony_id))


def _page(
    made: CeremonyFacts,
    status: int = 200,
    *,
    script: ScriptForm | None = None,
    logo: LogoForm | None = None,
    publish: PublishAllForm | None = None,
) -> ResponseReturnValue:
    standing, readings = standing_of(made), readings_of(made)
    storage = current_app.extensions["storage"]
    page = render_template(
        "stage/ceremony.html",
        ceremony=made,
        standing=standing,
        final=made.round.state in FROZEN,
        public=made.round.state is RoundState.PUBLISHED
        and standing.settled is not None
        and standing.settled.published_at is not None,
        names={step.key: step_name(step) for step in made.steps},
        teams={one.code: one.team for one in readings},
        script=script or ScriptForm(formdata=None, data=script_data(made.steps, readings)),
        logos=[(one, picture_address(one.storage_key, storage)) for one in logos_of(made.id)],
        logo_form=logo or LogoForm(formdata=None),
        publish_form=publish or PublishAllForm(made.round.code, formdata=None),
        remote_until=remote_until(made.id, clock.now()),
    )
    return page, status


@blueprint.post("/e/<edition_code>/organise/ceremony/<ceremony_id>/script")
@organisers_only
def save_script(edition: EditionFacts, ceremony_id: str) -> ResponseReturnValue:
    made, form = ceremony_or_404(edition, ceremony_id), ScriptForm()
    if not form.validate_on_submit():
        return _page(made, UNPROCESSABLE, script=form)
    with unit_of_work():
        services.save_script(
            ceremony=made, places=form.places(), readings=form.texts(), actor_id=current_user.id, now=clock.now()
        )
    flash(_("The running order is saved."), "success")
    return _to(edition, ceremony_id)


@blueprint.post("/e/<edition_code>/organise/ceremony/<ceremony_id>/logos")
@organisers_only
def add_logo(edition: EditionFacts, ceremony_id: str) -> ResponseReturnValue:
    made, form = ceremony_or_404(edition, ceremony_id), LogoForm()
    if not form.validate_on_submit():
        return _page(made, UNPROCESSABLE, logo=form)
    try:
        with unit_of_work():
            services.add_logo(
                ceremony=made,
                name=form.name.data or "",
                data=form.logo.data.read(),
                storage=current_app.extensions["storage"],
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        blame(form, refused, PICTURE_BLAMES, "logo")
        return _page(made, UNPROCESSABLE, logo=form)
    flash(_("The logo is on the wall."), "success")
    return _to(edition, ceremony_id)


@blueprint.post("/e/<edition_code>/organise/ceremony/<ceremony_id>/logos/<logo_id>/remove")
@organisers_only
def remove_logo(edition: EditionFacts, ceremony_id: str, logo_id: str) -> ResponseReturnValue:
    made, form = ceremony_or_404(edition, ceremony_id), ActionForm()
    if not form.validate_on_submit():
        return _page(made, 400)
    with unit_of_work():
        key = services.remove_logo(ceremony=made, logo_id=logo_id, actor_id=current_user.id, now=clock.now())
    current_app.extensions["storage"].delete(key)
    flash(_("The logo is off the wall."), "success")
    return _to(edition, ceremony_id)


@blueprint.post("/e/<edition_code>/organise/ceremony/<ceremony_id>/publish")
@limiter.limit("10 per 15 minutes", key_func=this_account, deduct_when=failed)
@organisers_only
def publish(edition: EditionFacts, ceremony_id: str) -> ResponseReturnValue:
    made = ceremony_or_404(edition, ceremony_id)
    form = PublishAllForm(made.round.code)
    if not form.validate_on_submit():
        return _page(made, UNPROCESSABLE, publish=form)
    with unit_of_work():
        services.publish_everything(edition=edition, ceremony=made, actor_id=current_user.id, now=clock.now())
    flash(_("The results and the awards are public."), "success")
    return _to(edition, ceremony_id)


def _to(edition: EditionFacts, ceremony_id: str) -> ResponseReturnValue:
    return redirect(url_for("ceremony.ceremony", edition_code=edition.code, ceremony_id=ceremony_id), 303)
