"""What people decided in writing beside the numbers: rulings of the chair or the organisers, and the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class RulingKind(StrEnum):
    """What a ruling settles; `submission` and `value` of a `Ruling` mean something else in each.

    MISSING_PART: the part `value` is missing, its criteria count with their lowest mark.
    CHAIR_ORDER: place `value` (1, 2, …) within a tie. AGREED_RANK: the rank that the jury agreed on.
    ADVANCE: chosen among those tied at the line. WILD_CARD: advances besides. HELD_BACK: does not, the next moves up.
    CUT_TOP: another number of places for a group, without a submission (`advancement` reads its `value`).
    SPREAD_SETTLED: the chair has looked at a spread. UNFINISHED_ACCEPTED, QUORUM_ACCEPTED, FEW_ENTRIES_ACCEPTED: the
    round may be finalised all the same.
    """

    MISSING_PART = "missing_part"
    CHAIR_ORDER = "chair_order"
    AGREED_RANK = "agreed_rank"
    ADVANCE = "advance"
    WILD_CARD = "wild_card"
    HELD_BACK = "held_back"
    CUT_TOP = "cut_top"
    SPREAD_SETTLED = "spread_settled"
    UNFINISHED_ACCEPTED = "unfinished_accepted"
    QUORUM_ACCEPTED = "quorum_accepted"
    FEW_ENTRIES_ACCEPTED = "few_entries_accepted"


@dataclass(frozen=True, slots=True)
class Ruling:
    """One decision that stands (a revoked one is not here); `submission` is a position, None for the whole round."""

    kind: RulingKind
    submission: int | None
    value: str
    reason: str
    author: str


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """Points given (above 0) or taken (below 0) on the printed scale, after `scale_to`."""

    points: Decimal
    reason: str
    author: str
