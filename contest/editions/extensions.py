"""A deadline that a formal decision moves to a later moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contest.editions.phases import EditionState
from contest.errors import RuleBroken

LONGEST_DECISION, LONGEST_REASON = 100, 500
MOST_GRACE = 24 * 60
NOT_OVER = frozenset({"draft", "open", "scoring"})
"""The states of a round whose scoring can still be extended."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What orders an extension: the number and the day of the decision, and why. Texts are not empty."""

    number: str
    on: date
    reason: str

    def __post_init__(self) -> None:
        """Refuse a decision that nobody could look up."""
        if not 0 < len(self.number.strip()) <= LONGEST_DECISION:
            raise RuleBroken("extension_without_decision", longest=LONGEST_DECISION)
        if not 0 < len(self.reason.strip()) <= LONGEST_REASON:
            raise RuleBroken("extension_without_reason", longest=LONGEST_REASON)


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension as it is shown. `round_code` is "" for the submissions; moments are aware."""

    was: datetime
    until: datetime
    decision: Decision
    round_code: str = ""

    def __post_init__(self) -> None:
        """Refuse what would shorten the time."""
        check_later(self.was, self.until)


def check_later(was: datetime, until: datetime) -> None:
    """Refuse a new deadline that is not later; raises `RuleBroken` "extension_not_later"."""
    if until <= was:
        raise RuleBroken("extension_not_later", was=was)


def accepts_late(state: EditionState, closes: datetime | None, grace_minutes: int, now: datetime) -> bool:
    """Tell whether `now` lies in the grace: the closing moment is its first, the end of the last minute is outside."""
    if state is not EditionState.ANNOUNCED or closes is None:
        return False
    return closes <= now < closes + timedelta(minutes=grace_minutes)
