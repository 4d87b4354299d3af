"""A withdrawal is taken back, in writing: by the judge, or by the organiser."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.editions.views.guards import organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging import policy
from contest.judging.papers import PaperFacts, PaperState
from contest.judging.queries.desk import paper_of
from contest.judging.services import scoring
from contest.judging.views.conflict_forms import ReturnForm
from contest.judging.views.conflicts import back
from contest.judging.views.conflicts import blueprint as conflicts
from contest.judging.views.judge import blueprint, judges_only


@blueprint.get("/e/<edition_code>/judging/<public_id>/return")
@judges_only
def return_page(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    found = _paper(edition, public_id)
    if found.state is not PaperState.RECUSED:
        return redirect(url_for("judging.paper", edition_code=edition.code, public_id=public_id), 303)
    return _page(found, ReturnForm())


def _paper(edition: EditionFacts, public_id: str) -> PaperFacts:
    found = paper_of(edition.id, public_id)
    if found is None or not policy.can_open(current_user, found):
        abort(404)
    return found


def _page(found: PaperFacts, form: ReturnForm) -> str:
    return render_template("judging/judge/return.html", paper=found, form=form)


@blueprint.post("/e/<edition_code>/judging/<public_id>/return")
@judges_only
def take_back(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    form = ReturnForm()
    if not form.validate_on_submit():
        return _page(_paper(edition, public_id), form), 422
    with unit_of_work():
        scoring.take_recusal_back(
            edition_id=edition.id,
            assignment=public_id,
            actor_id=current_user.id,
            reason=form.reason.data or "",
            now=clock.now(),
        )
    flash(_("Your withdrawal is taken back. Your marks are as they were."), "success")
    return redirect(url_for("judging.paper", edition_code=edition.code, public_id=public_id), 303)


@conflicts.post("/e/<edition_code>/organise/judges/conflicts/recusals")
@organisers_only
def return_recused(edition: EditionFacts) -> ResponseReturnValue:
    form = ReturnForm()
    if not form.validate_on_submit():
        raise RuleBroken("return_without_reason")
    with unit_of_work():
        done = scoring.take_recusal_back(
            edition_id=edition.id,
            assignment=form.assignment.data or "",
            actor_id=current_user.id,
            reason=form.reason.data or "",
            now=clock.now(),
            organiser=True,
        )
    flash(_("The withdrawal from %(code)s is taken back.", code=done.code), "success")
    return back(edition)
