"""One's own second factors: an authenticator app, passkeys, recovery codes."""

from __future__ import annotations

from datetime import datetime

import pyotp
from flask import current_app, flash, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.accounts import services
from contest.accounts.devices import device_name
from contest.accounts.forms import FRESH, note_proof
from contest.accounts.queries import user_by_id
from contest.accounts.second import services as second
from contest.accounts.second.factors import LONGEST_NAME
from contest.accounts.second.forms import ConfirmAppForm, NewPasskeyForm
from contest.accounts.second.queries import factors_of, has_second_factor
from contest.accounts.views import passkeys
from contest.accounts.views.account import this_account
from contest.accounts.views.blueprint import blueprint
from contest.accounts.views.notices import tell
from contest.accounts.views.proof import proved_for
from contest.accounts.views.sheets import qr_svg
from contest.errors import NotAllowed, NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.web.guards import signed_in
from contest.web.limits import failed, limiter
from contest.web.messages import sentence
from contest.web.responses import safe_next, see_other

ISSUER = "Bang Vang"
PAGE = "accounts.second_factors"
fresh = proved_for(PAGE)
# Where the cookie keeps the page that led here, until the set-up is done.
ONWARD = "onward"


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])


def _refuse_paired() -> None:
    # A tablet that the organiser paired is not the judge's own device.
    if current_user.round_id is not None:
        raise NotAllowed("only_on_own_device")


def _to_page() -> ResponseReturnValue:
    return see_other(url_for(PAGE))


def _page(new: NewPasskeyForm | None = None, *, refused: str = "") -> str:
    return render_template(
        "accounts/second_factors.html",
        factors=factors_of(current_user.id),
        new=new or NewPasskeyForm(formdata=None, name=device_name(request.user_agent.string)[:LONGEST_NAME]),
        fresh=current_user.signed_in_within(FRESH, clock.now()),
        takes_passkeys=passkeys.site().takes_passkeys,
        refused=refused,
        next_page=safe_next(request.args.get("next"), ""),
    )


@blueprint.get("/account/second-step")
@signed_in
def second_factors() -> ResponseReturnValue:
    _refuse_paired()
    if "next" in request.args:
        session[ONWARD] = safe_next(request.args["next"], "")
    return _page()


def _first(user_id: int, *, first: bool) -> tuple[str, ...]:
    """Do what comes with a first second factor: other devices, which never showed it, are out; return new codes."""
    now = clock.now()
    if first:
        services.end_all_sessions(user_id=user_id, actor_id=user_id, now=now, but=current_user.session)
    return second.first_codes(user_id=user_id, now=now)


def _after_adding(codes: tuple[str, ...], words: str) -> ResponseReturnValue:
    note_proof()
    flash(words, "success")
    return _codes_page(codes) if codes else _to_page()


def _codes_page(codes: tuple[str, ...]) -> ResponseReturnValue:
    # Shown in the answer to the POST and never again: the database keeps hashes only.
    return render_template("accounts/recovery_codes.html", codes=codes, next_page=session.pop(ONWARD, ""))


@blueprint.post("/account/second-step/app")
@signed_in
@fresh
def start_app() -> ResponseReturnValue:
    _refuse_paired()
    with unit_of_work():
        second.start_app(user_id=current_user.id, secret_key=_key())
    return see_other(url_for("accounts.app_key"))


def _app_page(form: ConfirmAppForm, status: int = 200) -> ResponseReturnValue:
    secret = second.waiting_secret(current_user.id, _key())
    user = user_by_id(current_user.id)
    if secret is None or user is None:
        return _to_page()
    address = pyotp.TOTP(secret).provisioning_uri(name=user.email or user.phone or user.name, issuer_name=ISSUER)
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return render_template("accounts/app_key.html", form=form, qr=qr_svg(address), secret=groups), status


@blueprint.get("/account/second-step/app")
@signed_in
@fresh
def app_key() -> ResponseReturnValue:
    _refuse_paired()
    return _app_page(ConfirmAppForm())


@blueprint.post("/account/second-step/app/confirm")
@limiter.limit("20 per 15 minutes", key_func=this_account, deduct_when=failed)
@signed_in
@fresh
def confirm_app() -> ResponseReturnValue:
    _refuse_paired()
    form, user_id, now = ConfirmAppForm(), current_user.id, clock.now()
    if not form.validate_on_submit():
        return _app_page(form, 422)
    first = not has_second_factor(user_id)
    try:
        with unit_of_work():
            second.confirm_app(user_id=user_id, code=form.code.data or "", secret_key=_key(), now=now)
            codes = _first(user_id, first=first)
            tell(user_id, "app_set", now)
    except RuleBroken as refused:
        form.code.errors = [sentence(refused)]
        return _app_page(form, 422)
    return _after_adding(codes, _("From now on signing in asks for a code of your app."))


@blueprint.post("/account/second-step/app/remove")
@signed_in
@fresh
def remove_app() -> ResponseReturnValue:
    _refuse_paired()
    now = clock.now()
    with unit_of_work():
        second.remove_app(user_id=current_user.id, now=now)
        tell(current_user.id, "app_removed", now)
    note_proof()
    flash(_("The app is no longer asked for."), "success")
    return _to_page()


@blueprint.post("/account/second-step/passkeys/ask")
@limiter.limit("60 per minute")
@signed_in
@fresh
def ask_new_passkey() -> ResponseReturnValue:
    _refuse_paired()
    with unit_of_work():
        options = second.ask_new_passkey(
            user_id=current_user.id, site=passkeys.site(), holder=passkeys.holder(), now=clock.now()
        )
    return passkeys.as_json(options)


@blueprint.post("/account/second-step/passkeys")
@limiter.limit("60 per minute")
@signed_in
@fresh
def add_passkey() -> ResponseReturnValue:
    _refuse_paired()
    form, user_id, now = NewPasskeyForm(), current_user.id, clock.now()
    first = not has_second_factor(user_id)
    codes: tuple[str, ...] = ()
    added = form.validate_on_submit()
    if added:
        with unit_of_work():  # ends well also after a wrong answer: its question is used up
            added = _keep_passkey(form, user_id, now)
            if added:
                codes = _first(user_id, first=first)
                tell(user_id, "passkey_added", now)
    if not added:
        return _page(form, refused=_("The passkey was not added. Try again.")), 422
    return _after_adding(codes, _("The passkey is added."))


def _keep_passkey(form: NewPasskeyForm, user_id: int, now: datetime) -> bool:
    return second.add_passkey(
        user_id=user_id,
        name=form.name.data or device_name(request.user_agent.string) or _("Passkey"),
        answer=form.answer.data or "",
        site=passkeys.site(),
        holder=passkeys.holder(),
        now=now,
    )


@blueprint.post("/account/second-step/passkeys/<public_id>/remove")
@signed_in
@fresh
def remove_passkey(public_id: str) -> ResponseReturnValue:
    _refuse_paired()
    now = clock.now()
    with unit_of_work():
        second.remove_passkey(user_id=current_user.id, public_id=public_id, now=now)
        tell(current_user.id, "passkey_removed", now)
    note_proof()
    flash(_("The passkey opens nothing any more."), "success")
    return _to_page()


@blueprint.post("/account/second-step/codes")
@signed_in
@fresh
def renew_codes() -> ResponseReturnValue:
    _refuse_paired()
    user_id, now = current_user.id, clock.now()
    if not has_second_factor(user_id):
        raise NotFound
    with unit_of_work():
        codes = second.renew_codes(user_id=user_id, now=now)
        tell(user_id, "codes_made", now)
    note_proof()
    return _codes_page(codes)
