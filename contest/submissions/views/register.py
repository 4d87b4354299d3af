"""Registering a team: the account, the team and the draft in one step."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.accounts.views.entry import keep_session, open_session
from contest.editions.facts import EditionFacts
from contest.editions.queries import asks_of, fields_of, tracks_of
from contest.editions.rules import LocalText
from contest.editions.views.guards import edition_public
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.submissions import services
from contest.submissions.forms.teams import RegisterForm, RegisterTeamForm, register_form
from contest.submissions.views.blueprint import blueprint
from contest.web.limits import limiter
from contest.web.messages import sentence

# Which field a refusal belongs to; the others stand at the top of the form.
_PLACES = {
    "team_name_taken": "name",
    "too_many_members": "members",
    "password_too_short": "password",
    "password_too_long": "password",
    "password_too_common": "password",
    "password_leaked": "password",
}


def _form(edition: EditionFacts) -> RegisterTeamForm:
    kind = RegisterTeamForm if current_user.is_authenticated else RegisterForm
    tracks = {row.code: LocalText(row.name_vi, row.name_en) for row in tracks_of(edition.id)}
    fields = {row.code: LocalText(row.name_vi, row.name_en) for row in fields_of(edition.id)}
    return register_form(kind, tracks, fields, asks_of(edition.id))


def _page(form: RegisterTeamForm, *, taken: bool = False) -> str:
    return render_template("submissions/register.html", form=form, now=clock.now(), taken=taken)


@blueprint.get("/e/<edition_code>/register")
@edition_public
def register(edition: EditionFacts) -> ResponseReturnValue:
    if not edition.accepts_submissions(clock.now()):
        return render_template("submissions/register_closed.html", window=edition.window(clock.now()))
    return _page(_form(edition))


# A school registers its teams from one address; the limit only stops a machine.
@blueprint.post("/e/<edition_code>/register")
@limiter.limit("60 per minute")
@edition_public
def do_register(edition: EditionFacts) -> ResponseReturnValue:
    form = _form(edition)
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        address = _registered(edition, form)
    except RuleBroken as refused:
        _put(form, refused)
        return _page(form, taken=refused.code == "login_taken"), 422
    flash(_("Your team is registered. Write your idea, add the files and hand it in before the deadline."), "success")
    return redirect(address, 303)


def _registered(edition: EditionFacts, form: RegisterTeamForm) -> str:
    token = ""
    with unit_of_work():
        now = clock.now()
        found = services.register_team(
            edition_id=edition.id,
            captain=form.captain if isinstance(form, RegisterForm) else current_user.id,
            team=form.details,
            title=form.title.data or "",
            track=form.chosen_track,
            field=form.chosen_field,
            actor_id=current_user.id,
            now=now,
        )
        if isinstance(form, RegisterForm):
            token = open_session(found.captain_id, now)
    if token:
        keep_session(token, now)
    return url_for("submissions.draft", edition_code=edition.code, submission_id=found.submission_public_id)


def _put(form: RegisterTeamForm, refused: RuleBroken) -> None:
    place = _PLACES.get(refused.code, "")
    if place in form:
        form[place].errors = [*form[place].errors, sentence(refused)]
    else:
        form.form_errors.append(sentence(refused))
