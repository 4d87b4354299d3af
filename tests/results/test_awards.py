"""Who gets which award."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.rules import LocalText
from contest.errors import RuleBroken
from contest.results.award_rules import MOST_DONG, AwardBy, AwardSpec, AwardTies, EmptyReason, Scope
from contest.results.awards import Candidate, Choice, Outcome, PassedOver, decide_awards


def award(code: str, **settings: Any) -> AwardSpec:
    return AwardSpec(**{"code": code, "name": LocalText(code), "round": "final", **settings})


def line(code: str, rank: int | None, result: str | None, **more: Any) -> Candidate:
    return Candidate(code, more.pop("track", None), rank, None if result is None else Decimal(result), **more)


FIVE = [line("A", 1, "95"), line("B", 2, "91"), line("C", 3, "85"), line("D", 4, "80"), line("E", 5, "60")]
LADDER = [
    award("first", exclusive=True, amount=10_000_000),
    award("second", exclusive=True, amount=7_000_000, places=2),
    award("third", exclusive=True, amount=4_000_000, places=1),
]


def winners(outcomes: tuple[Outcome, ...]) -> dict[str, list[str]]:
    return {one.award: [winner.submission for winner in one.winners] for one in outcomes}


def money(outcomes: tuple[Outcome, ...]) -> dict[str, int]:
    return {winner.submission: winner.amount for one in outcomes for winner in one.winners}


def test_places_go_down_the_ranking() -> None:
    outcomes = decide_awards(LADDER, {"final": FIVE})
    assert winners(outcomes) == {"first": ["A"], "second": ["B", "C"], "third": ["D"]}
    assert money(outcomes) == {"A": 10_000_000, "B": 7_000_000, "C": 7_000_000, "D": 4_000_000}
    assert all(one.empty == 0 and one.empty_reason is None and not one.awaiting for one in outcomes)
    assert all(one.passed_over == () for one in outcomes)


def test_the_order_of_the_candidates_is_without_effect() -> None:
    assert winners(decide_awards(LADDER, {"final": FIVE[::-1]})) == winners(decide_awards(LADDER, {"final": FIVE}))


def test_case_16_the_same_team_twice_in_exclusive_prizes_keeps_the_higher_and_the_lesser_passes_on() -> None:
    green = award("green", exclusive=True, by=AwardBy.CRITERION, criterion="GREEN", scope=Scope.ALL)
    lines = [
        line("A", 1, "95", values={"GREEN": Decimal(9)}),
        line("B", 2, "91", values={"GREEN": Decimal(7)}),
        line("C", 3, "85", values={"GREEN": Decimal(8)}),
    ]
    outcomes = decide_awards([LADDER[0], green], {"final": lines})
    assert winners(outcomes) == {"first": ["A"], "green": ["C"]}
    assert outcomes[1].passed_over == (PassedOver("A", "first"),)


def test_an_award_that_is_not_exclusive_may_go_to_a_winner() -> None:
    audience = award("audience", by=AwardBy.CRITERION, criterion="VOTES", scope=Scope.ALL)
    lines = [line("A", 1, "95", values={"VOTES": Decimal(40)}), line("B", 2, "91", values={"VOTES": Decimal(12)})]
    outcomes = decide_awards([LADDER[0], audience], {"final": lines})
    assert winners(outcomes) == {"first": ["A"], "audience": ["A"]}
    assert outcomes[1].passed_over == ()


def test_two_in_first_place_share_the_first_and_one_second_prize_and_their_money() -> None:
    tied = [line("A", 1, "95"), line("B", 1, "95"), line("C", 3, "85"), line("D", 4, "80")]
    outcomes = decide_awards(LADDER, {"final": tied})
    assert winners(outcomes) == {"first": ["A", "B"], "second": ["C"], "third": ["D"]}
    assert [winner.shared for winner in outcomes[0].winners] == [True, True]
    assert money(outcomes) == {"A": 8_500_000, "B": 8_500_000, "C": 7_000_000, "D": 4_000_000}


def test_a_tie_that_takes_all_places_below_leaves_none_there() -> None:
    tied = [line(code, 1, "95") for code in "ABCD"]
    outcomes = decide_awards(LADDER, {"final": tied})
    assert winners(outcomes) == {"first": ["A", "B", "C", "D"], "second": [], "third": []}
    assert money(outcomes) == dict.fromkeys("ABCD", 7_000_000)
    assert [one.empty_reason for one in outcomes] == [None, EmptyReason.TIE_ABOVE, EmptyReason.TIE_ABOVE]
    assert [one.empty for one in outcomes] == [0, 0, 0]


def test_money_is_divided_in_whole_dong_and_the_rest_is_named() -> None:
    tied = [line(code, 1, "95") for code in "ABC"]
    (outcome,) = decide_awards([award("only", amount=1_000)], {"final": tied})
    assert [winner.amount for winner in outcome.winners] == [333, 333, 333]
    assert outcome.leftover == 1


def test_a_tie_across_the_line_may_wait_for_the_chair() -> None:
    second = award("second", exclusive=True, ties=AwardTies.CHAIR)
    tied = [line("A", 1, "95"), line("B", 2, "91"), line("C", 2, "91")]
    waiting = decide_awards([LADDER[0], second], {"final": tied})[1]
    assert (waiting.winners, waiting.awaiting, waiting.empty) == ((), ("B", "C"), 0)
    settled = decide_awards([LADDER[0], second], {"final": tied}, [Choice("second", "C")])[1]
    assert ([one.submission for one in settled.winners], settled.awaiting) == (["C"], ())


def test_the_chair_who_chooses_too_many_is_asked_again() -> None:
    second = award("second", ties=AwardTies.CHAIR)
    tied = [line("B", 1, "91"), line("C", 1, "91"), line("D", 1, "91")]
    outcome = decide_awards([second], {"final": tied}, [Choice("second", "B"), Choice("second", "C")])[0]
    assert (outcome.winners, outcome.awaiting) == ((), ("B", "C", "D"))


def test_a_tie_across_the_line_may_go_to_nobody() -> None:
    outcome = decide_awards([award("one", ties=AwardTies.NONE)], {"final": [line("A", 1, "9"), line("B", 1, "9")]})[0]
    assert (outcome.winners, outcome.empty, outcome.empty_reason) == ((), 1, EmptyReason.TIE_NOT_BROKEN)


def test_an_award_is_left_empty_when_nobody_reaches_the_threshold() -> None:
    high = award("special", threshold=Decimal(96))
    outcome = decide_awards([high], {"final": FIVE})[0]
    assert (outcome.winners, outcome.empty, outcome.empty_reason) == ((), 1, EmptyReason.THRESHOLD)
    reached = decide_awards([award("special", threshold=Decimal(95))], {"final": FIVE})[0]
    assert [one.submission for one in reached.winners] == ["A"]


def test_the_committee_may_leave_places_empty() -> None:
    outcome = decide_awards([award("second", places=2)], {"final": FIVE}, [Choice("second", None)])[0]
    assert [one.submission for one in outcome.winners] == ["A"]
    assert (outcome.empty, outcome.empty_reason) == (1, EmptyReason.LEFT_EMPTY)


def test_too_few_candidates_leave_places_empty() -> None:
    outcome = decide_awards([award("many", places=7)], {"final": FIVE})[0]
    assert (len(outcome.winners), outcome.empty, outcome.empty_reason) == (5, 2, EmptyReason.TOO_FEW)
    nobody = decide_awards([award("many")], {"final": [line("A", None, None)]})[0]
    assert (nobody.winners, nobody.empty, nobody.empty_reason) == ((), 1, EmptyReason.NO_CANDIDATE)


def test_the_chair_chooses_a_special_award() -> None:
    special = award("special", by=AwardBy.CHAIR, scope=Scope.ALL)
    outcome = decide_awards([special], {"final": FIVE}, [Choice("special", "D"), Choice("other", "A")])[0]
    assert [one.submission for one in outcome.winners] == ["D"]
    assert decide_awards([special], {"final": FIVE})[0].empty_reason is EmptyReason.NO_CANDIDATE


def test_a_vote_decides_by_the_number_of_votes() -> None:
    sponsor = award("sponsor", by=AwardBy.VOTE, scope=Scope.ALL, ties=AwardTies.CHAIR)
    votes = [Choice("sponsor", "A", 2), Choice("sponsor", "C", 5), Choice("sponsor", "E", 4)]
    assert winners(decide_awards([sponsor], {"final": FIVE}, votes)) == {"sponsor": ["C"]}
    even = [Choice("sponsor", "A", 5), Choice("sponsor", "C", 5), Choice("sponsor", "B", 0)]
    assert decide_awards([sponsor], {"final": FIVE}, even)[0].awaiting == ("A", "C")
    settled = decide_awards([sponsor], {"final": FIVE}, [*even, Choice("sponsor", "A")])
    assert winners(settled) == {"sponsor": ["A"]}


def test_a_threshold_of_votes() -> None:
    sponsor = award("sponsor", by=AwardBy.VOTE, scope=Scope.ALL, threshold=Decimal(4))
    assert winners(decide_awards([sponsor], {"final": FIVE}, [Choice("sponsor", "A", 3)])) == {"sponsor": []}


def test_rule_05_bands_give_gold_to_all_from_ninety_on() -> None:
    lines = [line("A", 1, "95", band="gold"), line("B", 2, "90", band="gold"), line("C", 3, "89.99", band="silver")]
    outcomes = decide_awards(
        [award("gold", by=AwardBy.BAND, band="gold"), award("silver", by=AwardBy.BAND, band="silver")],
        {"final": lines},
    )
    assert winners(outcomes) == {"gold": ["A", "B"], "silver": ["C"]}
    assert [one.empty for one in outcomes] == [0, 0]


def test_an_award_without_a_track_is_given_in_each() -> None:
    lines = [
        line("A", 1, "95", track="hs"),
        line("B", 2, "91", track="hs"),
        line("X", 1, "70", track="sv"),
        line("Y", 2, "60", track="sv"),
    ]
    outcomes = decide_awards([award("first", exclusive=True)], {"final": lines}, tracks=("hs", "sv"))
    assert [(one.track, [w.submission for w in one.winners]) for one in outcomes] == [("hs", ["A"]), ("sv", ["X"])]


def test_an_award_of_one_track_is_given_there_only() -> None:
    lines = [line("A", 1, "95", track="hs"), line("X", 1, "70", track="sv")]
    outcomes = decide_awards([award("first", track="sv")], {"final": lines}, tracks=("hs", "sv"))
    assert [(one.track, [w.submission for w in one.winners]) for one in outcomes] == [("sv", ["X"])]


def test_an_award_over_all_tracks_compares_printed_results() -> None:
    lines = [line("A", 1, "95", track="hs"), line("B", 2, "91", track="hs"), line("X", 1, "93", track="sv")]
    outcomes = decide_awards([award("best", scope=Scope.ALL, places=2)], {"final": lines}, tracks=("hs", "sv"))
    assert winners(outcomes) == {"best": ["A", "X"]}


def test_a_tie_in_one_track_costs_no_place_in_another() -> None:
    lines = [
        line("A", 1, "95", track="hs"),
        line("B", 1, "95", track="hs"),
        line("X", 1, "70", track="sv"),
        line("Y", 2, "60", track="sv"),
    ]
    ladder = [award("first", exclusive=True, amount=10), award("second", exclusive=True, amount=6)]
    outcomes = decide_awards(ladder, {"final": lines}, tracks=("hs", "sv"))
    got = {(one.award, one.track): [w.submission for w in one.winners] for one in outcomes}
    assert got == {
        ("first", "hs"): ["A", "B"],
        ("first", "sv"): ["X"],
        ("second", "hs"): [],
        ("second", "sv"): ["Y"],
    }
    assert money(outcomes) == {"A": 8, "B": 8, "X": 10, "Y": 6}


def test_who_has_withdrawn_gets_nothing_and_the_next_moves_up() -> None:
    gone = [line("A", 1, "95", gone=True), *FIVE[1:]]
    assert winners(decide_awards(LADDER, {"final": gone}))["first"] == ["B"]


def test_awards_of_a_round_that_is_not_final_are_left_out() -> None:
    assert decide_awards([award("early", round="r1")], {"final": FIVE}) == ()


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"places": 0}, "award_without_places"),
        ({"amount": -1}, "award_amount_out_of_range"),
        ({"amount": MOST_DONG + 1}, "award_amount_out_of_range"),
        ({"by": AwardBy.CRITERION}, "award_without_criterion"),
        ({"by": AwardBy.BAND}, "award_without_band"),
    ],
)
def test_an_award_that_nobody_could_be_given_is_refused(settings: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        award("x", **settings)
    assert refused.value.code == code


lines_of_any_contest = st.lists(st.integers(0, 6), max_size=12).map(
    lambda results: [
        line(f"S{place}", 1 + sum(other > one for other in results), str(one)) for place, one in enumerate(results)
    ]
)


@given(lines_of_any_contest, st.lists(st.tuples(st.integers(1, 3), st.integers(0, 9)), min_size=1, max_size=4))
def test_a_ladder_gives_each_team_one_award_never_more_money_than_there_is_and_follows_the_ranking(
    lines: list[Candidate], rungs: list[tuple[int, int]]
) -> None:
    ladder = [
        award(f"p{place}", exclusive=True, places=places, amount=amount) for place, (places, amount) in enumerate(rungs)
    ]
    outcomes = decide_awards(ladder, {"final": lines})
    given_to = [winner for one in outcomes for winner in one.winners]
    assert len({winner.submission for winner in given_to}) == len(given_to)
    total = sum(winner.amount for winner in given_to) + sum(one.leftover for one in outcomes)
    assert total <= sum(places * amount for places, amount in rungs)
    ranks = [winner.rank or 0 for winner in given_to]
    assert ranks == sorted(ranks)
    places = sum(places for places, _ in rungs)
    reached = [one for one in lines if one.rank is not None and one.rank <= places]
    assert {one.submission for one in reached} == {winner.submission for winner in given_to}
