from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from contest.submissions.codes import code_key, code_of


def test_codes_have_three_digits_and_grow_beyond() -> None:
    assert [code_of(number) for number in (1, 42, 999, 1000)] == ["BT-001", "BT-042", "BT-999", "BT-1000"]


def test_codes_stand_in_the_order_people_expect() -> None:
    codes = ["BT-1000", "bt-2", "BT-010", "A10", "A9", "7", "12"]

    assert sorted(codes, key=code_key) == ["7", "12", "A9", "A10", "bt-2", "BT-010", "BT-1000"]


@given(st.lists(st.text(max_size=12)))
def test_any_codes_can_be_sorted(codes: list[str]) -> None:
    keys = [code_key(code) for code in sorted(codes, key=code_key)]

    assert all(one <= other for one, other in pairwise(keys))


@given(st.integers(min_value=1, max_value=10**6), st.integers(min_value=1, max_value=10**6))
def test_numbers_decide_the_order(one: int, other: int) -> None:
    assert (code_key(code_of(one)) < code_key(code_of(other))) == (one < other)
