"""The plan of the exhibition: booths, guests, the rule, the map and the list; and the page for everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from contest.accounts.roles import TEAM, Identity, Nobody
from contest.editions.facts import EditionFacts
from contest.editions.forms.fields import blame
from contest.editions.phases import EditionState
from contest.editions.policy import can_organise, can_see_committee_pages
from contest.editions.queries import round_by_code, round_heads
from contest.editions.views.guards import committee_readers, edition_public, organisers_only
from contest.editions.views.overview_cards import PublicLink, public_link_provider
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.stage.booth_list import read_booths
from contest.stage.booths import Kind, Side
from contest.stage.forms.booths import (
    BoothForm,
    BoothListForm,
    BoothSheetForm,
    GuestActionForm,
    GuestForm,
    GuestPlaceForm,
    InviteForm,
    ReleaseForm,
)
from contest.stage.queries.booths import Fair, fair_of, is_released, kinds_here, public_fair, remarks_of
from contest.stage.services import booths as services
from contest.stage.views.booth_words import REMARK_WORDS, map_values
from contest.submissions.queries.publishing import public_names
from contest.web.formats import local
from contest.web.messages import sentence
from contest.web.navigation import NavItem, provider

blueprint = Blueprint("booths", __name__)
ROOM = "/e/<edition_code>/organise/booths"


@provider
def booth_items(edition: EditionFacts | None, identity: Identity | Nobody) -> Iterable[NavItem]:
    if edition is None:
        return
    if can_see_committee_pages(identity, edition):
        yield NavItem(_("Exhibition"), url_for("booths.plan", edition_code=edition.code), "building", order=68)
    elif identity.holds(edition.id, *TEAM) and is_released(edition.id):
        yield NavItem(_("Exhibition"), url_for("booths.exhibition", edition_code=edition.code), "building", order=68)


@public_link_provider
def exhibition_link(edition: EditionFacts, identity: Identity | Nobody) -> Iterable[PublicLink]:
    del identity
    if is_released(edition.id):
        href = url_for("booths.exhibition", edition_code=edition.code)
        yield PublicLink(_("Exhibition"), href, "building", order=60)


def page(edition: EditionFacts, status: int = 200, **forms: Any) -> ResponseReturnValue:
    fair = fair_of(edition.id)
    invite = forms.get("invite") or InviteForm(formdata=None)
    _offer_rounds(invite, edition)
    may_change = can_organise(current_user, edition) and edition.state is not EditionState.ARCHIVED
    return render_template(
        "stage/booths.html",
        fair=fair,
        remarks=[REMARK_WORDS[one.code] % {"item": one.item, "booth": one.booth} for one in remarks_of(fair)],
        free=[one for one in fair.booths if one.guest is None],
        places={one.spot.id: one for one in fair.booths},
        list_form=forms.get("listed") or BoothListForm(formdata=None),
        sheet_form=forms.get("sheet") or BoothSheetForm(formdata=None),
        problems=forms.get("problems", ()),
        preview=forms.get("preview", ()),
        invite_form=invite,
        guest_form=forms.get("guest") or GuestForm(formdata=None),
        release_form=forms.get("release") or ReleaseForm(formdata=None, data=_released(fair)),
        may_change=may_change,
        **map_values(fair),
    ), status


def _released(fair: Fair) -> dict[str, Any]:
    sides = {"entrance": fair.entrance.value, "stage": fair.stage.value}
    return {"released": fair.released_at is not None, "place": fair.place, **sides}


def _offer_rounds(form: InviteForm, edition: EditionFacts) -> None:
    form.round.choices = [(one.code, local(one.name)) for one in reversed(round_heads(edition.id))]


@blueprint.get(ROOM)
@committee_readers
def plan(edition: EditionFacts) -> ResponseReturnValue:
    return page(edition)


def _back(edition: EditionFacts) -> ResponseReturnValue:
    return redirect(url_for("booths.plan", edition_code=edition.code), 303)


def _by(edition: EditionFacts) -> dict[str, Any]:
    return {"edition_id": edition.id, "actor_id": current_user.id, "now": clock.now()}


def _try(edition: EditionFacts, act: Callable[[], Any], words: Callable[[Any], str]) -> ResponseReturnValue:
    """Do something in its unit of work; say what came of it, or why not."""
    try:
        with unit_of_work():
            done = act()
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return page(edition, 409)
    flash(words(done), "success")
    return _back(edition)


@blueprint.post(f"{ROOM}/list")
@organisers_only
def add(edition: EditionFacts) -> ResponseReturnValue:
    form = BoothListForm()
    if not form.validate_on_submit():
        return page(edition, 422, listed=form)
    found = read_booths(form.text.data or "")
    if found.problems:
        problems = [sentence(RuleBroken(one.code, **one.facts)) for one in found.problems]
        return page(edition, 422, listed=form, problems=problems)
    try:
        with unit_of_work():
            new = services.add_booths(rows=found.rows, **_by(edition))
    except RuleBroken as refused:
        blame(form, refused, {}, "text")
        return page(edition, 409, listed=form)
    flash(ngettext("%(num)s new booth.", "%(num)s new booths.", new), "success")
    return _back(edition)


@blueprint.post(f"{ROOM}/remove")
@organisers_only
def remove(edition: EditionFacts) -> ResponseReturnValue:
    form = BoothForm()
    if not form.validate_on_submit():
        raise RuleBroken("booth_unreadable")
    chosen = form.booth.data or ""
    return _try(
        edition, lambda: services.remove_booth(booth=chosen, **_by(edition)), lambda _n: _("The booth is gone.")
    )


@blueprint.post(f"{ROOM}/teams")
@organisers_only
def invite(edition: EditionFacts) -> ResponseReturnValue:
    form = InviteForm()
    _offer_rounds(form, edition)
    if not form.validate_on_submit():
        return page(edition, 422, invite=form)
    round_ = round_by_code(edition.id, form.round.data or "")
    if round_ is None:
        abort(404)
    return _try(
        edition,
        lambda: services.invite_round(round_=round_, actor_id=current_user.id, now=clock.now()),
        lambda count: ngettext("%(num)s team joins the exhibition.", "%(num)s teams join the exhibition.", count),
    )


@blueprint.post(f"{ROOM}/guests")
@organisers_only
def add_guest(edition: EditionFacts) -> ResponseReturnValue:
    form = GuestForm()
    if not form.validate_on_submit():
        return page(edition, 422, guest=form)
    given: dict[str, Any] = {"kind": Kind(form.kind.data), "name": form.name.data or "", "power": bool(form.power.data)}
    try:
        with unit_of_work():
            services.add_guest(**given, note=form.note.data or "", **_by(edition))
    except RuleBroken as refused:
        blame(form, refused, {"team_unknown": "name", "guest_twice": "name"})
        return page(edition, 409, guest=form)
    flash(_("%(name)s joins the exhibition.", name=form.name.data or ""), "success")
    return _back(edition)


@blueprint.post(f"{ROOM}/guests/place")
@organisers_only
def save_guest(edition: EditionFacts) -> ResponseReturnValue:
    form = GuestPlaceForm()
    form.booth.choices = [("", ""), *((one.public_id, one.spot.number) for one in fair_of(edition.id).booths)]
    if not form.validate_on_submit():
        raise RuleBroken("booth_unreadable")
    given: dict[str, Any] = {
        "guest": form.guest.data or "",
        "booth": form.booth.data or "",
        "power": bool(form.power.data),
    }
    return _try(
        edition, lambda: services.save_guest(**given, note=form.note.data or "", **_by(edition)), lambda _n: _("Saved.")
    )


@blueprint.post(f"{ROOM}/guests/remove")
@organisers_only
def remove_guest(edition: EditionFacts) -> ResponseReturnValue:
    form = GuestActionForm()
    if not form.validate_on_submit():
        raise RuleBroken("booth_unreadable")
    chosen = form.guest.data or ""
    words = _("Out of the exhibition; the booth is free again.")
    return _try(edition, lambda: services.remove_guest(guest=chosen, **_by(edition)), lambda _n: words)


@blueprint.post(f"{ROOM}/assign")
@organisers_only
def assign(edition: EditionFacts) -> ResponseReturnValue:
    return _try(edition, lambda: services.assign(**_by(edition)), _assigned)


def _assigned(unplaced: int) -> str:
    if not unplaced:
        return str(_("Everybody has a booth."))
    return str(ngettext("%(num)s guest has no booth yet.", "%(num)s guests have no booth yet.", unplaced))


@blueprint.post(f"{ROOM}/release")
@organisers_only
def release(edition: EditionFacts) -> ResponseReturnValue:
    form = ReleaseForm()
    if not form.validate_on_submit():
        return page(edition, 422, release=form)
    given: dict[str, Any] = {"released": bool(form.released.data), "place": form.place.data or ""}
    given |= {"entrance": Side(form.entrance.data), "stage": Side(form.stage.data)}
    with unit_of_work():
        services.release(**given, **_by(edition))
    flash(
        _("Everybody can see the plan.") if given["released"] else _("The plan is for the committee only."), "success"
    )
    return _back(edition)


@blueprint.get("/e/<edition_code>/exhibition")
@edition_public
def exhibition(edition: EditionFacts) -> ResponseReturnValue:
    fair = fair_of(edition.id)
    if fair.released_at is None:
        abort(404)
    fair = public_fair(fair, public_names(edition.id, clock.now()))
    own = [one for one in fair.booths if one.guest and one.guest.captain_id and one.guest.captain_id == current_user.id]
    return render_template(
        "stage/booths_public.html",
        fair=fair,
        own=own,
        kinds=kinds_here(fair),
        **map_values(fair, mine=own[0].spot.id if own else None),
    )
