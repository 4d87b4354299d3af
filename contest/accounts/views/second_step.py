"""The second step of signing in; and a passkey as the only one."""

from __future__ import annotations

from flask import Response, abort, current_app, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address

from contest.accounts.second import services as second
from contest.accounts.second.factors import Asked
from contest.accounts.second.forms import PasskeyForm, SecondStepForm
from contest.accounts.second.queries import factors_of, half_way
from contest.accounts.views import passkeys
from contest.accounts.views.blueprint import blueprint
from contest.accounts.views.entry import HALF, keep_session, onward, open_session
from contest.accounts.views.failures import note_failure
from contest.accounts.views.notices import tell
from contest.accounts.views.sign_in import sign_in_page
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.web.guards import public
from contest.web.limits import failed, limiter
from contest.web.responses import see_other


def _half_user() -> int | None:
    found = half_way(str(session.get(HALF, "")), clock.now())
    return None if found is None else found[0]


# Only who has shown the first factor comes so far, and is counted by it: who knows somebody's password can use up the
# tries that follow a password, not those that follow a link by mail.
def this_way_in() -> str:
    found = half_way(str(session.get(HALF, "")), clock.now())
    return get_remote_address() if found is None else f"second:{found[0]}:{found[1]}"


def this_way_from_here() -> str:
    return f"{get_remote_address()}:{this_way_in()}"


def _first_step() -> Response:
    return see_other(url_for("accounts.sign_in", next=request.args.get("next")))


def _page(user_id: int, form: SecondStepForm | None = None, *, refused: str = "") -> str:
    return render_template(
        "accounts/second_step.html",
        form=form or SecondStepForm(formdata=None),
        answer=PasskeyForm(formdata=None),
        factors=factors_of(user_id),
        takes_passkeys=passkeys.site().takes_passkeys,
        next_page=request.args.get("next"),
        refused=refused,
    )


@blueprint.get("/sign-in/second-step")
@public
def second_step() -> ResponseReturnValue:
    user_id = _half_user()
    return _first_step() if user_id is None else _page(user_id)


@blueprint.post("/sign-in/second-step")
@limiter.limit("10 per 15 minutes", key_func=this_way_from_here, deduct_when=failed)
@limiter.limit("30 per hour", key_func=this_way_in, deduct_when=failed)
@public
def pass_second_step() -> ResponseReturnValue:
    user_id, form, now = _half_user(), SecondStepForm(), clock.now()
    if user_id is None:
        return _first_step()
    if not form.validate_on_submit():
        return _page(user_id, form), 422
    with unit_of_work():
        taken = second.accept_code(
            user_id=user_id, code=form.code.data or "", secret_key=current_app.config["SECRET_KEY"], now=now
        )
        if taken == "code":
            tell(user_id, "code_used", now)
        token = _finish(taken) if taken else ""
    if not token:
        current_app.logger.info("a second step failed from %s", get_remote_address())
        note_failure("second", user_id=user_id)
        form.code.errors = [_("This code is not right, or it was used before. Wait for the next one.")]
        return _page(user_id, form), 422
    keep_session(token, now)
    return onward()


def _finish(factor: str) -> str:
    """Turn the half sign-in of this browser into a session, in the running unit of work; return its token."""
    now = clock.now()
    whole = second.finish_half(token=str(session.get(HALF, "")), second=factor, now=now)
    return open_session(whole.user_id, now, whole.round_id)


@blueprint.post("/sign-in/second-step/ask")
@limiter.limit("60 per minute")
@public
def ask_second_passkey() -> ResponseReturnValue:
    user_id = _half_user()
    if user_id is None:
        abort(401)
    return passkeys.ask(Asked.SECOND, user_id)


@blueprint.post("/sign-in/second-step/passkey")
@limiter.limit("10 per 15 minutes", key_func=this_way_from_here, deduct_when=failed)
@public
def pass_with_passkey() -> ResponseReturnValue:
    user_id = _half_user()
    if user_id is None:
        return _first_step()
    if passkeys.shown(Asked.SECOND, user_id) is None:
        note_failure("second", user_id=user_id)
        return _page(user_id, refused=_("The passkey was not accepted. Try again, or use another way.")), 422
    now = clock.now()
    with unit_of_work():
        token = _finish("passkey")
    keep_session(token, now)
    return onward()


@blueprint.post("/sign-in/passkey/ask")
@limiter.limit("60 per minute")
@public
def ask_any_passkey() -> ResponseReturnValue:
    return passkeys.ask(Asked.ENTER, None)


@blueprint.post("/sign-in/passkey")
@limiter.limit("60 per minute", deduct_when=failed)
@public
def sign_in_with_passkey() -> ResponseReturnValue:
    shown = passkeys.shown(Asked.ENTER, None)
    if shown is None:
        note_failure("passkey")
        return sign_in_page(refused=_("The passkey was not accepted. Try again, or use another way.")), 422
    now = clock.now()
    with unit_of_work():
        token = open_session(shown.user_id, now)
    keep_session(token, now)
    return onward()
