"""Ways out: whatever is offered works, and every kind of contradiction is offered one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.judging.adjusting import Hand, adjusted, gaps_of, in_force, standing, worth
from contest.judging.affinity import Knowledge, Known, Topic, fit
from contest.judging.assignment import AdviceCode, Pair, UnfilledReason
from contest.judging.conflicts import ConflictReason
from contest.judging.planning import Bar, BarReason, Board, Candidate, Holding, propose
from contest.judging.remedies import Freedom, Remark, Way, WayCode, changed, remarks

SCHOOL = frozenset({ConflictReason.SAME_UNIT})


def board(
    submissions: int,
    judges: list[Candidate],
    *,
    wanted: int | None = None,
    blocked: set[Pair] | None = None,
    held: dict[Pair, Holding] | None = None,
) -> Board:
    return Board((frozenset(),) * submissions, tuple(judges), wanted, dict.fromkeys(blocked or (), SCHOOL), held or {})


def told(one: Board, *, keep: bool = False, freedom: Freedom | None = None) -> dict[AdviceCode, Remark]:
    proposal = propose(one, seed=1, keep=keep)
    return {remark.advice.code: remark for remark in remarks(one, proposal, keep=keep, freedom=freedom or Freedom())}


def ways(one: Board, code: AdviceCode, freedom: Freedom | None = None) -> dict[WayCode, Way]:
    return {way.code: way for way in told(one, freedom=freedom)[code].ways}


def codes_after(one: Board, way: Way) -> set[AdviceCode]:
    return {advice.code for advice in propose(changed(one, way), seed=1, keep=False).advice}


def test_too_few_judges_are_raised_invited_or_made_do_with() -> None:
    one = board(4, [Candidate(max_load=3), Candidate(max_load=3)], wanted=2)
    found = ways(one, AdviceCode.SHORTAGE)
    assert set(found) == {WayCode.RAISE_MAXIMUM, WayCode.INVITE, WayCode.JUDGES_EACH}
    assert [(way.judge, way.before, way.after) for way in found[WayCode.RAISE_MAXIMUM].limits] == [(0, 3, 4), (1, 3, 4)]
    assert (found[WayCode.RAISE_MAXIMUM].helps, found[WayCode.RAISE_MAXIMUM].of) == (2, 2)
    assert (found[WayCode.JUDGES_EACH].before, found[WayCode.JUDGES_EACH].each) == (2, 1)
    for way in found.values():
        assert propose(changed(one, way), seed=1, keep=False).empty == 0


def test_a_fixed_number_of_judges_is_not_offered_to_be_lowered() -> None:
    one = board(4, [Candidate(max_load=3), Candidate(max_load=3)], wanted=2)
    assert WayCode.JUDGES_EACH not in ways(one, AdviceCode.SHORTAGE, Freedom(each=False))
    assert WayCode.JUDGES_EACH not in ways(one, AdviceCode.SHORTAGE, Freedom(fewest=2))


def test_who_left_is_never_asked_for_more() -> None:
    one = board(3, [Candidate(max_load=1, left=True), Candidate(max_load=1)], wanted=1, held={(0, 0): Holding.STARTED})
    raised = ways(one, AdviceCode.SHORTAGE)[WayCode.RAISE_MAXIMUM]
    assert [way.judge for way in raised.limits] == [1]
    (gap, *_) = propose(one, seed=1, keep=False).gaps
    assert Bar(0, BarReason.LEFT) in gap.bars


def test_conflicts_of_a_whole_school_leave_inviting_or_fewer_judges() -> None:
    judges = [Candidate(), Candidate(), Candidate()]
    one = board(3, judges, wanted=2, blocked={(place, judge) for place in (0, 1) for judge in (0, 1)})
    found = ways(one, AdviceCode.SHORTAGE)
    assert set(found) == {WayCode.INVITE, WayCode.JUDGES_EACH}
    assert found[WayCode.JUDGES_EACH].each == 1
    for way in found.values():
        assert propose(changed(one, way), seed=1, keep=False).empty == 0


def test_minima_that_are_too_high_are_lowered_together() -> None:
    one = board(2, [Candidate(min_load=3, max_load=9), Candidate(min_load=2)], wanted=1)
    found = told(one)
    assert {AdviceCode.MINIMUMS_ABOVE_SEATS, AdviceCode.BELOW_MINIMUM} <= found.keys()
    (lower,) = [way for remark in found.values() for way in remark.ways]
    assert lower.code is WayCode.LOWER_MINIMUM
    assert codes_after(one, lower) & {AdviceCode.MINIMUMS_ABOVE_SEATS, AdviceCode.BELOW_MINIMUM} == set()


def test_a_minimum_that_conflicts_keep_from_being_reached_is_lowered() -> None:
    one = board(3, [Candidate(min_load=3), Candidate()], wanted=1, blocked={(0, 0)})
    lower = ways(one, AdviceCode.BELOW_MINIMUM)[WayCode.LOWER_MINIMUM]
    assert [(way.judge, way.before, way.after) for way in lower.limits] == [(0, 3, 2)]
    assert AdviceCode.BELOW_MINIMUM not in codes_after(one, lower)


def test_crossed_limits_can_be_mended_from_both_sides() -> None:
    one = board(4, [Candidate(min_load=2, max_load=1), Candidate()], wanted=1)
    found = ways(one, AdviceCode.MINIMUM_ABOVE_MAXIMUM)
    assert set(found) == {WayCode.RAISE_MAXIMUM, WayCode.LOWER_MINIMUM}
    for way in found.values():
        assert AdviceCode.MINIMUM_ABOVE_MAXIMUM not in codes_after(one, way)


@pytest.mark.parametrize(("holding", "code"), [(Holding.PINNED, WayCode.TAKE_AWAY), (Holding.STARTED, WayCode.DECLARE)])
def test_a_pinned_conflict_goes_or_is_declared(holding: Holding, code: WayCode) -> None:
    one = board(1, [Candidate(), Candidate()], wanted=1, blocked={(0, 0)}, held={(0, 0): holding})
    way = ways(one, AdviceCode.PIN_NOT_ELIGIBLE)[code]
    assert way.pairs == ((0, 0),)
    assert AdviceCode.PIN_NOT_ELIGIBLE not in codes_after(one, way)


def test_pins_that_are_too_many_are_freed_or_made_room_for() -> None:
    held = {(0, 0): Holding.PINNED, (0, 1): Holding.PINNED, (1, 0): Holding.PINNED}
    one = board(2, [Candidate(max_load=1), Candidate(), Candidate()], wanted=1, held=held)
    seats = ways(one, AdviceCode.PINS_ABOVE_SEATS)
    assert set(seats) == {WayCode.UNPIN, WayCode.JUDGES_EACH}
    limit = ways(one, AdviceCode.PINS_ABOVE_MAXIMUM)
    assert set(limit) == {WayCode.UNPIN, WayCode.RAISE_MAXIMUM}
    for way in seats.values():
        assert AdviceCode.PINS_ABOVE_SEATS not in codes_after(one, way)
    for way in limit.values():
        assert AdviceCode.PINS_ABOVE_MAXIMUM not in codes_after(one, way)


def test_a_way_that_would_open_new_gaps_is_not_offered() -> None:
    # Two judges for each would leave the second submission one short.
    held = {(0, 0): Holding.STARTED, (0, 1): Holding.STARTED}
    one = board(2, [Candidate(max_load=1), Candidate(max_load=1), Candidate()], wanted=1, held=held)
    assert told(one)[AdviceCode.PINS_ABOVE_SEATS].ways == ()


def test_groups_are_joined_by_pairs_on_top() -> None:
    one = board(2, [Candidate(), Candidate()], wanted=1)
    proposal = propose(one, seed=1, keep=False)
    way = ways(one, AdviceCode.DISCONNECTED)[WayCode.ADD_PAIR]
    assert adjusted(one, proposal, Hand(added=frozenset(way.pairs))).components == 1


def test_everybody_judging_everything_misses_only_who_has_no_room() -> None:
    assert AdviceCode.SHORTAGE not in told(board(3, [Candidate(), Candidate()], blocked={(0, 0)}))
    found = ways(board(3, [Candidate(max_load=2), Candidate()]), AdviceCode.SHORTAGE)
    assert set(found) == {WayCode.RAISE_MAXIMUM, WayCode.JUDGES_EACH}


@st.composite
def boards(draw: st.DrawFn) -> Board:
    submissions, judges = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    pairs = [(one, other) for one in range(submissions) for other in range(judges)]
    limits = st.one_of(st.none(), st.integers(0, 4))
    return board(
        submissions,
        [Candidate(frozenset(), draw(limits), draw(limits), left=draw(st.integers(0, 5)) == 0) for _ in range(judges)],
        wanted=draw(st.one_of(st.none(), st.integers(1, 3))),
        blocked=draw(st.sets(st.sampled_from(pairs), max_size=6)),
        held=draw(st.dictionaries(st.sampled_from(pairs), st.sampled_from(Holding), max_size=6)),
    )


@given(one=boards(), keep=st.booleans())
def test_every_way_that_is_offered_keeps_its_promise(one: Board, *, keep: bool) -> None:
    proposal = propose(one, seed=1, keep=keep)
    for remark in remarks(one, proposal, keep=keep, freedom=Freedom()):
        for way in remark.ways:
            assert 0 < way.helps <= way.of
            assert not any(one.judges[change.judge or 0].left for change in way.limits if change.after > change.before)
            if way.code is WayCode.ADD_PAIR:
                continue
            then = propose(changed(one, way), seed=1, keep=keep)
            saved = way.helps if remark.advice.code is AdviceCode.SHORTAGE else 0
            assert then.empty <= proposal.empty - saved


@given(one=boards(), seed=st.integers(0, 3))
def test_worth_agrees_with_the_plan(one: Board, seed: int) -> None:
    proposal = propose(one, seed=seed, keep=False)
    found = worth(one, proposal.pairs)
    assert found.loads == proposal.loads
    assert len(found.groups) == proposal.components
    assert found.empty == proposal.empty
    assert found.filled + found.empty == sum(max(0, n) for n in _seats(one))


def _seats(one: Board) -> list[int]:
    extra = [0] * len(one.subjects)
    if one.wanted is None:
        for pair, holding in one.held.items():
            if one.judges[pair[1]].left and holding in (Holding.PINNED, Holding.STARTED) and pair not in one.blocked:
                extra[pair[0]] += 1
    return [one.seats + more for more in extra]


def test_worth_of_nothing() -> None:
    found = worth(board(2, [Candidate()], wanted=1), ())
    assert (found.filled, found.empty, found.total, found.worst, found.groups) == (0, 2, 0.0, None, ())
    assert found.worst_off() == ()


def test_the_worst_off_come_first() -> None:
    subjects = (frozenset({"a"}), frozenset({"b"}), frozenset({"b"}))
    one = Board(subjects, (Candidate(frozenset({"a"})),), 1, {}, {})
    found = worth(one, [(0, 0), (1, 0), (2, 0)])
    assert [place for place, _ in found.worst_off(2)] == [1, 2]
    assert found.worst == found.worst_off(1)[0][1] < (found.means[0] or 0)


def test_a_hand_forgets_what_it_takes_back() -> None:
    pair = (0, 0)
    assert Hand().put(pair).take(pair) == Hand()
    assert Hand().take(pair).put(pair) == Hand()
    assert Hand().put(pair).pin(pair, on=True).take(pair) == Hand()
    assert Hand().pin(pair, on=True).pin(pair, on=False) == Hand()
    assert not Hand()
    assert Hand().put(pair)


def test_a_hand_changes_a_plan_and_its_gaps() -> None:
    one = board(2, [Candidate(), Candidate(), Candidate(max_load=0)], wanted=1, held={(1, 1): Holding.STARTED})
    proposal = propose(one, seed=1, keep=False)
    (first,) = [pair for pair in proposal.pairs if pair[0] == 0]
    hand = standing(one, proposal, Hand(removed=frozenset({first, (1, 1)}), pinned=frozenset({(1, 1)})))
    assert hand == Hand(removed=frozenset({first}))
    after = adjusted(one, proposal, hand)
    assert after.pairs == ((1, 1),)
    (gap,) = after.gaps
    assert (gap.unfilled.seats, gap.unfilled.reason) == (1, UnfilledReason.JUDGES_FULL)
    assert gap.bars == (Bar(0, BarReason.OPEN), Bar(1, BarReason.OPEN), Bar(2, BarReason.FULL))
    assert adjusted(one, proposal, Hand()) is proposal


def test_a_hand_never_seats_whom_a_conflict_bars() -> None:
    one = board(1, [Candidate(), Candidate(left=True), Candidate()], wanted=1, blocked={(0, 0)})
    proposal = propose(one, seed=1, keep=False)
    assert standing(one, proposal, Hand(added=frozenset({(0, 0), (0, 1)}))) == Hand()


def test_what_counts_now() -> None:
    held = {(0, 0): Holding.FREE, (0, 1): Holding.RECUSED, (1, 0): Holding.STARTED, (1, 1): Holding.PINNED}
    one = board(2, [Candidate(), Candidate()], wanted=1, blocked={(1, 0)}, held=held)
    assert in_force(one) == ((0, 0), (1, 1))
    assert [gap.unfilled.submission for gap in gaps_of(one, [(0, 0)], [1, 0])] == [1]
    assert np.sum(worth(one, in_force(one)).loads) == 2


def test_a_language_that_few_read_gets_more_room() -> None:
    topics = tuple(Topic(text="Our app helps farmers to sell what they grow to the towns near them.") for _ in range(4))
    judges = tuple(Knowledge(languages=frozenset(one)) for one in ({"en", "vi"}, {"vi"}, {"vi"}))
    found = fit(Known(topics, judges))
    one = replace(board(4, [Candidate(max_load=2), Candidate(), Candidate()], wanted=1), fit=found)
    remark = told(one)[AdviceCode.PENALTY_USED]
    assert remark.advice.count == 2
    way, invite = remark.ways
    assert invite.code is WayCode.INVITE
    assert (way.code, [(c.judge, c.before, c.after) for c in way.limits]) == (WayCode.RAISE_MAXIMUM, [(0, 2, 4)])
    assert AdviceCode.PENALTY_USED not in codes_after(one, way)
    # Who named no maximum is asked first, beyond an even share.
    assert AdviceCode.PENALTY_USED not in told(replace(one, judges=(Candidate(), Candidate(), Candidate())))
