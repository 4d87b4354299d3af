"""Awards as they are declared: how many, by what, to whom, for how much."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from contest.editions.rules import LocalText
from contest.errors import RuleBroken

MOST_DONG = 10**12


class AwardBy(StrEnum):
    """What decides an award."""

    RANK = "rank"
    CRITERION = "criterion"
    BAND = "band"
    CHAIR = "chair"
    VOTE = "vote"


class AwardTies(StrEnum):
    """What happens to teams that are tied across the last place of an award."""

    SHARE = "share"
    CHAIR = "chair"
    NONE = "none"


class Scope(StrEnum):
    """Whether an award is given in each track or once over all."""

    TRACK = "track"
    ALL = "all"


class EmptyReason(StrEnum):
    """Why a place of an award has no winner."""

    THRESHOLD = "threshold"
    NO_CANDIDATE = "no_candidate"
    TOO_FEW = "too_few"
    LEFT_EMPTY = "left_empty"
    TIE_ABOVE = "tie_above"
    TIE_NOT_BROKEN = "tie_not_broken"


@dataclass(frozen=True, slots=True)
class AwardSpec:
    """One award; without a `round` it belongs to the last one, without a `track` to none in particular.

    `amount` is the money of one place in dong; `places` is without meaning for an award by band. `exclusive`: a team
    keeps the higher of two exclusive awards, the lesser one passes on to the next team. `criterion` names what an award
    by criterion looks at (the audience's vote, say), `band` the band of an award by band.
    """

    code: str
    name: LocalText
    round: str = ""
    track: str = ""
    places: int = 1
    exclusive: bool = False
    by: AwardBy = AwardBy.RANK
    scope: Scope = Scope.TRACK
    criterion: str = ""
    band: str = ""
    threshold: Decimal | None = None
    ties: AwardTies = AwardTies.SHARE
    amount: int = 0
    sponsor: str = ""

    def __post_init__(self) -> None:
        """Refuse an award that nobody could be given."""
        if self.places < 1:
            raise RuleBroken("award_without_places", award=self.code)
        if not 0 <= self.amount <= MOST_DONG:
            raise RuleBroken("award_amount_out_of_range", award=self.code, most=MOST_DONG)
        if self.by is AwardBy.CRITERION and not self.criterion:
            raise RuleBroken("award_without_criterion", award=self.code)
        if self.by is AwardBy.BAND and not self.band:
            raise RuleBroken("award_without_band", award=self.code)


USUAL = (
    ("first", LocalText("Giải Nhất", "First prize"), 1),
    ("second", LocalText("Giải Nhì", "Second prize"), 2),
    ("third", LocalText("Giải Ba", "Third prize"), 3),
    ("consolation", LocalText("Giải Khuyến khích", "Consolation prize"), 2),
)
"""The ladder of most Vietnamese contests (Thanh Hóa 2025): exclusive, by rank, in each track."""
