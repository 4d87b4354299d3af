"""When a device was last used, and from where: its owner reads it in the list of signed-in devices.

Noted after an answer, at most once in five minutes for a device; no request fails by it.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Response, g
from flask_limiter.util import get_remote_address

from contest.accounts import services
from contest.accounts.devices import coarse_place
from contest.accounts.roles import Identity
from contest.accounts.views.blueprint import blueprint
from contest.errors import Busy
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.infra.rest import Rest

SELDOM = timedelta(minutes=5)
_database_rests = Rest()


@blueprint.after_app_request
def note_use(answer: Response) -> Response:
    # Not `current_user`: an answer that asked for nobody shall not look one up for this.
    who, now = g.get("_login_user"), clock.now()
    if isinstance(who, Identity) and who.seen_at is not None and now - who.seen_at >= SELDOM and _database_rests.over:
        _note(who.session)
    return answer


def _note(token: str) -> None:
    try:
        with unit_of_work():
            services.note_use(token=token, place=coarse_place(get_remote_address()), now=clock.now())
    except Busy:  # a later request notes it; until then nobody waits for the lock again
        _database_rests.begin()
