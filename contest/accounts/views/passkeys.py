"""What every page with a passkey needs: the question as JSON, the secret of the browser that must answer it."""

from __future__ import annotations

from flask import Response, current_app, session

from contest.accounts.second import services as second
from contest.accounts.second.factors import Asked, Site
from contest.accounts.second.forms import PasskeyForm
from contest.accounts.second.services import Shown
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.infra.signing import new_token

_HOLDER = "asks"


def site() -> Site:
    return Site.of(current_app.config["BASE_URL"])


def holder() -> str:
    """Return the secret that ties a question to this browser; it lies in the signed cookie."""
    if _HOLDER not in session:
        session[_HOLDER] = new_token()
    return str(session[_HOLDER])


def as_json(options: str) -> Response:
    return current_app.response_class(options, mimetype="application/json")


def ask(asked: Asked, user_id: int | None) -> Response:
    with unit_of_work():
        options = second.ask_passkey(asked=asked, user_id=user_id, site=site(), holder=holder(), now=clock.now())
    return as_json(options)


def shown(asked: Asked, user_id: int | None) -> Shown | None:
    """Return whose passkey the form in hand brings; the question is used up also when it is refused."""
    form = PasskeyForm()
    if not form.validate_on_submit():
        return None
    with unit_of_work():
        return second.show_passkey(
            asked=asked,
            user_id=user_id,
            answer=form.answer.data or "",
            site=site(),
            holder=holder(),
            now=clock.now(),
        )
