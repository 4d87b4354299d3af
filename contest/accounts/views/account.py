"""One's own account: particulars, password, signed-in devices."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from flask_login import current_user

from contest.accounts import services
from contest.accounts.devices import device_name
from contest.accounts.forms import FirstPasswordForm, PasswordForm, ProfileForm
from contest.accounts.logins import login_phone, normal_email
from contest.accounts.models import User
from contest.accounts.queries import devices_of, user_by_id
from contest.accounts.second.queries import has_second_factor
from contest.accounts.views.address import ask_owner, asked_owner
from contest.accounts.views.blueprint import blueprint
from contest.accounts.views.proving import proven_when
from contest.accounts.views.telling import TELLING, note_told, told
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.web.guards import signed_in
from contest.web.limits import failed, limiter
from contest.web.mailing import sends_mail
from contest.web.messages import sentence

YEAR = 31_536_000


def _me() -> User:
    user = user_by_id(current_user.id)
    if user is None:
        raise NotFound
    return user


def _password_form(user: User) -> PasswordForm | FirstPasswordForm:
    kind = FirstPasswordForm if user.password_hash is None else PasswordForm
    return kind(prefix="password")


def _page(
    user: User, *, profile: ProfileForm | None = None, password: PasswordForm | FirstPasswordForm | None = None
) -> str:
    return render_template(
        "accounts/account.html",
        user=user,
        profile=profile or ProfileForm(formdata=None, obj=user),
        password=password or _password_form(user),
        devices=devices_of(user.id, current_user.session, clock.now()),
        device_name=device_name,
        second_step=has_second_factor(user.id),
    )


def _leads_elsewhere() -> bool:
    """Tell whether the address or the number changes: whoever finds an open device must not send links elsewhere."""
    form, user = ProfileForm(), _me()
    return form.validate() and _ways_in(form) != (user.email, user.phone)


def _ways_in(form: ProfileForm) -> tuple[str | None, str | None]:
    email, phone = form.email.data, form.phone.data
    return normal_email(email) if email else None, login_phone(phone) if phone else None


@blueprint.get("/account")
@signed_in
def account() -> ResponseReturnValue:
    return _page(_me())


def _changed(form: ProfileForm) -> str:
    """Save what was typed; return the new address that waits for its owner's word, "" when none does."""
    email, phone = _ways_in(form)
    with unit_of_work():
        me = _me()
        waits = email if sends_mail() and email != me.email and me.rehearsal_id is None else None
        services.change_profile(
            user_id=me.id,
            name=form.name.data or "",
            email=me.email if waits else email,
            phone=phone,
            locale=form.locale.data or None,
            now=clock.now(),
        )
        if waits:
            ask_owner(me, waits)
    return waits or ""


def this_account() -> str:
    return f"account:{current_user.id}" if current_user.is_authenticated else get_remote_address()


@blueprint.post("/account")
@limiter.limit(TELLING, key_func=this_account, deduct_when=told)
@limiter.limit("5 per 15 minutes", key_func=this_account, deduct_when=asked_owner)
@signed_in
@proven_when(_leads_elsewhere)
def change_profile() -> ResponseReturnValue:
    form = ProfileForm()
    if not form.validate_on_submit():
        return _page(_me(), profile=form), 422
    locale = form.locale.data or None
    try:
        asked = _changed(form)
    except RuleBroken as refused:
        if refused.code == "login_taken":
            note_told()
        form.form_errors.append(sentence(refused))
        return _page(_me(), profile=form), 422
    flash(_("Your particulars are saved."), "success")
    if asked:
        flash(
            _("We have written to %(email)s. The address is yours once you open the link there.", email=asked), "info"
        )
    answer = current_app.make_response(redirect(url_for("accounts.account"), 303))
    if locale:
        answer.set_cookie(
            "locale", locale, max_age=YEAR, samesite="Lax", secure=current_app.config["SESSION_COOKIE_SECURE"]
        )
    return answer


@blueprint.post("/account/password")
@limiter.limit("10 per 15 minutes", key_func=this_account, deduct_when=failed)
@signed_in
def change_password() -> ResponseReturnValue:
    form = _password_form(_me())
    if not form.validate_on_submit():
        return _page(_me(), password=form), 422
    try:
        with unit_of_work():
            services.change_password(
                user_id=current_user.id,
                current=form.current.data or "" if isinstance(form, PasswordForm) else "",
                new=form.new.data or "",
                session=current_user.session,
                now=clock.now(),
            )
    except RuleBroken as refused:
        wrong = form.current if refused.code == "password_wrong" and isinstance(form, PasswordForm) else form.new
        wrong.errors = [*wrong.errors, sentence(refused)]
        return _page(_me(), password=form), 422
    flash(_("The new password is set. All other devices are signed out."), "success")
    return redirect(url_for("accounts.account"), 303)


@blueprint.post("/account/devices/<int:session_id>/end")
@signed_in
def end_device(session_id: int) -> ResponseReturnValue:
    user_id = current_user.id
    with unit_of_work():
        services.end_device(session_id=session_id, user_id=user_id, actor_id=user_id, now=clock.now())
    flash(_("That device is signed out."), "success")
    return redirect(url_for("accounts.account"), 303)


@blueprint.post("/account/sign-out-others")
@signed_in
def sign_out_others() -> ResponseReturnValue:
    user_id = current_user.id
    with unit_of_work():
        services.end_all_sessions(user_id=user_id, actor_id=user_id, now=clock.now(), but=current_user.session)
    flash(_("All other devices are signed out."), "success")
    return redirect(url_for("accounts.account"), 303)


@blueprint.post("/account/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    user_id = current_user.id
    with unit_of_work():
        services.end_all_sessions(user_id=user_id, actor_id=user_id, now=clock.now())
    session.clear()
    flash(_("You are signed out on every device."), "success")
    return redirect(url_for("accounts.sign_in"), 303)
