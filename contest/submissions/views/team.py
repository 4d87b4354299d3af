"""A captain's own submissions, and the details of a team."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.editions.queries import asks_of
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.submissions import queries, services
from contest.submissions.facts import Access, TeamFacts
from contest.submissions.forms.teams import TeamForm, team_form
from contest.submissions.views import eligibility_words
from contest.submissions.views.blueprint import blueprint
from contest.submissions.views.draft import accepts, address
from contest.submissions.views.eligibility import eligibility_lines, track_names
from contest.submissions.views.guards import own_submission, signed_in_here
from contest.web.messages import sentence


@blueprint.get("/e/<edition_code>/team/")
@signed_in_here
def mine(edition: EditionFacts) -> ResponseReturnValue:
    rows = queries.own_submissions(edition.id, current_user.id)
    if len(rows) == 1:
        target = url_for("submissions.draft", edition_code=edition.code, submission_id=rows[0].public_id)
        return redirect(target, 303)
    return render_template("submissions/mine.html", rows=rows, open_now=edition.accepts_submissions(clock.now()))


def _loaded(access: Access) -> TeamFacts:
    team = queries.team_of(access.team_id)
    if team is None:
        abort(404)
    return team


def _page(edition: EditionFacts, access: Access, team: TeamFacts, form: TeamForm) -> str:
    return render_template(
        "submissions/team.html",
        team=team,
        form=form,
        access=access,
        page=address(edition, access),
        editable=accepts(edition, access, clock.now()),
        findings=eligibility_lines(edition, access),
    )


def _form(edition: EditionFacts, team: TeamFacts) -> TeamForm:
    return team_form(team.details, asks_of(edition.id), captain_apart=team.captain_apart)


def _words(edition: EditionFacts, refused: RuleBroken) -> str:
    if "findings" in refused.facts:
        return eligibility_words.refusal(refused, track_names(edition))
    return sentence(refused)


@blueprint.get("/e/<edition_code>/team/<submission_id>/people")
@own_submission
def people(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    team = _loaded(access)
    return _page(edition, access, team, _form(edition, team))


@blueprint.post("/e/<edition_code>/team/<submission_id>/people")
@own_submission
def save_people(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    team = _loaded(access)
    form = _form(edition, team)
    if not form.validate_on_submit():
        return _page(edition, access, team, form), 422
    try:
        with unit_of_work():
            services.update_team(team_id=access.team_id, team=form.details, actor_id=current_user.id, now=clock.now())
    except RuleBroken as refused:
        form.form_errors.append(_words(edition, refused))
        return _page(edition, access, team, form), 422
    flash(_("Saved."), "success")
    return redirect(address(edition, access, "people"), 303)
