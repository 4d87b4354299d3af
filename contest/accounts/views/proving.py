"""Before what hands out personal data, rights or keys, people prove once more who they are.

`@proven` stands under the guard of a view. Who has signed in or proved it within `FRESH` notices nothing; others meet a
page that asks, and go on from there with everything that they had typed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Response, abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from flask_login import current_user

from contest.accounts.forms import ProofForm
from contest.accounts.queries import user_by_id
from contest.accounts.views.blueprint import blueprint
from contest.accounts.views.entry import onward
from contest.web.guards import signed_in
from contest.web.limits import failed, limiter
from contest.web.responses import safe_next, see_other

View = TypeVar("View", bound=Callable[..., Any])
PREFIX = "proof"
UNAUTHORISED, UNPROCESSABLE, SAME_AGAIN = 401, 422, 307


def proven(view: View) -> View:
    """Let through who has just proved who they are; ask everybody else first."""
    return proven_when(lambda: True)(view)


def proven_when(concerns: Callable[[], bool]) -> Callable[[View], View]:
    """Return `proven` for a view of which only some requests concern data, rights or keys."""

    def decorate(view: View) -> View:
        @wraps(view)
        def asked(*args: Any, **kwargs: Any) -> Any:
            stale = _form(blank=True).needed
            return _ask() if stale and concerns() else view(*args, **kwargs)

        vars(asked)["__proof__"] = True
        return cast("View", asked)

    return decorate


def _ask() -> Response:
    if request.headers.get("X-Requested-With"):
        abort(UNAUTHORISED)
    here = request.full_path if request.query_string else request.path
    if request.method in ("GET", "HEAD"):
        return _to_proof(here, _from())
    if any(upload.filename for upload in request.files.values()):
        flash(_("Prove who you are first, then choose the file again: it was not kept."), "warning")
        return see_other(url_for("accounts.prove", next=_from()))
    return make_response(_page(_form(blank=True), then=here, back=_from()), UNAUTHORISED)


def _to_proof(target: str, back: str) -> Response:
    """Lead to the proof, from there to the page that says thank you, and from there on: a download leaves no page."""
    return see_other(url_for("accounts.prove", next=url_for("accounts.confirm", next=target, back=back)))


def _from() -> str:
    """Return the page of ours that led here, else the front page."""
    parts = urlsplit(request.headers.get("Referer", ""))
    own = parts.netloc == request.host
    return safe_next(parts._replace(scheme="", netloc="", fragment="").geturl() if own else "/")


def _form(*, blank: bool = False) -> ProofForm:
    return ProofForm(formdata=None, prefix=PREFIX) if blank else ProofForm(prefix=PREFIX)


def _page(form: ProofForm, *, then: str, back: str) -> str:
    """Return the page that asks; it carries what was typed elsewhere to where it was on the way."""
    user = user_by_id(current_user.id)
    return render_template(
        "accounts/confirm.html",
        form=form,
        carried=[(name, value) for name, value in request.form.items(multi=True) if not _is_own(name)],
        then=then,
        back=back,
        email=user.email if user and current_app.config["SMTP_URL"] else None,
    )


def _is_own(name: str) -> bool:
    return name == "csrf_token" or name.startswith(f"{PREFIX}-")


def this_person() -> str:
    return f"account:{current_user.id or get_remote_address()}"


@blueprint.get("/account/confirm")
@signed_in
def confirm() -> ResponseReturnValue:
    target, back = safe_next(request.args.get("next")), safe_next(request.args.get("back"))
    if _form(blank=True).needed:
        return _to_proof(target, back)
    return render_template("accounts/confirmed.html", target=target, back=back)


@blueprint.post("/account/confirm")
@limiter.limit("10 per 15 minutes", key_func=this_person, deduct_when=failed)
@signed_in
def confirm_who() -> ResponseReturnValue:
    then, form = safe_next(request.args.get("then"), ""), _form()
    if not form.validate_on_submit():
        return _page(form, then=then, back=safe_next(request.args.get("back"))), UNPROCESSABLE
    if then:  # the browser sends everything once more, to where it was on the way
        return redirect(then, SAME_AGAIN)
    return onward()
