"""The states of a scorecard."""

from __future__ import annotations

from enum import StrEnum


class ScorecardStatus(StrEnum):
    """Blank, zero and recused are three different things; only submitted scorecards count."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RECUSED = "recused"
