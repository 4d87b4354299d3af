"""The report is exact, ordered, and survives its own JSON."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from flask import Flask

from contest.editions.queries import round_by_code
from contest.editions.rules import RoundRules
from contest.infra.db import db
from contest.infra.signing import canonical_json, fingerprint
from contest.judging.states import ScorecardStatus
from contest.results.explain import explain_line, explain_report
from contest.results.models import Adjustment, RulingRow
from contest.results.queries import live_report
from contest.results.ranking import rank
from contest.results.replay import inputs_from_report, standings_of
from contest.results.report import RoundReport, from_payload, to_payload
from contest.results.rulings import RulingKind
from contest.submissions.lifecycle import SubmissionStatus
from tests.counting import counted
from tests.factories import NOON, Make
from tests.results.conftest import Scored


def _report(scored: Scored) -> RoundReport:
    round_ = round_by_code(scored.edition.id, "r1")
    assert round_ is not None
    return live_report(scored.facts, round_)


@pytest.mark.both_databases
def test_lines_are_ranked_with_shared_places(app: Flask, scored: Scored) -> None:
    report = _report(scored)
    assert [(line.rank, line.result, line.tied, line.judges) for line in report.lines] == [
        (1, "14.50", True, 2),
        (1, "14.50", True, 2),
        (3, "10.50", False, 2),
    ]
    assert [line.entrant.code for line in report.lines] == [
        scored.submissions[0].code,
        scored.submissions[2].code,
        scored.submissions[1].code,
    ]


def test_cells_hold_marks_and_exact_totals(app: Flask, scored: Scored) -> None:
    first = _report(scored).lines[0]
    assert [(cell.total, cell.marks, cell.state) for cell in first.cells] == [
        ("15.0", ("5.0", "10.0"), "submitted"),
        ("14.0", ("4.0", "10.0"), "submitted"),
    ]


def test_payload_round_trips_and_keeps_its_fingerprint(app: Flask, scored: Scored) -> None:
    report = _report(scored)
    payload = to_payload(report)
    again = from_payload(json.loads(canonical_json(payload)))
    assert again == report
    assert fingerprint(to_payload(again)) == fingerprint(payload)


def test_the_first_format_is_still_read(app: Flask, scored: Scored) -> None:
    payload = json.loads(canonical_json(to_payload(_report(scored))))
    new = {"measured", "earlier", "rulings"}
    lines = [
        {name: line[name] for name in ("entrant", "rank", "result", "own_result", "status", "judges", "tied", "cells")}
        for line in payload["lines"]
    ]
    criteria = [
        {name: one[name] for name in ("code", "name", "minimum", "maximum", "step", "weight")}
        for one in payload["criteria"]
    ]
    old = {name: value for name, value in payload.items() if name not in new}
    report = from_payload({**old, "format": 1, "lines": lines, "criteria": criteria})
    assert [(line.rank, line.result, line.decided_by, line.criteria) for line in report.lines] == [
        (1, "14.50", None, ()),
        (1, "14.50", None, ()),
        (3, "10.50", None, ()),
    ]
    assert [one.position for one in report.rubric] == [0, 1]
    assert [line.result for line in standings_of(report)] == ["14.50", "14.50", "10.50"]


def test_a_report_holds_everything_that_made_it(app: Flask, make: Make) -> None:
    """Ranking the inputs of a frozen report gives its lines again, and a line can be explained alone."""
    edition = make.edition()
    rules = RoundRules(tie_breaks=("criterion:C2", "chair"), spread_alarm=Decimal(5), scale_to=Decimal(50))
    round_ = make.round(edition, rules=rules)
    judges = [make.judge(edition) for _ in range(2)]
    entries = [make.submission(edition) for _ in range(3)]
    for submission, marks in zip(entries, ([[10, 10], [9, 11]], [[11, 9], [10, 10]], [[1, 2], [20, 20]]), strict=True):
        for judge, points in zip(judges, marks, strict=True):
            make.scorecard(make.assignment(round_, judge, submission), list(points))
    db.session.add(
        Adjustment(round_id=round_.id, submission_id=entries[2].id, points=Decimal("-1.5"), reason="trễ", author="An")
    )
    for kind, submission, value in (("chair_order", entries[0], "1"), ("spread_settled", entries[2], "")):
        db.session.add(
            RulingRow(
                round_id=round_.id,
                submission_id=submission.id,
                kind=RulingKind(kind),
                value=value,
                reason="đã bàn",
                author="Chủ tịch",
                decided_at=NOON,
            )
        )
    db.session.commit()
    loaded = round_by_code(edition.id, "r1")
    assert loaded is not None
    report = from_payload(json.loads(canonical_json(to_payload(live_report(make.facts(edition), loaded)))))
    again = rank(inputs_from_report(report))
    assert list(again) == standings_of(report)
    first = report.lines[0]
    assert (first.entrant.code, first.result, first.ledger, first.alarm) == (entries[2].code, "25.38", "-1.5", False)
    assert [(one.points, one.reason, one.author) for one in first.entries] == [("-1.5", "trễ", "An")]
    assert [line.decided_by for line in report.lines] == [None, "criterion:C2", "criterion:C2"]
    whole = explain_report(report)
    for position in range(len(report.lines)):
        assert explain_line(report, position) == whole.steps(position)


def test_another_format_is_refused(app: Flask, scored: Scored) -> None:
    with pytest.raises(KeyError):
        from_payload({**to_payload(_report(scored)), "format": 99})


def test_draft_missing_and_recused_are_told_apart_and_do_not_count(app: Flask, make: Make) -> None:
    edition = make.edition()
    round_ = make.round(edition)
    submission = make.submission(edition)
    judges = [make.judge(edition) for _ in range(5)]
    states: tuple[tuple[list[int | None], ScorecardStatus], ...] = (
        ([20, 20], ScorecardStatus.SUBMITTED),
        ([4, None], ScorecardStatus.DRAFT),
        ([2, 2], ScorecardStatus.RECUSED),
        ([None, None], ScorecardStatus.DRAFT),
    )
    for judge, (points, status) in zip(judges, states, strict=False):
        make.scorecard(make.assignment(round_, judge, submission), points, status)
    make.assignment(round_, judges[4], submission)
    facts = make.facts(edition)
    loaded = round_by_code(edition.id, "r1")
    assert loaded is not None
    (line,) = live_report(facts, loaded).lines
    assert [cell.state for cell in line.cells] == ["submitted", "draft", "recused", "missing", "missing"]
    assert (line.result, line.judges, line.rank) == ("20.00", 1, 1)


@pytest.mark.parametrize("status", [SubmissionStatus.DRAFT, SubmissionStatus.WITHDRAWN, SubmissionStatus.DISQUALIFIED])
def test_case_2_absent_entries_stay_out(app: Flask, make: Make, status: SubmissionStatus) -> None:
    edition = make.edition()
    round_ = make.round(edition)
    judge = make.judge(edition)
    kept, gone = make.submission(edition), make.submission(edition, status=status)
    for submission in (kept, gone):
        make.scorecard(make.assignment(round_, judge, submission), [10, 10])
    loaded = round_by_code(edition.id, "r1")
    assert loaded is not None
    report = live_report(make.facts(edition), loaded)
    assert [line.entrant.code for line in report.lines] == [kept.code]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_report_takes_the_same_queries_for_any_number_of_rows(app: Flask, make: Make, rows: int) -> None:
    edition = make.edition()
    round_ = make.round(edition)
    judge = make.judge(edition)
    for _ in range(rows):
        make.scorecard(make.assignment(round_, judge, make.submission(edition)), [10, 10])
    facts, loaded = make.facts(edition), round_by_code(edition.id, "r1")
    assert loaded is not None
    with counted(app) as statements:
        report = live_report(facts, loaded)
    assert len(report.lines) == rows
    assert len(statements) == 10
