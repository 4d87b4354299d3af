"""The panel: who judges this edition, with which load, and how they come in."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from contest.accounts import services as accounts
from contest.accounts.forms import SheetForm
from contest.accounts.people import PersonFacts
from contest.accounts.policy import can_issue_link
from contest.accounts.queries import people_of
from contest.accounts.roles import Role
from contest.accounts.views.proving import proven
from contest.accounts.views.sheets import qr_sheet
from contest.editions.facts import EditionFacts
from contest.editions.policy import can_organise
from contest.editions.queries import fields_of
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.queries.panel import PanelJudge, Work, judge_of, judges_of, profile_of, work_of
from contest.judging.queries.panel_changes import begun_round, panel_changes_of
from contest.judging.services import panel
from contest.judging.states import PanelChangeKind
from contest.judging.views.panel_forms import JudgeForm, given_reason
from contest.web.messages import sentence

blueprint = Blueprint("panel", __name__)
CHANGE_WORDS = {
    PanelChangeKind.LATE: _l("joined late"),
    PanelChangeKind.REPLACED: _l("was replaced"),
    PanelChangeKind.LEFT: _l("left"),
    PanelChangeKind.REMOVED: _l("was taken off"),
}


@blueprint.get("/e/<edition_code>/organise/judges")
@committee_readers
def judges(edition: EditionFacts) -> ResponseReturnValue:
    return render_template(
        "judging/panel/judges.html",
        judges=judges_of(edition.id),
        work=work_of(edition.id),
        no_work=Work(),
        changes=panel_changes_of(edition.id),
        change_words=CHANGE_WORDS,
        now=clock.now(),
        may_organise=can_organise(current_user, edition),
    )


def _judge(edition: EditionFacts, person: str) -> PanelJudge:
    found = judge_of(edition.id, person)
    if found is None:
        raise NotFound
    return found


def _to_list(edition: EditionFacts) -> ResponseReturnValue:
    return redirect(url_for("panel.judges", edition_code=edition.code), 303)


def _form_page(
    edition: EditionFacts, form: JudgeForm, judge: PanelJudge | None = None, status: int = 200
) -> ResponseReturnValue:
    form.offer(fields_of(edition.id), judge)
    begun = begun_round(edition.id)
    return render_template("judging/panel/judge.html", form=form, judge=judge, begun=begun), status


@blueprint.get("/e/<edition_code>/organise/judges/new")
@organisers_only
def new_judge(edition: EditionFacts) -> ResponseReturnValue:
    return _form_page(edition, JudgeForm())


@blueprint.post("/e/<edition_code>/organise/judges/new")
@organisers_only
@proven
def add_judge(edition: EditionFacts) -> ResponseReturnValue:
    form = JudgeForm()
    form.offer(fields_of(edition.id))
    if not form.validate_on_submit():
        return _form_page(edition, form, status=422)
    entry = form.entry()
    try:
        with unit_of_work():
            panel.add_judge(
                edition_id=edition.id, entry=entry, reason=given_reason(), actor_id=current_user.id, now=clock.now()
            )
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _form_page(edition, form, status=422)
    flash(_("%(name)s is on the panel.", name=entry.name), "success")
    return _to_list(edition)


@blueprint.get("/e/<edition_code>/organise/judges/<person>")
@organisers_only
def judge(edition: EditionFacts, person: str) -> ResponseReturnValue:
    found = _judge(edition, person)
    return _form_page(edition, JudgeForm(obj=found, profile=profile_of(found.id)), found)


@blueprint.post("/e/<edition_code>/organise/judges/<person>")
@organisers_only
def change_judge(edition: EditionFacts, person: str) -> ResponseReturnValue:
    found, form = _judge(edition, person), JudgeForm()
    form.offer(fields_of(edition.id), found)
    if not form.validate_on_submit():
        return _form_page(edition, form, found, 422)
    entry = form.entry()
    try:
        with unit_of_work():
            panel.change_judge(
                edition_id=edition.id,
                judge_id=found.id,
                entry=entry,
                follow_account=_is_ours(edition, found),
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _form_page(edition, form, found, 422)
    flash(_("The changes to %(name)s are saved.", name=entry.name), "success")
    return _to_list(edition)


def _is_ours(edition: EditionFacts, judge: PanelJudge) -> bool:
    people = _people(edition, {judge.user_id})
    return bool(people) and can_issue_link(current_user, people[0])


@blueprint.post("/e/<edition_code>/organise/judges/<person>/remove")
@organisers_only
@proven
def remove_judge(edition: EditionFacts, person: str) -> ResponseReturnValue:
    found = _judge(edition, person)
    try:
        with unit_of_work():
            panel.remove_judge(
                edition_id=edition.id,
                judge_id=found.id,
                reason=given_reason(),
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        shown = JudgeForm(formdata=None, obj=found, profile=profile_of(found.id))
        return _form_page(edition, shown, found, 409)
    flash(_("%(name)s is no longer on the panel.", name=found.name), "success")
    return _to_list(edition)


def _people(edition: EditionFacts, user_ids: set[int]) -> list[PersonFacts]:
    return [person for person in people_of(edition.id, clock.now()) if person.id in user_ids]


@blueprint.post("/e/<edition_code>/organise/judges/sheet")
@organisers_only
@proven
def sheet(edition: EditionFacts) -> ResponseReturnValue:
    listed, chosen = judges_of(edition.id), set(SheetForm().person.data or [])
    everybody = "all" in request.form
    people = _people(edition, {one.user_id for one in listed if everybody or one.person in chosen})
    if not people:
        flash(_("Tick the judges first, then print their codes."), "warning")
        return _to_list(edition)
    _make_older_ones_worthless(edition, people)
    return qr_sheet(people, edition, role=Role.JUDGE, back_href=url_for("panel.judges", edition_code=edition.code))


def _make_older_ones_worthless(edition: EditionFacts, people: list[PersonFacts]) -> None:
    # A sheet that got lost must open nothing once a new one is printed.
    ours = [person.id for person in people if can_issue_link(current_user, person)]
    with unit_of_work():
        for user_id in ours:
            accounts.revoke_links(user_id=user_id, edition_id=edition.id, actor_id=current_user.id, now=clock.now())
