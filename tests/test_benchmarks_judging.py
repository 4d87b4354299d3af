"""`bench judging`: its ledger notices what is lost, doubled or changed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks._http import Answer
from benchmarks._jury import Stored, contest
from benchmarks._paced import Judge
from benchmarks.judging import _miscounted
from contest.exchange.bundle.settle import settled

LEDGER = {"path": "/p", "keys": ["a", "b"], "version": 2, "marks": {"C1": "8"}}


@pytest.mark.parametrize(
    ("kept", "problem"),
    [
        (Stored(2, {"C1": "8"}, ["a", "b"]), ""),
        (Stored(1, {"C1": "8"}, ["a"]), "1 saves lost, 0 too many"),
        (Stored(3, {"C1": "8"}, ["a", "b", "b"]), "0 saves lost, 1 too many"),
        (Stored(2, {"C1": "7"}, ["a", "b"]), "was answered"),
        (Stored(3, {"C1": "8"}, ["a", "b"]), "was answered"),
        (None, "is not stored"),
    ],
)
def test_a_difference_to_the_ledger_is_named(kept: Stored | None, problem: str) -> None:
    found = _miscounted([LEDGER], {"/p": kept} if kept else {})
    assert [problem in one for one in found] == ([True] if problem else [])


def answer(status: int = 200, **said: Any) -> Answer:
    return Answer(status, {}, json.dumps(said).encode(), 0)


def test_a_judge_notes_what_was_answered() -> None:
    judge = Judge("/p", "", "", 1)
    entry = judge.entry()
    marks = entry["marks"]
    judge.note(answer(version=1, marks=marks), entry, again=False)
    assert (judge.version, judge.keys, judge.marks, judge.wrong) == (1, [entry["key"]], marks, [])
    judge.note(answer(version=1, marks=marks), entry, again=True)
    assert (judge.keys, judge.wrong) == ([entry["key"]], [])
    judge.note(answer(version=2, marks=marks), entry, again=True)
    judge.note(answer(503), entry, again=False)
    judge.note(answer(version=2, marks={}), entry, again=False)
    assert ["again became version 2" in judge.wrong[0], "503" in judge.wrong[1], "other marks" in judge.wrong[2]] == [
        *(True, True, True)
    ]


def test_the_contest_has_a_paper_per_judge() -> None:
    made = settled(contest(5))
    assert len({(one.judge, one.submission) for one in made.assignments}) == 5
