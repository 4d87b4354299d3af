"""The states of a scorecard, the exceptions to a closed panel, and what a judge says of a title."""

from __future__ import annotations

from enum import StrEnum


class ScorecardStatus(StrEnum):
    """Blank, zero, abstained and recused are four different things; only submitted scorecards count.

    Recused: the judge must not judge this entry (a conflict). Abstained: the judge cannot (a talk missed, a field
    unknown). Voided: the panel changed, and the organiser set the paper aside in writing.
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RECUSED = "recused"
    ABSTAINED = "abstained"
    VOIDED = "voided"


class LateState(StrEnum):
    """What became of a paper that came after the scoring had closed."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


class LateCause(StrEnum):
    """Why a paper was kept and not stored: scoring had ended, its rubric had changed, or it was taken away."""

    CLOSED = "closed"
    RUBRIC = "rubric"
    GONE = "gone"


class KeyedState(StrEnum):
    """What became of a paper sheet that one person typed in: it waits for a second one, counts, or was given back."""

    WAITING = "waiting"
    ENTERED = "entered"
    RETURNED = "returned"


class PanelChangeKind(StrEnum):
    """Why the panel changed after scoring had begun."""

    LATE = "late"
    REPLACED = "replaced"
    LEFT = "left"
    REMOVED = "removed"


class Bid(StrEnum):
    """Whether a judge wants to judge a submission; who says nothing has no bid."""

    WANT = "want"
    CAN = "can"
    RATHER_NOT = "rather_not"


class Party(StrEnum):
    """Who declares a conflict of interest."""

    JUDGE = "judge"
    TEAM = "team"
    ORGANISER = "organiser"


class Colleagues(StrEnum):
    """What two judges of one school or firm on one submission are: nothing, a warning, or never assigned."""

    ALLOW = "allow"
    WARN = "warn"
    NEVER = "never"
