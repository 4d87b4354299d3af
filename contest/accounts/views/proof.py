"""The page that asks once more who one is; a proof renews the session and holds for a quarter of an hour."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.accounts import services
from contest.accounts.forms import FRESH, ProofForm, note_proof
from contest.accounts.second.factors import Asked
from contest.accounts.second.forms import PasskeyForm
from contest.accounts.views import passkeys
from contest.accounts.views.account import this_account
from contest.accounts.views.blueprint import blueprint
from contest.accounts.views.entry import onward, swap_session
from contest.accounts.views.failures import note_failure
from contest.errors import NotFound
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.web.guards import signed_in
from contest.web.limits import failed, limiter
from contest.web.responses import see_other

View = TypeVar("View", bound=Callable[..., Any])


def ask_first(back: str) -> Response | None:
    """Return the way to the page that asks who one is and leads to `back`; none when this device proved it just now."""
    fresh = current_user.signed_in_within(FRESH, clock.now())
    return None if fresh else see_other(url_for("accounts.prove", next=back))


def proved_for(endpoint: str) -> Callable[[View], View]:
    """Return a decorator, below the guard: without a fresh proof the view leads to one, and then to `endpoint`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**kwargs: Any) -> Any:
            return ask_first(url_for(endpoint)) or view(**kwargs)

        return guarded  # type: ignore[return-value]  # the same parameters as `view`

    return decorate


@blueprint.after_app_request
def renew_after_proof(answer: Response) -> Response:
    """Give the session a new token once its person has proved who they are: what was copied before opens nothing."""
    if not g.get("proved") or not current_user.is_authenticated:
        return answer
    try:
        with unit_of_work():
            token = services.renew_session(token=current_user.session, now=clock.now(), way=g.get("proof_way", ""))
    except NotFound:  # the same request has ended it
        return answer
    swap_session(token)
    return answer


def _page(form: ProofForm, *, refused: str = "") -> str:
    return render_template(
        "accounts/prove.html",
        form=form,
        answer=PasskeyForm(formdata=None),
        takes_passkeys=passkeys.site().takes_passkeys,
        next_page=request.args.get("next"),
        refused=refused,
    )


@blueprint.get("/account/prove")
@signed_in
def prove() -> ResponseReturnValue:
    form = ProofForm(formdata=None)
    return _page(form) if form.needed else onward()


@blueprint.post("/account/prove")
@limiter.limit("10 per 15 minutes", key_func=this_account, deduct_when=failed)
@signed_in
def prove_who() -> ResponseReturnValue:
    form = ProofForm()
    return onward() if form.validate_on_submit() else (_page(form), 422)


@blueprint.post("/account/prove/ask")
@limiter.limit("60 per minute")
@signed_in
def ask_own_passkey() -> ResponseReturnValue:
    return passkeys.ask(Asked.PROVE, current_user.id)


@blueprint.post("/account/prove/passkey")
@limiter.limit("10 per 15 minutes", key_func=this_account, deduct_when=failed)
@signed_in
def prove_with_passkey() -> ResponseReturnValue:
    if passkeys.shown(Asked.PROVE, current_user.id) is None:
        note_failure("proof", user_id=current_user.id)
        return _page(ProofForm(formdata=None), refused=_("The passkey was not accepted. Try again.")), 422
    note_proof("passkey")
    return onward()
