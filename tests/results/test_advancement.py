from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.rules import Advance, CutTies, Per, RoundRules
from contest.errors import RuleBroken
from contest.results.advancement import LeftOut, Line, TiedAtLine, advance
from contest.results.ranking import Standing, StandingStatus, rank
from tests.judging.panels import card, random_contest, rubric


def standings(*marks: int | None, tracks: list[int | None] | None = None) -> tuple[Standing, ...]:
    cards = [card(0, position, mark) for position, mark in enumerate(marks)]
    return rank(RoundRules(), rubric(), tracks or [None] * len(marks), cards)


def test_the_first_n_go_on() -> None:
    cut = advance(standings(5, 9, 7, 3), Advance(top=2))
    assert cut.advancing == (1, 2)
    assert cut.lines == (Line(None, "7.00", 4, 2),)
    assert (cut.tied_at_line, cut.short, cut.left_out) == ((), (), ())


def test_a_tie_at_the_line_takes_all_and_says_so() -> None:
    cut = advance(standings(7, 9, 7, 3, 7), Advance(top=2))
    assert cut.advancing == (1, 0, 2, 4)
    assert cut.tied_at_line == (TiedAtLine(None, "7.00", (0, 2, 4), 2),)
    assert cut.lines == (Line(None, "7.00", 5, 4),)


def test_a_tie_inside_the_line_is_no_matter() -> None:
    cut = advance(standings(7, 9, 7, 3), Advance(top=3))
    assert cut.advancing == (1, 0, 2)
    assert cut.tied_at_line == ()


def test_every_track_has_its_own_line() -> None:
    cut = advance(standings(9, 8, 7, 2, 1, tracks=[0, 0, 0, 1, None]), Advance(top=2))
    assert cut.advancing == (0, 1, 3, 4)
    assert cut.lines == (Line(0, "8.00", 3, 2), Line(1, "2.00", 1, 1), Line(None, "1.00", 1, 1))
    assert cut.short == (1, None)
    assert advance(standings(9, 8), Advance(top=2)).short == ()


def test_over_all_tracks_results_are_compared_together() -> None:
    cut = advance(standings(3, 8, 7, 9, tracks=[0, 0, 1, 1]), Advance(top=2, per=Per.ALL))
    assert cut.advancing == (3, 1)
    assert cut.lines == (Line(None, "8.00", 4, 2),)


def test_per_field() -> None:
    rule = Advance(top=1, per=Per.FIELD)
    cut = advance(standings(3, 8, 7, 9, tracks=[0, 0, 1, 1]), rule, fields=[5, None, 5, None])
    assert cut.advancing == (2, 3)
    assert [line.group for line in cut.lines] == [5, None]
    with pytest.raises(RuleBroken) as refused:
        advance(standings(3), rule)
    assert refused.value.code == "fields_missing"


def test_the_threshold_is_inclusive_and_compares_what_is_printed() -> None:
    assert advance(standings(5, 6, 4), Advance(threshold=Decimal(5))).advancing == (1, 0)
    thirds = rank(RoundRules(), rubric(), [None], [card(0, 0, 5), card(1, 0, 5), card(2, 0, 4)])
    assert advance(thirds, Advance(threshold=Decimal("4.67"))).advancing == (0,)
    nobody = advance(standings(5, 6), Advance(threshold=Decimal("6.01")))
    assert (nobody.advancing, nobody.lines) == ((), (Line(None, None, 2, 0),))


def test_top_and_threshold_must_both_hold() -> None:
    assert advance(standings(5, 6, 4, 9), Advance(top=3, threshold=Decimal(6))).advancing == (3, 1)
    assert advance(standings(5, 6, 4, 9), Advance(top=1, threshold=Decimal(6))).advancing == (3,)
    assert advance(standings(5, 6), Advance(top=1, threshold=Decimal(7))).advancing == ()


def test_unranked_submissions_never_advance_and_are_named() -> None:
    cards = [card(0, 1, 9), card(0, 2, 4), card(1, 2, 4), card(1, 0, None)]
    ranked = rank(RoundRules(min_judges=2), rubric(), [None] * 3, cards)
    cut = advance(ranked, Advance(top=3, threshold=Decimal(0)))
    assert cut.advancing == (2,)
    assert cut.left_out == (LeftOut(0, StandingStatus.UNSCORED), LeftOut(1, StandingStatus.INCOMPLETE))
    assert cut.short == (None,)


def test_nobody_to_cut() -> None:
    cut = advance((), Advance(top=3))
    assert (cut.advancing, cut.lines, cut.short) == ((), (), ())


@pytest.mark.parametrize(
    ("rule", "settings"),
    [
        (Advance(top=1, floors=True), ("advance.floors",)),
        (Advance(top=1, ties=CutTies.NONE), ("advance.ties=none",)),
        (Advance(top=1, floors=True, ties=CutTies.CHAIR), ("advance.floors", "advance.ties=chair")),
    ],
)
def test_what_is_not_supported_is_named(rule: Advance, settings: tuple[str, ...]) -> None:
    with pytest.raises(RuleBroken) as refused:
        advance(standings(5), rule)
    assert (refused.value.code, refused.value.facts) == ("not_supported_yet", {"settings": settings})


@pytest.mark.parametrize(
    ("rule", "code"),
    [(Advance(), "advance_without_line"), (Advance(top=0), "advance_top_below_one")],
)
def test_a_rule_without_a_line_is_refused(rule: Advance, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        advance(standings(5), rule)
    assert refused.value.code == code


@given(
    st.integers(0, 10**6),
    st.one_of(st.none(), st.integers(1, 4)),
    st.one_of(st.none(), st.integers(-2, 40)),
    st.sampled_from(Per),
)
def test_a_submission_advances_when_fewer_than_n_are_better(
    seed: int, top: int | None, threshold: int | None, per: Per
) -> None:
    if top is None and threshold is None:
        return
    ranked = rank(*random_contest(seed))
    fields = [one % 2 for one in range(len(ranked))]
    cut = advance(ranked, Advance(top, per, None if threshold is None else Decimal(threshold)), fields)
    groups = {one.submission: {Per.TRACK: one.track, Per.FIELD: one.submission % 2, Per.ALL: None} for one in ranked}
    able = {one.submission: one.value for one in ranked if one.rank is not None and one.value is not None}
    expected = set()
    for entry, value in able.items():
        better = sum(v > value and groups[e][per] == groups[entry][per] for e, v in able.items())
        if (top is None or better < top) and (threshold is None or value >= threshold):
            expected.add(entry)
    assert set(cut.advancing) == expected
    assert len(cut.advancing) == len(expected)
    assert {one.submission for one in cut.left_out} == set(groups) - set(able)
    assert sum(line.advancing for line in cut.lines) == len(expected)
    assert sum(line.candidates for line in cut.lines) == len(able)
    assert sum(line.advancing - (top or line.advancing) for line in cut.lines if line.advancing > (top or 99)) == sum(
        tied.extra for tied in cut.tied_at_line
    )
