"""Which checks stand before each verb, when they hold, and which may be accepted in writing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from contest.editions.phases import Verb
from contest.editions.rules import CriterionSpec, Decide, LocalText, Quorum, RoundRules, Rubric
from contest.errors import RuleBroken
from contest.results.preconditions import LISTED, Check, EntryState, Member, Situation, checks, enforced, require
from contest.results.reconcile import Difference, Reconciliation, Tally
from contest.results.rulings import Ruling, RulingKind

C1 = CriterionSpec("C1", LocalText("Ý tưởng"), Decimal(0), Decimal(10), Decimal(1), Decimal(1))
BOOKS = Reconciliation(Tally(4, 4), (), (), (), ())
ENTRIES = (EntryState("E1", "ranked"), EntryState("E2", "ranked"))
CHAIR = Member("Bà Chủ tịch", chair=True, secretary=False, judge=False, present=True)
SECRETARY = Member("Thư ký", chair=False, secretary=True, judge=False, present=True)
JUDGE = Member("Giám khảo", chair=False, secretary=False, judge=True, present=True)
EVERYTHING = RoundRules(spread_alarm=Decimal(20), quorum=Quorum(2), min_entries=2)
ALWAYS = ["check_rubric", "check_ranked", "check_reconciled", "check_unfinished", "check_measured"]


def situation(rules: RoundRules = EVERYTHING, **values: Any) -> Situation:
    usual = Situation(
        rules, Rubric((C1,)), ENTRIES, BOOKS, judges=2, council=(CHAIR, SECRETARY, JUDGE), confirmed="a", current="a"
    )
    return replace(usual, **values)


def failing(now: Situation, verb: Verb = Verb.CONFIRM) -> list[str]:
    return [check.code for check in checks(verb, now) if not check.ok]


def test_everything_in_order_holds_everywhere() -> None:
    assert [failing(situation(), verb) for verb in Verb] == [[] for _ in Verb]
    require(checks(Verb.FINALISE, situation()))


def test_each_verb_asks_for_its_own() -> None:
    def codes(verb: Verb, rules: RoundRules = EVERYTHING) -> list[str]:
        return [check.code for check in checks(verb, situation(rules))]

    assert codes(Verb.OPEN) == codes(Verb.START) == ["check_rubric"]
    assert codes(Verb.CLOSE) == ["check_rubric", "check_unfinished"]
    usual = [*ALWAYS, "check_ties", "check_line"]
    assert codes(Verb.CONFIRM, RoundRules()) == usual
    assert codes(Verb.CONFIRM) == [*usual, "check_spreads", "check_quorum", "check_entries"]
    assert codes(Verb.FINALISE, RoundRules()) == [*usual, "check_unchanged"]
    assert codes(Verb.CONFIRM, RoundRules(decide=Decide.AGREEMENT)) == [*ALWAYS, "check_agreed"]
    assert codes(Verb.PUBLISH) == codes(Verb.REOPEN) == codes(Verb.CORRECT) == []


def test_only_closing_goes_on_with_open_points() -> None:
    assert [verb for verb in Verb if not enforced(verb)] == [Verb.CLOSE]


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("check_rubric", {"rubric": Rubric()}),
        ("check_ranked", {"entries": (), "rules": RoundRules()}),
        ("check_ranked", {"entries": (EntryState("E1", "unscored"),), "rules": RoundRules()}),
        ("check_measured", {"entries": (*ENTRIES, EntryState("E3", "incomplete", "not_measured"))}),
        ("check_ties", {"entries": (*ENTRIES, EntryState("E3", "ranked", awaits_chair=True))}),
        ("check_line", {"at_line": ("E2",)}),
        ("check_spreads", {"entries": (*ENTRIES, EntryState("E3", "ranked", alarm=True))}),
        ("check_agreed", {
            "entries": (*ENTRIES, EntryState("E3", "incomplete", "no_agreement")),
            "rules": RoundRules(decide=Decide.AGREEMENT),
        }),
        ("check_unfinished", {"books": replace(BOOKS, missing=(("E1", "J2"),))}),
        ("check_quorum", {"council": (CHAIR, replace(SECRETARY, present=None))}),
        ("check_quorum", {"council": (CHAIR, JUDGE, replace(SECRETARY, present=False))}),
        ("check_quorum", {"council": (SECRETARY, JUDGE)}),
        ("check_quorum", {"council": (replace(CHAIR, secretary=True),)}),
        ("check_entries", {"entries": (ENTRIES[0], EntryState("E3", "incomplete", "too_few_judges"))}),
    ],
)  # fmt: skip
def test_one_thing_amiss_is_the_one_that_fails(code: str, values: dict[str, Any]) -> None:
    now = situation(**values)
    assert failing(now) == [code]
    with pytest.raises(RuleBroken, match=code):
        require(checks(Verb.CONFIRM, now))


def test_one_person_may_be_chair_and_secretary() -> None:
    both = replace(CHAIR, secretary=True)
    assert failing(situation(council=(both, JUDGE))) == []


def test_a_quorum_without_officers_counts_heads_only() -> None:
    rules = RoundRules(quorum=Quorum(2, chair=False, secretary=False))
    assert failing(situation(rules, council=(JUDGE, JUDGE))) == []
    assert failing(situation(rules, council=(JUDGE,))) == ["check_quorum"]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (RulingKind.UNFINISHED_ACCEPTED, {"books": replace(BOOKS, missing=(("E1", "J2"),))}),
        (RulingKind.QUORUM_ACCEPTED, {"council": ()}),
        (RulingKind.FEW_ENTRIES_ACCEPTED, {"entries": ENTRIES[:1]}),
    ],
)
def test_some_things_may_be_accepted_in_writing(kind: RulingKind, values: dict[str, Any]) -> None:
    accepted = Ruling(kind, None, "", "Đã họp", "Bà Chủ tịch")
    about_one = replace(accepted, submission=0)
    refused = [check for check in checks(Verb.CONFIRM, situation(**values)) if not check.ok]
    assert [check.may_accept for check in refused] == [kind]
    assert failing(situation(rulings=(about_one,), **values)) == [refused[0].code]
    found = checks(Verb.CONFIRM, situation(rulings=(accepted,), **values))
    assert [check.accepted for check in found if check.accepted] == [accepted]
    assert all(check.ok for check in found)


def test_what_is_accepted_needlessly_is_not_shown() -> None:
    needless = Ruling(RulingKind.UNFINISHED_ACCEPTED, None, "", "Đã họp", "Bà Chủ tịch")
    assert [check.accepted for check in checks(Verb.CONFIRM, situation(rulings=(needless,)))] == [None] * 10


@pytest.mark.parametrize("code", ["vanished", "mark_missing", "does_not_add_up"])
def test_a_difference_is_never_accepted_and_named_first(code: str) -> None:
    differences = (Difference(code, "E1", "J2", "C1"), Difference("changed", "E2", "J1"))
    everything = tuple(Ruling(kind, None, "", "Đã họp", "Bà") for kind in RulingKind)
    now = situation(books=replace(BOOKS, differences=differences), rulings=everything)
    found = next(check for check in checks(Verb.CONFIRM, now) if not check.ok)
    assert found == Check(
        f"reconcile_{code}", ok=False, facts={"entry": "E1", "judge": "J2", "detail": "C1", "count": 2}
    )


def test_finalising_asks_for_a_confirmation_of_the_same_numbers() -> None:
    assert failing(situation(confirmed=None), Verb.FINALISE) == ["check_confirmed"]
    assert failing(situation(current="b"), Verb.FINALISE) == ["check_unchanged"]


def test_judges_are_named_and_long_lists_are_cut() -> None:
    missing = tuple((f"E{number}", f"J{number:02}") for number in range(LISTED + 5))
    now = situation(books=replace(BOOKS, missing=missing), judges=21, judge_names={"J00": "Ông Một"})
    found = next(check for check in checks(Verb.CONFIRM, now) if not check.ok)
    assert (found.facts["judges"], found.facts["all"], found.facts["papers"]) == (LISTED + 5, 21, LISTED + 5)
    assert found.facts["names"].startswith("Ông Một, J01, ")
    assert found.facts["names"].endswith(" …")
    assert found.facts["names"].count(",") == LISTED - 1
