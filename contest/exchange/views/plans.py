"""The assignments of one round as a file, out and in."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.queries import round_by_code
from contest.editions.views.guards import organisers_only
from contest.errors import Problem, RuleBroken
from contest.exchange import services
from contest.exchange.forms.problems import cause
from contest.exchange.forms.uploads import SheetForm
from contest.exchange.queries import round_assignments
from contest.exchange.roundplan import plan_csv, read_plan
from contest.exchange.views.blueprint import blueprint
from contest.infra import clock
from contest.infra.bundle_files import read_table
from contest.infra.db import one_moment, unit_of_work
from contest.judging.views.panel_forms import given_reason
from contest.web.messages import sentence
from contest.web.responses import attachment


def _round(edition: EditionFacts, round_code: str) -> RoundFacts:
    found = round_by_code(edition.id, round_code)
    if found is None:
        abort(404)
    return found


def _page(round_: RoundFacts, form: SheetForm, problems: tuple[Problem, ...] = ()) -> str:
    return render_template("exchange/plan_upload.html", round=round_, form=form, problems=problems, cause=cause)


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/assignments.csv")
@organisers_only
@one_moment()
def plan_file(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    data = plan_csv(round_code, round_assignments(_round(edition, round_code)).rows)
    return attachment(data, name=f"{edition.code}-{round_code}-assignments.csv", mimetype="text/csv; charset=utf-8")


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/assignments-file")
@organisers_only
def upload_plan(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _page(_round(edition, round_code), SheetForm())


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/assignments-file")
@organisers_only
def receive_plan(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = _round(edition, round_code), SheetForm()
    if not form.validate_on_submit():
        return _page(round_, form), 422
    table = read_table(*form.upload())
    plan = read_plan(table, round_assignments(round_).scope)
    problems = table.problems or plan.problems
    if problems:
        return _page(round_, form, problems), 422
    try:
        with unit_of_work():
            applied = services.import_plan(
                edition_id=edition.id,
                round_id=round_.id,
                pairs=plan.pairs,
                reason=given_reason(),
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        form.file.errors = [sentence(refused)]
        return _page(round_, form), 422
    flash(
        _(
            "Assigned from the file: %(added)s new, %(kept)s as before, %(removed)s taken away.",
            added=applied.added,
            kept=applied.kept,
            removed=applied.removed,
        ),
        "success",
    )
    return redirect(url_for("exchange.files", edition_code=edition.code), 303)
