"""Signing in with Google, Microsoft or a school's own account, and linking it with one's account here."""

from __future__ import annotations

import hmac
from dataclasses import asdict

from flask import Response, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.accounts.outside import services as outside
from contest.accounts.outside.providers import Claimed, Provider
from contest.accounts.outside.queries import providers_of
from contest.accounts.outside.services import Errand, Refused
from contest.accounts.second.factors import FirstStep
from contest.accounts.views.blueprint import blueprint
from contest.accounts.views.entry import begin, go_on
from contest.accounts.views.proving import proven
from contest.accounts.views.sign_in import sign_in_page
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.web.guards import public, signed_in
from contest.web.limits import failed, limiter
from contest.web.mailing import absolute
from contest.web.messages import sentence
from contest.web.responses import safe_next, see_other

KEPT = "errand"
ACCOUNT = "accounts.account"


def providers() -> dict[str, Provider]:
    """Return the providers of the settings by their keys."""
    found: dict[str, Provider] = current_app.extensions["outside"]
    return found


def links_of(user_id: int) -> list[tuple[Provider, bool]]:
    """Return each provider and whether the person is linked with it."""
    linked = providers_of(user_id) if providers() else frozenset()
    return [(one, one.key in linked) for one in providers().values()]


def proving_providers() -> list[Provider]:
    """Return the providers where the signed-in person can prove once more who they are."""
    return [one for one, linked in links_of(current_user.id) if linked] if current_user.is_authenticated else []


def _provider(key: str) -> Provider:
    try:
        return providers()[key]
    except KeyError:
        raise NotFound from None


def _back(provider: Provider) -> str:
    return absolute(url_for("accounts.come_back", provider_key=provider.key))


@blueprint.get("/sign-in/with/<provider_key>")
@limiter.limit("60 per minute", deduct_when=failed)
@public
def sign_in_with(provider_key: str) -> ResponseReturnValue:
    return _send_off(_provider(provider_key), safe_next(request.args.get("next")), None)


@blueprint.get("/account/with/<provider_key>")
@signed_in
@proven
def link_with(provider_key: str) -> ResponseReturnValue:
    return _send_off(_provider(provider_key), url_for(ACCOUNT), current_user.id)


def _send_off(provider: Provider, target: str, link_for: int | None) -> ResponseReturnValue:
    try:
        errand, address = outside.begun(
            provider,
            back=_back(provider),
            target=target,
            link_for=link_for,
            now=clock.now(),
            # Whoever is signed in here and comes to sign in proves who they are: `accounts.prove` leads here.
            anew=link_for is None and current_user.is_authenticated,
        )
    except Refused as refused:
        return _failed(provider, str(refused))
    session[KEPT] = asdict(errand)
    answer: Response = redirect(address, 303)  # type: ignore[assignment]  # werkzeug's class, Flask's in truth
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.get("/sign-in/with/<provider_key>/back")
@limiter.limit("60 per minute", deduct_when=failed)
@public
def come_back(provider_key: str) -> ResponseReturnValue:
    provider, kept, now = _provider(provider_key), session.pop(KEPT, None), clock.now()
    errand = Errand(**kept) if kept else None
    if errand is None or errand.provider != provider.key or not _is_own(errand):
        return _failed(provider, "the answer belongs to no errand of this browser")
    if not request.args.get("code"):
        return _failed(provider, f"answered {request.args.get('error', '')[:60]!r}")
    try:
        claimed = outside.answered(
            provider,
            errand,
            code=request.args["code"],
            issuer=request.args.get("iss", ""),
            back=_back(provider),
            now=now,
        )
        return _linked(provider, claimed, errand) if errand.link_for else _let_in(provider, claimed, errand)
    except Refused as refused:
        return _failed(provider, str(refused))
    except RuleBroken as refused:
        return _told(sentence(refused))


def _is_own(errand: Errand) -> bool:
    own = hmac.compare_digest(errand.state.encode(), request.args.get("state", "").encode())
    return own and (errand.link_for is None or errand.link_for == current_user.id)


def _let_in(provider: Provider, claimed: Claimed, errand: Errand) -> Response:
    now = clock.now()
    with unit_of_work():
        user_id = outside.person_for(provider=provider, claimed=claimed, now=now)
        step = begin(user_id, now, FirstStep.OUTSIDE)
    return go_on(step, now, errand.target)


def _linked(provider: Provider, claimed: Claimed, errand: Errand) -> Response:
    with unit_of_work():
        outside.link(user_id=current_user.id, provider=provider, claimed=claimed, now=clock.now())
    flash(_("You can sign in with %(provider)s from now on.", provider=provider.name), "success")
    return see_other(errand.target)


def _failed(provider: Provider, reason: str) -> ResponseReturnValue:
    current_app.logger.warning("a sign-in with %s failed: %s", provider.key, reason)
    return _told(_("Signing in with %(provider)s did not work. Try again, or use another way.", provider=provider.name))


def _told(words: str) -> ResponseReturnValue:
    if current_user.is_authenticated:
        flash(words, "danger")
        return see_other(url_for(ACCOUNT))
    return sign_in_page(refused=words), 422


@blueprint.post("/account/with/<provider_key>/end")
@signed_in
@proven
def unlink(provider_key: str) -> ResponseReturnValue:
    with unit_of_work():
        outside.unlink(user_id=current_user.id, provider_key=provider_key, now=clock.now())
    flash(_("The link is taken away. Other ways of signing in stay."), "success")
    return redirect(url_for(ACCOUNT), 303)
