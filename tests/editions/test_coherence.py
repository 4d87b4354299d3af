from __future__ import annotations

from decimal import Decimal

import pytest

from contest.editions.coherence import Clash, check_coherent, clashes, is_tie_step, trims_too_few
from contest.editions.rules import Aggregate, Combine, CriterionSpec, LocalText, RoundRules, Rubric, Source
from contest.errors import RuleBroken


def criterion(code: str, step: str = "1", minimum: str = "0", source: Source = Source.JUDGES) -> CriterionSpec:
    low = Decimal(minimum)
    return CriterionSpec(code, LocalText(code), low, low + 10, Decimal(step), Decimal(1), source=source)


RUBRIC = Rubric((criterion("IDEA"), criterion("TEAM")))


@pytest.mark.parametrize("aggregate", list(Aggregate))
def test_only_whole_scorecards_can_be_corrected_or_ranked(aggregate: Aggregate) -> None:
    rules = RoundRules(aggregate=aggregate, combine=Combine.CRITERION, clamp=Decimal(3))
    wants = aggregate in (Aggregate.SEVERITY, Aggregate.ZSCORE, Aggregate.RANKS)
    expected = [Clash("aggregate_needs_scorecards", "aggregate", {"aggregate": aggregate.value})] if wants else []
    assert list(clashes(rules, RUBRIC, [])) == expected
    assert list(clashes(RoundRules(aggregate=aggregate, clamp=Decimal(3)), RUBRIC, [])) == []


def test_whole_marks_need_whole_steps_and_a_whole_beginning() -> None:
    rubric = Rubric(
        (
            criterion("A", "0.5"),
            criterion("B", "2", "0.5"),
            criterion("C"),
            criterion("D", "0.5", "0", Source.ORGANISER),
        )
    )
    found = list(clashes(RoundRules(whole_marks=True), rubric, []))
    assert [(one.code, one.facts["criterion"]) for one in found] == [
        ("whole_marks_fraction", "A"),
        ("whole_marks_fraction", "B"),
    ]
    assert list(clashes(RoundRules(), rubric, [])) == []


@pytest.mark.parametrize(
    ("step", "known"),
    [
        ("criterion:IDEA", True),
        ("criterion:idea", False),
        ("criterion:", False),
        ("judges_preferring", True),
        ("highest_scorecard", True),
        ("lower_spread", True),
        ("earlier_round", True),
        ("earlier_round:r1", True),
        ("earlier_round:r2", False),
        ("earlier_round:", False),
        ("chair", True),
        ("coin", False),
        ("", False),
    ],
)
def test_the_steps_of_the_ladder(step: str, *, known: bool) -> None:
    assert is_tie_step(step, ["IDEA"], ["r1"]) is known
    found = [one.facts["step"] for one in clashes(RoundRules(tie_breaks=(step,)), RUBRIC, ["r1"])]
    assert found == ([] if known else [step])


def test_only_earlier_rounds_are_carried_and_not_all_with_nothing() -> None:
    rules = RoundRules(carry=(("r1", Decimal(0)), ("r9", Decimal(0)), ("self", Decimal(0))))
    assert [(one.code, dict(one.facts)) for one in clashes(rules, RUBRIC, ["r1"])] == [
        ("carry_round_unknown", {"round": "r9"}),
        ("carry_weights_zero", {}),
    ]
    assert list(clashes(RoundRules(carry=(("r1", Decimal(0)), ("self", Decimal(1)))), RUBRIC, ["r1"])) == []


def test_the_first_clash_is_raised() -> None:
    check_coherent(RoundRules(), RUBRIC, [])
    with pytest.raises(RuleBroken) as raised:
        check_coherent(RoundRules(tie_breaks=("coin",)), RUBRIC, [])
    assert (raised.value.code, raised.value.facts) == ("tie_break_unknown", {"step": "coin"})


@pytest.mark.parametrize(
    ("panel", "trim_from", "aggregate", "too_few"),
    [
        (4, None, Aggregate.TRIMMED, True),
        (5, None, Aggregate.TRIMMED, False),
        (3, 3, Aggregate.TRIMMED, False),
        (3, None, Aggregate.MEAN, False),
        (None, None, Aggregate.TRIMMED, False),
    ],
)
def test_rule_10_a_trim_needs_five_judges_unless_fewer_are_wanted(
    panel: int | None, trim_from: int | None, aggregate: Aggregate, *, too_few: bool
) -> None:
    rules = RoundRules(aggregate=aggregate, judges_per_submission=panel, trim_from=trim_from)
    assert trims_too_few(rules) is too_few
