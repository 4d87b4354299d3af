"""Words of the day of the presentations, and what a screen needs to know of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from contest.editions.facts import RoundFacts
from contest.judging.papers import PaperState
from contest.judging.queries.draw import TurnLine
from contest.stage.pitching import TurnState
from contest.stage.queries.pitching import Stage, StageLine
from contest.stage.screens import Screen
from contest.stage.timer import Part
from contest.submissions.public_names import PublicNames
from contest.submissions.queries.publishing import public_names
from contest.web import messages
from contest.web.formats import localtime

NEXT_SHOWN = 3

messages.register(
    {
        "turn_not_now": _l("%(item)s is not at this point: look at the page again."),
        "stage_taken": _l("%(other)s is still on stage. End its turn before %(item)s begins."),
        "absent_reason": _l("%(item)s has been called twice. Write why it counts as absent."),
        "team_gone": _l("%(item)s has left the contest and is not called."),
        "place_taken": _l("%(item)s can be placed from %(first)s on: who stands before has had its turn."),
        "timer_extra": _l("Half an hour was added to this clock already."),
        "stage_unreadable": _l("This button is not known. Open the page again."),
    }
)

TURN_WORDS = {
    TurnState.WAITING: _l("waiting"),
    TurnState.CALLED: _l("called"),
    TurnState.ON_STAGE: _l("on stage"),
    TurnState.DONE: _l("has presented"),
    TurnState.ABSENT: _l("absent"),
}
TURN_TONES = {
    TurnState.WAITING: ("mute", "circle"),
    TurnState.CALLED: ("info", "megaphone"),
    TurnState.ON_STAGE: ("gold", "flag"),
    TurnState.DONE: ("ok", "check-circle"),
    TurnState.ABSENT: ("warn", "slash-circle"),
}
SEAT_WORDS = {
    PaperState.NOT_STARTED: _l("nothing saved yet"),
    PaperState.DRAFT: _l("saved, not handed in"),
    PaperState.SUBMITTED: _l("handed in"),
}
SCREEN_WORDS = {
    Screen.TIMER: _l("Clock"),
    Screen.NEXT: _l("Next teams"),
    Screen.BREAK: _l("Break screen"),
    Screen.BLANK: _l("Dark screen"),
}
PART_WORDS = {Part.PITCH: _l("Presentation"), Part.ANSWERS: _l("Questions and answers")}


def shown_name(round_: RoundFacts, line: TurnLine, names: PublicNames) -> tuple[str, str]:
    """Return what is said of a team before everybody: its name and its idea; in a blind round the code alone."""
    code = line.turn.code
    return (code, "") if round_.rules.blind else (names.told(code, line.team), names.told(code, line.title))


def _shown(round_: RoundFacts, one: StageLine, names: PublicNames) -> dict[str, str]:
    name, title = shown_name(round_, one.line, names)
    return {
        "code": one.turn.code,
        "name": name,
        "title": title,
        "due": localtime(one.due, "time"),
        "state": one.turn.state.value,
    }


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1000)


def screen_state(round_: RoundFacts, stage: Stage, now: datetime) -> dict[str, Any]:
    """Return what a screen shows; all moments and lengths in milliseconds, the clock as it stood at `now`."""
    there, timer, names = stage.on_stage, stage.timer, public_names(round_.edition_id, now)
    return {
        "revision": stage.revision,
        "now": _milliseconds(now),
        "screen": stage.screen.value,
        "part": timer.part.value,
        "elapsed": timer.elapsed(now),
        "running": timer.running,
        "extra": timer.extra,
        "lengths": {part.value: stage.lengths.of(part) for part in Part},
        "team": _shown(round_, there, names) if there else None,
        "next": [_shown(round_, one, names) for one in stage.following(NEXT_SHOWN)],
        "breakUntil": _milliseconds(stage.break_until),
        "breakName": stage.break_name,
        "breakTime": localtime(stage.break_until, "time"),
    }
