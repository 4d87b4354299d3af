"""Where an edition and its rounds stand."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from contest.errors import RuleBroken


class EditionState(StrEnum):
    """Draft is seen by its committee only; announced by everybody; archived is read-only."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    ARCHIVED = "archived"


class Window(StrEnum):
    """Where the submission window stands at a moment."""

    UNSET = "unset"
    BEFORE = "before"
    OPEN = "open"
    AFTER = "after"


class RoundState(StrEnum):
    """A round on its way from set-up to public results; docs/lifecycle.md says what each state allows.

    Draft: being set up. Open: judges see their entries and declare conflicts, no marks yet. Scoring. Closed: no marks,
    the numbers are live, rulings are made. Confirmed: the chair has confirmed them. Finalised: frozen for good.
    """

    DRAFT = "draft"
    OPEN = "open"
    SCORING = "scoring"
    CLOSED = "closed"
    CONFIRMED = "confirmed"
    FINALISED = "finalised"
    PUBLISHED = "published"


BEFORE_CLOSE = frozenset({RoundState.DRAFT, RoundState.OPEN, RoundState.SCORING})
"""The panel, the assignments and the conflicts may still change."""
SETTLED = frozenset({RoundState.CONFIRMED, RoundState.FINALISED, RoundState.PUBLISHED})
"""Nothing that moves a number is taken any more, unless the confirmation is taken back or a correction approved."""
FROZEN = frozenset({RoundState.FINALISED, RoundState.PUBLISHED})
"""The results are the newest snapshot; advancing works from here on."""


def window_at(opens: datetime | None, closes: datetime | None, now: datetime) -> Window:
    """Tell where `now` lies; the opening moment is inside, the closing moment is the first one outside."""
    if opens is None or closes is None:
        return Window.UNSET
    if now < opens:
        return Window.BEFORE
    return Window.OPEN if now < closes else Window.AFTER


def accepts_submissions(state: EditionState, opens: datetime | None, closes: datetime | None, now: datetime) -> bool:
    """Tell whether teams may register, write and submit at `now`."""
    return state is EditionState.ANNOUNCED and window_at(opens, closes, now) is Window.OPEN


class Verb(StrEnum):
    """What is done to a round's state."""

    OPEN = "open"
    START = "start"
    CLOSE = "close"
    REOPEN = "reopen"
    CONFIRM = "confirm"
    UNCONFIRM = "unconfirm"
    FINALISE = "finalise"
    PUBLISH = "publish"
    CORRECT = "correct"


_MOVES: dict[Verb, tuple[frozenset[RoundState], RoundState]] = {
    Verb.OPEN: (frozenset({RoundState.DRAFT}), RoundState.OPEN),
    Verb.START: (frozenset({RoundState.DRAFT, RoundState.OPEN}), RoundState.SCORING),
    Verb.CLOSE: (frozenset({RoundState.SCORING}), RoundState.CLOSED),
    Verb.REOPEN: (frozenset({RoundState.CLOSED}), RoundState.SCORING),
    Verb.CONFIRM: (frozenset({RoundState.CLOSED}), RoundState.CONFIRMED),
    Verb.UNCONFIRM: (frozenset({RoundState.CONFIRMED}), RoundState.CLOSED),
    Verb.FINALISE: (frozenset({RoundState.CONFIRMED}), RoundState.FINALISED),
    Verb.PUBLISH: (frozenset({RoundState.FINALISED}), RoundState.PUBLISHED),
    Verb.CORRECT: (FROZEN, RoundState.CLOSED),
}


def moved(state: RoundState, verb: Verb) -> RoundState:
    """Return the state after the verb. Raises `RuleBroken` "round_cannot_<verb>" from any other state."""
    before, after = _MOVES[verb]
    if state not in before:
        raise RuleBroken(f"round_cannot_{verb.value}")
    return after


def verbs_from(state: RoundState) -> tuple[Verb, ...]:
    """Return what may be done to a round in this state, in the order of a round's life."""
    return tuple(verb for verb, (before, _after) in _MOVES.items() if state in before)
