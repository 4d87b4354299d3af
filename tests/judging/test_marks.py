"""What a judge types, read exactly."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.rules import CriterionSpec, LocalText, Rubric
from contest.errors import RuleBroken
from contest.judging.marks import (
    MarkProblem,
    MarksRefused,
    choices,
    has_buttons,
    mark_texts,
    plain,
    read_marks,
    running_total,
)
from contest.judging.papers import Sheet
from contest.judging.scoring import scorecard_total


def criterion(
    code: str = "C1", low: str = "0", high: str = "10", step: str = "0.5", weight: str = "1"
) -> CriterionSpec:
    return CriterionSpec(code, LocalText(code), Decimal(low), Decimal(high), Decimal(step), Decimal(weight))


def sheet(*criteria: CriterionSpec) -> Sheet:
    return Sheet(1, 1, blind=False, criteria=criteria, ids=tuple(range(1, len(criteria) + 1)))


ONE = sheet(criterion())
TWO = sheet(criterion("C1"), criterion("C2", "1", "5", "1", "1.5"))


def codes(refused: pytest.ExceptionInfo[MarksRefused]) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.criterion.code, problem.text) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("0", 0),
        ("8.5", 17),
        ("8,5", 17),
        ("8,50", 17),
        ("010", 20),
        ("+3", 6),
        ("0,500", 1),
        ("", None),
    ],
)
def test_comma_and_point_mean_the_same_and_nothing_is_a_blank(text: str, points: int | None) -> None:
    assert read_marks(ONE, {"C1": text}) == (points,)


def test_a_text_that_is_absent_is_a_blank() -> None:
    assert read_marks(TWO, {"C2": "3"}) == (None, 2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("abc", "mark_invalid"),
        ("-0", "mark_invalid"),
        ("-0,0", "mark_invalid"),
        ("10 ", "mark_invalid"),
        (" 10", "mark_invalid"),
        ("   ", "mark_invalid"),
        ("NaN", "mark_invalid"),
        ("inf", "mark_invalid"),
        ("-inf", "mark_invalid"),
        ("1e1", "mark_invalid"),
        ("1e309", "mark_invalid"),
        ("٨", "mark_invalid"),
        ("８", "mark_invalid"),
        ("8,", "mark_invalid"),
        (".5", "mark_invalid"),
        ("8 5", "mark_invalid"),
        ("8.5.0", "mark_invalid"),
        ("9" * 41, "mark_invalid"),
        ("1.000", "mark_ambiguous"),
        ("1,000", "mark_ambiguous"),
        ("10.5", "mark_out_of_range"),
        ("-0.5", "mark_out_of_range"),
        ("1000", "mark_out_of_range"),
        ("8.25", "mark_off_step"),
        ("0,1", "mark_off_step"),
    ],
)
def test_anything_else_is_refused_with_its_cause(text: str, code: str) -> None:
    with pytest.raises(MarksRefused) as refused:
        read_marks(ONE, {"C1": text})
    assert codes(refused) == [(code, "C1", text)]


def test_a_digit_beyond_the_precision_of_decimals_is_still_off_step() -> None:
    with pytest.raises(MarksRefused) as refused:
        read_marks(ONE, {"C1": "8.50000000000000000000000000000000001"})
    assert codes(refused) == [("mark_off_step", "C1", "8.50000000000000000000000000000000001")]


def test_all_problems_come_at_once_in_the_order_of_the_sheet_blanks_last() -> None:
    three = sheet(criterion("C1"), criterion("C2"), criterion("C3"))
    with pytest.raises(MarksRefused) as refused:
        read_marks(three, {"C3": "x", "C1": "11"}, complete=True)
    assert codes(refused) == [
        ("mark_out_of_range", "C1", "11"),
        ("mark_invalid", "C3", "x"),
        ("mark_missing_here", "C2", ""),
    ]
    assert refused.value.facts == {"count": 3}


def test_only_a_complete_reading_asks_for_every_mark() -> None:
    assert read_marks(TWO, {}) == (None, None)
    with pytest.raises(MarksRefused) as refused:
        read_marks(TWO, {"C1": "0"}, complete=True)
    assert codes(refused) == [("mark_missing_here", "C2", "")]
    assert read_marks(TWO, {"C1": "0", "C2": "1"}, complete=True) == (0, 0)


def test_a_text_for_no_criterion_is_refused() -> None:
    with pytest.raises(RuleBroken, match="criterion_unknown") as refused:
        read_marks(ONE, {"C1": "1", "C" * 60: "2"})
    assert refused.value.facts == {"criterion": "C" * 40}


steps = st.sampled_from(["1", "0.5", "0.25", "0.1", "2"])


@st.composite
def scales(draw: st.DrawFn) -> CriterionSpec:
    step = Decimal(draw(steps))
    low = draw(st.integers(-5, 5)) * step
    high = low + draw(st.integers(1, 40)) * step
    weight = Decimal(draw(st.integers(1, 400))) / 100
    return CriterionSpec("C1", LocalText(), low, high, step, weight)


@given(scales(), st.data())
def test_every_mark_of_a_scale_reads_back_from_its_own_text(scale: CriterionSpec, data: st.DataObject) -> None:
    points = data.draw(st.integers(0, scale.max_points))
    text = mark_texts(sheet(scale), (points,))["C1"]
    for spelling in (text, text.replace(".", ",")):
        assert read_marks(sheet(scale), {"C1": spelling}) == (points,)


@given(scales())
def test_choices_are_all_marks_ascending_and_few_ones_are_buttons(scale: CriterionSpec) -> None:
    shown = choices(scale)
    assert [Decimal(text) for text in shown] == [scale.minimum + p * scale.step for p in range(scale.max_points + 1)]
    assert has_buttons(scale) == (len(shown) <= 11)


@given(st.lists(scales(), min_size=1, max_size=5), st.data())
def test_the_running_total_is_exact_and_ends_as_the_total(
    given_scales: list[CriterionSpec], data: st.DataObject
) -> None:
    named = [
        CriterionSpec(f"C{i}", LocalText(), c.minimum, c.maximum, c.step, c.weight) for i, c in enumerate(given_scales)
    ]
    points = tuple(data.draw(st.none() | st.integers(0, c.max_points)) for c in named)
    total = running_total(sheet(*named), points)
    exact = [Fraction(c.weight) * Fraction(c.value_of(p)) for c, p in zip(named, points, strict=True) if p is not None]
    assert (None if total is None else Fraction(total)) == (sum(exact) if exact else None)
    if None not in points:
        assert total == scorecard_total(Rubric(tuple(named)), points)


def test_no_mark_has_no_total_and_a_zero_has_one() -> None:
    assert running_total(TWO, (None, None)) is None
    assert running_total(TWO, (0, None)) == 0
    assert running_total(TWO, (17, 4)) == Decimal("16.0")


@pytest.mark.parametrize(
    ("value", "text"),
    [("8.50", "8.5"), ("40", "40"), ("4E+1", "40"), ("0.00", "0"), ("-0.50", "-0.5"), ("100", "100"), ("1.05", "1.05")],
)
def test_plain_drops_needless_zeros_only(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


def test_mark_texts_leave_blanks_out() -> None:
    assert mark_texts(TWO, (None, 2)) == {"C2": "3"}


def test_a_problem_knows_its_criterion() -> None:
    assert MarkProblem("mark_invalid", ONE.criteria[0]).text == ""
