"""The cookie side of signing in: a fresh cookie at every sign-in, an idle limit, nothing left after sign-out."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Response, current_app, request, session
from flask_login import current_user, login_user

from contest.accounts import services
from contest.accounts.queries import identity_of
from contest.accounts.roles import Identity
from contest.web.responses import safe_next, see_other

# How often the cookie is written anew while its owner is active, as a share of the idle limit.
_REFRESHES = 12


def open_session(user_id: int, now: datetime, round_id: int | None = None) -> str:
    """Start a session in the running unit of work, end the one this browser had, and return the new token."""
    if current_user.is_authenticated:
        services.end_session(token=current_user.session, now=now)
    life: timedelta = current_app.config["PERMANENT_SESSION_LIFETIME"]
    device = request.user_agent.string
    return services.start_session(user_id=user_id, device=device, now=now, life=life, round_id=round_id)


def keep_session(token: str, now: datetime) -> None:
    """Give the browser a new cookie for the session: nothing of the visitor's cookie survives (no fixation)."""
    session.clear()
    session.permanent = True
    session["seen"] = int(now.timestamp())
    login_user(identity_of(token, now))


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
