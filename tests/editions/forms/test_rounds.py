from __future__ import annotations

import pytest
from flask import Flask

from contest.editions.forms.rounds import (
    AGGREGATE_WORDS,
    COMBINE_WORDS,
    KIND_NAMES,
    KIND_WORDS,
    PER_WORDS,
    RoundForm,
    round_data,
)
from contest.editions.rules import Aggregate, Combine, Per, RoundKind, RoundRules
from tests.editions.samples import round_facts


def test_every_choice_has_words() -> None:
    assert set(KIND_WORDS) == set(KIND_NAMES) == set(RoundKind)
    assert set(AGGREGATE_WORDS) == set(Aggregate)
    assert set(COMBINE_WORDS) == set(Combine)
    assert set(PER_WORDS) == set(Per)
    assert all(name.vi and name.en for name in KIND_NAMES.values())


@pytest.mark.parametrize(("field", "value"), [("decimals", 9), ("min_judges", 0), ("judges_per_submission", 0)])
def test_the_core_has_the_last_word_on_the_rules(app: Flask, field: str, value: int) -> None:
    with app.test_request_context():
        form = RoundForm(data=round_data(round_facts(), "Asia/Ho_Chi_Minh"))
        form[field].data = value
        assert form.rules(RoundRules()) is None
        assert list(form.errors) == [field]


def test_a_stored_round_comes_back_unchanged(app: Flask) -> None:
    rules = RoundRules(judges_per_submission=3, min_judges=2, decimals=1, blind=True)
    with app.test_request_context():
        form = RoundForm(data=round_data(round_facts(rules=rules), "Asia/Ho_Chi_Minh"))
        assert form.rules(rules) == rules
