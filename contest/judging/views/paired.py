"""Devices that are paired for one round: a borrowed tablet opens its judge's papers of that round and nothing else."""

from __future__ import annotations

from flask import abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from contest.accounts.devices import device_name
from contest.accounts.queries import paired_devices, people_of
from contest.accounts.roles import Role
from contest.accounts.views.proving import proven
from contest.accounts.views.sheets import qr_sheet
from contest.editions.facts import EditionFacts
from contest.editions.views.guards import organisers_only
from contest.errors import NotAllowed
from contest.infra import clock
from contest.judging.queries.paired import is_of_round
from contest.judging.queries.progress import progress_of
from contest.judging.views.assignments import round_of
from contest.judging.views.progress import blueprint
from contest.web import messages

messages.register(
    {
        "device_paired": _l(
            "This device is paired for one round: it opens the submissions to score there and nothing else. For "
            "everything else sign in on your own device."
        ),
        "nobody_to_pair": _l("No judge has a submission in this round yet. Assign first."),
    }
)

ROOMS = frozenset({"judging", "offline"})
WAYS_OUT = frozenset({"accounts.sign_out"})
PUBLIC = frozenset({"public", "edition_public"})


@blueprint.before_app_request
def refuse_beyond_the_round() -> None:
    round_id = current_user.round_id
    if round_id is None or request.endpoint is None or request.endpoint in WAYS_OUT:
        return
    if getattr(current_app.view_functions[request.endpoint], "__guard__", "") in PUBLIC:
        return
    if request.endpoint.partition(".")[0] not in ROOMS:
        raise NotAllowed("device_paired")
    if not is_of_round(round_id, request.view_args or {}):
        abort(404)


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/devices")
@organisers_only
def devices(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _page(edition, round_code)


def _page(edition: EditionFacts, round_code: str, status: int = 200, message: str = "") -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    held = paired_devices(round_.id, clock.now())
    return render_template(
        "judging/panel/devices.html", round=round_, devices=held, device_name=device_name, message=message
    ), status


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/devices")
@organisers_only
@proven
def pair(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    assigned = {one.judge.user_id for one in progress_of(round_).judges if one.tally.assigned}
    people = [person for person in people_of(edition.id, clock.now()) if person.id in assigned]
    if not people:
        return _page(edition, round_code, 409, messages.sentence(NotAllowed("nobody_to_pair")))
    back = url_for("progress.devices", edition_code=edition.code, round_code=round_code)
    return qr_sheet(people, edition, role=Role.JUDGE, back_href=back, round_id=round_.id)
