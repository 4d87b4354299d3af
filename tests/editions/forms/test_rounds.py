from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask

from contest.editions.coherence import TIE_STEPS
from contest.editions.forms.rounds import KIND_NAMES, KIND_WORDS, RoundForm, round_data
from contest.editions.forms.rules import (
    AGGREGATE_WORDS,
    COMBINE_WORDS,
    COUNTING_WORDS,
    CUT_TIE_WORDS,
    DECIDE_WORDS,
    PER_WORDS,
    STEP_WORDS,
)
from contest.editions.rules import (
    Advance,
    Aggregate,
    Band,
    Combine,
    Counting,
    CutTies,
    Decide,
    LocalText,
    Per,
    Quorum,
    RoundKind,
    RoundRules,
)
from tests.editions.samples import round_facts

ZONE = "Asia/Ho_Chi_Minh"
EVERYTHING = RoundRules(
    decimals=3,
    aggregate=Aggregate.CLAMPED,
    trim=2,
    trim_from=4,
    clamp=Decimal("2.5"),
    min_judges=2,
    judges_per_submission=7,
    blind=True,
    counting=Counting.COMPLETE,
    decide=Decide.AGREEMENT,
    whole_marks=False,
    scale_to=Decimal(100),
    carry=(("r0", Decimal("0.3")), ("self", Decimal("0.7"))),
    tie_breaks=("judges_preferring", "lower_spread", "earlier_round:r0", "earlier_round", "highest_scorecard", "chair"),
    advance=Advance(9, Per.ALL, Decimal(50), floors=True, ties=CutTies.CHAIR, percent=Decimal("12.5"), direct=3),
    spread_alarm=Decimal(10),
    quorum=Quorum(6, chair=True, secretary=False),
    min_entries=5,
    bands=(
        Band("gold", LocalText("Vàng", "Gold"), Decimal(90)),
        Band("silver", LocalText("Bạc"), Decimal(80)),
    ),
    appeal_days=7,
)


def test_every_choice_has_words() -> None:
    assert set(KIND_WORDS) == set(KIND_NAMES) == set(RoundKind)
    assert set(AGGREGATE_WORDS) == set(Aggregate)
    assert set(COMBINE_WORDS) == set(Combine)
    assert set(PER_WORDS) == set(Per)
    assert set(COUNTING_WORDS) == set(Counting)
    assert set(DECIDE_WORDS) == set(Decide)
    assert set(CUT_TIE_WORDS) == set(CutTies)
    assert set(STEP_WORDS) == set(TIE_STEPS)
    assert all(name.vi and name.en for name in KIND_NAMES.values())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("decimals", 9),
        ("min_judges", 0),
        ("judges_per_submission", 0),
        ("scale_to", Decimal(0)),
        ("spread_alarm", Decimal(-1)),
        ("trim_from", 0),
        ("min_entries", 0),
        ("appeal_days", 0),
        ("quorum_present", 0),
        ("advance_percent", Decimal(101)),
        ("advance_direct", 0),
    ],
)
def test_the_core_has_the_last_word_on_the_rules(app: Flask, field: str, value: object) -> None:
    with app.test_request_context():
        form = RoundForm(data=round_data(round_facts(), ZONE))
        form[field].data = value
        assert form.rules(round_facts(), []) is None
        assert list(form.errors) == [field]


def test_a_stored_round_comes_back_unchanged(app: Flask) -> None:
    earlier = [round_facts("r0")]
    for rules in (RoundRules(), EVERYTHING, RoundRules(advance=Advance(floors=True)), RoundRules(whole_marks=True)):
        facts = round_facts(rules=rules)
        with app.test_request_context():
            form = RoundForm(data=round_data(facts, ZONE, earlier))
            form.offer(facts, earlier)
            found = form.rules(facts, earlier)
            if rules.whole_marks:  # the sample's scale steps in halves
                assert list(form.errors) == ["whole_marks"]
            else:
                assert (found, form.errors) == (rules, {})


def test_a_ladder_longer_than_the_page_and_a_step_that_is_gone_stay(app: Flask) -> None:
    steps = (
        "judges_preferring",
        "highest_scorecard",
        "lower_spread",
        "chair",
        "criterion:GONE",
        "earlier_round:x",
        "coin",
    )
    facts = round_facts(rules=RoundRules(tie_breaks=steps))
    with app.test_request_context():
        form = RoundForm(data=round_data(facts, ZONE))
        form.offer(facts, [])
        assert [field.data for field in form.ties] == list(steps)
        assert all(field.data in [code for code, *_words in field.iter_choices()] for field in form.ties)
        assert form.rules(facts, []) is None
        assert len(form.form_errors) == 1
