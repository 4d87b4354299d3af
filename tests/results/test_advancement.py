from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.rules import Advance, CutTies, Per
from contest.errors import RuleBroken
from contest.results.advancement import Cut, LeftOut, Line, TiedAtLine, Why, Written, advance, written
from contest.results.ranking import Standing, StandingStatus
from contest.results.rulings import Ruling, RulingKind

UNSCORED, INCOMPLETE = StandingStatus.UNSCORED, StandingStatus.INCOMPLETE


def standing(position: int, result: int | str | None, track: int | None = None, **more: Any) -> Standing:
    value = None if result is None else Decimal(result)
    text = None if value is None else f"{value:.2f}"
    status = more.pop("status", StandingStatus.RANKED if value is not None else UNSCORED)
    return Standing(position, track, more.pop("rank", None), text, text, status, 1, tied=False, value=value, **more)


def standings(*results: int | str | None, tracks: list[int | None] | None = None) -> list[Standing]:
    """Ranked as printed, tracks apart, equal results sharing a place; without a ladder."""
    places = tracks or [None] * len(results)
    lines = []
    for position, (result, track) in enumerate(zip(results, places, strict=True)):
        rivals = [Decimal(r) for r, t in zip(results, places, strict=True) if r is not None and t == track]
        rank = None if result is None else 1 + sum(other > Decimal(result) for other in rivals)
        lines.append(standing(position, result, track, rank=rank))
    return lines


def ruling(kind: RulingKind, submission: int | None = None, value: str = "") -> Ruling:
    return Ruling(kind, submission, value, "Vì", "Trưởng ban")


def reasons(cut: Cut) -> dict[int, Why]:
    return {one.submission: one.why for one in cut.left_out}


def test_the_first_n_go_on() -> None:
    cut = advance(standings(5, 9, 7, 3), Advance(top=2))
    assert cut.advancing == (1, 2)
    assert cut.lines == (Line(None, "7.00", 4, 2, 2),)
    assert (cut.tied_at_line, cut.short) == ((), ())
    assert reasons(cut) == {0: Why.LINE, 3: Why.LINE}


def test_rule_19_a_tie_at_the_line_takes_all_and_says_so() -> None:
    cut = advance(standings(7, 9, 7, 3, 7), Advance(top=2))
    assert cut.advancing == (1, 0, 2, 4)
    assert cut.tied_at_line == (TiedAtLine(None, "7.00", (0, 2, 4), extra=2, places=1),)
    assert cut.lines == (Line(None, "7.00", 5, 4, 2),)


def test_a_tie_at_the_line_may_take_nobody() -> None:
    cut = advance(standings(7, 9, 7, 3), Advance(top=2, ties=CutTies.NONE))
    assert cut.advancing == (1,)
    assert cut.tied_at_line == (TiedAtLine(None, "7.00", (0, 2), 0, 1, CutTies.NONE),)
    assert reasons(cut) == {0: Why.TIED_AT_LINE, 2: Why.TIED_AT_LINE, 3: Why.LINE}
    assert cut.awaiting == ()


def test_rule_20_a_tie_at_the_line_waits_for_the_chair() -> None:
    rule = Advance(top=2, ties=CutTies.CHAIR)
    waiting = advance(standings(7, 9, 7, 3, 7), rule)
    assert (waiting.advancing, waiting.awaiting) == ((1,), (0, 2, 4))
    assert reasons(waiting) == {0: Why.AWAITING, 2: Why.AWAITING, 4: Why.AWAITING, 3: Why.LINE}
    assert waiting.tied_at_line[0].awaits
    chosen = advance(standings(7, 9, 7, 3, 7), rule, decided=Written(chosen=frozenset({4})))
    assert (chosen.advancing, chosen.awaiting) == ((1, 4), ())
    assert not chosen.tied_at_line[0].awaits
    assert reasons(chosen) == {0: Why.TIED_AT_LINE, 2: Why.TIED_AT_LINE, 3: Why.LINE}


def test_the_chair_may_choose_more_only_with_another_number_in_writing() -> None:
    rule = Advance(top=2, ties=CutTies.CHAIR)
    two = frozenset({0, 4})
    assert advance(standings(7, 9, 7, 3, 7), rule, decided=Written(chosen=two)).tied_at_line[0].awaits
    settled = advance(standings(7, 9, 7, 3, 7), rule, decided=Written(chosen=two, top=3))
    assert (settled.advancing, settled.awaiting) == ((1, 0, 4), ())
    # Named in writing, but nobody is tied: the name changes nothing.
    assert advance(standings(9, 8, 7), rule, decided=Written(chosen=frozenset({2}))).advancing == (0, 1)


def test_a_tie_inside_the_line_is_no_matter() -> None:
    cut = advance(standings(7, 9, 7, 3), Advance(top=3, ties=CutTies.CHAIR))
    assert (cut.advancing, cut.tied_at_line) == ((1, 0, 2), ())


def test_the_ladder_settles_a_tie_at_the_line() -> None:
    split = [standing(0, 7, rank=3), standing(1, 9, rank=1), standing(2, 7, rank=2)]
    cut = advance(split, Advance(top=2))
    assert (cut.advancing, cut.tied_at_line) == ((1, 2), ())
    assert advance(split, Advance(top=2, per=Per.ALL)).advancing == (1, 2)


def test_across_tracks_printed_results_are_compared_and_no_ladder() -> None:
    both = [standing(0, 7, 0, rank=2), standing(1, 9, 0, rank=1), standing(2, 7, 1, rank=1), standing(3, 7, 0, rank=3)]
    cut = advance(both, Advance(top=2, per=Per.ALL))
    assert cut.advancing == (1, 0, 2, 3)
    assert cut.tied_at_line == (TiedAtLine(None, "7.00", (0, 2, 3), extra=2, places=1),)


def test_every_track_has_its_own_line() -> None:
    cut = advance(standings(9, 8, 7, 2, 1, tracks=[0, 0, 0, 1, None]), Advance(top=2))
    assert cut.advancing == (0, 1, 3, 4)
    assert cut.lines == (Line(0, "8.00", 3, 2, 2), Line(1, "2.00", 1, 1, 2), Line(None, "1.00", 1, 1, 2))
    assert cut.short == (1, None)
    assert advance(standings(9, 8), Advance(top=2)).short == ()


def test_rule_55_slots_per_field() -> None:
    rule = Advance(top=1, per=Per.FIELD)
    cut = advance(standings(3, 8, 7, 9, tracks=[0, 0, 1, 1]), rule, fields=[5, None, 5, None])
    assert cut.advancing == (2, 3)
    assert [line.group for line in cut.lines] == [5, None]
    with pytest.raises(RuleBroken) as refused:
        advance(standings(3), rule)
    assert refused.value.code == "fields_missing"


def test_the_threshold_is_inclusive_and_compares_what_is_printed() -> None:
    cut = advance(standings(5, 6, 4), Advance(threshold=Decimal(5)))
    assert (cut.advancing, reasons(cut)) == ((1, 0), {2: Why.THRESHOLD})
    assert cut.lines == (Line(None, "5.00", 3, 2),)
    assert advance(standings("4.67"), Advance(threshold=Decimal("4.67"))).advancing == (0,)
    nobody = advance(standings(5, 6), Advance(threshold=Decimal("6.01")))
    assert (nobody.advancing, nobody.lines) == ((), (Line(None, None, 2, 0),))


def test_rule_04_the_best_five_with_fifty_and_no_criterion_at_its_floor() -> None:
    rule = Advance(top=5, threshold=Decimal(50), floors=True)
    marks = [(80, 1), (75, 0), (70, 2), (65, 1), (60, 1), (55, 1), (49, 9)]
    lines = [
        standing(position, result, rank=position + 1, criteria=(Decimal(9), Decimal(mark)))
        for position, (result, mark) in enumerate(marks)
    ]
    floors = [None, Decimal("0.5")]
    cut = advance(lines, rule, floors=floors)
    assert cut.advancing == (0, 2, 3, 4, 5)
    assert cut.left_out == (LeftOut(1, Why.FLOOR, 1), LeftOut(6, Why.THRESHOLD))
    # The council proposes another number, in writing.
    fewer = advance(lines, rule, floors=floors, decided=written([ruling(RulingKind.CUT_TOP, None, "3")]))
    assert fewer.advancing == (0, 2, 3)
    # A mark at the floor itself passes, and without the setting floors are no matter.
    assert advance(lines, rule, floors=[None, Decimal(0)]).advancing == (0, 1, 2, 3, 4)
    assert advance(lines, Advance(top=5), floors=floors).advancing == (0, 1, 2, 3, 4)


def test_only_floors_draw_a_line_too() -> None:
    lines = [standing(0, 9, rank=1, criteria=(Decimal(1),)), standing(1, 8, rank=2, criteria=(None,))]
    assert advance(lines, Advance(floors=True), floors=[Decimal(1)]).advancing == (0,)


@pytest.mark.parametrize(("percent", "through"), [("50", 2), ("50.1", 3), ("1", 1), ("100", 4), ("25", 1)])
def test_a_share_is_rounded_up(percent: str, through: int) -> None:
    cut = advance(standings(9, 8, 7, 6, None), Advance(percent=Decimal(percent)))
    assert cut.advancing == tuple(range(through))
    assert cut.lines[0].places == through


def test_a_share_counts_in_each_group_and_the_smaller_number_holds() -> None:
    rule = Advance(percent=Decimal(50))
    cut = advance(standings(9, 8, 7, 6, 5, tracks=[0, 0, 0, 0, 1]), rule)
    assert cut.advancing == (0, 1, 4)
    assert advance(standings(9, 8, 7, 6), Advance(top=1, percent=Decimal(50))).advancing == (0,)
    assert advance(standings(9, 8, 7, 6), Advance(top=3, percent=Decimal(50))).advancing == (0, 1)


def test_top_and_threshold_must_both_hold() -> None:
    assert advance(standings(5, 6, 4, 9), Advance(top=3, threshold=Decimal(6))).advancing == (3, 1)
    assert advance(standings(5, 6, 4, 9), Advance(top=1, threshold=Decimal(6))).advancing == (3,)
    assert advance(standings(5, 6), Advance(top=1, threshold=Decimal(7))).advancing == ()


def test_another_number_in_writing_for_all_groups_or_for_one() -> None:
    lines = standings(9, 8, 7, 6, 5, 4, tracks=[0, 0, 0, 1, 1, 1])
    rulings = [ruling(RulingKind.CUT_TOP, None, "1"), ruling(RulingKind.CUT_TOP, None, "B:2")]
    decided = written([*rulings, ruling(RulingKind.CUT_TOP, None, "Z:9")], {"A": 0, "B": 1})
    assert advance(lines, Advance(top=3), decided=decided).advancing == (0, 3, 4)
    none = written([ruling(RulingKind.CUT_TOP, None, "0")])
    assert advance(lines, Advance(percent=Decimal(100)), decided=none).advancing == ()
    assert advance(standings(9, 8), Advance(), decided=none).advancing == ()
    more = written([ruling(RulingKind.CUT_TOP, None, "3")])
    assert advance(standings(9, 8, 7), Advance(percent=Decimal(1)), decided=more).advancing == (0, 1, 2)
    with pytest.raises(RuleBroken, match="cut_top_invalid"):
        written([ruling(RulingKind.CUT_TOP, None, "x")])


def test_a_wild_card_advances_besides_and_takes_nobodys_place() -> None:
    decided = written([ruling(RulingKind.WILD_CARD, 3), ruling(RulingKind.WILD_CARD, 0)])
    cut = advance(standings(9, 8, 7, None), Advance(top=2), decided=decided)
    assert (cut.advancing, cut.wild) == ((0, 1, 3), (3,))
    assert cut.lines == (Line(None, "8.00", 3, 2, 2),)
    assert reasons(cut) == {2: Why.LINE}


def test_who_is_held_back_gives_the_place_to_the_next() -> None:
    decided = written([ruling(RulingKind.HELD_BACK, 0), ruling(RulingKind.WILD_CARD, 0)])
    cut = advance(standings(9, 8, 7), Advance(top=2), decided=decided)
    assert (cut.advancing, cut.wild, reasons(cut)) == ((1, 2), (), {0: Why.HELD_BACK})


def test_who_leaves_after_the_cut_promotes_the_next() -> None:
    decided = written([ruling(RulingKind.WILD_CARD, 3)], gone=[1, 3])
    cut = advance(standings(9, 8, 7, 6), Advance(top=2), decided=decided)
    assert (cut.advancing, reasons(cut)) == ((0, 2), {1: Why.GONE, 3: Why.GONE})


def test_rule_38_the_first_n_skip_a_round() -> None:
    cut = advance(standings(9, 8, 7, 6, 5), Advance(top=4, direct=2))
    assert (cut.advancing, cut.direct) == ((0, 1, 2, 3), (0, 1))
    assert advance(standings(9), Advance(top=4, direct=2)).direct == (0,)
    tied = standings(9, 8, 8, 7)
    assert advance(tied, Advance(top=4, direct=2)).direct == (0, 1, 2)
    assert advance(tied, Advance(top=4, direct=2, ties=CutTies.NONE)).direct == (0,)
    assert advance(tied, Advance(top=4, direct=3, ties=CutTies.CHAIR)).direct == (0, 1, 2)


def test_unranked_submissions_never_advance_and_are_named() -> None:
    lines = [standing(0, None), standing(1, 9, status=INCOMPLETE), standing(2, 4, rank=1)]
    cut = advance(lines, Advance(top=3, threshold=Decimal(0)))
    assert cut.advancing == (2,)
    assert cut.left_out == (LeftOut(0, Why.NOT_RANKED), LeftOut(1, Why.NOT_RANKED))
    assert cut.short == (None,)


def test_places_without_numbers_are_cut_as_agreed() -> None:
    lines = [
        standing(0, None, rank=2, status=StandingStatus.RANKED),
        standing(1, None, rank=1, status=StandingStatus.RANKED),
    ]
    assert advance(lines, Advance(top=1)).advancing == (1,)
    assert reasons(advance(lines, Advance(threshold=Decimal(0)))) == {0: Why.THRESHOLD, 1: Why.THRESHOLD}


def test_nobody_to_cut() -> None:
    cut = advance((), Advance(top=3))
    assert (cut.advancing, cut.lines, cut.short) == ((), (), ())


@pytest.mark.parametrize(
    ("rule", "code"), [(Advance(), "advance_without_line"), (Advance(top=0), "advance_top_below_one")]
)
def test_a_rule_without_a_line_is_refused(rule: Advance, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        advance(standings(5), rule)
    assert refused.value.code == code


POSITIONS = st.frozensets(st.integers(0, 9), max_size=3)


@given(
    results=st.lists(st.none() | st.integers(0, 4), max_size=10),
    two_tracks=st.booleans(),
    rule=st.builds(
        Advance,
        top=st.integers(1, 5),
        percent=st.none() | st.integers(1, 100).map(Decimal),
        threshold=st.none() | st.integers(0, 4).map(Decimal),
        ties=st.sampled_from(CutTies),
        per=st.sampled_from([Per.TRACK, Per.ALL]),
    ),
    decided=st.builds(Written, chosen=POSITIONS, wild=POSITIONS, held=POSITIONS, gone=POSITIONS),
)
def test_everybody_advances_or_is_told_why_and_nobody_is_passed_over(
    results: list[int | None], rule: Advance, decided: Written, *, two_tracks: bool
) -> None:
    tracks = [place % 2 for place in range(len(results))] if two_tracks else None
    lines = standings(*results, tracks=list(tracks) if tracks else None)
    cut = advance(lines, rule, decided=decided)
    told = Counter([*cut.advancing, *(one.submission for one in cut.left_out)])
    assert told == Counter(range(len(results)))
    assert not set(cut.advancing) & (decided.gone | decided.held)
    over = [lines[one] for one in cut.advancing if one not in cut.wild]
    chosen = {one for tie in cut.tied_at_line for one in tie.chosen}
    for one in cut.left_out:
        out = lines[one.submission]
        if one.why is not Why.LINE:
            continue
        rivals = [other for other in over if rule.per is Per.ALL or other.track == out.track]
        assert all(out.value is not None and other.value is not None and other.value > out.value for other in rivals)
    for tie in cut.tied_at_line:
        assert len(tie.submissions) > tie.places >= 1
        assert chosen <= decided.chosen
