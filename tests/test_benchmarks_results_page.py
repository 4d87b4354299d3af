"""`bench results-page`: its contest is whole, and a page that is wrong is counted."""

from __future__ import annotations

from benchmarks import __main__
from benchmarks.results_page import PANEL, Spent, _contest, _row, _several
from contest.editions.phases import RoundState
from contest.editions.rules import Aggregate


def test_the_contest_ranks_by_fair_scores() -> None:
    bundle = _contest(20)
    (round_,) = bundle.edition.rounds
    assert (round_.state, round_.rules.aggregate) == (RoundState.PUBLISHED, Aggregate.SEVERITY)
    seats = {(one.judge, one.submission) for one in bundle.scores}
    assert len(seats) == 20 * PANEL
    assert {one.submission for one in bundle.scores} == {one.code for one in bundle.submissions}
    assert bundle == _contest(20)


def test_medians_and_failures_are_counted() -> None:
    answers = iter([True, False, True])
    spent, failed = _several(lambda: next(answers), 3)
    assert failed == 1
    assert _row("hello", Spent(2.0, 4.0), 0.5, failed) == {
        "page": "hello",
        "cpu ms": 2.0,
        "wall ms": 4.0,
        "x hello": 4,
        "wrong": 1,
    }
    assert spent.cpu >= 0


def test_a_hyphen_names_it() -> None:
    assert "results-page" in __main__.names()
