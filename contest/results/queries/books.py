"""The rows that a reconciliation counts, each kind read on its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import String, cast, func, select

from contest.editions.facts import RoundFacts
from contest.editions.rules import Counting, Source
from contest.infra.audit import AuditEntry
from contest.infra.db import db
from contest.judging.models import Assignment, Conflict, Judge, Score, Scorecard
from contest.results.models import Closing, RulingRow
from contest.results.reconcile import Pair, Paper, Reconciliation, Rows, reconcile
from contest.results.report import RoundReport
from contest.results.rulings import RulingKind
from contest.submissions.models import Submission

_PAIR = (Submission.code.label("entry"), Judge.code.label("judge"))
_HANDED_IN = ("scorecard.submitted", "scorecard.changed")


def reconciliation_of(round_: RoundFacts, report: RoundReport, *, with_closing: bool = True) -> Reconciliation:
    """Count a round both ways, in seven queries whatever its size; `report` says who takes part and what counted."""
    return reconcile(rows_of(round_, report, with_closing=with_closing))


def rows_of(round_: RoundFacts, report: RoundReport, *, with_closing: bool = True) -> Rows:
    """Return the rows of a round as `reconcile` wants them; entries that take no part are left out."""
    entries = {line.entrant.code for line in report.lines}
    closing = _closing(round_.id) if with_closing else None
    return Rows(
        wanted=tuple(one.code for one in round_.rubric.criteria if one.source is Source.JUDGES),
        rubric_version=round_.rubric_version,
        seats=tuple(pair for pair in _seats(round_.id) if pair[0] in entries),
        papers=tuple(paper for paper in papers_of(round_) if paper.pair[0] in entries),
        counted=frozenset(
            (line.entrant.code, report.judges[cell.judge].code)
            for line in report.lines
            for cell in line.cells
            if cell.total is not None
        ),
        aside=_aside(round_.edition_id),
        excused=_excused(round_),
        closing=None if closing is None else {pair: note for pair, note in closing.items() if pair[0] in entries},
        traced=frozenset(pair for pair in _lost(round_) if pair[0] in entries),
        complete=round_.rules.counting is Counting.COMPLETE,
    )


def _of_round(columns: tuple[Any, ...], round_id: int) -> Any:
    return (
        select(*columns)
        .select_from(Assignment)
        .join(Submission, Submission.id == Assignment.submission_id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .where(Assignment.round_id == round_id)
        .order_by(Assignment.id)
    )


def _seats(round_id: int) -> list[Pair]:
    return [(row.entry, row.judge) for row in db.session.execute(_of_round(_PAIR, round_id))]


def papers_of(round_: RoundFacts) -> list[Paper]:
    """Return the scorecards of a round with what they hold, in two queries."""
    codes = {i: spec.code for i, spec in zip(round_.criterion_ids, round_.rubric.criteria, strict=True)}
    columns = (*_PAIR, Scorecard.id, Scorecard.status, Scorecard.rubric_version)
    rows = db.session.execute(
        _of_round(columns, round_.id).join(Scorecard, Scorecard.assignment_id == Assignment.id)
    ).all()
    marks = _marks(round_.id)
    nothing: tuple[str, int] = ("", 0)
    return [
        Paper(
            pair=(row.entry, row.judge),
            status=row.status.value,
            marks=tuple(codes.get(int(i), "?") for i in marks.get(row.id, nothing)[0].split(",") if i),
            points=marks.get(row.id, nothing)[1],
            rubric_version=row.rubric_version,
        )
        for row in rows
    ]


def _marks(round_id: int) -> dict[int, tuple[str, int]]:
    rows = db.session.execute(
        select(
            Score.scorecard_id,
            func.aggregate_strings(cast(Score.criterion_id, String), ",").label("criteria"),
            func.sum(Score.points).label("points"),
        )
        .join(Scorecard, Scorecard.id == Score.scorecard_id)
        .join(Assignment, Assignment.id == Scorecard.assignment_id)
        .where(Assignment.round_id == round_id)
        .group_by(Score.scorecard_id)
    )
    return {row.scorecard_id: (row.criteria, int(row.points)) for row in rows}


def _aside(edition_id: int) -> frozenset[Pair]:
    rows = db.session.execute(
        select(*_PAIR)
        .select_from(Conflict)
        .join(Submission, Submission.id == Conflict.submission_id)
        .join(Judge, Judge.id == Conflict.judge_id)
        .where(Judge.edition_id == edition_id)
    )
    return frozenset((row.entry, row.judge) for row in rows)


def _excused(round_: RoundFacts) -> Mapping[str, frozenset[str]]:
    rows = db.session.execute(
        select(Submission.code, RulingRow.value)
        .join(Submission, Submission.id == RulingRow.submission_id)
        .where(
            RulingRow.round_id == round_.id,
            RulingRow.kind == RulingKind.MISSING_PART,
            RulingRow.revoked_at.is_(None),
        )
    )
    found: dict[str, frozenset[str]] = {}
    for entry, part in rows:
        codes = {one.code for one in round_.rubric.criteria if part and one.part == part}
        found[entry] = found.get(entry, frozenset()) | codes
    return found


def _closing(round_id: int) -> dict[Pair, str] | None:
    newest = select(Closing.papers).where(Closing.round_id == round_id).order_by(Closing.id.desc()).limit(1)
    papers = db.session.scalar(newest)
    return None if papers is None else {(entry, judge): note for entry, judge, note in papers}


def _lost(round_: RoundFacts) -> set[Pair]:
    """Return the papers that the audit trail saw handed in and that are not stored any more."""
    stored = select(cast(Scorecard.id, String))
    rows = db.session.execute(
        select(AuditEntry.facts["submission"].as_string().label("entry"), Judge.code.label("judge"))
        .join(Judge, (Judge.user_id == AuditEntry.actor_id) & (Judge.edition_id == round_.edition_id))
        .where(
            AuditEntry.scope == f"edition:{round_.edition_id}",
            AuditEntry.action.in_(_HANDED_IN),
            AuditEntry.facts["round"].as_string() == round_.code,
            func.substr(AuditEntry.subject, len("scorecard:") + 1).not_in(stored),
        )
        .distinct()
    )
    return {(row.entry, row.judge) for row in rows}


def note_of(round_: RoundFacts) -> list[list[str]]:
    """Return what lies on the table now, as `models.Closing.papers` keeps it, by entry and judge."""
    noted = dict.fromkeys(_seats(round_.id), "") | {paper.pair: paper.noted for paper in papers_of(round_)}
    return [[entry, judge, note] for (entry, judge), note in sorted(noted.items())]
