"""Who is next, for teams that wait outside: only when the organiser lets it be seen, and nothing of the judging."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.queries import round_by_code
from contest.editions.views.guards import edition_public
from contest.infra import clock
from contest.stage.pitching import TurnState, delay
from contest.stage.queries.pitching import is_public, stage_mark, stage_of
from contest.stage.views import pitch_words as words
from contest.stage.views.pitch import tagged
from contest.submissions.queries.publishing import public_names

blueprint = Blueprint("next_up", __name__)


def _open_round(edition: EditionFacts, round_code: str) -> RoundFacts:
    round_ = round_by_code(edition.id, round_code)
    if round_ is None or not is_public(round_.id):
        abort(404)
    return round_


def _parts(round_: RoundFacts) -> dict[str, Any]:
    stage, names = stage_of(round_), public_names(round_.edition_id, clock.now())
    turns, due = [one.turn for one in stage.lines], [one.due for one in stage.lines if one.due is not None]
    return {
        "round": round_,
        "stage": stage,
        "late": delay(turns, due, clock.now()),
        "TurnState": TurnState,
        "shown": [(one, *words.shown_name(round_, one.line, names)) for one in stage.lines],
        "turn_words": words.TURN_WORDS,
        "turn_tones": words.TURN_TONES,
    }


@blueprint.get("/e/<edition_code>/stage/<round_code>")
@edition_public
def page(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return render_template("stage/pitch_next.html", **_parts(_open_round(edition, round_code)))


@blueprint.get("/e/<edition_code>/stage/<round_code>/now")
@edition_public
def now(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = _open_round(edition, round_code)
    answer: Response = tagged(stage_mark(round_.id))
    if answer.status_code != 304:  # noqa: PLR2004  not modified
        answer.set_data(render_template("stage/_pitch_next.html", **_parts(round_)))
        answer.mimetype = "text/html"
    return answer
