"""The ladder of tie-breaks: each step by hand, and what decides, shares and waits."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from contest.editions.rules import Decide, RoundRules, Rubric, Source
from contest.errors import RuleBroken
from contest.results.inputs import RoundInputs
from contest.results.ladder import parse
from contest.results.ranking import Standing, StandingStatus, rank
from contest.results.rulings import Ruling, RulingKind
from tests.judging.panels import card, criterion, rubric

Place = tuple[int | None, str | None, bool]


def entries(steps: tuple[str, ...], *rows: tuple[tuple[int, ...] | None, ...]) -> RoundInputs:
    """One row per submission: the marks of each of its judges, None where a judge did not see it."""
    cards = [card(judge, entry, *marks) for entry, row in enumerate(rows) for judge, marks in enumerate(row) if marks]
    width = max((len(one.points) for one in cards), default=1)
    return RoundInputs(RoundRules(tie_breaks=steps), rubric(*["1"] * width), (None,) * len(rows), tuple(cards))


def order(*places: int | None) -> tuple[Ruling, ...]:
    """The chair's written places, by position."""
    return tuple(
        Ruling(RulingKind.CHAIR_ORDER, position, str(place), "after discussion", "chair")
        for position, place in enumerate(places)
        if place is not None
    )


def places(inputs: RoundInputs) -> list[Place]:
    """Rank, what decided and whether it is shared, by position."""
    lines = sorted(rank(inputs), key=lambda one: one.submission)
    return [(one.rank, one.decided_by, one.tied) for one in lines]


def waiting(inputs: RoundInputs) -> list[int]:
    return sorted(one.submission for one in rank(inputs) if one.awaits_chair)


def test_rule_17_the_first_criterion_then_the_next() -> None:
    inputs = entries(("criterion:C0", "criterion:C1"), ((5, 5, 2),), ((6, 2, 4),), ((5, 6, 1),), ((9, 9, 9),))
    assert places(inputs) == [
        (4, "criterion:C1", False),
        (2, "criterion:C0", False),
        (3, "criterion:C1", False),
        (1, None, False),
    ]


def test_rule_17_printed_values_of_the_criterion_decide() -> None:
    """Thirds that print alike are alike: 4.33 against 4.33 is no difference."""
    inputs = entries(("criterion:C0",), ((4, 6), (4, 6), (5, 5)), ((5, 5), (4, 6), (4, 6)))
    assert places(inputs) == [(1, None, True), (1, None, True)]


def test_rule_18_the_highest_single_scorecard() -> None:
    inputs = entries(("highest_scorecard",), ((5,), (7,)), ((4,), (8,)), ((6,), (6,)))
    assert places(inputs) == [
        (2, "highest_scorecard", False),
        (1, "highest_scorecard", False),
        (3, "highest_scorecard", False),
    ]


def test_the_smaller_spread_of_exact_totals() -> None:
    inputs = entries(("lower_spread",), ((5,), (7,)), ((4,), (8,)), ((6,), (6,)))
    assert [place for place, _, _ in places(inputs)] == [2, 3, 1]


def test_rule_21_head_to_head_majority_of_the_judges_of_both() -> None:
    """Totals 18 each. Judges 1 and 2 prefer A to B; C is preferred by two of three to A and to B."""
    inputs = entries(("judges_preferring",), ((4,), (7,), (7,)), ((8,), (5,), (5,)), ((5,), (8,), (5,)))
    # A:B 2:1, A:C 1 (judge 2) to 2 (judges 0, 1), B:C 1 (judge 0), judge 1 prefers C, judge 2 equal: drawn.
    assert places(inputs) == [
        (2, "judges_preferring", False),
        (3, "judges_preferring", False),
        (1, "judges_preferring", False),
    ]


def test_head_to_head_counts_only_judges_who_scored_both() -> None:
    inputs = entries(("judges_preferring", "highest_scorecard"), ((6,), None, (6,)), (None, (6,), (6,)))
    assert places(inputs) == [(1, None, True), (1, None, True)]
    circle = entries(("judges_preferring",), ((3,), (2,), (1,)), ((1,), (3,), (2,)), ((2,), (1,), (3,)))
    assert places(circle) == [(1, None, True)] * 3


def test_a_step_splits_and_each_part_goes_on_with_the_next_step() -> None:
    """After C0 has split {0, 1} from {2, 3}, C1 splits the first and finds nothing in the second."""
    inputs = entries(("criterion:C0", "criterion:C1"), ((6, 3, 1),), ((6, 2, 2),), ((4, 1, 5),), ((4, 1, 5),))
    assert places(inputs) == [
        (1, "criterion:C1", False),
        (2, "criterion:C1", False),
        (3, "criterion:C0", True),
        (3, "criterion:C0", True),
    ]


def test_the_nearest_earlier_round_in_which_all_have_a_result() -> None:
    inputs = entries(("earlier_round",), ((5,),), ((5,),), ((5,),))
    r1, r2 = (Decimal(7), Decimal(9), Decimal(8)), (Decimal(1), None, Decimal(2))
    assert [place for place, _, _ in places(replace(inputs, earlier={"r1": r1, "r2": r2}))] == [3, 1, 2]
    assert places(replace(inputs, earlier={"r2": r2})) == [(1, None, True)] * 3
    named = replace(inputs, rules=RoundRules(tie_breaks=("earlier_round:r1",)))
    assert places(replace(named, earlier={"r1": r1, "r2": (Decimal(3),) * 3}))[0] == (3, "earlier_round:r1", False)


def test_rule_16_the_chair_orders_in_writing() -> None:
    inputs = replace(entries(("chair",), ((5,),), ((5,),), ((5,),)), rulings=order(2, 1, 3))
    assert places(inputs) == [(2, "chair", False), (1, "chair", False), (3, "chair", False)]
    assert waiting(inputs) == []


def test_rule_16_those_whom_the_chair_does_not_name_stay_behind_and_wait() -> None:
    inputs = replace(entries(("chair",), ((5,),), ((5,),), ((5,),)), rulings=order(None, 1))
    assert places(inputs) == [(2, "chair", True), (1, "chair", False), (2, "chair", True)]
    assert waiting(inputs) == [0, 2]


def test_without_an_order_the_tied_wait_for_the_chair() -> None:
    inputs = entries(("criterion:C0", "chair"), ((5, 5),), ((5, 5),), ((6, 4),), ((1, 1),))
    assert [place for place, _, _ in places(inputs)] == [2, 2, 1, 4]
    assert waiting(inputs) == [0, 1]


def test_the_chair_may_let_two_share_a_place() -> None:
    inputs = replace(entries(("chair",), ((5,),), ((5,),), ((5,),)), rulings=order(1, 1, 2))
    assert [place for place, _, _ in places(inputs)] == [1, 1, 3]
    assert waiting(inputs) == []


def test_steps_without_evidence_split_nothing() -> None:
    """A round of measured numbers alone has no scorecards to compare."""
    spec = replace(criterion("M"), source=Source.ORGANISER)
    marks = ({"M": Fraction(5)}, {"M": Fraction(5)})
    steps = ("highest_scorecard", "lower_spread", "judges_preferring", "earlier_round")
    inputs = RoundInputs(RoundRules(tie_breaks=steps), Rubric((spec,)), (0, 0), (), measured=marks)
    assert places(inputs) == [(1, None, True)] * 2


def test_case_05_a_tie_is_settled_within_its_track() -> None:
    inputs = replace(entries(("criterion:C0",), ((5, 5),), ((6, 4),), ((7, 3),)), tracks=(0, 1, 0))
    assert places(inputs) == [(2, "criterion:C0", False), (1, None, False), (1, "criterion:C0", False)]


@pytest.mark.parametrize(
    "step", ["criterion:C9", "criterion", "criterion:", "chair:x", "alphabet", "earlier_round:r9", "earlier_round:", ""]
)
def test_an_unknown_step_is_named(step: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        parse(("chair", step), rubric(), ("r1",))
    assert (refused.value.code, refused.value.facts) == ("tie_break_unknown", {"step": step})


def test_a_written_place_must_be_a_place() -> None:
    ruling = Ruling(RulingKind.CHAIR_ORDER, 0, "first", "", "")
    with pytest.raises(RuleBroken, match="ruling_place_invalid"):
        rank(replace(entries(("chair",), ((5,),), ((5,),)), rulings=(ruling,)))


def agreed(*ranks: str | None) -> tuple[Ruling, ...]:
    return tuple(
        Ruling(RulingKind.AGREED_RANK, position, value, "unanimous", "chair")
        for position, value in enumerate(ranks)
        if value is not None
    )


def test_rule_27_the_agreement_of_the_jury_decides_and_numbers_stand_beside() -> None:
    inputs = entries((), ((9,),), ((5,),), ((7,),), ((6,),))
    inputs = replace(inputs, rules=RoundRules(decide=Decide.AGREEMENT), rulings=agreed("2", "1", "2"))
    lines: dict[int, Standing] = {one.submission: one for one in rank(inputs)}
    assert [(lines[i].rank, lines[i].decided_by, lines[i].tied) for i in range(3)] == [
        (2, "agreement", True),
        (1, "agreement", False),
        (2, "agreement", True),
    ]
    assert (lines[3].status, lines[3].reason, lines[3].rank, lines[3].result) == (
        StandingStatus.INCOMPLETE,
        "no_agreement",
        None,
        "6.00",
    )
    assert [one.submission for one in rank(inputs)] == [1, 0, 2, 3]


def test_rule_34_an_agreement_needs_no_scorecard() -> None:
    inputs = RoundInputs(RoundRules(decide=Decide.AGREEMENT), rubric(), (0, 0), (), rulings=agreed("1"))
    first, second = rank(inputs)
    assert (first.rank, first.result, first.status) == (1, None, StandingStatus.RANKED)
    assert (second.rank, second.status) == (None, StandingStatus.INCOMPLETE)
