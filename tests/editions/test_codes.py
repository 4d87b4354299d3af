from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.codes import check_code, check_edition_code, free_code, next_year, slug
from contest.errors import RuleBroken


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ý tưởng khởi nghiệp 2026", "y-tuong-khoi-nghiep-2026"),
        ("Đường  phố – Đô thị!", "duong-pho-do-thi"),
        ("Chu\u031bo\u031bng tri\u0300nh", "chuong-trinh"),  # decomposed letters
        ("---", ""),
        ("日本", ""),
        ("", ""),
    ],
)
def test_slug_folds_vietnamese_to_plain_letters(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_slug_cuts_at_a_hyphen_and_a_long_word_where_it_must() -> None:
    assert slug("mot hai ba bon", longest=10) == "mot-hai-ba"
    assert slug("mot hai ba bon", longest=9) == "mot-hai"
    assert slug("abcdefghij", longest=4) == "abcd"


@given(st.text(max_size=80), st.integers(min_value=1, max_value=60))
def test_slug_is_empty_or_a_valid_code_and_stable(text: str, longest: int) -> None:
    code = slug(text, longest)
    assert len(code) <= longest
    assert code == "" or check_edition_code(code) == code
    assert slug(code, longest) == code


def test_free_code_counts_up_and_stays_within_the_limit() -> None:
    assert free_code("a", set()) == "a"
    assert free_code("a", {"a", "a-2"}) == "a-3"
    assert free_code("abcdef", {"abcdef"}, longest=6) == "abcd-2"
    assert free_code("abc-ef", {"abc-ef"}, longest=6) == "abc-2"


@given(st.sets(st.integers(min_value=1, max_value=30)))
def test_free_code_is_never_taken(numbers: set[int]) -> None:
    taken = {"x" if number == 1 else f"x-{number}" for number in numbers}
    assert free_code("x", taken) not in taken


@pytest.mark.parametrize("code", ["a", "mua-thu-2026", "2026", "a" * 60])
def test_edition_codes_that_are_taken_as_they_are(code: str) -> None:
    assert check_edition_code(code) == code


@pytest.mark.parametrize("code", ["", "A", "a_b", "-a", "a-", "a--b", "a/b", "ý", "a" * 61, "a\n", "../x"])
def test_edition_codes_that_are_refused(code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check_edition_code(code)
    assert refused.value.code == "edition_code_invalid"
    assert refused.value.facts == {"item": code[:60]}


def test_other_codes_may_hold_capitals_points_and_underscores() -> None:
    assert [check_code(code) for code in ("A", "r1", "IMPACT", "hoc-sinh", "a.b_c")] == [
        "A",
        "r1",
        "IMPACT",
        "hoc-sinh",
        "a.b_c",
    ]


@pytest.mark.parametrize("code", ["", " a", "-a", "a b", "ý", "a" * 41, "=1+1"])
def test_other_codes_that_are_refused(code: str) -> None:
    with pytest.raises(RuleBroken, match="code_invalid"):
        check_code(code)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ý tưởng 2026", "Ý tưởng 2027"),
        ("2025–2026", "2025–2027"),
        ("Mùa 2099", "Mùa 2100"),
        ("Lần thứ 7", "Lần thứ 7"),
        ("Mã 120261", "Mã 120261"),
        ("", ""),
    ],
)
def test_next_year_counts_the_last_year_up(name: str, expected: str) -> None:
    assert next_year(name) == expected
