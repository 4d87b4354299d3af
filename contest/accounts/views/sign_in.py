"""Sign-in with a password, and sign-out."""

from __future__ import annotations

import re

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from flask_login import current_user

from contest.accounts import services
from contest.accounts.forms import SignInForm
from contest.accounts.logins import login_key
from contest.accounts.queries import password_owner
from contest.accounts.second.factors import FirstStep
from contest.accounts.second.forms import PasskeyForm
from contest.accounts.views.blueprint import blueprint
from contest.accounts.views.entry import begin, go_on, onward
from contest.accounts.views.failures import note_failure
from contest.accounts.views.known import asker, login_anywhere, login_from_here, remember
from contest.accounts.views.passkeys import site
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.web.guards import public
from contest.web.limits import failed, limiter
from contest.web.messages import sentence
from contest.web.responses import safe_next

_EDITION = re.compile(r"^/e/([^/?#]+)")


def sign_in_page(form: SignInForm | None = None, *, refused: str = "") -> str:
    edition = _EDITION.match(safe_next(request.args.get("next")))
    door = url_for("door.door", edition_code=edition[1]) if edition else url_for("door.choose")
    return render_template(
        "accounts/sign_in.html",
        form=form or SignInForm(formdata=None),
        answer=PasskeyForm(formdata=None),
        takes_passkeys=site().takes_passkeys,
        door_href=door,
        next_page=request.args.get("next"),
        refused=refused,
    )


@blueprint.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    return onward() if current_user.is_authenticated else sign_in_page()


# A venue is one address: many may fail there. The last limit slows a guesser with many addresses; it stops no one
# for good, a browser that signed in before is counted by itself, and a sign-in link works all the same.
@blueprint.post("/sign-in")
@limiter.limit("60 per minute", key_func=asker, deduct_when=failed)
@limiter.limit("10 per 15 minutes", key_func=login_from_here, deduct_when=failed)
@limiter.limit("100 per hour", key_func=login_anywhere, deduct_when=failed)
@public
def sign_in_with_password() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return sign_in_page(form), 422
    # Outside the unit of work: checking a password takes long on purpose, and writers must not wait for it.
    user_id = password_owner(login_key(form.login.data or ""), form.password.data or "")
    if user_id is None:
        current_app.logger.info("a password sign-in failed from %s", get_remote_address())
        note_failure("password", login=login_key(form.login.data or ""))
        form.form_errors.append(sentence(RuleBroken("sign_in_refused")))
        return sign_in_page(form), 422
    now = clock.now()
    with unit_of_work():
        step = begin(user_id, now, FirstStep.PASSWORD)
    return remember(go_on(step, now))


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    if current_user.is_authenticated:
        with unit_of_work():
            services.end_session(token=current_user.session, now=clock.now())
    session.clear()
    flash(_("You are signed out."), "success")
    answer = current_app.make_response(redirect("/", 303))
    # Cookies stay out of the list: they hold the language and the colours, and the session is dead already. With `keep`
    # the page has cleared the store itself: what another judge typed waits there, sealed, for that judge.
    kept = bool(request.form.get("keep"))
    answer.headers["Clear-Site-Data"] = '"cache"' if kept else '"cache", "storage"'
    return answer
