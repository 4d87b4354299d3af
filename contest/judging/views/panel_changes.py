"""A judge leaves or is replaced: the effect first, then the deed, with its reason."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.editions.phases import BEFORE_CLOSE
from contest.editions.queries import rounds_of
from contest.editions.views.guards import organisers_only
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.panel_change import Bar, Fate
from contest.judging.queries.panel import PanelJudge, judge_of, judges_of
from contest.judging.queries.panel_changes import leaving_plan
from contest.judging.services import panel
from contest.judging.views.panel import blueprint
from contest.judging.views.panel_forms import LeaveForm
from contest.web.messages import sentence

BAR_WORDS = {
    Bar.NOBODY: _l("nobody takes it over"),
    Bar.CONFLICT: _l("conflict of interest"),
    Bar.TWICE: _l("is there already: nobody gets a submission twice"),
    Bar.FULL: _l("no room left"),
}


def _judge(edition: EditionFacts, person: str) -> PanelJudge:
    found = judge_of(edition.id, person)
    if found is None or found.left_at is not None:
        raise NotFound
    return found


def _page(edition: EditionFacts, judge: PanelJudge, form: LeaveForm, status: int = 200) -> ResponseReturnValue:
    others = [one for one in judges_of(edition.id) if one.id != judge.id and one.left_at is None]
    form.offer(others)
    successor = next((one for one in others if one.person == form.successor.data), None)
    fate = next((one for one in Fate if one.value == form.fate.data), Fate.STAY)
    plan = leaving_plan(judge, successor, fate, edition.id)
    form.digest.data = plan.digest
    page = render_template(
        "judging/panel/leave.html",
        judge=judge,
        successor=successor,
        fate=fate,
        form=form,
        plan=plan,
        bar_words=BAR_WORDS,
        open_rounds=[one for one in rounds_of(edition.id) if one.state in BEFORE_CLOSE],
    )
    return page, status


@blueprint.get("/e/<edition_code>/organise/judges/<person>/leave")
@organisers_only
def leave(edition: EditionFacts, person: str) -> ResponseReturnValue:
    return _page(edition, _judge(edition, person), LeaveForm(request.args, meta={"csrf": False}))


@blueprint.post("/e/<edition_code>/organise/judges/<person>/leave")
@organisers_only
def let_leave(edition: EditionFacts, person: str) -> ResponseReturnValue:
    judge, form = _judge(edition, person), LeaveForm()
    form.offer([one for one in judges_of(edition.id) if one.id != judge.id and one.left_at is None])
    if not form.validate_on_submit():
        return _page(edition, judge, form, 422)
    successor = judge_of(edition.id, form.successor.data) if form.successor.data else None
    try:
        with unit_of_work():
            effect = panel.let_leave(
                edition_id=edition.id,
                judge_id=judge.id,
                successor_id=successor.id if successor else None,
                fate=Fate(form.fate.data),
                reason=form.reason.data or "",
                expected=form.digest.data or "",
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _page(edition, judge, form, 409)
    flash(
        _(
            "%(name)s has left the panel: %(passed)s passed on, %(voided)s set aside, %(kept)s kept.",
            name=judge.name,
            passed=effect.count("passed_on"),
            voided=effect.count("voided"),
            kept=effect.count("kept"),
        ),
        "success",
    )
    return redirect(url_for("panel.judges", edition_code=edition.code), 303)
