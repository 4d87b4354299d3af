from __future__ import annotations

import pytest

from contest.errors import RuleBroken
from contest.results.ruling_values import (
    OF_A_ROUND,
    OF_A_SUBMISSION,
    check_ruling,
    cut_top_of,
    place_of,
    settles,
)
from contest.results.rulings import RulingKind

SOUND = {
    RulingKind.MISSING_PART: "video",
    RulingKind.CHAIR_ORDER: "1",
    RulingKind.AGREED_RANK: "12",
    RulingKind.CUT_TOP: "A:5",
}


def test_every_kind_is_about_a_submission_or_a_round() -> None:
    assert not OF_A_SUBMISSION & OF_A_ROUND
    assert set(RulingKind) == OF_A_SUBMISSION | OF_A_ROUND


@pytest.mark.parametrize("kind", list(RulingKind))
def test_a_sound_ruling_passes_and_one_about_the_wrong_thing_does_not(kind: RulingKind) -> None:
    about = kind in OF_A_SUBMISSION
    check_ruling(kind, SOUND.get(kind, ""), about_submission=about)
    with pytest.raises(RuleBroken) as raised:
        check_ruling(kind, SOUND.get(kind, ""), about_submission=not about)
    assert raised.value.code == ("ruling_without_submission" if about else "ruling_with_submission")


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        (RulingKind.MISSING_PART, "", "ruling_value_missing"),
        (RulingKind.CHAIR_ORDER, "", "ruling_place_invalid"),
        (RulingKind.AGREED_RANK, "0", "ruling_place_invalid"),
        (RulingKind.AGREED_RANK, "-1", "ruling_place_invalid"),
        (RulingKind.AGREED_RANK, "1.5", "ruling_place_invalid"),
        (RulingKind.AGREED_RANK, "٣", "ruling_place_invalid"),
        (RulingKind.WILD_CARD, "x", "ruling_value_unexpected"),
    ],
)
def test_a_value_that_says_nothing_is_refused(kind: RulingKind, value: str, code: str) -> None:
    with pytest.raises(RuleBroken) as raised:
        check_ruling(kind, value, about_submission=True)
    assert raised.value.code == code


@pytest.mark.parametrize(
    ("value", "read"), [("5", ("", 5)), ("0", ("", 0)), ("A:5", ("A", 5)), ("100000", ("", 100_000))]
)
def test_another_number_of_places(value: str, read: tuple[str, int]) -> None:
    assert cut_top_of(value) == read


@pytest.mark.parametrize("value", ["", ":5", "A:", "A:x", "-1", "100001", "1000000", "5:A"])
def test_no_number_of_places(value: str) -> None:
    with pytest.raises(RuleBroken) as raised:
        cut_top_of(value)
    assert (raised.value.code, raised.value.facts) == ("cut_top_invalid", {"value": value})


def test_places_are_read() -> None:
    assert place_of("12") == 12


def test_what_rulings_settle() -> None:
    assert settles(RulingKind.CHAIR_ORDER, "S1", "1") == settles(RulingKind.CHAIR_ORDER, "S1", "2")
    assert settles(RulingKind.MISSING_PART, "S1", "a") != settles(RulingKind.MISSING_PART, "S1", "b")
    assert settles(RulingKind.CUT_TOP, "", "A:1") != settles(RulingKind.CUT_TOP, "", "B:1")
    assert settles(RulingKind.CUT_TOP, "", "A:1") == settles(RulingKind.CUT_TOP, "", "A:2")
