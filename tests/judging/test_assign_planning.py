"""From a board to a proposal: what is fixed stays, what is barred stays out, every empty seat is explained."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.judging.affinity import field_affinity, words_of
from contest.judging.assignment import UnfilledReason
from contest.judging.conflicts import ConflictReason
from contest.judging.planning import Bar, BarReason, Board, Candidate, Holding, propose

WHY = frozenset({ConflictReason.DECLARED})


def board(
    submissions: int,
    judges: int,
    *,
    wanted: int | None = None,
    blocked: set[tuple[int, int]] | None = None,
    held: dict[tuple[int, int], Holding] | None = None,
    most: dict[int, int] | None = None,
) -> Board:
    return Board(
        subjects=(frozenset(),) * submissions,
        judges=tuple(Candidate(max_load=(most or {}).get(number)) for number in range(judges)),
        wanted=wanted,
        blocked=dict.fromkeys(blocked or (), WHY),
        held=held or {},
    )


@st.composite
def boards(draw: st.DrawFn) -> Board:
    submissions, judges = draw(st.integers(0, 6)), draw(st.integers(0, 5))
    pairs = [(one, other) for one in range(submissions) for other in range(judges)]
    some = st.sets(st.sampled_from(pairs), max_size=8) if pairs else st.just(set[tuple[int, int]]())
    held = st.dictionaries(st.sampled_from(pairs), st.sampled_from(Holding), max_size=8) if pairs else st.just({})
    return board(
        submissions,
        judges,
        wanted=draw(st.one_of(st.none(), st.integers(1, 4))),
        blocked=draw(some),
        held=draw(held),
        most=draw(st.dictionaries(st.integers(0, 4), st.integers(0, 4), max_size=3)),
    )


@given(one=boards(), seed=st.integers(0, 5), keep=st.booleans())
def test_a_proposal_keeps_its_promises(one: Board, seed: int, *, keep: bool) -> None:
    found = propose(one, seed=seed, keep=keep)
    planned = set(found.pairs)
    recused = {pair for pair, holding in one.held.items() if holding is Holding.RECUSED}
    begun = {pair for pair, holding in one.held.items() if holding is Holding.STARTED}
    stays = {pair for pair, holding in one.held.items() if holding in (Holding.STARTED, Holding.PINNED)}
    assert len(planned) == len(found.pairs)
    assert not planned & (one.blocked.keys() | recused)
    assert stays - one.blocked.keys() <= planned
    assert set(found.locked) == begun | recused
    assert set(found.added) == planned - one.held.keys()
    assert set(found.kept) | (begun & planned) == planned & one.held.keys()
    assert set(found.removed) == one.held.keys() - planned - begun - recused
    assert found == propose(one, seed=seed, keep=keep)


@given(boards(), st.integers(0, 5))
def test_every_empty_seat_is_explained(one: Board, seed: int) -> None:
    found = propose(one, seed=seed, keep=False)
    taken = np.bincount([place for place, _ in found.pairs], minlength=len(one.subjects))
    missing = {place: max(0, one.seats - int(taken[place])) for place in range(len(one.subjects))}
    told: dict[int, int] = {}
    for gap in found.gaps:
        told[gap.unfilled.submission] = told.get(gap.unfilled.submission, 0) + gap.unfilled.seats
    assert told == {place: count for place, count in missing.items() if count}
    for gap in found.gaps:
        barred = {bar.judge for bar in gap.bars}
        sitting = {judge for place, judge in found.pairs if place == gap.unfilled.submission}
        assert barred | sitting == set(range(len(one.judges)))


def test_everybody_means_all_judges() -> None:
    assert board(2, 3).seats == 3
    assert board(2, 3, wanted=2).seats == 2
    assert len(propose(board(2, 3), seed=0, keep=False).pairs) == 6


def test_the_three_bars() -> None:
    one = board(1, 3, blocked={(0, 0)}, held={(0, 1): Holding.RECUSED}, most={2: 0})
    (few, full) = propose(one, seed=0, keep=False).gaps
    bars = (Bar(0, BarReason.CONFLICT), Bar(1, BarReason.RECUSED), Bar(2, BarReason.FULL))
    assert (few.unfilled.reason, few.unfilled.seats, few.bars) == (UnfilledReason.TOO_FEW_JUDGES, 2, bars)
    assert (full.unfilled.reason, full.unfilled.seats) == (UnfilledReason.JUDGES_FULL, 1)


def test_a_begun_scorecard_under_conflict_is_locked_but_fills_no_seat() -> None:
    one = board(1, 2, wanted=1, blocked={(0, 0)}, held={(0, 0): Holding.STARTED})
    found = propose(one, seed=0, keep=True)
    assert (found.pairs, found.locked, found.removed, found.loads) == (((0, 1),), ((0, 0),), (), (0, 1))


def test_loads_leave_out_the_recused_and_the_barred() -> None:
    held = {(0, 0): Holding.FREE, (1, 0): Holding.RECUSED, (2, 0): Holding.STARTED, (3, 0): Holding.PINNED}
    assert board(4, 2, blocked={(2, 0)}, held=held).loads() == [2, 0]


def test_an_empty_board_has_an_empty_plan() -> None:
    found = propose(board(0, 0), seed=0, keep=False)
    assert (found.pairs, found.gaps, found.loads) == ((), (), ())
    alone = propose(board(2, 0, wanted=1), seed=0, keep=False)
    assert [gap.unfilled.reason for gap in alone.gaps] == [UnfilledReason.NO_JUDGE] * 2


@pytest.mark.parametrize(
    ("subjects", "interests", "expected"),
    [
        ([], [], np.zeros((0, 0))),
        ([{"edtech"}], [set(), {"edtech"}, {"fintech"}], [[0, 1, 0]]),
        ([{"edtech", "giao duc so"}, set()], [{"giao duc so", "edtech"}], [[1], [0]]),
    ],
)
def test_affinity_is_a_common_word(
    subjects: list[set[str]], interests: list[set[str]], expected: list[list[int]]
) -> None:
    found = field_affinity([frozenset(one) for one in subjects], [frozenset(one) for one in interests])
    assert np.array_equal(found, np.array(expected, dtype=float))


def test_words_are_folded_and_never_empty() -> None:
    assert words_of("Giáo dục SỐ", "giao  duc so", "", " ") == frozenset({"giao duc so"})


@given(
    st.lists(st.frozensets(st.sampled_from("abc")), max_size=5),
    st.lists(st.frozensets(st.sampled_from("abc")), max_size=5),
)
def test_affinity_agrees_with_its_definition(subjects: list[frozenset[str]], interests: list[frozenset[str]]) -> None:
    found = field_affinity(subjects, interests)
    assert found.shape == (len(subjects), len(interests))
    for place, words in enumerate(subjects):
        for judge, known in enumerate(interests):
            assert found[place, judge] == (1.0 if words & known else 0.0)
