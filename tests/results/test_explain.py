"""The sum of every line, step by step: the steps say what the engine did, and the sentences say the steps."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings

from contest.editions.rules import Aggregate, Band, Combine, Decide, LocalText, RoundRules, Rubric, Source
from contest.results.explain import Explainer, Step, explain
from contest.results.exports import Names, sentences
from contest.results.exports.explain_sentences import SENTENCES
from contest.results.inputs import RoundInputs
from contest.results.ranking import Standing, rank
from contest.results.rulings import LedgerEntry, Ruling, RulingKind
from tests.judging.panels import card, criterion, rubric
from tests.results.contests import Contest, contests, with_earlier

ONE_HUNDRED = Rubric((criterion("ALL", high="100"),))
NAMES = Names(judges=("An", "Bình", "Chi"), criteria={"ALL": LocalText("Tổng thể", "Overall")})


def totals(rules: RoundRules, *rows: tuple[int, ...], **more: Any) -> RoundInputs:
    cards = tuple(card(judge, entry, mark) for entry, row in enumerate(rows) for judge, mark in enumerate(row))
    return RoundInputs(rules, ONE_HUNDRED, (None,) * len(rows), cards, **more)


def words(inputs: RoundInputs, submission: int = 0, locale: str = "en") -> list[str]:
    return sentences(explain(inputs, submission), locale, NAMES)


def test_marks_mean_rounding_and_place(app: Flask) -> None:
    assert words(totals(RoundRules(decimals=1), (81, 82, 82), (90,))) == [
        "An: Overall 81.",
        "Bình: Overall 82.",
        "Chi: Overall 82.",
        "The mean of 81; 82; 82 is 81.666667….",
        "81.666667… is rounded half up: the result of this round is 81.7.",
        "With 81.7 that is rank 2 of 2.",
    ]


def test_vietnamese_has_the_decimal_comma_and_its_own_names(app: Flask) -> None:
    found = words(totals(RoundRules(), (81, 82)), locale="vi")
    assert found[0] == "An: Tổng thể 81."
    assert "81,5" in found[2]
    assert "81,50" in found[3]


def test_weights_stand_in_the_marks(app: Flask) -> None:
    marked = Rubric((criterion("A", "2", step="0.25"), criterion("B", "0.5")))
    inputs = RoundInputs(RoundRules(), marked, (None,), (card(0, 0, 33, 4),))
    assert words(inputs)[0] == "An: A 8.25 × 2 + B 4 × 0.5 = 18.5."
    assert words(inputs)[1] == "Only one number counts: 18.5."


def test_what_does_not_count_is_said_and_why(app: Flask) -> None:
    cards = (
        card(0, 0, 80),
        card(1, 0, None, recused=True),
        replace(card(2, 0, 0), abstained=True),
        card(3, 0, 70, submitted=False),
        card(4, 0, None, submitted=False),
    )
    found = words(RoundInputs(RoundRules(), ONE_HUNDRED, (None,), cards))
    assert found[1:5] == [
        "Bình withdrew from this submission: the scorecard does not count.",
        "Chi abstained: that is no zero and does not count.",
        "judge 4 has not handed the scorecard in: it does not count.",
        "judge 5 has given no mark: a blank is no zero and does not count.",
    ]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (RoundRules(aggregate=Aggregate.MEDIAN), ["In the middle of 10; 50; 90 lies 50."]),
        (
            RoundRules(aggregate=Aggregate.TRIMMED),
            ["The highest (90) and the lowest (10) are dropped.", "Only one number counts: 50."],
        ),
        (
            RoundRules(aggregate=Aggregate.CLAMPED, clamp=Decimal(30)),
            [
                "The mean is 50.00; what lies beyond 20 and 80 is moved to that limit: 10 → 20; 90 → 80.",
                "The mean of 20; 50; 80 is 50.",
            ],
        ),
        (
            RoundRules(aggregate=Aggregate.CLAMPED, clamp=Decimal(40)),
            ["The mean is 50.00 and nothing lies beyond 10 and 90.", "The mean of 10; 50; 90 is 50."],
        ),
        (
            RoundRules(scale_to=Decimal(10)),
            [
                "Each total is brought from a maximum of 100 to 10: An 1; Bình 5; Chi 9.",
                "The mean of 1; 5; 9 is 5.",
            ],
        ),
        (
            RoundRules(aggregate=Aggregate.ZSCORE),
            ["Judges are not compared because fewer than six submissions were scored: the plain mean counts."],
        ),
    ],
)
def test_what_was_dropped_moved_and_scaled(app: Flask, rules: RoundRules, expected: list[str]) -> None:
    assert words(totals(rules, (10, 50, 90)))[3 : 3 + len(expected)] == expected


def test_each_criterion_on_its_own(app: Flask) -> None:
    marked = Rubric((criterion("A", "2"), criterion("B")))
    rules = RoundRules(decimals=1, combine=Combine.CRITERION, scale_to=Decimal(100))
    cards = (card(0, 0, 7, 5), card(1, 0, 8, 5), card(2, 0, 8, 6))
    assert words(RoundInputs(rules, marked, (None,), cards))[3:] == [
        "A: The mean of 7; 8; 8 is 7.666667….",
        "A counts as 7.7; with its weight 2 that is 15.4.",
        "B: The mean of 5; 5; 6 is 5.333333….",
        "B counts as 5.3; with its weight 1 that is 5.3.",
        "The criteria add up to 20.7.",
        "The sum is brought from a maximum of 30 to 100: 69.",
        "The result of this round is 69.0.",
        "With 69.0 that is rank 1 of 1.",
    ]


def test_measured_criteria_ledger_missing_part_and_band(app: Flask) -> None:
    video = replace(criterion("VIDEO", low="1"), part="video", maximum=Decimal(10))
    organiser, audience = (
        replace(criterion(code, "2"), source=source)
        for code, source in (("ATTEND", Source.ORGANISER), ("VOTE", Source.AUDIENCE))
    )
    entry = LedgerEntry(Decimal(-25), "names its school", "lan"), LedgerEntry(Decimal("0.50"), "wish", "an")
    inputs = RoundInputs(
        RoundRules(bands=(Band("ok", LocalText("Đạt", "Passed"), Decimal(0)),)),
        Rubric((video, organiser, audience)),
        (None,),
        (card(0, 0, None),),
        measured=({"ATTEND": Fraction(8), "VOTE": Fraction(20, 3)},),
        ledger=(entry,),
        rulings=(Ruling(RulingKind.MISSING_PART, 0, "video", "link is private", "thư ký"),),
    )
    assert words(inputs) == [
        "The part video is missing, so the lowest mark counts for VIDEO: link is private (thư ký).",
        "An: VIDEO 1.",
        "Only one number counts: 1.",
        "ATTEND, entered by the organiser: 8 × 2 adds 16.",
        "VOTE, from the audience: 6.666667… × 2 adds 13.333333….",
        "25 points are taken off: names its school (lan).",
        "0.5 points are added: wish (an).",
        "5.833333… is rounded half up: the result of this round is 5.83.",
        "The result 5.83 reaches the band ok.",
        "With 5.83 that is rank 1 of 1.",
    ]


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ("1", ["1 point is added: wish (an).", "Cộng 1 điểm: wish (an)."]),
        ("1.00", ["1 point is added: wish (an).", "Cộng 1 điểm: wish (an)."]),
        ("-1", ["1 point is taken off: wish (an).", "Trừ 1 điểm: wish (an)."]),
        ("-1.5", ["1.5 points are taken off: wish (an).", "Trừ 1,5 điểm: wish (an)."]),
        ("0.5", ["0.5 points are added: wish (an).", "Cộng 0,5 điểm: wish (an)."]),
    ],
)
def test_words_bend_to_the_number_in_each_language(app: Flask, points: str, expected: list[str]) -> None:
    ledger = ((LedgerEntry(Decimal(points), "wish", "an"),),)
    found = [words(totals(RoundRules(), (50,), ledger=ledger), locale=locale) for locale in ("en", "vi")]
    assert [next(one for one in told if "wish" in one) for told in found] == expected


def test_rounds_together(app: Flask) -> None:
    rules = RoundRules(carry=(("r1", Decimal("0.3")), ("self", Decimal("0.7"))))
    inputs = totals(rules, (80, 81), (70,), earlier={"r1": (Decimal("70.05"), None)})
    assert words(inputs)[-2:] == [
        "Rounds together: 0.3 × 70.05 (r1) + 0.7 × 80.50 (this round) = 77.365, rounded half up: 77.37.",
        "With 77.37 that is rank 1 of 1.",
    ]
    assert words(inputs, 1)[-2:] == ["There is no result in r1, so none over the rounds.", "So there is no rank."]


def test_the_step_that_settled_the_place(app: Flask) -> None:
    order = Ruling(RulingKind.CHAIR_ORDER, 0, "1", "bolder idea", "Chủ tịch")
    rules = RoundRules(tie_breaks=("highest_scorecard", "chair"))
    inputs = totals(rules, (50, 50), (50, 50), (40, 60), rulings=(order,))
    assert words(inputs)[-2:] == [
        "3 submissions of 3 have the result 50.00.",
        "Chủ tịch decided in writing (bolder idea): rank 2.",
    ]
    assert words(inputs, 1)[-1] == "The written order of the chair names others first: rank 3."
    assert words(inputs, 2)[-1] == "The highest single scorecard (60) decides: rank 1."
    waiting = words(replace(inputs, rulings=()))
    assert waiting[-2:] == [
        "The highest single scorecard (50) decides: rank 2.",
        "2 share rank 2 until the chair orders them in writing.",
    ]


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ("criterion:ALL", "3 submissions of 3 have the result 50.00."),
        ("lower_spread", "The smaller distance between its judges (0) decides: rank 1."),
        ("earlier_round", "The result of the nearest earlier round decides: rank 3."),
        ("earlier_round:r1", "The result of r1 decides: rank 3."),
        ("judges_preferring", "2 submissions of 3 have the result 50.00."),
    ],
)
def test_every_step_of_the_ladder_has_words(app: Flask, step: str, sentence: str) -> None:
    earlier = {"r1": (Decimal(1), Decimal(2), Decimal(3))} if "round" in step else {}
    rows = ((49, 51), (51, 50)) if step == "judges_preferring" else ((50, 50), (40, 60), (30, 70))
    if step == "judges_preferring":
        inputs = totals(RoundRules(decimals=0, tie_breaks=(step,)), (50, 50), (49, 51), (49, 49))
        assert "The majority of the judges who scored both" not in " ".join(words(inputs))
        inputs = totals(RoundRules(tie_breaks=(step,)), (50, 51, 49), (49, 50, 51))
        assert words(inputs)[-1] == "The majority of the judges who scored both decides, pair by pair: rank 1."
        return
    assert sentence in words(totals(RoundRules(tie_breaks=(step,)), *rows, earlier=earlier))


def test_spread_and_agreement(app: Flask) -> None:
    rules = RoundRules(spread_alarm=Decimal(10))
    inputs = totals(rules, (50, 70))
    alarm = "Two judges lie 20.00 apart, more than 10 (10% of the maximum): the chair looks at it."
    assert alarm in words(inputs)
    settled = replace(inputs, rulings=(Ruling(RulingKind.SPREAD_SETTLED, 0, "", "both explained", "chair"),))
    assert (
        words(settled)[-2]
        == "Two judges lie 20.00 apart; the marks stand by a written decision: both explained (chair)."
    )
    agreed = replace(
        inputs,
        rules=RoundRules(decide=Decide.AGREEMENT),
        rulings=(Ruling(RulingKind.AGREED_RANK, 0, "1", "unanimous", "chair"),),
    )
    assert words(agreed)[-1] == "The jury agreed on rank 1: unanimous (chair)."
    assert (
        words(replace(agreed, rulings=()))[-1]
        == "The jury has not agreed on a rank yet: the numbers only stand beside."
    )


@pytest.mark.parametrize(
    ("inputs", "last"),
    [
        (totals(RoundRules(), ()), ["No scorecard counts.", "So there is no rank."]),
        (
            totals(RoundRules(aggregate=Aggregate.TRIMMED, trim_from=5), (1, 2, 3)),
            ["3 scorecards count, and dropping the highest and lowest needs at least 5.", "So there is no rank."],
        ),
        (
            totals(RoundRules(min_judges=3), (80,)),
            ["1 scorecard counts, and the rules ask for at least 3.", "So there is no rank."],
        ),
        (
            RoundInputs(RoundRules(), Rubric((replace(criterion("M"), source=Source.ORGANISER),)), (None,), ()),
            ["Not entered yet: M.", "So there is no rank."],
        ),
    ],
)
def test_why_there_is_no_rank(app: Flask, inputs: RoundInputs, last: list[str]) -> None:
    assert words(inputs)[-2:] == last


def test_judges_are_compared_in_words(app: Flask) -> None:
    marks = {(0, 0): 10, (0, 1): 20, (1, 2): 40, (1, 3): 60, (2, 4): 30, (2, 5): 30}
    cards = tuple(card(judge, entry, mark) for (judge, entry), mark in marks.items())
    inputs = RoundInputs(RoundRules(aggregate=Aggregate.ZSCORE), ONE_HUNDRED, (None,) * 6, cards)
    assert words(inputs)[1].startswith(
        "Each total is set against what its judge usually gives: An 10 (usually 15 ± 5);"
    )
    ranks = replace(inputs, rules=RoundRules(aggregate=Aggregate.RANKS))
    assert words(ranks, 1)[1] == (
        "The totals of each judge only rank the entries that this judge saw: An 20 → 100; the mean is 100."
    )


# For every contest that can be drawn.


def value(steps: tuple[Step, ...], code: str, fact: str) -> Any:
    return next((step.facts[fact] for step in steps if step.code == code), None)


def check(line: Standing, steps: tuple[Step, ...], rules: RoundRules) -> None:
    """The steps end in the numbers of the ranking."""
    codes = {step.code for step in steps}
    own = value(steps, "rounded", "value")
    assert (None if own is None else f"{own:f}") == line.own_result
    if own is not None:
        exact = Fraction(value(steps, "rounded", "exact"))
        assert abs(exact - Fraction(own)) * 2 * 10**rules.decimals <= 1
    if line.rank is None:
        assert "no_rank" in codes
    else:
        ranks = {step.facts["rank"] for step in steps if "rank" in step.facts}
        assert ranks == {line.rank}
    assert line.tied == bool(codes & {"shared", "awaits_chair"}) or rules.decide is Decide.AGREEMENT
    if rules.carry and line.result is not None:
        assert f"{value(steps, 'carried', 'value'):f}" == line.result


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(contests())
def test_the_steps_agree_with_the_ranking_for_every_contest(contest: Contest) -> None:
    earlier: dict[str, tuple[Decimal | None, ...]] = {}
    for code, bare in contest.rounds:
        inputs = with_earlier(bare, earlier)
        standings = rank(inputs)
        explainer = Explainer(inputs, standings)
        for line in standings:
            check(line, explainer.steps(line.submission), inputs.rules)
        own = {one.submission: one.own_result for one in standings}
        earlier[code] = tuple(None if own[at] is None else Decimal(own[at] or 0) for at in range(len(own)))


def test_every_sentence_can_be_formed(app: Flask) -> None:
    """Words for each code of a step; a template with a name that no step gives would raise."""
    assert {code for code in SENTENCES if not code.startswith("decided_")} >= {"card_of_one", "placed", "agreed"}
    example = totals(RoundRules(), (1,))
    for locale in ("vi", "en"):
        assert all(sentence.endswith(".") for sentence in words(example, locale=locale))


def test_the_sum_of_rubric_with_defaults_needs_no_names(app: Flask) -> None:
    inputs = RoundInputs(RoundRules(), rubric("1", "1"), (None,), (card(0, 0, 3, 4),))
    assert sentences(explain(inputs, 0), "en")[0] == "judge 1: C0 3 + C1 4 = 7."
