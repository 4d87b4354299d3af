"""Ways in that did not open: counted towards an alarm, and told in the trail once per login and address.

What was typed as a login stays in memory until then, so that a known and an unknown one cost the same; in the trail
stands the account, or that there was none.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Response, current_app, g
from flask_login import current_user

from contest.accounts.queries import user_by_login
from contest.accounts.views.blueprint import blueprint
from contest.infra import audit, clock
from contest.infra.alarms import SITE, AlarmKind, Alert, Happening, wait
from contest.infra.signing import keyed_hash
from contest.infra.tally import Counted
from contest.web.watching import HOUR, PSEUDONYM, address_here, reached, told_by, watch


def _record(counted: Counted) -> None:
    way, login, user_id, address = counted.key if isinstance(counted.key, tuple) else ("", "", None, "")
    found = user_by_login(login) if login else None
    known = user_id or (found.id if found else None)
    audit.record(
        at=counted.last,
        actor_id=None,
        scope=SITE,
        action="sign_in.failed",
        subject=f"user:{known}" if known else "",
        way=way or "many",
        address=address,
        times=counted.times,
        since=counted.first.isoformat(),
    )


_failed = told_by(_record)


def note_failure(way: str, *, login: str = "", user_id: int | None = None) -> None:
    """Count a failed try: `way` is "password", "second", "passkey", "link", "door" or "proof"."""
    now, address = clock.now(), address_here()
    _failed.add((way, login, user_id, address), now)
    watch(Happening(AlarmKind.SIGN_INS, SITE, address, now), "ALARM_SIGN_INS_ADDRESS", HOUR)
    if login:
        _count_login(Happening(AlarmKind.SIGN_INS, SITE, _pseudonym(login), now), login)
    elif user_id:
        who = f"user:{user_id}"
        watch(Happening(AlarmKind.SIGN_INS, SITE, who, now, user_id), "ALARM_SIGN_INS", HOUR)


def _count_login(happening: Happening, login: str) -> None:
    """Count by what was typed; whose it is, if anybody's, is looked up for the alarm alone."""
    most: int = current_app.config["ALARM_SIGN_INS"]
    if not reached(happening.kind, happening.who, most=most, within=HOUR):
        return
    user = user_by_login(login)
    if user is not None:
        happening = replace(happening, who=f"user:{user.id}", user_id=user.id)
    wait(Alert(happening, most, int(HOUR.total_seconds())))


def _pseudonym(login: str) -> str:
    return f"login:{keyed_hash(current_app.config['SECRET_KEY'], 'login', login)[:PSEUDONYM]}"


@blueprint.after_app_request
def note_refused_proof(answer: Response) -> Response:
    if g.get("proof_refused") and current_user.is_authenticated:
        note_failure("proof", user_id=current_user.id)
    return answer
