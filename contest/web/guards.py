"""Every view says who may call it; a view that says nothing refuses everybody."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, Response, abort, request, url_for
from flask_login import current_user

from contest.web.responses import see_other

View = TypeVar("View", bound=Callable[..., Any])


def mark(view: Callable[..., Any], guard: str, *, like: View) -> View:
    """Note on `view` which guard protects it and return it as what `like` is; `tests/test_routes.py` reads the note."""
    del like  # only its type is wanted
    vars(view)["__guard__"] = guard
    return cast("View", view)


def public(view: View) -> View:
    """Let everybody in."""
    return mark(view, "public", like=view)


def sign_in_first() -> Response:
    """Return the answer for a visitor who must sign in: the sign-in page that comes back here, or 401 to scripts."""
    if request.method != "GET" or request.headers.get("X-Requested-With"):
        abort(401)
    target = request.full_path if request.query_string else request.path
    return see_other(url_for("accounts.sign_in", next=target))


def signed_in(view: View) -> View:
    """Let in whoever is signed in; a visitor is sent to the sign-in page and back."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs) if current_user.is_authenticated else sign_in_first()

    return mark(guarded, "signed_in", like=view)


def administrator(view: View) -> View:
    """Let in system administrators only; others get 404."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return sign_in_first()
        if not current_user.is_admin:
            abort(404)
        return view(*args, **kwargs)

    return mark(guarded, "administrator", like=view)


class Unguarded(RuntimeError):
    """Views that say nothing about who may call them: the application does not start."""


def demand_guards(app: Flask) -> None:
    """Raise `Unguarded` naming every view without a guard."""
    names = sorted(name for name, view in app.view_functions.items() if not hasattr(view, "__guard__"))
    if names:
        raise Unguarded(f"no guard says who may call {', '.join(names)}")


def refuse_unguarded(app: Flask) -> None:
    """Answer 403 on every view without a guard, so that a forgotten one is closed and not open."""

    @app.before_request
    def check() -> None:
        if request.endpoint and not hasattr(app.view_functions[request.endpoint], "__guard__"):
            abort(403)
