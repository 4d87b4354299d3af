"""Who of the committee has a stake in an entry sees no mark, rank or count of its rounds until they are published.

Said once for every address under `organise/` that names a round: closed unless it is named here as telling nothing. A
page that is added later is closed, too.
"""

from __future__ import annotations

from flask import request
from flask_login import current_user

from contest.errors import NotAllowed
from contest.judging.queries.stakes import rounds_closed_to
from contest.judging.views.conflicts import blueprint

COMMITTEE_PAGES = "/e/<edition_code>/organise/"
# Who judges what is no mark: whoever runs the contest plans on.
OPEN_ROOMS = frozenset(
    {
        "assignments",
        "capacity",
        "changes",
        "conflicts",
        "draw",
        "editions",
        "fit",
        "participation",
        "pitch",
        "privacy",
        "sights",
    }
)
OPEN_PAGES = frozenset(
    {"progress.devices", "progress.pair", "exchange.upload_plan", "exchange.receive_plan", "exchange.plan_file"}
)
# Closed as soon as one round is, where the address names none: awards follow from all rounds together.
CLOSED_ROOMS = frozenset({"awards", "certificates", "ceremony", "live", "progress", "record", "sheets"})


@blueprint.before_app_request
def refuse_who_has_a_stake() -> None:
    rule, named = request.url_rule, request.view_args or {}
    if rule is None or not rule.rule.startswith(COMMITTEE_PAGES) or not current_user.is_authenticated:
        return
    if not _tells_marks(rule.endpoint, named):
        return
    closed = rounds_closed_to(named["edition_code"], current_user)
    if closed and named.get("round_code", "") in closed | {""}:
        raise NotAllowed("stake_in_round")


def _tells_marks(endpoint: str, named: dict[str, object]) -> bool:
    room = endpoint.partition(".")[0]
    if endpoint in OPEN_PAGES or room in OPEN_ROOMS:
        return False
    return "round_code" in named or room in CLOSED_ROOMS
