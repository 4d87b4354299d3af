"""What the value of a ruling may be, and which rulings settle the same thing."""

from __future__ import annotations

from contest.errors import RuleBroken
from contest.results.rulings import RulingKind

MOST_PLACES = 100_000
OF_A_SUBMISSION = frozenset(
    (
        RulingKind.MISSING_PART,
        RulingKind.CHAIR_ORDER,
        RulingKind.AGREED_RANK,
        RulingKind.ADVANCE,
        RulingKind.WILD_CARD,
        RulingKind.HELD_BACK,
        RulingKind.SPREAD_SETTLED,
    )
)
OF_A_ROUND = frozenset(
    (
        RulingKind.CUT_TOP,
        RulingKind.UNFINISHED_ACCEPTED,
        RulingKind.QUORUM_ACCEPTED,
        RulingKind.FEW_ENTRIES_ACCEPTED,
    )
)
_WITH_A_PLACE = (RulingKind.CHAIR_ORDER, RulingKind.AGREED_RANK)
_WITHOUT_VALUE = (RulingKind.ADVANCE, RulingKind.WILD_CARD, RulingKind.HELD_BACK, RulingKind.SPREAD_SETTLED)


def check_ruling(kind: RulingKind, value: str, *, about_submission: bool) -> None:
    """Check that a ruling says what its kind needs.

    Raises `RuleBroken` "ruling_without_submission", "ruling_with_submission", "ruling_value_missing",
    "ruling_value_unexpected" (value), "ruling_place_invalid" (value) or "cut_top_invalid" (value).
    """
    if kind in OF_A_SUBMISSION and not about_submission:
        raise RuleBroken("ruling_without_submission")
    if kind in OF_A_ROUND and about_submission:
        raise RuleBroken("ruling_with_submission")
    if kind is RulingKind.MISSING_PART and not value:
        raise RuleBroken("ruling_value_missing")
    if kind in _WITHOUT_VALUE and value:
        raise RuleBroken("ruling_value_unexpected", value=value)
    if kind in _WITH_A_PLACE:
        place_of(value)
    elif kind is RulingKind.CUT_TOP:
        cut_top_of(value)


def place_of(value: str) -> int:
    """Read a place, 1 or more. Raises `RuleBroken` "ruling_place_invalid" (value)."""
    number = _whole(value)
    if number is None or number < 1:
        raise RuleBroken("ruling_place_invalid", value=value)
    return number


def cut_top_of(value: str) -> tuple[str, int]:
    """Read "N" or "GROUP:N" as (group code, "" for every group; number of places, 0 or more).

    Raises `RuleBroken` "cut_top_invalid" (value).
    """
    group, colon, number = value.rpartition(":")
    places = _whole(number)
    if places is None or (colon and not group):
        raise RuleBroken("cut_top_invalid", value=value)
    return group, places


def settles(kind: RulingKind, submission: str, value: str) -> tuple[str, ...]:
    """Return what a ruling settles: a second one that stands for the same would contradict it or say it twice."""
    if kind is RulingKind.CUT_TOP:
        return kind.value, cut_top_of(value)[0]
    if kind is RulingKind.MISSING_PART:
        return kind.value, submission, value
    return kind.value, submission


def _whole(text: str) -> int | None:
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(MOST_PLACES)):
        return None
    return int(text) if int(text) <= MOST_PLACES else None
