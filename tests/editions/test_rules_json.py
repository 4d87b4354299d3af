from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.rules import Advance, Aggregate, Combine, CutTies, Per, RoundRules
from contest.editions.rules_json import rules_from_json, rules_to_json
from contest.errors import RuleBroken

AMOUNTS = st.none() | st.decimals(min_value=0, max_value=1000, places=3)
ADVANCES = st.none() | st.builds(
    Advance,
    top=st.none() | st.integers(min_value=1, max_value=99),
    per=st.sampled_from(Per),
    threshold=AMOUNTS,
    floors=st.booleans(),
    ties=st.sampled_from(CutTies),
)
RULES = st.builds(
    RoundRules,
    decimals=st.integers(min_value=0, max_value=6),
    combine=st.sampled_from(Combine),
    aggregate=st.sampled_from(Aggregate),
    trim=st.integers(min_value=0, max_value=5),
    clamp=AMOUNTS,
    min_judges=st.integers(min_value=1, max_value=9),
    judges_per_submission=st.none() | st.integers(min_value=1, max_value=9),
    blind=st.booleans(),
    scale_to=AMOUNTS,
    carry=st.lists(st.tuples(st.text(min_size=1), st.decimals(0, 1, places=2)), max_size=3).map(tuple),
    tie_breaks=st.lists(st.text(), max_size=3).map(tuple),
    advance=ADVANCES,
)


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
