"""Acceptance cases of other systems' accidents that concern scores and ranks, and four rounds from files to places."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from flask import Flask

from contest.editions.models import Criterion, Edition, Round
from contest.editions.phases import RoundState
from contest.editions.queries import edition_by_code, round_by_code
from contest.editions.rules import Aggregate, RoundRules, Rubric, Source
from contest.errors import RuleBroken
from contest.infra.db import db
from contest.infra.signing import canonical_json
from contest.judging.models import MeasuredScore
from contest.judging.states import ScorecardStatus
from contest.results.inputs import RoundInputs
from contest.results.models import Snapshot
from contest.results.queries import live_report
from contest.results.ranking import StandingStatus, rank
from contest.results.report import RoundReport, to_payload
from contest.submissions.lifecycle import SubmissionStatus
from tests.factories import NOON, Make
from tests.judging.panels import card, criterion, rubric

BUNDLES = Path(__file__).parents[1] / "data" / "bundles"


def report(make: Make, edition: Edition, code: str = "r1") -> RoundReport:
    loaded = round_by_code(edition.id, code)
    assert loaded is not None
    return live_report(make.facts(edition), loaded)


def test_case_01_a_missing_score_never_sorts_first(app: Flask, make: Make) -> None:
    edition = make.edition()
    round_ = make.round(edition)
    judge, other = make.judge(edition), make.judge(edition)
    zero, none, blank, good = (make.submission(edition) for _ in range(4))
    make.scorecard(make.assignment(round_, judge, zero), [0, 0])
    make.assignment(round_, judge, none)
    make.scorecard(make.assignment(round_, other, blank), [20, None], ScorecardStatus.DRAFT)
    make.scorecard(make.assignment(round_, judge, good), [20, 20])
    lines = report(make, edition).lines
    assert [(line.entrant.code, line.rank, line.result) for line in lines] == [
        (good.code, 1, "20.00"),
        (zero.code, 2, "0.00"),
        (none.code, None, None),
        (blank.code, None, None),
    ]
    assert {line.rank for line in lines} == {1, 2, None}


@pytest.mark.parametrize("status", [SubmissionStatus.DRAFT, SubmissionStatus.WITHDRAWN, SubmissionStatus.DISQUALIFIED])
def test_case_02_absent_entries_stay_out_of_means_and_comparisons(
    app: Flask, make: Make, status: SubmissionStatus
) -> None:
    """The comparison of judges sees nothing of an entry that is gone: the same numbers as if it had never been."""
    edition = make.edition()
    round_ = make.round(edition, rules=RoundRules(aggregate=Aggregate.ZSCORE))
    judges = [make.judge(edition) for _ in range(3)]
    kept = [make.submission(edition) for _ in range(6)]
    for place, submission in enumerate(kept):
        for judge in (judges[place % 3], judges[(place + 1) % 3]):
            make.scorecard(make.assignment(round_, judge, submission), [place + 3, 2 * place])
    before = [(line.entrant.code, line.result, line.rank) for line in report(make, edition).lines]
    gone = make.submission(edition, status=status)
    make.scorecard(make.assignment(round_, judges[0], gone), [20, 20])
    assert [(line.entrant.code, line.result, line.rank) for line in report(make, edition).lines] == before


def test_case_03_weights_that_sum_to_zero_are_refused_and_a_criterion_missing_on_a_track_is_said() -> None:
    with pytest.raises(RuleBroken) as refused:
        Rubric((criterion("A", "0"), criterion("B", "0")))
    assert refused.value.code == "weights_sum_to_zero"
    marked = Rubric((criterion("A"), replace(criterion("ATTEND"), source=Source.ORGANISER)))
    cards = (card(0, 0, 5), card(0, 1, 6))
    pupils, students = rank(RoundInputs(RoundRules(), marked, (0, 1), cards, measured=({}, {"ATTEND": Fraction(7)})))
    assert (pupils.status, pupils.reason, pupils.result) == (StandingStatus.INCOMPLETE, "not_measured", None)
    assert (students.rank, students.result) == (1, "13.00")


def test_case_04_a_judge_who_scored_more_entries_does_not_weigh_more() -> None:
    few = [card(0, 0, 9), card(1, 0, 5)]
    many = [*few, *(card(0, entry, 9) for entry in range(1, 30))]
    alone = rank(RoundInputs(RoundRules(), rubric(), (None,), tuple(few)))
    among = rank(RoundInputs(RoundRules(), rubric(), (None,) * 30, tuple(many)))
    assert {one.result for one in alone} == {one.result for one in among if one.submission == 0} == {"7.00"}


def test_case_05_ranks_never_mix_tracks(app: Flask, make: Make) -> None:
    edition = make.edition()
    tracks = [make.track(edition, code) for code in "AB"]
    round_ = make.round(edition, rules=RoundRules(tie_breaks=("criterion:C1",)))
    judge = make.judge(edition)
    for number, marks in enumerate(([20, 20], [4, 4], [10, 10], [2, 6])):
        submission = make.submission(edition, track_id=tracks[number % 2].id)
        make.scorecard(make.assignment(round_, judge, submission), list(marks))
    assert [(line.entrant.track, line.rank, line.result, line.decided_by) for line in report(make, edition).lines] == [
        ("A", 1, "20.00", None),
        ("A", 2, "10.00", None),
        ("B", 1, "4.00", "criterion:C1"),
        ("B", 2, "4.00", "criterion:C1"),
    ]


def test_case_17_ties_are_shared_settled_by_the_declared_ladder_and_shown(app: Flask, make: Make) -> None:
    edition = make.edition()
    round_ = make.round(edition, rules=RoundRules(tie_breaks=("criterion:C1", "chair")))
    judge = make.judge(edition)
    for marks in ([10, 10], [10, 10], [12, 8], [9, 9]):
        make.scorecard(make.assignment(round_, judge, make.submission(edition)), list(marks))
    lines = report(make, edition).lines
    assert [(line.rank, line.tied, line.decided_by, line.awaits_chair) for line in lines] == [
        (1, False, "criterion:C1", False),
        (2, True, "criterion:C1", True),
        (2, True, "criterion:C1", True),
        (4, False, None, False),
    ]


# Four rounds: clamped marks, earlier rounds carried in, judges who withdraw from their own pupils.


@pytest.fixture
def four_rounds(app: Flask) -> str:
    loaded = app.test_cli_runner().invoke(args=["editions", "load", str(BUNDLES / "four-rounds")])
    assert loaded.exit_code == 0, loaded.output
    return "four-rounds"


@pytest.mark.both_databases
@pytest.mark.parametrize("code", ["r1", "r2", "r3", "r4"])
def test_four_rounds_come_out_as_worked_out_apart(app: Flask, four_rounds: str, code: str) -> None:
    with (BUNDLES / four_rounds / "expected.csv").open(encoding="utf-8", newline="") as file:
        expected = {
            row["submission"]: (row["result"], int(row["rank"])) for row in csv.DictReader(file) if row["round"] == code
        }
    answer = app.test_cli_runner().invoke(args=["results", "rank", four_rounds, code, "--json"])
    assert answer.exit_code == 0, answer.output
    rows = json.loads(answer.stdout)
    assert {row["submission"]: (row["result"], row["rank"]) for row in rows} == expected
    assert {row["status"] for row in rows} == {"ranked"}


def test_four_rounds_explain_the_withdrawal_the_limit_and_the_rounds(app: Flask, four_rounds: str) -> None:
    answer = app.test_cli_runner().invoke(args=["results", "rank", four_rounds, "r4", "--json", "--language", "en"])
    (pupil,) = (row for row in json.loads(answer.stdout) if row["submission"] == "P03")
    steps = pupil["explain"]
    assert sum("withdrew from this submission" in step for step in steps) == 2
    assert [code in steps[-2] for code in ("(r1)", "(r2)", "(r3)", "(this round)")] == [True] * 4
    assert steps[-2].endswith(f"rounded half up: {pupil['result']}.")
    assert steps[-1] == f"With {pupil['result']} that is rank {pupil['rank']} of 4."


def test_an_earlier_round_counts_with_its_frozen_results_once_it_is_finalised(app: Flask, four_rounds: str) -> None:
    edition = db.session.query(Edition).filter_by(code=four_rounds).one()
    facts, first = edition_by_code(four_rounds), round_by_code(edition.id, "r1")
    assert facts is not None
    assert first is not None
    frozen = live_report(facts, first)
    runner = app.test_cli_runner()

    def results() -> dict[str, str]:
        rows = json.loads(runner.invoke(args=["results", "rank", four_rounds, "r2", "--json"]).stdout)
        return {row["submission"]: row["result"] for row in rows}

    as_loaded = results()
    row = db.session.query(Round).filter_by(edition_id=edition.id, code="r1").one()
    row.rules = {**row.rules, "clamp": "1"}
    db.session.commit()
    assert results() != as_loaded
    row.state = RoundState.FINALISED
    payload = canonical_json(to_payload(frozen))
    db.session.add(Snapshot(round_id=row.id, version=1, payload=payload, fingerprint="0" * 64, created_at=NOON))
    db.session.commit()
    assert results() == as_loaded


def test_measured_numbers_and_marks_reach_the_ranking(app: Flask, make: Make) -> None:
    edition = make.edition()
    round_ = make.round(edition)
    judge = make.judge(edition)
    pair = [make.submission(edition) for _ in range(2)]
    extra = Criterion(
        round_id=round_.id,
        code="ATTEND",
        name_vi="Chuyên cần",
        minimum=Decimal(0),
        maximum=Decimal(10),
        step=Decimal(1),
        weight=Decimal(2),
        max_points=10,
        position=3,
        source=Source.ORGANISER,
    )
    db.session.add(extra)
    db.session.commit()
    for submission in pair:
        make.scorecard(make.assignment(round_, judge, submission), [10, 10, None])
    db.session.add_all(
        MeasuredScore(criterion_id=extra.id, submission_id=submission.id, points=points, max_points=10)
        for submission, points in zip(pair, (4, 9), strict=True)
    )
    db.session.commit()
    lines = report(make, edition).lines
    assert [(line.entrant.code, line.result, line.criteria, line.measured) for line in lines] == [
        (pair[1].code, "28.00", ("5.00", "5.00", "9.00"), ("9",)),
        (pair[0].code, "18.00", ("5.00", "5.00", "4.00"), ("4",)),
    ]
