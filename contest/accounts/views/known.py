"""Browsers that have signed in with a login before: guessers elsewhere cannot use up their tries.

Whoever attacks an account, or sits in the same hall, could otherwise keep its owner out with wrong passwords. The
cookie opens nothing. It says that this browser once knew the password, and its misses are counted by themselves.
"""

from __future__ import annotations

import hmac
from typing import cast

from flask import Response, current_app, request
from flask_limiter.util import get_remote_address

from contest.accounts.logins import login_key
from contest.infra.signing import keyed_hash, new_token, token_hash

YEAR = 31_536_000


def typed_login() -> str:
    """Return the fingerprint of the login that is typed; the login itself stays out of the store of limits."""
    return token_hash(login_key(request.form.get("login", "")))


def login_anywhere() -> str:
    """Return what the misses at a login are counted by, from wherever they come."""
    return f"{_known()}{typed_login()}"


def login_from_here() -> str:
    """Return what the misses at a login from one address are counted by."""
    return f"{asker()}:{typed_login()}"


def asker() -> str:
    """Return what a browser's misses are counted by: its address, or itself when it is known."""
    return _known() or get_remote_address()


def remember(answer: Response) -> Response:
    """Note with the answer that this browser knows the password of the login that was typed."""
    if not _known():
        mark = new_token()
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        answer.set_cookie(_name(), f"{mark}.{_seal(mark)}", max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    return answer


def _known() -> str:
    """Return the mark of a browser that has signed in with the typed login before, else an empty text."""
    mark, _dot, seal = request.cookies.get(_name(), "").partition(".")
    own = bool(mark) and hmac.compare_digest(seal.encode(), _seal(mark).encode())
    return f"device:{mark}:" if own else ""


def _seal(mark: str) -> str:
    return keyed_hash(cast("str", current_app.config["SECRET_KEY"]), "known device", mark, typed_login())


def _name() -> str:
    return "__Host-known" if current_app.config["SESSION_COOKIE_SECURE"] else "known"
