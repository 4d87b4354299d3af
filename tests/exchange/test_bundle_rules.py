"""The rules of a round in edition.toml: every key is read exactly, each mistake is named by line and key."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contest.editions.measures import Conversion, Measure
from contest.editions.rules import (
    Advance,
    Aggregate,
    Band,
    Counting,
    CutTies,
    Decide,
    LocalText,
    Per,
    Quorum,
    RoundRules,
)
from contest.exchange.bundle.dump import document_text
from contest.exchange.bundle.model import BundleEdition
from tests.exchange.helpers import CRITERION, DOCUMENT, EDITION, ROUND, SECOND, good, one, parse

EARLIER = '\n[[rounds]]\ncode = "r0"\nname = "Sơ loại"\n'
RULES = """
trim_from = 3
counting = "complete"
decide = "agreement"
spread_alarm = "10"
quorum = { present = 6, chair = true, secretary = false }
min_entries = 5
appeal_days = 7
tie_breaks = ["criterion:idea", "judges_preferring", "lower_spread", "earlier_round:R0", "earlier_round", "chair"]
advance = { percent = "12,5", direct = 2, floors = true, ties = "chair", per = "field" }
carry = { R0 = "0.3", self = "0.7" }

[[rounds.bands]]
code = "silver"
name = { vi = "Bạc", en = "Silver" }
lowest = "80"

[[rounds.bands]]
code = "gold"
name = "Vàng"
lowest = "90"
"""


def edition(rules: str, criteria: str = CRITERION + SECOND, before: str = "") -> BundleEdition:
    return good(EDITION + before + ROUND + rules + criteria).edition


def test_every_rule_is_read() -> None:
    assert edition(RULES, before=EARLIER).rounds[1].rules == RoundRules(
        trim_from=3,
        counting=Counting.COMPLETE,
        decide=Decide.AGREEMENT,
        spread_alarm=Decimal(10),
        quorum=Quorum(6, chair=True, secretary=False),
        min_entries=5,
        appeal_days=7,
        tie_breaks=(
            "criterion:IDEA",
            "judges_preferring",
            "lower_spread",
            "earlier_round:r0",
            "earlier_round",
            "chair",
        ),
        advance=Advance(percent=Decimal("12.5"), direct=2, floors=True, ties=CutTies.CHAIR, per=Per.FIELD),
        carry=(("r0", Decimal("0.3")), ("self", Decimal("0.7"))),
        bands=(
            Band("gold", LocalText("Vàng"), Decimal(90)),
            Band("silver", LocalText("Bạc", "Silver"), Decimal(80)),
        ),
    )


@pytest.mark.parametrize("aggregate", [Aggregate.ZSCORE, Aggregate.RANKS, Aggregate.SEVERITY])
def test_every_aggregate_is_read(aggregate: Aggregate) -> None:
    assert edition(f'aggregate = "{aggregate.value}"\n').rounds[0].rules == RoundRules(aggregate=aggregate)


def test_what_is_written_is_read_as_it_was() -> None:
    first = edition(RULES, before=EARLIER)
    assert good(document_text(first)).edition == first


@pytest.mark.parametrize(
    ("written", "measure"),
    [
        ('{ conversion = "linear", best = "30", worst = "60" }', Measure(Conversion.LINEAR, Decimal(30), Decimal(60))),
        ('{ conversion = "leader", lower_is_better = true }', Measure(Conversion.LEADER, lower_is_better=True)),
        ('{ conversion = "places" }', Measure(Conversion.PLACES)),
    ],
)
def test_a_measure_and_a_part(written: str, measure: Measure) -> None:
    extra = f'source = "organiser"\npart = "VIDEO"\nmeasure = {written}\n'
    parts = '\n[[parts]]\ncode = "video"\nname = "Phim"\n'
    found = good(EDITION + parts + ROUND + CRITERION + extra).edition
    assert found.rounds[0].criteria.criteria[0].measure == measure
    assert found.rounds[0].criteria.criteria[0].part == "video"
    assert good(document_text(found)).edition == found


def test_a_part_that_is_not_declared_is_only_odd() -> None:
    parts = '\n[[parts]]\ncode = "video"\nname = "Phim"\n'
    parsed = parse(EDITION + parts + ROUND + CRITERION + 'part = "vidio"\n')
    assert parsed.problems == ()
    assert [(each.code, each.facts["nearest"]) for each in parsed.warnings] == [("part_unknown", "video")]
    assert parse(EDITION + ROUND + CRITERION + 'part = "video"\n').warnings == ()


@pytest.mark.parametrize(
    ("rules", "key", "code", "facts"),
    [
        ('aggregate = "clamped"', "aggregate", "clamp_missing", {}),
        ('aggregate = "zscore"\ncombine = "criterion"', "aggregate", "aggregate_needs_scorecards", {}),
        ("whole_marks = true", "whole_marks", "whole_marks_fraction", {"criterion": "IDEA"}),
        ('tie_breaks = ["earlier_round:r9"]', "tie_breaks", "tie_break_not_earlier", {"value": "r9"}),
        ('tie_breaks = ["judges_prefering"]', "tie_breaks", "value_not_choice", {"nearest": "judges_preferring"}),
        ('tie_breaks = ["criterion:IDEAS"]', "tie_breaks", "unknown_criterion", {"nearest": "IDEA"}),
        ('advance = { percent = "101" }', "advance.percent", "percent_out_of_range", {"value": "101"}),
        ("advance = { top = 3, direct = 4 }", "advance.direct", "direct_out_of_range", {"value": 4}),
        ("advance = { floors = false }", "advance", "advance_empty", {}),
        ("advance = { precent = 10 }", "advance.precent", "key_unknown", {"nearest": "percent"}),
        ("quorum = { chair = true }", "quorum.present", "value_missing", {"key": "present"}),
        ("quorum = { present = 0 }", "quorum.present", "value_not_integer", {"low": 1}),
        ('counting = "all"', "counting", "value_not_choice", {"value": "all"}),
        ('decide = "vote"', "decide", "value_not_choice", {"value": "vote"}),
        ("spread_alarm = 2.5", "spread_alarm", "value_not_exact", {"value": "2.5"}),
        ('spread_alarm = "0"', "spread_alarm", "value_not_positive", {}),
        ("trim_from = 0", "trim_from", "value_not_integer", {"low": 1}),
        ("appeal_days = 0", "appeal_days", "value_not_integer", {}),
        ("min_entry = 5", "min_entry", "key_unknown", {"nearest": "min_entries"}),
    ],
)
def test_each_mistake_in_a_rule_is_named(rules: str, key: str, code: str, facts: dict[str, object]) -> None:
    # An empty `advance` is told once, beside a key of it that is unknown.
    found = parse(EDITION + ROUND + rules + CRITERION + SECOND).problems[:1]
    assert [(each.column, each.code) for each in found] == [(f"rounds[1].{key}", code)]
    assert found[0].row is not None
    assert {name: found[0].facts[name] for name in facts} == facts


BAND = '\n[[rounds.bands]]\ncode = "{0}"\nname = "V"\nlowest = "{1}"\n'


def test_bands_begin_at_different_results_and_have_codes_of_their_own() -> None:
    problem = one(EDITION + ROUND + BAND.format("a", 90) + BAND.format("b", "90.0") + CRITERION)
    assert (problem.code, problem.column, problem.row) == ("bands_equal", "rounds[1].bands[2].lowest", 18)
    assert one(EDITION + ROUND + BAND.format("a", 90) + BAND.format("A", 80) + CRITERION).code == "code_twice"


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ('source = "organiser"\nmeasure = { conversion = "linear", best = "3" }', "measure_without_ends"),
        ('source = "organiser"\nmeasure = { best = "3" }', "value_missing"),
        ('source = "organiser"\nmeasure = { conversion = "straight" }', "value_not_choice"),
        ('measure = { conversion = "places" }', "measure_for_judges"),
    ],
)
def test_each_mistake_in_a_measure_is_named(extra: str, code: str) -> None:
    assert one(EDITION + ROUND + CRITERION + extra + "\n").code == code


def test_a_document_without_rules_has_the_defaults() -> None:
    assert good(DOCUMENT).edition.rounds[0].rules == RoundRules()
