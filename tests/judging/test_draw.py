"""The order of presentation by lot."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.errors import RuleBroken
from contest.judging.draw import Turn, drawn, in_order, lot, moved_to_end, starts

CODES = ["A-01", "A-02", "A-03", "A-04"]


def test_anybody_can_repeat_the_draw_with_a_calculator_for_sha_256() -> None:
    seed = "3 5 1 6 2"
    by_hand = sorted(CODES, key=lambda code: hashlib.sha256(f"3 5 1 6 2\n{code}".encode()).hexdigest())
    assert drawn(seed, CODES) == tuple(by_hand)
    assert lot(seed, "A-01") == hashlib.sha256(b"3 5 1 6 2\nA-01").hexdigest()


@given(st.text(min_size=1).filter(str.strip), st.permutations(CODES))
def test_the_order_of_the_list_is_without_effect(seed: str, codes: list[str]) -> None:
    assert drawn(seed, codes) == drawn(seed, CODES)
    assert sorted(drawn(seed, codes)) == CODES


def test_no_place_is_likelier_than_another() -> None:
    firsts = Counter(drawn(str(seed), CODES)[0] for seed in range(4_000))
    assert all(900 < firsts[code] < 1_100 for code in CODES)


@pytest.mark.parametrize("seed", ["", "  "])
def test_a_draw_without_a_seed_is_refused(seed: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        drawn(seed, CODES)
    assert refused.value.code == "seed_empty"


TURNS = tuple(Turn(code, number) for number, code in enumerate(CODES, start=1))


def called(turns: tuple[Turn, ...]) -> list[str]:
    return [turn.code for turn in in_order(turns)]


def test_rule_43_a_team_absent_when_called_comes_last_and_keeps_its_lot() -> None:
    moved = moved_to_end(TURNS, "A-02", "Vắng khi gọi tên")
    assert called(moved) == ["A-01", "A-03", "A-04", "A-02"]
    assert moved[1] == Turn("A-02", 2, "Vắng khi gọi tên", 1)


def test_who_is_moved_again_comes_behind_those_moved_before() -> None:
    moved = moved_to_end(moved_to_end(TURNS, "A-02", "x"), "A-01", "y")
    assert called(moved) == ["A-03", "A-04", "A-02", "A-01"]
    assert called(moved_to_end(moved, "A-02", "z")) == ["A-03", "A-04", "A-01", "A-02"]


@pytest.mark.parametrize(("code", "reason", "refusal"), [("A-02", " ", "reason_missing"), ("B-9", "x", "not_in_draw")])
def test_a_move_needs_a_reason_and_a_team_of_the_draw(code: str, reason: str, refusal: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        moved_to_end(TURNS, code, reason)
    assert refused.value.code == refusal


def test_rule_42_each_turn_takes_its_minutes_on_stage_for_answers_and_between() -> None:
    nine = datetime(2026, 10, 11, 2, 0, tzinfo=UTC)
    assert [moment.strftime("%H:%M") for moment in starts(nine, 4, (5, 10, 2))] == ["02:00", "02:17", "02:34", "02:51"]
    assert [moment.strftime("%H:%M") for moment in starts(nine, 2, (4, None, None))] == ["02:00", "02:04"]
    assert starts(nine, 4, (None, None, None)) == ()
