"""What a judge says of titles before anything is assigned."""

from __future__ import annotations

from dataclasses import dataclass

from contest.judging.conflicts import ConflictReason
from contest.judging.states import Bid


@dataclass(frozen=True, slots=True)
class TitleWord:
    """A judge's word about one submission: a conflict of interest with its reason, or a bid, or neither."""

    bid: Bid | None = None
    conflict: ConflictReason | None = None
    reason: str = ""
