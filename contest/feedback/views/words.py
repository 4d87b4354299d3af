"""Words of the screening: why a comment stands out, and what was done with it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from contest.feedback.screening import FlagKind
from contest.feedback.states import Act, CommentState

FLAGS = {
    FlagKind.EMAIL: _l("E-mail address"),
    FlagKind.PHONE: _l("Phone number"),
    FlagKind.ID_NUMBER: _l("Identity number"),
    FlagKind.LINK: _l("Link"),
    FlagKind.JUDGE: _l("Name or organisation of a judge"),
    FlagKind.JUDGE_NUMBER: _l("Number of a judge"),
    FlagKind.SIGNATURE: _l("Tells who wrote it"),
    FlagKind.PERSON: _l("Name of a person of a team"),
    FlagKind.OTHER_TEAM: _l("Another team or its idea"),
    FlagKind.MARK: _l("Mark, rank or prize"),
    FlagKind.INSULT: _l("Harsh word"),
}
ACTS = {
    Act.APPROVED: _l("Passed on as it stands"),
    Act.EDITED: _l("Passed on with another wording"),
    Act.LEFT_OUT: _l("Left out"),
    Act.RENEWED: _l("Changed by its judge; waits again"),
    Act.WITHDRAWN: _l("Left out: its scorecard no longer counts"),
}
STATES = {
    CommentState.WAITING: (_l("To be screened"), "warn", "hourglass-split"),
    CommentState.APPROVED: (_l("Passed on"), "ok", "check-circle"),
    CommentState.EDITED: (_l("Passed on, edited"), "info", "pencil"),
    CommentState.LEFT_OUT: (_l("Left out"), "mute", "slash-circle"),
}


def flag_words(kind: FlagKind) -> str:
    return str(FLAGS[kind])


def act_words(act: Act) -> str:
    return str(ACTS[act])


def state_look(state: CommentState) -> tuple[str, str, str, str]:
    words, tone, glyph = STATES[state]
    return state.value, str(words), tone, glyph
