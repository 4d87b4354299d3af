from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.divisions import (
    MOST,
    USUAL_FIELDS,
    USUAL_TRACKS,
    Division,
    format_divisions,
    parse_divisions,
    with_usual,
)
from contest.editions.rules import LocalText
from contest.errors import RuleBroken


def test_one_line_each_with_code_names_or_only_a_name() -> None:
    text = "A = Học sinh | Pupils\n\n  B=Sinh viên\nThanh  niên | Young people\n| Guests"
    assert parse_divisions(text) == (
        Division("A", LocalText("Học sinh", "Pupils")),
        Division("B", LocalText("Sinh viên")),
        Division("thanh-nien", LocalText("Thanh niên", "Young people")),
        Division("guests", LocalText("", "Guests")),
    )


def test_nothing_is_no_division() -> None:
    assert parse_divisions(" \n\n") == ()


def test_names_without_letters_get_a_code_by_line_and_equal_names_differ() -> None:
    assert [one.code for one in parse_divisions("日本\nA\nA")] == ["d1", "a", "a-2"]


@pytest.mark.parametrize(
    ("text", "code", "facts"),
    [
        ("A = Một\nA = Hai", "division_twice", {"line": 2, "item": "A"}),
        ("A = Một\nB =", "division_without_name", {"line": 2}),
        ("A = |", "division_without_name", {"line": 1}),
        ("hai chữ = Một", "division_code_invalid", {"line": 1, "item": "hai chữ"}),
        ("= Một", "division_code_invalid", {"line": 1, "item": ""}),
        ("A = " + "x" * 201, "division_too_long", {"line": 1, "limit": 200}),
        ("\n".join(f"c{n} = n" for n in range(MOST + 1)), "divisions_too_many", {"limit": MOST}),
    ],
)
def test_bad_lines_are_named(text: str, code: str, facts: dict[str, object]) -> None:
    with pytest.raises(RuleBroken) as refused:
        parse_divisions(text)
    assert (refused.value.code, refused.value.facts) == (code, facts)


NAMES = st.text(alphabet="aăâđêô ơư0-9", min_size=1, max_size=20).map(lambda t: " ".join(t.split())).filter(bool)


@given(st.lists(st.tuples(NAMES, st.one_of(st.just(""), NAMES)), max_size=8))
def test_what_is_written_is_read_back(names: list[tuple[str, str]]) -> None:
    divisions = tuple(Division(f"c{place}", LocalText(vi, en)) for place, (vi, en) in enumerate(names))
    assert parse_divisions(format_divisions(divisions)) == divisions


def test_the_usual_ones_are_added_once_by_code_or_by_name() -> None:
    assert parse_divisions(with_usual("", USUAL_TRACKS)) == USUAL_TRACKS
    typed = "A = Học sinh\nsinh-vien = Đại học"
    assert with_usual(typed, USUAL_TRACKS).splitlines() == [
        "A = Học sinh",
        "sinh-vien = Đại học",
        "thanh-nien = Thanh niên | Young people",
    ]
    once = with_usual("", USUAL_FIELDS)
    assert with_usual(once, USUAL_FIELDS) == once
    assert len(parse_divisions(once)) == 12
