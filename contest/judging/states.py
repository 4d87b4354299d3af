"""The states of a scorecard, and the exceptions to a closed panel."""

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


class PanelChangeKind(StrEnum):
    """Why the panel changed after scoring had begun."""

    LATE = "late"
    REPLACED = "replaced"
    LEFT = "left"
    REMOVED = "removed"
