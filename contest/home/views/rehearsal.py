"""Start a rehearsal of an edition, and wipe it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.accounts.roles import Identity, Nobody
from contest.accounts.views.proving import proven
from contest.editions.facts import EditionFacts
from contest.editions.policy import can_organise
from contest.editions.queries import editions_by_ids, rounds_of, tracks_of
from contest.editions.views.guards import organisers_only
from contest.editions.views.overview_cards import Card, card_provider
from contest.errors import RuleBroken
from contest.home import services
from contest.home.forms import RehearsalForm, WipeForm
from contest.home.queries import rehearsal_facts
from contest.home.rehearsal.chance import MOST_JUDGES, Wish
from contest.infra import cache, clock
from contest.infra.db import unit_of_work
from contest.infra.erasing import erase_file
from contest.web.messages import sentence

blueprint = Blueprint("rehearsal", __name__)
SPARE_JUDGES = 2


@card_provider
def rehearsal_card(edition: EditionFacts, identity: Identity | Nobody) -> Iterable[Card]:
    if not can_organise(identity, edition):
        return
    facts = rehearsal_facts(edition)
    yield Card(
        title=_("Rehearsal"),
        value=_("None") if facts is None else _("Running"),
        hint=_("Start one with invented teams") if facts is None else _("%(num)s invented teams", num=facts.teams),
        href=url_for("rehearsal.rehearsal", edition_code=edition.code),
        order=95,
    )


@blueprint.get("/e/<edition_code>/organise/rehearsal")
@organisers_only
def rehearsal(edition: EditionFacts) -> ResponseReturnValue:
    return _page(edition)


def _page(
    edition: EditionFacts, form: RehearsalForm | None = None, wipe: WipeForm | None = None, status: int = 200
) -> ResponseReturnValue:
    facts = rehearsal_facts(edition)
    page = render_template(
        "home/rehearsal.html",
        facts=facts,
        may_enter=facts is not None and can_organise(current_user, facts.edition),
        form=form or RehearsalForm(formdata=None, data=_usual(edition)),
        wipe=wipe or WipeForm(formdata=None),
        tracks=len(tracks_of(edition.id)) or 1,
    )
    return page, status


def _usual(edition: EditionFacts) -> dict[str, int | str]:
    """Offer as many judges as the rounds ask for, and a few more."""
    usual = Wish()
    wanted = max((one.rules.judges_per_submission or 0 for one in rounds_of(edition.id)), default=0)
    judges = min(MOST_JUDGES, max(usual.judges, wanted + SPARE_JUDGES))
    return {"fill": usual.fill.value, "rounds": usual.rounds, "teams": usual.teams, "judges": judges}


@blueprint.post("/e/<edition_code>/organise/rehearsal")
@organisers_only
@proven
def start(edition: EditionFacts) -> ResponseReturnValue:
    form = RehearsalForm()
    if not form.validate_on_submit():
        return _page(edition, form, status=422)
    try:
        made, files = _begin(edition, form)
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _page(edition, form, status=422)
    _forget(files)
    flash(_("The rehearsal is there. Everything in it is invented."), "success")
    return _to_overview(made)


def _begin(edition: EditionFacts, form: RehearsalForm) -> tuple[int, Sequence[str]]:
    """Start one; the one that runs is wiped first, when its code is typed."""
    now, who = clock.now(), current_user.id
    facts, wish = rehearsal_facts(edition), form.wish(int(now.timestamp()))  # another second, other names
    with unit_of_work():
        if facts is None or edition.is_rehearsal:
            made = services.start_rehearsal(edition_id=edition.id, wish=wish, actor_id=who, now=now)
            return made, ()
        made, gone = services.start_afresh(
            edition_id=edition.id,
            wish=wish,
            running_id=facts.edition.id,
            confirmation=form.running.data or "",
            actor_id=who,
            now=now,
        )
        return made, gone.files


def _to_overview(edition_id: int) -> ResponseReturnValue:
    return redirect(url_for("editions.overview", edition_code=editions_by_ids([edition_id])[0].code), 303)


@blueprint.post("/e/<edition_code>/organise/rehearsal/wipe")
@organisers_only
@proven
def wipe(edition: EditionFacts) -> ResponseReturnValue:
    form = WipeForm()
    if not form.validate_on_submit():
        return _page(edition, wipe=form, status=422)
    facts = rehearsal_facts(edition)
    try:
        with unit_of_work():
            gone = services.wipe_rehearsal(
                edition_id=facts.edition.id if facts else edition.id,
                confirmation=form.confirm.data or "",
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        if facts is None:  # the page of a real edition has no place for it
            flash(sentence(refused), "danger")
        form.form_errors.append(sentence(refused))
        return _page(edition, wipe=form, status=422)
    _forget(gone.files)
    flash(_("The rehearsal is wiped. Nothing of it is left."), "success")
    return _to_original(gone.original_id)


def _forget(files: Sequence[str]) -> None:
    for key in files:
        erase_file(current_app.extensions["storage"], key, data_dir=current_app.config["DATA_DIR"])
    cache.clear_all()


def _to_original(edition_id: int) -> ResponseReturnValue:
    original = editions_by_ids([edition_id])[0]
    if can_organise(current_user, original):
        return redirect(url_for("rehearsal.rehearsal", edition_code=original.code), 303)
    return redirect(url_for("home.index"), 303)
