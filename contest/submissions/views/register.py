"""Registering a team: the account, the team and the draft in one step.

Where mails are sent, a captain who gives an e-mail address gets one more step: the team waits until the owner of the
address opens the mail (`confirming`), and this page says the same of every address.
"""

from __future__ import annotations

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from contest.accounts.queries import user_by_login
from contest.accounts.views.entry import keep_session, open_session
from contest.accounts.views.links import wanted_email
from contest.accounts.views.telling import TELLING, note_told, told
from contest.editions.facts import EditionFacts
from contest.editions.queries import asks_of, fields_of, tracks_of
from contest.editions.rules import LocalText
from contest.editions.views.guards import edition_public
from contest.errors import RuleBroken
from contest.infra import clock, mail
from contest.infra.db import unit_of_work
from contest.submissions import services
from contest.submissions.forms.teams import RegisterForm, RegisterTeamForm, register_form
from contest.submissions.views.blueprint import blueprint
from contest.web.limits import limiter
from contest.web.mailing import absolute, render_mail, sends_mail
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


def _page(form: RegisterTeamForm) -> str:
    return render_template("submissions/register.html", form=form, now=clock.now(), confirms=sends_mail())


@blueprint.get("/e/<edition_code>/register")
@edition_public
def register(edition: EditionFacts) -> ResponseReturnValue:
    if "sent" in request.args:
        return render_template("submissions/register_sent.html", days=services.CONFIRM_LIFE.days)
    if not edition.accepts_submissions(clock.now()):
        return render_template("submissions/register_closed.html", window=edition.window(clock.now()))
    return _page(_form(edition))


def _mailed(response: Response) -> bool:
    return response.status_code < 400 and _confirms()  # noqa: PLR2004 - whatever is no error


def _confirms() -> bool:
    return sends_mail() and not current_user.is_authenticated and bool(request.form.get("email"))


# A school registers its teams from one address; the limit only stops a machine.
@blueprint.post("/e/<edition_code>/register")
@limiter.limit("60 per minute")
@limiter.limit(TELLING, deduct_when=told)
@limiter.limit("5 per 15 minutes", key_func=wanted_email, deduct_when=_mailed)
@edition_public
def do_register(edition: EditionFacts) -> ResponseReturnValue:
    form = _form(edition)
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        if isinstance(form, RegisterForm) and form.confirmed_by_mail:
            return _waiting(edition, form)
        address = _registered(edition, form)
    except RuleBroken as refused:
        if refused.code == "login_taken":
            note_told()
        _put(form, refused)
        return _page(form), 422
    flash(_("Your team is registered. Write your idea, add the files and hand it in before the deadline."), "success")
    return redirect(address, 303)


def _waiting(edition: EditionFacts, form: RegisterForm) -> ResponseReturnValue:
    with unit_of_work():
        captain = services.Unconfirmed(form.captain.name, form.captain.email, form.captain.phone)
        found = _new_team(edition, form, captain, None)
        _ask(edition, captain.email, found.submission_public_id)
    return redirect(url_for("submissions.register", edition_code=edition.code, sent=1), 303)


def _new_team(
    edition: EditionFacts,
    form: RegisterTeamForm,
    captain: int | services.NewCaptain | services.Unconfirmed,
    actor_id: int | None,
) -> services.Registered:
    return services.register_team(
        edition_id=edition.id,
        captain=captain,
        team=form.details,
        title=form.title.data or "",
        track=form.chosen_track,
        field=form.chosen_field,
        actor_id=actor_id,
        now=clock.now(),
    )


def _ask(edition: EditionFacts, email: str, submission_public_id: str) -> None:
    """Write to the owner of an address; nothing in it was typed by whoever sent the form, who may be a stranger."""
    now, owner = clock.now(), user_by_login(email)
    token = services.confirmation_token(
        submission_public_id=submission_public_id,
        email=email,
        secret_key=current_app.config["SECRET_KEY"],
        now=now,
    )
    locale = (owner.locale if owner is not None else None) or str(get_locale())
    subject, body = render_mail(
        "submissions/confirm",
        locale,
        edition_name=edition.name,
        known=owner is not None,
        url=absolute(url_for("submissions.confirm", edition_code=edition.code, sealed=token)),
        sign_in_link=absolute(url_for("accounts.ask_for_link")),
        days=services.CONFIRM_LIFE.days,
    )
    # Not the scope of the edition: its organisers read the outbox, and this link is nobody's but the owner's.
    mail.enqueue(scope="accounts", about=f"edition:{edition.id}", recipient=email, subject=subject, body=body, now=now)


def _registered(edition: EditionFacts, form: RegisterTeamForm) -> str:
    token = ""
    with unit_of_work():
        now = clock.now()
        captain = form.captain if isinstance(form, RegisterForm) else current_user.id
        found = _new_team(edition, form, captain, current_user.id)
        if found.captain_id is not None and isinstance(form, RegisterForm):
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
