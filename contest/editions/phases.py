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
    """A round is set up, scored, closed, and its results are published once."""

    DRAFT = "draft"
    SCORING = "scoring"
    CLOSED = "closed"
    PUBLISHED = "published"


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
    """What an organiser may do with a round's state."""

    OPEN = "open"
    CLOSE = "close"
    REOPEN = "reopen"
    PUBLISH = "publish"


_MOVES: dict[Verb, tuple[frozenset[RoundState], RoundState]] = {
    Verb.OPEN: (frozenset({RoundState.DRAFT}), RoundState.SCORING),
    Verb.CLOSE: (frozenset({RoundState.SCORING}), RoundState.CLOSED),
    Verb.REOPEN: (frozenset({RoundState.CLOSED}), RoundState.SCORING),
    # A corrected result is published again.
    Verb.PUBLISH: (frozenset({RoundState.CLOSED, RoundState.PUBLISHED}), RoundState.PUBLISHED),
}


def moved(state: RoundState, verb: Verb) -> RoundState:
    """Return the state after the verb. Raises `RuleBroken` "round_cannot_<verb>" from any other state."""
    before, after = _MOVES[verb]
    if state not in before:
        raise RuleBroken(f"round_cannot_{verb.value}")
    return after
