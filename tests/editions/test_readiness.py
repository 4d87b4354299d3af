from __future__ import annotations

from decimal import Decimal

import pytest

from contest.editions.facts import RoundFacts
from contest.editions.readiness import Check, CheckState, SetUp, Step, gaps, review
from contest.editions.rules import Advance, Aggregate, Combine, LocalText, RoundKind, RoundRules, Rubric, Source
from tests.editions.samples import at, basics, round_facts, set_up, spec
from tests.factories import NOON

FIRST = round_facts("r1", opens_at=at(2), closes_at=at(3), rules=RoundRules(advance=Advance(top=5)))
LAST = round_facts("final", kind=RoundKind.FINAL, opens_at=at(3), closes_at=at(4))


def states(found: SetUp) -> dict[str, str]:
    """The checklist as code (and round) -> state."""
    return {_key(check): check.state.value for check in review(found, NOON)}


def _key(check: Check) -> str:
    return check.code if check.round is None else f"{check.code}:{check.round.code}"


def missing(found: SetUp) -> list[tuple[str, Step]]:
    return [(check.code, check.step) for check in gaps(review(found, NOON))]


def test_a_complete_edition_lacks_nothing_and_says_what_is_done() -> None:
    assert states(set_up(FIRST, LAST)) == dict.fromkeys(
        [
            *("name", "organiser", "window", "contact", "tracks", "fields", "parts"),
            *("rounds", "final_last", "rounds_in_order"),
            *("rubric:r1", "round_window:r1", "advance:r1", "rubric:final", "round_window:final"),
        ],
        "done",
    )


def test_a_fresh_edition_lacks_organiser_window_and_rounds() -> None:
    fresh = SetUp(
        basics=basics(organiser="", contact="", submissions_open=None), tracks=0, fields=0, parts=0, rounds=()
    )
    assert missing(fresh) == [("organiser", Step.BASICS), ("window", Step.BASICS), ("rounds", Step.ROUNDS)]
    remarks = [code for code, state in states(fresh).items() if state == "optional"]
    assert remarks == ["contact", "tracks", "fields", "parts"]


@pytest.mark.parametrize("half", [{"submissions_open": None}, {"submissions_close": None}])
def test_half_a_window_is_missing(half: dict[str, None]) -> None:
    assert missing(set_up(FIRST, LAST, basics=basics(**half))) == [("window", Step.BASICS)]


def test_a_window_in_the_past_is_a_remark_because_entries_may_be_imported() -> None:
    past = set_up(FIRST, LAST, basics=basics(submissions_open=at(-2), submissions_close=NOON))
    assert states(past)["window_over"] == "optional"
    assert missing(past) == []


def test_a_missing_english_name_is_remarked_only_when_english_is_offered() -> None:
    vietnamese = LocalText("Mùa thu")
    assert states(set_up(FIRST, LAST, basics=basics(name=vietnamese)))["english_name"] == "optional"
    only = set_up(FIRST, LAST, basics=basics(name=vietnamese, languages=("vi",)))
    assert "english_name" not in states(only)


@pytest.mark.parametrize(
    ("rounds", "expected"),
    [
        ((LAST, FIRST), ["final_last", "rounds_in_order"]),
        ((LAST, LAST), ["final_last", "rounds_in_order"]),
        ((FIRST, round_facts("x", kind=RoundKind.FINAL, opens_at=at(2.5))), ["rounds_in_order"]),
        ((FIRST, round_facts("x", kind=RoundKind.FINAL, closes_at=at(1))), ["rounds_in_order"]),
        ((FIRST, round_facts("x", kind=RoundKind.FINAL)), []),
        ((LAST,), []),
        ((FIRST, LAST), []),
    ],
    ids=["swapped", "two finals", "overlap", "ends before", "untimed final", "only a final", "good"],
)
def test_the_final_is_last_and_time_runs_forward(rounds: tuple[RoundFacts, ...], expected: list[str]) -> None:
    assert [code for code, _ in missing(set_up(*rounds))] == expected


def test_without_a_final_there_is_a_remark() -> None:
    assert states(set_up(FIRST))["no_final"] == "optional"
    assert "rounds_in_order" not in states(set_up(FIRST))


def test_a_rubric_must_hold_something_be_it_only_a_measured_number() -> None:
    empty = round_facts("e", kind=RoundKind.FINAL, rubric=Rubric())
    assert missing(set_up(empty)) == [("rubric", Step.RUBRIC)]
    measured = Rubric((spec("SCORE", source=Source.ORGANISER),))
    assert missing(set_up(round_facts("e", kind=RoundKind.FINAL, rubric=measured))) == []


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (RoundRules(judges_per_submission=2, min_judges=3), ["too_few_judges"]),
        (RoundRules(judges_per_submission=3, min_judges=3), []),
        (RoundRules(judges_per_submission=2, aggregate=Aggregate.TRIMMED, trim_from=2), ["trim_leaves_nobody"]),
        (RoundRules(judges_per_submission=3, aggregate=Aggregate.TRIMMED), ["trim_needs_five"]),
        (RoundRules(judges_per_submission=3, aggregate=Aggregate.TRIMMED, trim_from=3), []),
        (RoundRules(judges_per_submission=5, aggregate=Aggregate.TRIMMED), []),
        (RoundRules(judges_per_submission=4, aggregate=Aggregate.TRIMMED, trim=2, trim_from=4), ["trim_leaves_nobody"]),
        (RoundRules(aggregate=Aggregate.ZSCORE, combine=Combine.CRITERION), ["rules_clash"]),
        (RoundRules(judges_per_submission=1, aggregate=Aggregate.MEAN, trim=9), []),
        (RoundRules(aggregate=Aggregate.TRIMMED, min_judges=9), []),
    ],
)
def test_numbers_of_judges_that_never_give_a_result(rules: RoundRules, expected: list[str]) -> None:
    found = set_up(round_facts("f", kind=RoundKind.FINAL, rules=rules))
    assert missing(found) == [(code, Step.ROUND) for code in expected]


def test_remarks_name_the_round_and_the_details() -> None:
    rules = RoundRules(aggregate=Aggregate.MEDIAN, scale_to=Decimal(10))
    rubric = Rubric((spec("A"), spec("ATT", source=Source.ORGANISER), spec("VOTE", source=Source.AUDIENCE)))
    early = round_facts("r1", opens_at=at(0.5), rules=rules, rubric=rubric)
    found = {check.code: check for check in review(set_up(early, LAST), NOON) if check.round is early}
    assert found["not_by_judges"].details == ("ATT", "VOTE")
    assert {code: check.state for code, check in found.items()} == {
        "rubric": CheckState.DONE,
        "round_window": CheckState.OPTIONAL,
        "scoring_before_deadline": CheckState.OPTIONAL,
        "not_by_judges": CheckState.OPTIONAL,
        "advance": CheckState.OPTIONAL,
    }


def test_only_the_first_round_is_compared_with_the_deadline() -> None:
    late_first = round_facts("r1", opens_at=at(1), closes_at=at(2))
    assert "scoring_before_deadline:r1" not in states(set_up(late_first, LAST))
    assert "scoring_before_deadline:final" not in states(set_up(late_first, round_facts("final", opens_at=at(0.1))))
