"""Rules of real contests about the arithmetic of scores, each with numbers worked out by hand.

The numbers of the tests are those of the rules that docs/rules.md lists.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from contest.editions.measures import Conversion, Measure
from contest.editions.rules import (
    Aggregate,
    Band,
    Combine,
    Counting,
    CriterionSpec,
    LocalText,
    RoundRules,
    Rubric,
    Source,
)
from contest.errors import RuleBroken
from contest.judging.scoring import Besides, ResultState, Scorecard, own_results
from contest.results.inputs import RoundInputs
from contest.results.measured import Measurements, measured_marks
from contest.results.ranking import Standing, StandingStatus, rank
from contest.results.rulings import LedgerEntry, Ruling, RulingKind
from tests.judging.panels import card, criterion, rubric

ONE_HUNDRED = Rubric((criterion("ALL", high="100"),))


def contest(rules: RoundRules, marked: Rubric, *rows: tuple[tuple[int, ...], ...], **more: object) -> RoundInputs:
    """One row per submission: the marks of each of its judges."""
    cards = [card(judge, entry, *marks) for entry, row in enumerate(rows) for judge, marks in enumerate(row)]
    return RoundInputs(rules, marked, (None,) * len(rows), tuple(cards), **more)  # type: ignore[arg-type]


def totals(rules: RoundRules, *rows: tuple[int, ...], **more: object) -> RoundInputs:
    """One row per submission: the totals of its judges on a scale of 0 to 100."""
    return contest(rules, ONE_HUNDRED, *(tuple((mark,) for mark in row) for row in rows), **more)


def by_position(inputs: RoundInputs) -> list[Standing]:
    return sorted(rank(inputs), key=lambda one: one.submission)


def results(inputs: RoundInputs) -> list[str | None]:
    return [one.result for one in by_position(inputs)]


def measured(code: str, weight: str = "1", high: str = "10", source: Source = Source.ORGANISER) -> CriterionSpec:
    return replace(criterion(code, weight, high=high, step="0.5"), source=source)


def test_rule_01_mean_of_the_members_present_two_decimals() -> None:
    present = totals(RoundRules(decimals=2), (81, 82, 82))
    absent = replace(present, cards=(*present.cards, card(3, 0, None), card(4, 0, 0, recused=True)))
    assert results(present) == results(absent) == ["81.67"]


def test_rule_01_whole_numbers_are_whole_steps_of_the_scale() -> None:
    with pytest.raises(RuleBroken, match="score_off_step"):
        ONE_HUNDRED.judged[0].points_of(Decimal("81.5"))
    assert ONE_HUNDRED.judged[0].points_of(Decimal(81)) == 81


def test_rule_02_scale_of_ten_one_decimal_without_invalid_scores() -> None:
    marks = contest(RoundRules(decimals=1), Rubric((criterion("A", step="0.25"),)), (((31,)), ((32,)), ((33,))))
    assert results(marks) == ["8.0"]
    invalid = replace(marks.cards[2], abstained=True)
    assert results(replace(marks, cards=(*marks.cards[:2], invalid))) == ["7.9"]  # 7.75 and 8: 7.875


@pytest.mark.parametrize(("second", "alarm"), [(60, False), (61, True), (39, True), (40, False)])
def test_rule_03_spread_alarm_above_ten_per_cent_of_the_maximum(second: int, *, alarm: bool) -> None:
    (line,) = by_position(totals(RoundRules(spread_alarm=Decimal(10)), (50, second)))
    assert (line.alarm, line.spread) == (alarm, Decimal(abs(50 - second)).quantize(Decimal("0.01")))


def test_rule_03_spread_alarm_is_settled_in_writing_and_measured_on_the_scale() -> None:
    rules = RoundRules(spread_alarm=Decimal(10), scale_to=Decimal(20))
    ruling = Ruling(RulingKind.SPREAD_SETTLED, 0, "", "looked at", "chair")
    first, second = by_position(totals(rules, (50, 70), (50, 70), rulings=(ruling,)))
    assert (first.alarm, second.alarm) == (False, True)
    assert first.spread == Decimal("4.00")
    (alone,) = by_position(totals(rules, (50,)))
    assert (alone.alarm, alone.spread) == (False, None)


def test_rule_05_bands_from_their_lowest_result_on() -> None:
    bands = (Band("gold", LocalText(), Decimal(90)), Band("silver", LocalText(), Decimal(80)))
    lines = by_position(totals(RoundRules(bands=bands), (90, 90), (90, 89), (80,), (79,)))
    assert [one.band for one in lines] == ["gold", "silver", "silver", None]


def test_rule_06_a_coefficient_per_criterion() -> None:
    weights = ("4", "3", "3", "2", "2", "2", "1", "1", "1", "1")
    marked = Rubric(tuple(criterion(f"C{n}", weight, "1", "5") for n, weight in enumerate(weights)))
    lowest, highest = (0,) * 10, (4,) * 10
    assert results(contest(RoundRules(), marked, (lowest,), (highest,))) == ["20.00", "100.00"]
    assert results(contest(RoundRules(), marked, ((4, *(0,) * 9),))) == ["36.00"]


def test_rule_07_a_criterion_that_the_organiser_fills() -> None:
    marked = Rubric((criterion("PITCH"), measured("ATTEND", "1.5")))
    inputs = contest(RoundRules(), marked, ((8,), (9,)), ((9,), (9,)), measured=({"ATTEND": Fraction(10)}, {}))
    present, unknown = by_position(inputs)
    assert (present.result, present.criteria) == ("23.50", (Decimal("8.50"), Decimal("10.00")))
    assert (unknown.status, unknown.reason, unknown.result) == (StandingStatus.INCOMPLETE, "not_measured", None)
    assert unknown.criteria == (Decimal("9.00"), None)


def test_rule_07_a_round_that_is_only_measured_needs_no_judge() -> None:
    spec = replace(measured("METRIC", high="100"), measure=Measure(Conversion.LEADER, lower_is_better=True))
    marked = Rubric((spec,))
    raw = [Measurements(raw={"METRIC": [Decimal(number)]}) for number in ("2", "4", "3")]
    marks = measured_marks(marked, (0, 0, 0), raw)
    lines = by_position(RoundInputs(RoundRules(min_judges=3), marked, (0, 0, 0), (), measured=marks))
    assert [(one.rank, one.result) for one in lines] == [(1, "100.00"), (3, "50.00"), (2, "66.67")]
    assert marks[2]["METRIC"] == Fraction(200, 3)


def test_rule_08_bonus_and_flat_deduction() -> None:
    rules, reason = RoundRules(), "names its school"
    ledger = ((LedgerEntry(Decimal(-25), reason, "lan"), LedgerEntry(Decimal("2.5"), "wish", "an")), ())
    first, second = by_position(totals(rules, (80, 81), (80, 81), ledger=ledger))
    assert (first.result, first.ledger, second.result, second.ledger) == (
        "58.00",
        Decimal("-22.5"),
        "80.50",
        Decimal(0),
    )


def test_rule_08_points_are_added_after_the_scale() -> None:
    ledger = ((LedgerEntry(Decimal(5), "bonus", "an"),),)
    assert results(totals(RoundRules(scale_to=Decimal(10)), (80,), ledger=ledger)) == ["13.00"]
    criteria = RoundRules(scale_to=Decimal(10), combine=Combine.CRITERION)
    assert results(totals(criteria, (80,), ledger=ledger)) == ["13.00"]


def test_rule_09_a_missing_part_takes_the_lowest_mark_of_its_section() -> None:
    marked = Rubric(
        (criterion("IDEA", low="1", high="5"), replace(criterion("VIDEO", low="1", high="5"), part="video"))
    )
    ruling = Ruling(RulingKind.MISSING_PART, 1, "video", "link is private", "secretary")
    inputs = contest(RoundRules(), marked, ((3, 4), (3, 2)), ((3, 4), (3, None)), rulings=(ruling,))  # type: ignore[arg-type]  # a blank
    with_video, without = by_position(inputs)
    assert (with_video.result, with_video.judges) == ("8.00", 2)
    assert (without.result, without.judges, without.criteria) == ("5.00", 2, (Decimal("4.00"), Decimal("1.00")))


def test_rule_09_a_missing_part_counts_for_measured_criteria_too() -> None:
    marked = Rubric((criterion("IDEA"), replace(measured("VIEWS"), part="video", minimum=Decimal(2))))
    ruling = Ruling(RulingKind.MISSING_PART, 0, "video", "", "")
    assert results(contest(RoundRules(), marked, ((7,),), rulings=(ruling,))) == ["9.00"]


def test_rule_10_trimming_is_allowed_from_five_on() -> None:
    rules = RoundRules(aggregate=Aggregate.TRIMMED, trim=1, trim_from=5)
    five, four = by_position(totals(rules, (10, 50, 60, 70, 100), (10, 50, 60, 100)))
    assert five.result == "60.00"
    assert (four.status, four.reason, four.result) == (StandingStatus.INCOMPLETE, "too_few_to_trim", None)


def test_rule_11_standard_scores_by_hand() -> None:
    """Judge A gives 10, 20 (mean 15, deviation 5), judge B 40, 60 (50, 10), judge C 30 twice (deviation 0)."""
    marks = {(0, 0): 10, (0, 1): 20, (1, 2): 40, (1, 3): 60, (2, 4): 30, (2, 5): 30}
    cards = tuple(card(judge, entry, mark) for (judge, entry), mark in marks.items())
    inputs = RoundInputs(RoundRules(aggregate=Aggregate.ZSCORE), ONE_HUNDRED, (None,) * 6, cards)
    # All: mean 190/6, variance 7500/6 - (190/6)^2 = 247.2222, deviation 15.7233.
    assert results(inputs) == ["15.94", "47.39", "15.94", "47.39", "31.67", "31.67"]
    assert {one.note for one in rank(inputs)} == {None}


@pytest.mark.parametrize("aggregate", [Aggregate.ZSCORE, Aggregate.SEVERITY])
@pytest.mark.parametrize(
    ("seats", "note"),
    [
        ([(entry % 2, entry) for entry in range(8)], "too_few_judges_to_compare"),
        ([(entry % 3, entry) for entry in range(5)], "too_few_entries_to_compare"),
        ([(judge, entry) for judge in range(3) for entry in range(6)], "all_judged_all"),
    ],
)
def test_rule_11_where_judges_cannot_be_compared_the_mean_counts(
    aggregate: Aggregate, seats: list[tuple[int, int]], note: str
) -> None:
    entries = max(entry for _, entry in seats) + 1
    linked = [(0, 1), (1, 0), (2, 0), (1, 2)] if note != "all_judged_all" else []
    pairs = {*seats, *(pair for pair in linked if pair[0] <= max(judge for judge, _ in seats))}
    cards = tuple(card(judge, entry, 10 * judge + entry) for judge, entry in sorted(pairs))
    inputs = RoundInputs(RoundRules(aggregate=aggregate), ONE_HUNDRED, (None,) * entries, cards)
    plain = replace(inputs, rules=RoundRules())
    assert results(inputs) == results(plain)
    assert {one.note for one in rank(inputs)} == {note}


def test_rule_12_totals_only_rank_the_entries_a_judge_saw() -> None:
    """Judge A ranks three entries, judge B two of them equal and a fourth behind, judge C saw one alone."""
    marks = {(0, 0): 90, (0, 1): 80, (0, 2): 10, (1, 1): 50, (1, 2): 50, (1, 3): 49, (2, 3): 99}
    cards = tuple(card(judge, entry, mark) for (judge, entry), mark in marks.items())
    inputs = RoundInputs(RoundRules(aggregate=Aggregate.RANKS), ONE_HUNDRED, (None,) * 4, cards)
    # A: 1, 1/2, 0. B: places 1.5, 1.5, 3 of 3: 3/4, 3/4, 0. C: 1/2.
    assert results(inputs) == ["100.00", "62.50", "37.50", "25.00"]
    assert results(replace(inputs, rules=replace(inputs.rules, scale_to=Decimal(10)))) == [
        "10.00",
        "6.25",
        "3.75",
        "2.50",
    ]


def test_rule_13_weights_of_artefacts_and_of_rounds() -> None:
    marked = Rubric((criterion("CLIP", "0.3", high="100"), criterion("PLAN", "0.7", high="100")))
    assert results(contest(RoundRules(), marked, ((80, 60),))) == ["66.00"]
    rules = RoundRules(carry=(("r1", Decimal("0.3")), ("self", Decimal("0.7"))))
    earlier = {"r1": (Decimal("70.05"), None)}
    kept, lost = by_position(totals(rules, (80, 81), (99,), earlier=earlier))
    assert (kept.own_result, kept.result) == ("80.50", "77.37")  # 21.015 + 56.35 = 77.365
    assert (lost.own_result, lost.result, lost.reason) == ("99.00", None, "carry_missing")


def test_rule_14_the_sum_over_rounds_is_not_normalised() -> None:
    rules = RoundRules(carry=(("r1", Decimal(1)), ("r2", Decimal(1)), ("self", Decimal(1))))
    earlier = {"r1": (Decimal("70.00"),), "r2": (Decimal("81.25"),)}
    assert results(totals(rules, (90,), earlier=earlier)) == ["241.25"]


@pytest.mark.parametrize(("counting", "judges", "result"), [("submitted", 1, "80.00"), ("complete", 2, "70.00")])
def test_rule_15_when_an_incomplete_scorecard_counts(counting: str, judges: int, result: str) -> None:
    marked = Rubric((criterion("A", high="50"), criterion("B", high="50")))
    cards = (card(0, 0, 40, 40), card(1, 0, 30, 30, submitted=False), card(2, 0, 50, None, submitted=False))
    (line,) = rank(RoundInputs(RoundRules(counting=Counting(counting)), marked, (None,), cards))
    assert (line.judges, line.result) == (judges, result)


@pytest.mark.parametrize(
    ("aggregate", "row", "result"),
    [
        (Aggregate.MEDIAN, (10, 90, 50), "50.00"),
        (Aggregate.MEDIAN, (10, 90, 50, 61), "55.50"),
        (Aggregate.MEDIAN, (7,), "7.00"),
        (Aggregate.CLAMPED, (20, 20, 20, 30), "21.63"),  # mean 22.50: 30 becomes 26.5, 86.5 / 4 = 21.625
        (Aggregate.CLAMPED, (10, 20, 24), "18.67"),  # mean 18: 10 becomes 14, 24 becomes 22
        (Aggregate.CLAMPED, (20, 21, 22), "21.00"),
    ],
)
def test_each_aggregate_by_hand(aggregate: Aggregate, row: tuple[int, ...], result: str) -> None:
    assert results(totals(RoundRules(aggregate=aggregate, clamp=Decimal(4)), row)) == [result]


def test_the_middle_of_a_clamp_is_rounded_to_the_printed_places() -> None:
    rules = RoundRules(decimals=0, aggregate=Aggregate.CLAMPED, clamp=Decimal("1.5"))
    (own,) = own_results(rules, ONE_HUNDRED, [card(0, 0, 20), card(1, 0, 21), card(2, 0, 26), card(3, 0, 27)], 1)
    # mean 23.5 rounds to 24: limits 22.5 and 25.5.
    assert (own.exact, own.value) == (Fraction(24), Decimal(24))
    criteria = replace(rules, combine=Combine.CRITERION)
    assert own_results(criteria, ONE_HUNDRED, [card(j, 0, 20 + j) for j in range(3)], 1)[0].value == Decimal(21)


def test_a_sum_is_scaled_by_the_maximum_of_all_criteria() -> None:
    marked = Rubric((criterion("A", "2"), criterion("B"), measured("M", "0.5", high="20")))  # 20 + 10 + 10
    given = ({"M": Fraction(15)},)
    scaled = RoundRules(scale_to=Decimal(100))
    assert results(contest(scaled, marked, ((7, 6),), measured=given)) == ["68.75"]  # (14 + 6 + 7.5) x 100 / 40
    by_criterion = replace(scaled, combine=Combine.CRITERION, decimals=0)
    assert results(contest(by_criterion, marked, ((7, 6),), measured=given)) == ["70"]  # 7.5 is printed as 8


def test_severity_takes_off_what_a_strict_judge_takes_off() -> None:
    """Entries 0 and 1 are worth the same; only entry 0 met the judge who gives ten points less to everybody."""
    worth = (60, 60, 70, 40, 65, 50, 80, 30)
    seats = [(judge % 4, entry) for entry in range(8) for judge in range(entry, entry + 3)]
    cards = tuple(card(judge, entry, worth[entry] - (10 if judge == 0 else 0)) for judge, entry in seats)
    inputs = RoundInputs(RoundRules(aggregate=Aggregate.SEVERITY, decimals=1), ONE_HUNDRED, (None,) * 8, cards)
    plain = [Fraction(text or 0) for text in results(replace(inputs, rules=RoundRules(decimals=1)))]
    fair = [Fraction(text or 0) for text in results(inputs)]
    assert plain[1] - plain[0] == Fraction("3.3")
    assert abs(fair[1] - fair[0]) < Fraction(1, 2)
    assert {one.note for one in rank(inputs)} == {None}
    assert results(inputs) == results(replace(inputs, cards=cards[::-1]))


def test_severity_looks_at_linked_judges_only() -> None:
    """Two tracks with panels of their own are estimated apart; a track that falls apart keeps the mean."""
    seats = [(judge, entry) for entry in range(6) for judge in (entry % 3, (entry + 1) % 3)]
    cards = [card(judge, entry, 50 + 3 * entry - 7 * judge) for judge, entry in seats]
    other = [card(one.judge + 3, one.submission + 6, one.points[0]) for one in cards]
    rules = RoundRules(aggregate=Aggregate.SEVERITY)
    alone = RoundInputs(rules, ONE_HUNDRED, (0,) * 6, tuple(cards))
    both = RoundInputs(rules, ONE_HUNDRED, (0,) * 6 + (1,) * 6, (*cards, *other))
    assert results(both) == results(alone) * 2
    mixed = replace(both, tracks=(0,) * 12)
    assert results(mixed) == results(replace(mixed, rules=RoundRules()))
    assert {one.note for one in rank(mixed)} == {"judges_not_linked"}


@pytest.mark.parametrize("aggregate", [Aggregate.ZSCORE, Aggregate.SEVERITY, Aggregate.RANKS])
def test_comparing_judges_needs_whole_scorecards(aggregate: Aggregate) -> None:
    with pytest.raises(RuleBroken) as refused:
        own_results(RoundRules(aggregate=aggregate, combine=Combine.CRITERION), rubric(), [], 0)
    assert (refused.value.code, refused.value.facts) == ("aggregate_needs_scorecards", {"aggregate": aggregate.value})


def test_equal_standard_scores_are_equal_to_the_last_digit() -> None:
    """Three judges with irrational deviations; mirrored entries come out as exact mirrors, the middle at the mean."""
    marks = {(j, entry): mark for j in range(3) for entry, mark in ((2 * j, 1), (2 * j + 1, 2), (6, 3))}
    cards = tuple(card(judge, entry, mark) for (judge, entry), mark in marks.items())
    inputs = RoundInputs(RoundRules(aggregate=Aggregate.ZSCORE, decimals=6), ONE_HUNDRED, (None,) * 7, cards)
    found = results(inputs)
    assert found[0] == found[2] == found[4]
    assert found[1] == found[3] == found[5] == "2.000000"


# What may never lead to a crash or to a number that is none.


def states(inputs: RoundInputs) -> list[tuple[str, int | None, str | None]]:
    return [(one.status.value, one.rank, one.reason) for one in by_position(inputs)]


ALL = [
    RoundRules(combine=combine, aggregate=aggregate, clamp=Decimal(3), spread_alarm=Decimal(10), tie_breaks=("chair",))
    for combine in Combine
    for aggregate in Aggregate
    if combine is Combine.SCORECARD or aggregate not in (Aggregate.SEVERITY, Aggregate.ZSCORE, Aggregate.RANKS)
]


def test_degenerate_weights_that_sum_to_zero_are_refused() -> None:
    with pytest.raises(RuleBroken, match="weights_sum_to_zero"):
        rubric("0", "0")


def test_degenerate_scale_without_a_maximum_is_refused() -> None:
    marked = Rubric((criterion("A", low="-5", high="0"),))
    with pytest.raises(RuleBroken, match="scale_without_maximum"):
        own_results(RoundRules(scale_to=Decimal(100)), marked, [card(0, 0, 3)], 1)
    assert results(contest(RoundRules(), marked, ((3,),))) == ["-2.00"]


def test_degenerate_judged_criteria_without_weight_leave_the_measured_ones() -> None:
    marked = Rubric((criterion("A", "0"), measured("M")))
    rules = RoundRules(spread_alarm=Decimal(10))
    (line,) = rank(contest(rules, marked, ((3,), (9,)), measured=({"M": Fraction(4)},)))
    assert (line.result, line.alarm) == ("4.00", False)


@pytest.mark.parametrize("rules", ALL)
def test_degenerate_no_scorecard(rules: RoundRules) -> None:
    inputs = RoundInputs(rules, rubric(), (0, None, 0), (card(0, 0, None), card(0, 1, 3, submitted=False)))
    assert states(inputs) == [("unscored", None, "no_scorecard")] * 3
    assert rank(RoundInputs(rules, rubric(), (), ())) == ()


@pytest.mark.parametrize("rules", ALL)
def test_degenerate_one_judge_one_team(rules: RoundRules) -> None:
    (line,) = rank(RoundInputs(rules, rubric(), (0,), (card(0, 0, 7),)))
    if rules.aggregate is Aggregate.TRIMMED:
        assert (line.status, line.reason, line.result) == (StandingStatus.INCOMPLETE, "too_few_to_trim", None)
    else:
        share = Aggregate.RANKS is rules.aggregate
        assert (line.rank, line.result, line.tied, line.spread) == (1, "50.00" if share else "7.00", False, None)


@pytest.mark.parametrize("rules", ALL)
def test_degenerate_all_tied(rules: RoundRules) -> None:
    cards = tuple(card(judge, entry, 5) for judge in range(4) for entry in range(7) if (judge + entry) % 4)
    lines = rank(RoundInputs(rules, rubric(), (None,) * 7, cards))
    assert {(one.rank, one.tied, one.awaits_chair, one.decided_by) for one in lines} == {(1, True, True, None)}
    assert {one.result for one in lines} == {"50.00" if rules.aggregate is Aggregate.RANKS else "5.00"}


def test_degenerate_all_withdrawn_or_recused() -> None:
    cards = tuple(card(judge, entry, 5, recused=True) for judge in range(3) for entry in range(2))
    assert states(RoundInputs(RoundRules(), rubric(), (0, 0), cards)) == [("unscored", None, "no_scorecard")] * 2


def test_degenerate_criterion_missing_on_one_track() -> None:
    """Nobody measured the pupils: they are incomplete with the reason, the students are ranked."""
    marked = Rubric((criterion("A"), measured("M")))
    inputs = contest(RoundRules(), marked, ((5,),), ((6,),), measured=({}, {"M": Fraction(1)}))
    assert states(replace(inputs, tracks=(0, 1))) == [("incomplete", None, "not_measured"), ("ranked", 1, None)]


def test_too_few_judges_keep_a_result_without_a_rank() -> None:
    (line,) = rank(totals(RoundRules(min_judges=3), (80, 90)))
    assert (line.status, line.reason, line.rank, line.result) == (
        StandingStatus.INCOMPLETE,
        "too_few_judges",
        None,
        "85.00",
    )


def test_besides_may_be_left_out() -> None:
    (own,) = own_results(RoundRules(), Rubric((measured("M"),)), [], 1, Besides())
    assert (own.state, own.value, own.per_criterion) == (ResultState.NOT_MEASURED, None, (None,))


def test_an_abstention_is_neither_zero_nor_blank() -> None:
    abstained = Scorecard(0, 0, (0,), submitted=True, abstained=True)
    (own,) = own_results(RoundRules(), rubric(), [abstained, card(1, 0, 8)], 1)
    assert (own.value, own.judges) == (Decimal("8.00"), 1)
