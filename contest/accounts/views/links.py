"""One-time links: the page behind a link, and asking for one by e-mail."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contest.accounts import services
from contest.accounts.forms import LinkRequestForm
from contest.accounts.logins import login_key
from contest.accounts.queries import link_by_token, user_by_login
from contest.accounts.second.factors import FirstStep
from contest.accounts.views.blueprint import blueprint
from contest.accounts.views.entry import begin, go_on
from contest.accounts.views.failures import note_failure
from contest.errors import RuleBroken
from contest.infra import audit, clock, mail
from contest.infra.db import unit_of_work
from contest.infra.signing import token_hash
from contest.web.guards import public
from contest.web.limits import failed, limiter
from contest.web.mailing import absolute, render_mail
from contest.web.responses import safe_next

MAILED_LINK_LIFE = timedelta(minutes=30)


def _gone() -> ResponseReturnValue:
    return render_template("accounts/link_gone.html"), 410


@blueprint.get("/s/<token>")
@public
def link(token: str) -> ResponseReturnValue:
    # Only shown: mail scanners and chat previews open links, so a link is used up by the button alone.
    facts = link_by_token(token, clock.now())
    if facts is None:
        return _gone()
    return render_template("accounts/link.html", facts=facts, token=token, next_page=request.args.get("next"))


@blueprint.post("/s/<token>")
@limiter.limit("60 per minute", deduct_when=failed)
@public
def use_link(token: str) -> ResponseReturnValue:
    now = clock.now()
    try:
        with unit_of_work():
            way = services.redeem_link(token=token, now=now)
            step = begin(way.user_id, now, FirstStep.LINK, way.round_id)
    except RuleBroken:
        note_failure("link")
        return _gone()
    return go_on(step, now)


@blueprint.get("/sign-in/link")
@public
def ask_for_link() -> ResponseReturnValue:
    return _request_page(LinkRequestForm())


def _request_page(form: LinkRequestForm) -> str:
    return render_template(
        "accounts/ask_for_link.html",
        form=form,
        next_page=request.args.get("next"),
        sends_mail=bool(current_app.config["SMTP_URL"]),
    )


def wanted_email() -> str:
    return token_hash(login_key(request.form.get("email", "")))


@blueprint.post("/sign-in/link")
@limiter.limit("120 per hour")
@limiter.limit("5 per 15 minutes", key_func=wanted_email)
@public
def send_link() -> ResponseReturnValue:
    form = LinkRequestForm()
    if not form.validate_on_submit():
        return _request_page(form), 422
    with unit_of_work():
        _mail_link(login_key(form.email.data or ""))
    flash(_("If this address has an account, a sign-in link is on its way. It works for 30 minutes."), "success")
    return redirect(url_for("accounts.sign_in", next=request.args.get("next")), 303)


def _mail_link(email: str) -> None:
    """Write the mail when the address is known; known or not, one entry is written, so that both take as long."""
    now = clock.now()
    user = user_by_login(email)
    audit.record(at=now, actor_id=None, scope="accounts", action="link.requested")
    if user is None or user.email is None:
        return
    issued = services.issue_link(
        user_id=user.id,
        edition_id=None,
        secret_key=current_app.config["SECRET_KEY"],
        actor_id=None,
        now=now,
        life=MAILED_LINK_LIFE,
    )
    target = safe_next(request.args.get("next"))
    path = url_for("accounts.link", token=issued.token, next=None if target == "/" else target)
    subject, body = render_mail("accounts/sign_in_link", user.locale, name=user.name, url=absolute(path), minutes=30)
    # Not the scope of an edition: its organisers read the outbox, and this link is nobody's but the owner's.
    mail.enqueue(scope="accounts", recipient=user.email, recipient_name=user.name, subject=subject, body=body, now=now)
