"""How an edition treats conflicts of interest: judges of one firm, teams, names of one school, sponsors' judges."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.editions.queries import round_heads, tracks_of
from contest.editions.rules import LocalText
from contest.editions.views.guards import organisers_only
from contest.errors import NotFound
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.queries.conflict_rules import rules_of, sponsors_of
from contest.judging.queries.conflicts import aliases_of
from contest.judging.queries.panel import PanelJudge, judges_of
from contest.judging.services import conflict_rules as services
from contest.judging.states import Colleagues
from contest.judging.views.conflict_forms import RulesForm, SponsorForm
from contest.judging.views.conflicts import blueprint
from contest.judging.views.panel_forms import JudgeActionForm
from contest.web.formats import local


@blueprint.get("/e/<edition_code>/organise/judges/conflicts/rules")
@organisers_only
def rules(edition: EditionFacts) -> ResponseReturnValue:
    return _page(edition, _stored(edition), _offered(edition, SponsorForm(formdata=None)))


def _stored(edition: EditionFacts) -> RulesForm:
    known = rules_of(edition.id)
    lines = "\n".join(f"{one} = {other}" for one, other in aliases_of(edition.id))
    data = {"colleagues": known.colleagues.value, "teams_declare": known.teams_declare, "aliases": lines}
    return RulesForm(formdata=None, data=data)


def _offered(edition: EditionFacts, form: SponsorForm) -> SponsorForm:
    form.offer(
        [("", _("Choose a judge")), *((one.person, f"{one.name} ({one.code})") for one in judges_of(edition.id))],
        [("", _("Choose a round")), *((one.code, local(one.name)) for one in round_heads(edition.id))],
        [
            ("", _("All tracks")),
            *((one.code, local(LocalText(one.name_vi, one.name_en))) for one in tracks_of(edition.id)),
        ],
    )
    return form


def _page(edition: EditionFacts, form: RulesForm, sponsor: SponsorForm, status: int = 200) -> ResponseReturnValue:
    sponsors = sponsors_of(edition.id)
    page = render_template(
        "judging/panel/conflict_rules.html",
        form=form,
        sponsor=sponsor,
        confined=[(one, sponsors[one.id]) for one in judges_of(edition.id) if one.id in sponsors],
        rounds={one.id: one.name for one in round_heads(edition.id)},
        tracks={one.id: LocalText(one.name_vi, one.name_en) for one in tracks_of(edition.id)},
    )
    return page, status


@blueprint.post("/e/<edition_code>/organise/judges/conflicts/rules")
@organisers_only
def save_rules(edition: EditionFacts) -> ResponseReturnValue:
    form = RulesForm()
    if not form.validate_on_submit():
        return _page(edition, form, _offered(edition, SponsorForm(formdata=None)), 422)
    with unit_of_work():
        services.set_rules(
            edition_id=edition.id,
            colleagues=Colleagues(form.colleagues.data),
            teams_declare=bool(form.teams_declare.data),
            aliases=form.pairs(),
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("The rules for conflicts of interest are saved."), "success")
    return _back(edition)


@blueprint.post("/e/<edition_code>/organise/judges/conflicts/sponsors")
@organisers_only
def confine(edition: EditionFacts) -> ResponseReturnValue:
    form = _offered(edition, SponsorForm())
    if not form.validate_on_submit():
        return _page(edition, _stored(edition), form, 422)
    judge = _judge(edition, form.judge.data)
    tracks = {one.code: one.id for one in tracks_of(edition.id)}
    with unit_of_work():
        services.set_sponsor(
            edition_id=edition.id,
            judge_id=judge.id,
            prize=form.prize.data or "",
            round_id={one.code: one.id for one in round_heads(edition.id)}[form.round.data],
            track_id=tracks.get(form.track.data or ""),
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("%(judge)s judges only where “%(prize)s” is decided.", judge=judge.name, prize=form.prize.data), "success")
    return _back(edition)


@blueprint.post("/e/<edition_code>/organise/judges/conflicts/sponsors/free")
@organisers_only
def free(edition: EditionFacts) -> ResponseReturnValue:
    judge = _judge(edition, JudgeActionForm().judge.data)
    with unit_of_work():
        services.free_sponsor(edition_id=edition.id, judge_id=judge.id, actor_id=current_user.id, now=clock.now())
    flash(_("%(judge)s may judge everywhere again.", judge=judge.name), "success")
    return _back(edition)


def _judge(edition: EditionFacts, person: str | None) -> PanelJudge:
    found = next((one for one in judges_of(edition.id) if one.person == person), None)
    if found is None:
        raise NotFound
    return found


def _back(edition: EditionFacts) -> ResponseReturnValue:
    return redirect(url_for("conflicts.rules", edition_code=edition.code), 303)
