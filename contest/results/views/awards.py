"""Awards: how they are declared, who gets them, the decisions in writing, the settled list, the public page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from contest.accounts.forms import ProofForm
from contest.accounts.roles import Identity, Nobody
from contest.accounts.views.account import this_account
from contest.editions.facts import EditionFacts
from contest.editions.forms.fields import blame
from contest.editions.queries import rounds_of, tracks_of
from contest.editions.views.guards import committee_readers, edition_public, organisers_only
from contest.editions.views.overview_cards import PublicLink, public_link_provider
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.results.award_rules import AwardBy, AwardSpec, EmptyReason
from contest.results.forms import BY_WORDS, CHOICE_BLAMES, AwardForm, ChoiceForm, SettleForm, award_data
from contest.results.policy import can_decide_results, can_see_draft_ranking
from contest.results.publishing import public_awards
from contest.results.queries.awards import (
    award_specs,
    awards_now,
    choices_of,
    in_rounds,
    latest_list,
    settled_awards,
)
from contest.results.services import awards as services
from contest.submissions.queries.publishing import public_names
from contest.web.formats import local
from contest.web.forms import ActionForm
from contest.web.limits import failed, limiter
from contest.web.navigation import NavItem, provider

blueprint = Blueprint("awards", __name__)


def empty_words(reason: EmptyReason | None) -> Any:
    """Say why a place has no winner."""
    return {
        EmptyReason.THRESHOLD: _("Nobody reached the threshold."),
        EmptyReason.NO_CANDIDATE: _("Nobody stands for it."),
        EmptyReason.TOO_FEW: _("There are fewer teams than places."),
        EmptyReason.LEFT_EMPTY: _("The committee leaves it empty."),
        EmptyReason.TIE_ABOVE: _("Teams tied above take its place."),
        EmptyReason.TIE_NOT_BROKEN: _("The tie across the last place is not broken."),
        None: "",
    }[reason]


@provider
def nav(edition: EditionFacts | None, identity: Identity | Nobody) -> list[NavItem]:
    if edition is None or not can_see_draft_ranking(identity, edition):
        return []
    return [NavItem(_("Awards"), url_for("awards.awards", edition_code=edition.code), "award", order=65)]


@public_link_provider
def links(edition: EditionFacts, identity: Identity | Nobody) -> list[PublicLink]:
    del identity
    if latest_list(edition.id, published=True) is None:
        return []
    return [
        PublicLink(label=_("Awards"), href=url_for("awards.public", edition_code=edition.code), icon="award", order=5)
    ]


@blueprint.get("/e/<edition_code>/organise/awards")
@committee_readers
def awards(edition: EditionFacts) -> ResponseReturnValue:
    return _page(edition)


def _page(
    edition: EditionFacts, *, chosen: str = "", form: ChoiceForm | None = None, proof: ProofForm | None = None
) -> ResponseReturnValue:
    settled = latest_list(edition.id)
    specs = in_rounds(award_specs(edition.id), rounds_of(edition.id))
    now, decided = awards_now(edition.id), choices_of(edition.id)
    page = render_template(
        "results/awards.html",
        form=ActionForm(),
        settle=SettleForm(formdata=None),
        choice=ChoiceForm(formdata=None),
        proof=proof or ProofForm(formdata=None),
        refused=form,
        refused_award=chosen,
        specs=specs,
        lines={spec.code: [line for line in now.lines if line.code == spec.code] for spec in specs},
        awards=now,
        choices={spec.code: [one for one in decided if one.award == spec.code] for spec in specs},
        settled=settled,
        changed=settled is not None and settled_awards(settled.id) != now,
        by_words=BY_WORDS,
        AwardBy=AwardBy,
        empty_words=empty_words,
        may_decide=can_decide_results(current_user, edition),
    )
    return page, 422 if form or proof else 200


@blueprint.post("/e/<edition_code>/organise/awards/usual")
@organisers_only
def usual(edition: EditionFacts) -> ResponseReturnValue:
    _require_token()
    with unit_of_work():
        count = services.add_usual_awards(edition_id=edition.id, actor_id=current_user.id, now=clock.now())
    flash(ngettext("%(num)s award was added.", "%(num)s awards were added.", count), "success")
    return _back(edition)


@blueprint.route("/e/<edition_code>/organise/awards/new", methods=["GET", "POST"])
@organisers_only
def new(edition: EditionFacts) -> ResponseReturnValue:
    form = _offered(edition, AwardForm(data={"places": 1, "exclusive": True}), None)
    spec = form.spec() if form.validate_on_submit() else None
    if spec is None:
        return _form_page(form, None)
    with unit_of_work():
        services.add_award(edition_id=edition.id, spec=spec, actor_id=current_user.id, now=clock.now())
    flash(_("The award is added."), "success")
    return _back(edition)


@blueprint.route("/e/<edition_code>/organise/awards/<award_code>", methods=["GET", "POST"])
@organisers_only
def edit(edition: EditionFacts, award_code: str) -> ResponseReturnValue:
    stored = _spec(edition, award_code)
    form = _offered(edition, AwardForm(data=award_data(stored)), stored)
    spec = form.spec(award_code) if form.validate_on_submit() else None
    if spec is None:
        return _form_page(form, stored)
    with unit_of_work():
        services.update_award(
            edition_id=edition.id, code=award_code, spec=spec, actor_id=current_user.id, now=clock.now()
        )
    flash(_("The award is saved."), "success")
    return _back(edition)


def _form_page(form: AwardForm, stored: AwardSpec | None) -> ResponseReturnValue:
    return render_template("results/award_form.html", form=form, stored=stored), 422 if form.is_submitted() else 200


def _offered(edition: EditionFacts, form: AwardForm, stored: AwardSpec | None) -> AwardForm:
    rounds = rounds_of(edition.id)
    criteria = {one.code: f"{local(one.name)} ({one.code})" for each in rounds for one in each.rubric.criteria}
    bands = {one.code: local(one.name) or one.code for each in rounds for one in each.rules.bands}
    if stored is not None:  # what is no longer there stays selectable, so that saving keeps it
        criteria.setdefault(stored.criterion, stored.criterion)
        bands.setdefault(stored.band, stored.band)
    criteria.pop("", None)
    bands.pop("", None)
    return form.offer(rounds, tracks_of(edition.id), criteria, bands)


@blueprint.post("/e/<edition_code>/organise/awards/<award_code>/<any(up, down, remove):verb>")
@organisers_only
def arrange(edition: EditionFacts, award_code: str, verb: str) -> ResponseReturnValue:
    _require_token()
    facts: dict[str, Any] = {
        "edition_id": edition.id,
        "code": award_code,
        "actor_id": current_user.id,
        "now": clock.now(),
    }
    with unit_of_work():
        if verb == "remove":
            services.remove_award(**facts)
        else:
            services.move_award(**facts, places=-1 if verb == "up" else 1)
    if verb == "remove":
        flash(_("The award is removed."), "success")
    return _back(edition)


@blueprint.post("/e/<edition_code>/organise/awards/<award_code>/decide")
@organisers_only
def decide(edition: EditionFacts, award_code: str) -> ResponseReturnValue:
    _spec(edition, award_code)
    form = ChoiceForm()
    if not form.validate_on_submit():
        return _page(edition, chosen=award_code, form=form)
    code = form.submission.data or None
    try:
        with unit_of_work():
            services.choose(
                edition_id=edition.id,
                code=award_code,
                submission=code,
                votes=form.votes.data if code else None,
                reason=form.reason.data or "",
                author=current_user.name,
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        blame(form, refused, CHOICE_BLAMES, "submission")
        return _page(edition, chosen=award_code, form=form)
    flash(_("The decision is written down."), "success")
    return _back(edition)


@blueprint.post("/e/<edition_code>/organise/awards/decisions/<int:choice_id>/take-back")
@organisers_only
def take_back(edition: EditionFacts, choice_id: int) -> ResponseReturnValue:
    _require_token()
    with unit_of_work():
        services.take_back(edition_id=edition.id, choice_id=choice_id, actor_id=current_user.id, now=clock.now())
    flash(_("The decision is taken back. It stays in the records."), "success")
    return _back(edition)


@blueprint.post("/e/<edition_code>/organise/awards/settle")
@organisers_only
def settle(edition: EditionFacts) -> ResponseReturnValue:
    form = SettleForm()
    if not form.validate_on_submit():
        abort(400)
    with unit_of_work():
        services.settle_awards(
            edition_id=edition.id, reason=form.reason.data or "", actor_id=current_user.id, now=clock.now()
        )
    flash(_("The list of awards is settled."), "success")
    return _back(edition)


@blueprint.post("/e/<edition_code>/organise/awards/publish")
@limiter.limit("10 per 15 minutes", key_func=this_account, deduct_when=failed)
@organisers_only
def publish(edition: EditionFacts) -> ResponseReturnValue:
    proof = ProofForm()
    if not proof.validate_on_submit():
        return _page(edition, proof=proof)
    with unit_of_work():
        services.publish_awards(edition_id=edition.id, actor_id=current_user.id, now=clock.now())
    flash(_("The awards are public."), "success")
    return _back(edition)


@blueprint.get("/e/<edition_code>/awards")
@edition_public
def public(edition: EditionFacts) -> ResponseReturnValue:
    settled = latest_list(edition.id, published=True)
    if settled is None:
        abort(404)
    awards = public_awards(settled_awards(settled.id), public_names(edition.id, clock.now()))
    return render_template("results/awards_public.html", settled=settled, awards=awards)


def _spec(edition: EditionFacts, code: str) -> AwardSpec:
    found = next((spec for spec in award_specs(edition.id) if spec.code == code), None)
    if found is None:
        abort(404)
    return found


def _require_token() -> None:
    if not ActionForm().validate_on_submit():
        abort(400)


def _back(edition: EditionFacts) -> ResponseReturnValue:
    return redirect(url_for("awards.awards", edition_code=edition.code), 303)
