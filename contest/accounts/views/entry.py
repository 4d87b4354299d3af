"""The cookie side of signing in: a fresh cookie at every sign-in, an idle limit, nothing left after sign-out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, current_app, request, session, url_for
from flask_limiter.util import get_remote_address
from flask_login import current_user, login_user

from contest.accounts import services
from contest.accounts.devices import coarse_place
from contest.accounts.queries import identity_of
from contest.accounts.roles import Identity
from contest.accounts.second import services as second
from contest.accounts.second.factors import FirstStep
from contest.accounts.second.queries import has_second_factor
from contest.web.responses import safe_next, see_other

# How often the cookie is written anew while its owner is active, as a share of the idle limit.
_REFRESHES = 12
# Where the cookie keeps the token of a half sign-in: it opens no page, only the second step.
HALF = "half"


@dataclass(frozen=True, slots=True)
class Step:
    """A step towards a session: its token, and whether it is `whole` or waits for a second factor."""

    token: str
    whole: bool


def begin(user_id: int, now: datetime, way: FirstStep, round_id: int | None = None) -> Step:
    """Let in who has shown a first factor, in the running unit of work: whole, or half when there is a second one.

    Every way in leads through here, whatever the first factor was; `go_on` answers the browser afterwards.
    """
    if not has_second_factor(user_id):
        return Step(open_session(user_id, now, round_id), whole=True)
    if current_user.is_authenticated:
        services.end_session(token=current_user.session, now=now)
    return Step(second.begin_half(user_id=user_id, way=way, round_id=round_id, now=now), whole=False)


def go_on(step: Step, now: datetime, target: str = "") -> Response:
    """Give the browser its new cookie and lead it on: to the second step, or to where the person wanted to go.

    Without a `target` the address of the request says where that is.
    """
    if step.whole:
        keep_session(step.token, now)
        return see_other(safe_next(target)) if target else onward()
    session.clear()
    session[HALF] = step.token
    return see_other(url_for("accounts.second_step", next=target or request.args.get("next")))


def open_session(user_id: int, now: datetime, round_id: int | None = None) -> str:
    """Start a session in the running unit of work, end the one this browser had, and return the new token."""
    if current_user.is_authenticated:
        services.end_session(token=current_user.session, now=now)
    life: timedelta = current_app.config["PERMANENT_SESSION_LIFETIME"]
    device, place = request.user_agent.string, coarse_place(get_remote_address())
    services.note_sign_in(user_id=user_id, now=now)
    return services.start_session(user_id=user_id, device=device, now=now, life=life, round_id=round_id, place=place)


def keep_session(token: str, now: datetime) -> None:
    """Give the browser a new cookie for the session: nothing of the visitor's cookie survives (no fixation).

    Only the form token of the same person does, so that pages open in other tabs can still be sent.
    """
    identity = identity_of(token, now)
    same = identity is not None and identity.id == current_user.id
    token_of_forms = session.get("csrf_token") if same else None
    session.clear()
    if token_of_forms:
        session["csrf_token"] = token_of_forms
    session.permanent = True
    session["seen"] = int(now.timestamp())
    login_user(identity)


def swap_session(token: str) -> None:
    """Put the new token of the same session into the cookie; what else lies there, e.g. the secret of forms, stays."""
    session["_user_id"] = token


def identity_here(token: str, now: datetime) -> Identity | None:
    """Return who the cookie belongs to, unless it lay idle for too long; renew its time now and then."""
    idle = int(current_app.config["SESSION_IDLE_LIFETIME"].total_seconds())
    moment = int(now.timestamp())
    age = moment - int(session.get("seen", 0) or moment)
    if age > idle:
        return None
    identity = identity_of(token, now)
    if identity is not None and (age > idle // _REFRESHES or "seen" not in session):
        session["seen"] = moment
    return identity


def onward() -> Response:
    """Go where the person wanted to go before signing in."""
    return see_other(safe_next(request.args.get("next")))
