"""The running order: its steps, the order of naming, ties, and an invented show."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.rules import NO_TEXT, LocalText
from contest.results.award_list import AwardLine, AwardList, Prize
from contest.results.award_rules import AwardBy, AwardSpec, Scope
from contest.stage.ceremony import (
    LONGEST_SENTENCE,
    SENTENCE,
    TEAMS,
    Portrait,
    monogram,
    one_sentence,
    payload_of,
    rehearsed,
)
from contest.stage.script import (
    MOST_TOGETHER,
    Place,
    Step,
    StepKind,
    arranged,
    beats_of,
    outline,
    places_from,
    places_json,
    with_winners,
)

A, B = ("A", LocalText("Bảng A")), ("B", LocalText("Bảng B", "Track B"))


def spec(code: str, **values: object) -> AwardSpec:
    return AwardSpec(**{"code": code, "name": LocalText(code), "round": "ck", **values})  # type: ignore[arg-type]


def prize(code: str, rank: int | None, result: str = "9.00", *, shared: bool = False) -> Prize:
    return Prize(code, f"Ý tưởng {code}", f"Đội {code}", "", (), rank, result, shared, 0)


def line(*winners: Prize, code: str = "first", track: str | None = None) -> AwardLine:
    name = LocalText(code)
    return AwardLine(code, name, "", "ck", track, NO_TEXT, 0, winners, (), (), 0, None, 0)


def named(beats: tuple[tuple[Prize, ...], ...]) -> list[str]:
    return ["".join(one.submission for one in beat) for beat in beats]


def test_special_awards_come_first_and_the_first_prize_last() -> None:
    specs = (spec("first"), spec("second"), spec("vote", by=AwardBy.VOTE, scope=Scope.ALL), spec("third"))
    keys = [step.key for step in outline(specs, (A, B))]
    awards = [f"award:{code}:{track}" for code in ("third", "second", "first") for track in ("A", "B")]
    assert keys == ["waiting", "opening", "award:vote:", *awards, "thanks"]


def test_an_award_of_one_track_or_without_tracks_is_one_step() -> None:
    assert [step.key for step in outline((spec("x", track="B"),), (A, B))][2:-1] == ["award:x:B"]
    assert [step.track for step in outline((spec("x", track="B"),), (A, B))][2:-1] == [B[1]]
    assert [step.key for step in outline((spec("x"),), ())][2:-1] == ["award:x:"]


@pytest.mark.parametrize(
    ("winners", "beats"),
    [
        ((prize("a", 1),), ["a"]),
        ((prize("a", 4), prize("b", 5), prize("c", 6)), ["c", "b", "a"]),
        ((prize("a", 2), prize("b", 2), prize("c", 4)), ["c", "ab"]),
        ((prize("a", 2, shared=True), prize("b", 2, shared=True)), ["ab"]),
        ((prize("a", 1, "9.00"), prize("b", 1, "8.00")), ["b", "a"]),  # the best of two tracks are no tie
        ((prize("a", None), prize("b", None)), ["b", "a"]),
        ((), []),
    ],
)
def test_the_last_place_is_named_first_and_equal_places_together(winners: tuple[Prize, ...], beats: list[str]) -> None:
    assert named(beats_of(line(*winners))) == beats


def test_in_a_special_award_the_place_in_the_ranking_ties_nobody() -> None:
    winners = (prize("a", 3), prize("b", 3), prize("c", 7, shared=True), prize("d", 9, shared=True))
    assert named(beats_of(line(*winners), special=True)) == ["cd", "b", "a"]


def test_a_large_tie_is_named_in_several_breaths() -> None:
    letters = "abcdefgh"
    found = beats_of(line(*(prize(letter, 1) for letter in letters)))
    assert [len(beat) for beat in found] == [MOST_TOGETHER, len(letters) - MOST_TOGETHER]
    assert "".join(named(found)) == letters


@given(st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=20), st.booleans())
def test_everybody_is_named_exactly_once(places: list[tuple[int, bool]], special: bool) -> None:  # noqa: FBT001
    winners = tuple(prize(f"{place},", rank, shared=shared) for place, (rank, shared) in enumerate(places))
    found = beats_of(line(*winners), special=special)
    assert sorted(one.submission for beat in found for one in beat) == sorted(one.submission for one in winners)
    assert all(0 < len(beat) <= MOST_TOGETHER for beat in found)


def test_the_organisers_order_stands_and_new_steps_find_their_place() -> None:
    before = outline((spec("first"), spec("second")), ())
    keys = [step.key for step in reversed(before)]
    places = [Place(key, shown=key != "opening", presenter=key.upper()) for key in keys]
    assert places_from(places_json(places)) == tuple(places)
    found = arranged(before, places)
    assert [step.key for step in found] == keys
    assert [step.shown for step in found] == [key != "opening" for key in keys]
    assert found[0].presenter == "THANKS"
    later = outline((spec("first"), spec("second"), spec("third")), ())
    usual = [Place(step.key) for step in before]
    assert [step.key for step in arranged(later, usual)] == [step.key for step in later]
    gone = arranged(outline((spec("first"),), ()), usual)
    assert [step.key for step in gone] == ["waiting", "opening", "award:first:", "thanks"]


def test_only_awards_of_the_list_are_given() -> None:
    steps = outline((spec("first"), spec("second")), ())
    listed = AwardList((), (line(prize("a", 1), code="first"),))
    found = with_winners(steps, listed)
    assert [step.key for step in found] == ["waiting", "opening", "award:first:", "thanks"]
    assert named(found[2].beats) == ["a"]


def test_a_rehearsal_invents_who_wins_with_a_tie() -> None:
    specs = (spec("first"), spec("many", places=40), spec("two", places=2))
    steps = rehearsed(outline(specs, ()), specs)
    found = {step.key: [len(beat) for beat in step.beats] for step in steps}
    assert found == {
        "waiting": [], "opening": [], "award:two:": [2], "award:many:": [1, 2], "award:first:": [1], "thanks": [],
    }  # fmt: skip
    winners = [one for step in steps for beat in step.beats for one in beat]
    assert {one.team for one in winners} <= set(TEAMS)
    assert all(one.submission.startswith("TEST-") for one in winners)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", ""),
        ("Một câu. Hai câu.", "Một câu."),
        ("Giá 3.5 đồng! Rẻ.", "Giá 3.5 đồng!"),
        ("không có dấu chấm\n\nđoạn hai", "không có dấu chấm đoạn hai"),
    ],
)
def test_one_sentence(text: str, sentence: str) -> None:
    assert one_sentence(text) == sentence


def test_a_long_sentence_ends_at_a_word() -> None:
    found = one_sentence("từ " * 200)
    assert len(found) <= LONGEST_SENTENCE
    assert found.endswith("từ…")


@pytest.mark.parametrize(
    ("team", "letters"),
    [("Đỗ Thị Ỷ", "ĐỶ"), ("=1+1", "★"), ("🚀", "★"), ("ong", "O"), ("فريق النور", "فا"), ("Đội 7 Sao", "ĐS")],
)
def test_a_monogram_stands_for_a_photo(team: str, letters: str) -> None:
    assert monogram(team) == letters


def test_the_payload_knows_winners_by_no_code() -> None:
    step = replace(Step("award:x:", StepKind.AWARD, LocalText("Giải")), beats=((prize("BT-007", 1),),))
    found = payload_of(step, {"BT-007": Portrait("Một câu.", "data:image/jpeg;base64,AA==", "bê tê")})
    (winner,) = found["beats"][0]
    assert "BT-007" not in (winner["monogram"], winner["reading"], found["key"])
    assert (winner["idea"], winner["reading"]) == ("Một câu.", "bê tê")
    assert found["name"] == {"vi": "Giải", "en": "Giải"}
    assert SENTENCE not in str(found)
