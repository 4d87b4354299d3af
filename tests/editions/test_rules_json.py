from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.measures import Conversion, Measure
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
    RoundRules,
)
from contest.editions.rules_json import measure_from_json, measure_to_json, rules_from_json, rules_to_json
from contest.errors import RuleBroken

AMOUNTS = st.none() | st.decimals(min_value=0, max_value=1000, places=3)
SIZES = st.none() | st.decimals(min_value=Decimal("0.001"), max_value=1000, places=3)
COUNTS = st.none() | st.integers(min_value=1, max_value=99)
TEXTS = st.builds(LocalText, st.text(), st.text())
ADVANCES = st.none() | st.builds(
    Advance,
    top=st.none() | st.integers(min_value=9, max_value=99),
    per=st.sampled_from(Per),
    threshold=AMOUNTS,
    floors=st.booleans(),
    ties=st.sampled_from(CutTies),
    percent=st.none() | st.decimals(min_value=1, max_value=100, places=2),
    direct=st.none() | st.integers(min_value=1, max_value=9),
)
RULES = st.builds(
    RoundRules,
    decimals=st.integers(min_value=0, max_value=6),
    combine=st.sampled_from(Combine),
    aggregate=st.sampled_from([one for one in Aggregate if one is not Aggregate.CLAMPED]),
    trim=st.integers(min_value=0, max_value=5),
    trim_from=COUNTS,
    clamp=SIZES,
    min_judges=st.integers(min_value=1, max_value=9),
    judges_per_submission=COUNTS,
    blind=st.booleans(),
    counting=st.sampled_from(Counting),
    decide=st.sampled_from(Decide),
    whole_marks=st.booleans(),
    scale_to=SIZES,
    carry=st.lists(st.tuples(st.text(min_size=1), st.decimals(0, 1, places=2)), max_size=3).map(tuple),
    tie_breaks=st.lists(st.text(), max_size=3).map(tuple),
    advance=ADVANCES,
    spread_alarm=SIZES,
    pitch_minutes=st.none() | st.integers(1, 600),
    answer_minutes=st.none() | st.integers(1, 600),
    change_minutes=st.none() | st.integers(1, 600),
    quorum=st.none() | st.builds(Quorum, st.integers(1, 9), st.booleans(), st.booleans()),
    min_entries=COUNTS,
    bands=st.lists(
        st.builds(Band, st.text(), TEXTS, st.decimals(0, 100, places=2)), max_size=3, unique_by=lambda one: one.lowest
    ).map(tuple),
    appeal_days=COUNTS,
) | st.builds(
    RoundRules,
    aggregate=st.just(Aggregate.CLAMPED),
    clamp=st.decimals(min_value=Decimal("0.001"), max_value=1000, places=3),
)
MEASURES = st.builds(
    Measure,
    conversion=st.sampled_from([Conversion.LEADER, Conversion.PLACES]),
    best=AMOUNTS,
    worst=AMOUNTS,
    lower_is_better=st.booleans(),
) | st.decimals(0, 9, places=2).map(lambda best: Measure(Conversion.LINEAR, best, Decimal(10)))


@given(MEASURES)
def test_measures_survive_the_way_through_json(measure: Measure) -> None:
    assert measure_from_json(json.loads(json.dumps(measure_to_json(measure)))) == measure


@given(RULES)
def test_rules_survive_the_way_through_json(rules: RoundRules) -> None:
    assert rules_from_json(json.loads(json.dumps(rules_to_json(rules)))) == rules


def test_nothing_is_the_default() -> None:
    assert rules_from_json({}) == RoundRules()


def test_decimals_are_plain_text_and_never_floats() -> None:
    rules = RoundRules(clamp=Decimal("1E+2"), advance=Advance(threshold=Decimal("50.10")))
    data = rules_to_json(rules)
    assert data["clamp"] == "100"
    assert data["advance"]["threshold"] == "50.10"


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="best"):
        rules_from_json({"aggregate": "best"})
    with pytest.raises(RuleBroken, match="min_judges_below_one"):
        rules_from_json({"min_judges": 0})
