from __future__ import annotations

import decimal
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.rules import Aggregate, Combine, RoundRules, Rubric
from contest.errors import RuleBroken
from contest.judging.scoring import (
    MarkState,
    ResultState,
    Scorecard,
    own_results,
    scorecard_total,
)
from tests.judging.panels import PANEL_NAMES, card, criterion, random_contest, read_panel, rubric

TRIMMED = RoundRules(aggregate=Aggregate.TRIMMED, trim=1)
BY_CRITERION = RoundRules(combine=Combine.CRITERION)


def only(rules: RoundRules, marked: Rubric, *cards: Scorecard) -> tuple[str | None, int, ResultState]:
    (result,) = own_results(rules, marked, cards, 1)
    return (None if result.value is None else str(result.value)), result.judges, result.state


@pytest.mark.parametrize("name", PANEL_NAMES)
def test_real_panels_come_out_to_the_last_digit(name: str) -> None:
    panel = read_panel(name)
    results = own_results(panel.rules, panel.rubric, panel.cards, len(panel.submissions))
    found = {code: str(result.value) for code, result in zip(panel.submissions, results, strict=True)}
    assert found == {code: result for code, (result, _) in panel.expected.items()}
    assert {result.judges for result in results} == {9}


def test_blank_zero_and_recused_are_three_things() -> None:
    zero, blank, recused = card(0, 0, 0), card(0, 0, None), card(0, 0, 0, recused=True)
    assert [one.state(0) for one in (zero, blank, recused)] == [MarkState.GIVEN, MarkState.BLANK, MarkState.RECUSED]
    assert [one.counts for one in (zero, blank, recused)] == [True, False, False]
    assert card(0, 0, None, recused=True).state(0) is MarkState.RECUSED
    assert only(RoundRules(), rubric(), zero) == ("0.00", 1, ResultState.COMPUTED)
    assert only(RoundRules(), rubric(), blank) == (None, 0, ResultState.UNSCORED)
    assert only(RoundRules(), rubric(), recused) == (None, 0, ResultState.UNSCORED)


def test_drafts_and_half_filled_scorecards_do_not_count() -> None:
    cards = (card(0, 0, 8, 6), card(1, 0, 0, None), card(2, 0, 0, 0, submitted=False))
    assert only(RoundRules(), rubric("1", "1"), *cards) == ("14.00", 1, ResultState.COMPUTED)


def test_a_total_is_the_exact_weighted_sum() -> None:
    marked = Rubric((criterion("A", "1.6", "1", "5", "0.25"), criterion("B", "0.35", "-2", "2", "0.5")))
    assert scorecard_total(marked, (3, 1)) == Decimal("1.6") * Decimal("1.75") + Decimal("0.35") * Decimal("-1.5")
    assert scorecard_total(Rubric((criterion("A", "1E+2", "0", "1E+1", "1E+1"),)), (1,)) == 1000


def test_the_decimal_context_does_not_matter() -> None:
    marked = Rubric((criterion("A", "1.2345678901234567", "0.1234567", "10.1234567", "0.0000001"),))
    with decimal.localcontext() as context:
        context.prec = 2
        total = scorecard_total(marked, (12345678,))
        (result,) = own_results(RoundRules(decimals=6), marked, [card(0, 0, 12345678)], 1)
    exact = Fraction("1.2345678901234567") * (Fraction("0.1234567") + 12345678 * Fraction("0.0000001"))
    assert Fraction(total) == exact == result.exact
    assert str(result.value) == "1.676573"


def test_missing_and_surplus_marks_are_refused() -> None:
    with pytest.raises(RuleBroken) as missing:
        scorecard_total(rubric("1", "1", "1"), (None, 3, None))
    assert (missing.value.code, missing.value.facts) == ("mark_missing", {"criteria": ("C0", "C2")})
    for points in ((), (1, 2)):
        with pytest.raises(RuleBroken) as misfit:
            scorecard_total(rubric(), points)
        assert (misfit.value.code, misfit.value.facts) == ("marks_do_not_fit", {"expected": 1, "found": len(points)})


@pytest.mark.parametrize(
    ("marks", "decimals", "printed"),
    [
        ((0, 0, 1), 2, "0.33"),
        ((0, 1, 1), 2, "0.67"),
        ((0, 1), 0, "1"),
        ((2, 3), 0, "3"),
        ((1, 0, 0, 0, 0, 0, 0, 0), 2, "0.13"),
        ((3, 0, 0, 0, 0, 0, 0, 0), 2, "0.38"),
        ((1, 1, 0), 6, "0.666667"),
    ],
)
def test_a_mean_is_rounded_half_up_once(marks: tuple[int, ...], decimals: int, printed: str) -> None:
    cards = [card(judge, 0, mark) for judge, mark in enumerate(marks)]
    (result,) = own_results(RoundRules(decimals=decimals), rubric(), cards, 1)
    assert str(result.value) == printed
    assert result.exact == Fraction(sum(marks), len(marks))
    assert result.totals == tuple(enumerate(map(Decimal, marks)))
    assert result.per_criterion == (result.value,)


def test_one_rounding_differs_from_two() -> None:
    cards = [card(0, 0, 1, 1), card(1, 0, 0, 0), card(2, 0, 0, 0)]
    once, twice = RoundRules(decimals=1), RoundRules(decimals=1, combine=Combine.CRITERION)
    assert only(once, rubric("1", "1"), *cards)[0] == "0.7"
    assert only(twice, rubric("1", "1"), *cards)[0] == "0.6"


def test_per_criterion_rounds_the_mean_and_then_the_product() -> None:
    cards = [card(0, 0, 8, 3), card(1, 0, 7, 3), card(2, 0, 7, 4)]
    (result,) = own_results(BY_CRITERION, rubric("0.8", "1.55"), cards, 1)
    assert result.per_criterion == (Decimal("7.33"), Decimal("3.33"))
    assert result.value == Decimal("5.86") + Decimal("5.16")  # 5.864 and 5.1615, each rounded
    assert result.exact == Fraction(result.value)
    assert result.totals == ((0, Decimal("11.05")), (1, Decimal("10.25")), (2, Decimal("11.80")))


def test_trimming_drops_whole_scorecards_or_single_marks() -> None:
    cards = [card(0, 0, 0, 9), card(1, 0, 9, 0), card(2, 0, 5, 6), card(3, 0, 5, 5), card(4, 0, 1, 1)]
    marked = rubric("1", "1")
    assert only(TRIMMED, marked, *cards)[0] == "9.33"  # totals 2 9 9 10 11
    assert only(replace(TRIMMED, combine=Combine.CRITERION), marked, *cards)[0] == "7.67"  # 1 5 5 and 1 5 6
    assert only(replace(TRIMMED, trim=0), marked, *cards)[0] == "8.20"
    assert only(replace(TRIMMED, aggregate=Aggregate.MEAN), marked, *cards)[0] == "8.20"


def test_equal_extremes_are_dropped_once_each() -> None:
    assert only(TRIMMED, rubric(), *(card(j, 0, mark) for j, mark in enumerate((4, 4, 7, 9, 9))))[0] == "6.67"


@pytest.mark.parametrize("combine", list(Combine))
def test_too_few_to_trim_has_no_value_but_keeps_the_totals(combine: Combine) -> None:
    (result,) = own_results(replace(TRIMMED, combine=combine), rubric(), [card(0, 0, 3), card(1, 0, 4)], 1)
    assert (result.value, result.exact, result.per_criterion) == (None, None, (None,))
    assert (result.judges, result.state) == (2, ResultState.TOO_FEW_TO_TRIM)
    assert result.totals == ((0, Decimal(3)), (1, Decimal(4)))
    assert only(TRIMMED, rubric(), card(0, 0, 3), card(1, 0, 4), card(2, 0, 9)) == ("4.00", 3, ResultState.COMPUTED)


def test_each_submission_has_its_own_result() -> None:
    results = own_results(RoundRules(), rubric(), [card(0, 2, 5), card(1, 0, 3), card(0, 0, 4)], 3)
    assert [str(result.value) for result in results] == ["3.50", "None", "5.00"]
    assert results[0].totals == ((0, Decimal(4)), (1, Decimal(3)))
    assert own_results(RoundRules(), rubric(), [], 0) == ()


@pytest.mark.parametrize("position", [-1, 1, 9])
def test_a_scorecard_for_nothing_is_refused(position: int) -> None:
    with pytest.raises(RuleBroken) as refused:
        own_results(RoundRules(), rubric(), [card(0, position, 1)], 1)
    assert (refused.value.code, refused.value.facts) == ("submission_unknown", {"submission": position})


def test_two_scorecards_of_one_judge_are_refused_even_as_drafts() -> None:
    with pytest.raises(RuleBroken) as refused:
        own_results(RoundRules(), rubric(), [card(3, 0, 1), card(3, 0, 2, submitted=False)], 1)
    assert (refused.value.code, refused.value.facts) == ("scorecard_twice", {"judge": 3, "submission": 0})


def test_a_scorecard_of_another_rubric_is_refused() -> None:
    with pytest.raises(RuleBroken) as refused:
        own_results(RoundRules(), rubric("1", "1"), [card(0, 0, 1)], 1)
    assert refused.value.code == "marks_do_not_fit"


def test_an_empty_rubric_gives_no_results() -> None:
    with pytest.raises(RuleBroken) as refused:
        own_results(RoundRules(), Rubric(), [], 1)
    assert refused.value.code == "rubric_empty"


@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_scorecards_changes_nothing(seed: int, shuffle: object) -> None:
    rules, marked, tracks, cards = random_contest(seed)
    mixed = sorted(cards, key=lambda _: shuffle.random())  # type: ignore[attr-defined]  # hypothesis' random.Random
    assert own_results(rules, marked, mixed, len(tracks)) == own_results(rules, marked, cards, len(tracks))


@given(st.integers(0, 10**6))
def test_what_does_not_count_changes_nothing(seed: int) -> None:
    rules, marked, tracks, cards = random_contest(seed)
    counting = [one for one in cards if one.counts]
    assert own_results(rules, marked, counting, len(tracks)) == own_results(rules, marked, cards, len(tracks))


@given(st.lists(st.integers(0, 20), min_size=1, max_size=9), st.integers(0, 3))
def test_a_judge_with_more_entries_weighs_no_more(marks: list[int], extra: int) -> None:
    alone = [card(judge, 0, mark % 11) for judge, mark in enumerate(marks)]
    busy = alone + [card(0, 1 + more, 10) for more in range(extra)]
    results = own_results(RoundRules(), rubric(), busy, 1 + extra)
    assert results[0] == own_results(RoundRules(), rubric(), alone, 1)[0]
