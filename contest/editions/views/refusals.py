"""What was refused to whom: counted towards an alarm, and told in the trail once per account and address.

The same address of the site counts once in ten minutes: a page that asks again and again by itself attacks nobody.
"""

from __future__ import annotations

import logging
from http import HTTPStatus

from flask import Response, g, request
from flask_login import current_user

from contest.editions.queries import edition_by_code
from contest.editions.views.blueprint import blueprint
from contest.infra import audit, clock
from contest.infra.alarms import SITE, AlarmKind, Happening
from contest.infra.cache import FrozenCache
from contest.infra.tally import Counted
from contest.web.watching import TEN_MINUTES, address_here, told_by, watch

REFUSED = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS)
KEPT_ADDRESSES = 20_000
logger = logging.getLogger(__name__)
_counted: FrozenCache[bool] = FrozenCache(KEPT_ADDRESSES)


def _record(counted: Counted) -> None:
    user_id, scope, address, status = counted.key if isinstance(counted.key, tuple) else (None, SITE, "", 0)
    said = {"status": status, "address": address, "times": counted.times, "since": counted.first.isoformat()}
    audit.record(at=counted.last, actor_id=user_id, scope=scope, action="access.refused", **said)


_refused = told_by(_record)


@blueprint.after_app_request
def count_refusal(answer: Response) -> Response:
    if answer.status_code in REFUSED:
        try:
            _count(answer.status_code)
        except Exception:
            logger.exception("a refusal could not be counted")
    return answer


def _count(status: int) -> None:
    now, who, scope = clock.now(), address_here(), SITE
    user_id = current_user.id if current_user.is_authenticated else None
    if user_id is not None:
        scope = _scope()
        _refused.add((user_id, scope, who, status), now)
        who = f"user:{user_id}"
    happening = Happening(AlarmKind.REFUSALS, scope, who, now, user_id, request.endpoint or "")
    setting = "ALARM_REFUSALS" if user_id is not None else "ALARM_REFUSALS_ADDRESS"
    slot = int(now.timestamp() // TEN_MINUTES.total_seconds())

    def count() -> bool:
        watch(happening, setting, TEN_MINUTES)
        return True

    _counted.get((who, request.method, hash(request.path), slot), count)


def _scope() -> str:
    """Return the edition that refused, when the person belongs to it: strangers are the site's business."""
    edition = g.get("edition")
    code = (request.view_args or {}).get("edition_code")
    if edition is None and code is not None:
        edition = edition_by_code(code)
    return f"edition:{edition.id}" if edition is not None and current_user.roles_in(edition.id) else SITE
