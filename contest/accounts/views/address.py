"""A new e-mail address of one's account: where mails are sent, it counts once its owner has opened the mail there.

The page says the same of every address; the owner of one that has an account is told so by the mail.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Response, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from contest.accounts import services
from contest.accounts.models import User
from contest.accounts.queries import user_by_id, user_by_login
from contest.accounts.views.blueprint import blueprint
from contest.errors import NotFound, RuleBroken
from contest.infra import clock, mail
from contest.infra.db import unit_of_work
from contest.infra.signing import seal_until, unseal_at
from contest.web.guards import signed_in
from contest.web.limits import failed, limiter
from contest.web.mailing import absolute, render_mail
from contest.web.messages import sentence

ADDRESS_LIFE = timedelta(minutes=30)
_PURPOSE = "own address"


def ask_owner(user: User, email: str) -> None:
    """Write to a new address, in the running unit of work; nothing in the mail was typed by anybody."""
    now, owner = clock.now(), user_by_login(email)
    facts = (str(user.id), user.email or "", email)
    token = seal_until(current_app.config["SECRET_KEY"], _PURPOSE, facts, now + ADDRESS_LIFE)
    subject, body = render_mail(
        "accounts/new_address",
        (owner.locale if owner is not None else None) or str(get_locale()),
        known=owner is not None,
        url=absolute(url_for("accounts.new_address", sealed=token)),
        sign_in_link=absolute(url_for("accounts.ask_for_link")),
        minutes=ADDRESS_LIFE.seconds // 60,
    )
    mail.enqueue(scope="accounts", recipient=email, subject=subject, body=body, now=now)
    g.asked_owner = True


def asked_owner(response: Response) -> bool:
    """Tell whether the request wrote to a new address; for `deduct_when`."""
    del response
    return bool(g.get("asked_owner"))


def _wanted(sealed: str) -> tuple[User, str] | None:
    """Return the account and the address of a link; none once the address has changed, or it is over.

    Raises `NotFound` for the link of somebody else.
    """
    facts = unseal_at(current_app.config["SECRET_KEY"], _PURPOSE, sealed, clock.now())
    user = user_by_id(current_user.id)
    if facts is None or user is None:
        return None
    whose, before, wanted = facts
    if whose != str(user.id):
        raise NotFound
    return (user, wanted) if before == (user.email or "") else None


def _gone() -> ResponseReturnValue:
    return render_template("accounts/link_gone.html"), 410


@blueprint.get("/account/address/<sealed>")
@signed_in
def new_address(sealed: str) -> ResponseReturnValue:
    # Only shown: mail scanners open links, so an address is taken by the button alone.
    wanted = _wanted(sealed)
    return _gone() if wanted is None else render_template("accounts/new_address.html", email=wanted[1], sealed=sealed)


@blueprint.post("/account/address/<sealed>")
@limiter.limit("60 per minute", deduct_when=failed)
@signed_in
def take_address(sealed: str) -> ResponseReturnValue:
    wanted = _wanted(sealed)
    if wanted is None:
        return _gone()
    user, email = wanted
    try:
        with unit_of_work():
            services.change_profile(
                user_id=user.id, name=user.name, email=email, phone=user.phone, locale=user.locale, now=clock.now()
            )
    except RuleBroken as refused:  # said to whoever reads the mail of that address
        flash(sentence(refused), "danger")
    else:
        flash(_("Your new e-mail address is set."), "success")
    return redirect(url_for("accounts.account"), 303)
