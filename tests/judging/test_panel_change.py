"""What becomes of each paper when a judge leaves, decided before anything is touched."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from contest.judging.panel_change import Bar, Fate, HeldPaper, Outcome, Successor, effect_of, unfinished
from contest.judging.papers import UNFINISHED, WITHOUT_MARKS, PaperState

NOBODY_ELSE = Successor(frozenset(), frozenset(), {}, None)
papers = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 6), st.sampled_from(PaperState)), unique_by=lambda one: one[:2]
).map(lambda rows: [HeldPaper(number, (r, s), state) for number, (r, s, state) in enumerate(rows)])
successors = st.none() | st.builds(
    Successor,
    held=st.frozensets(st.tuples(st.integers(1, 3), st.integers(1, 6))),
    barred=st.frozensets(st.integers(1, 6), max_size=3),
    loads=st.dictionaries(st.integers(1, 3), st.integers(0, 4)),
    limit=st.none() | st.integers(0, 5),
)


def one(state: PaperState, successor: Successor | None = NOBODY_ELSE, fate: Fate = Fate.STAY) -> Outcome:
    return effect_of([HeldPaper(7, (1, 2), state)], successor, fate).outcomes[0]


def test_each_state_has_its_own_end() -> None:
    held = {state: HeldPaper(7, (1, 2), state) for state in PaperState}
    assert one(PaperState.NOT_STARTED) == Outcome(held[PaperState.NOT_STARTED], passed_on=True)
    assert one(PaperState.DRAFT) == Outcome(held[PaperState.DRAFT], voided=True, passed_on=True)
    assert one(PaperState.SUBMITTED) == Outcome(held[PaperState.SUBMITTED], kept=True)
    assert one(PaperState.SUBMITTED, fate=Fate.ASIDE) == Outcome(
        held[PaperState.SUBMITTED], voided=True, passed_on=True
    )
    for state in WITHOUT_MARKS:
        assert one(state, fate=Fate.ASIDE) == Outcome(held[state], kept=True)


def test_why_a_paper_finds_no_successor() -> None:
    assert one(PaperState.DRAFT, None).bar is Bar.NOBODY
    assert one(PaperState.DRAFT, Successor(frozenset({(1, 2)}), frozenset({2}), {}, None)).bar is Bar.TWICE
    assert one(PaperState.DRAFT, Successor(frozenset({(2, 2)}), frozenset({2}), {}, None)).bar is Bar.CONFLICT
    assert one(PaperState.DRAFT, Successor(frozenset(), frozenset(), {1: 3}, 3)).bar is Bar.FULL
    assert one(PaperState.DRAFT, Successor(frozenset(), frozenset(), {2: 3}, 3)).bar is None


def test_room_is_used_up_by_what_is_passed_on() -> None:
    listed = [HeldPaper(number, (1, number), PaperState.NOT_STARTED) for number in range(4)]
    effect = effect_of(listed, Successor(frozenset(), frozenset(), {1: 1}, 3), Fate.STAY)
    assert [outcome.bar for outcome in effect.outcomes] == [None, None, Bar.FULL, Bar.FULL]
    assert (effect.count("passed_on"), effect.empty, effect.count("kept"), effect.count("voided")) == (2, 2, 0, 0)


@given(papers, successors, st.sampled_from(Fate))
def test_nobody_gets_an_entry_twice_none_against_a_conflict_nothing_is_lost(
    listed: list[HeldPaper], successor: Successor | None, fate: Fate
) -> None:
    effect = effect_of(listed, successor, fate)
    assert [outcome.held for outcome in effect.outcomes] == listed
    passed = [outcome.held.paper for outcome in effect.outcomes if outcome.passed_on]
    assert len(passed) == len(set(passed))
    for outcome in effect.outcomes:
        assert not (outcome.kept and (outcome.voided or outcome.passed_on or outcome.bar))
        assert outcome.kept or outcome.passed_on is (outcome.bar is None)
        written = outcome.held.state is not PaperState.NOT_STARTED
        assert outcome.kept or outcome.voided is written  # what was written stays on record
    if successor is None:
        assert passed == []
        return
    assert not successor.held & set(passed)
    assert not {submission for _, submission in passed} & successor.barred
    for round_ in {one for one, _ in passed}:
        got = sum(one == round_ for one, _ in passed)
        assert successor.limit is None or successor.loads.get(round_, 0) + got <= successor.limit


@given(papers)
def test_unfinished_are_those_that_somebody_waits_for(listed: list[HeldPaper]) -> None:
    assert unfinished(listed) == len([one for one in listed if one.state in UNFINISHED])
