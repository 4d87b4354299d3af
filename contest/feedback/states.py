"""The states of a comment on its way to a team, the acts of the one who screens it, and the language of letters."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class CommentState(StrEnum):
    """Waiting comments have not been read by the organiser yet; of the others only those left out stay behind."""

    WAITING = "waiting"
    APPROVED = "approved"
    EDITED = "edited"
    LEFT_OUT = "left_out"


class Act(StrEnum):
    """What is written into the trace of a comment.

    `RENEWED`: its judge changed it after it was drafted. `WITHDRAWN`: it stands on no scorecard that counts any more.
    """

    APPROVED = "approved"
    EDITED = "edited"
    LEFT_OUT = "left_out"
    RENEWED = "renewed"
    WITHDRAWN = "withdrawn"


class Languages(StrEnum):
    """In which language the fixed words of a letter stand; comments stay in the language of their judge."""

    BOTH = "both"
    VI = "vi"
    EN = "en"

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the languages in their order."""
        return ("vi", "en") if self is Languages.BOTH else (self.value,)


SENT_ON = frozenset({CommentState.APPROVED, CommentState.EDITED})
"""What the team reads."""


def screened(states: Iterable[CommentState]) -> bool:
    """Tell whether a letter may be released: nothing in it waits to be read."""
    return all(state is not CommentState.WAITING for state in states)
