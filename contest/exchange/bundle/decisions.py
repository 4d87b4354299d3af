"""rulings.csv and measured.csv: what people decided in writing, and what was measured or counted."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from contest.editions.numbers import parse_decimal
from contest.editions.rules import CriterionSpec
from contest.errors import RuleBroken
from contest.exchange.bundle.marks import criterion_of
from contest.exchange.bundle.model import BundleMeasured, BundleRuling, TableLike
from contest.exchange.bundle.references import Index, Key, once, refer
from contest.exchange.bundle.rows import Cells, read_cells
from contest.results.ruling_values import check_ruling, settles
from contest.results.rulings import RulingKind

LONGEST_VALUE = 100


def read_rulings(table: TableLike, index: Index) -> Iterator[BundleRuling]:
    """Read rulings.csv; a second ruling on the same thing is a problem."""
    seen: dict[Key, int] = {}
    for row in read_cells("rulings", table, index.findings):
        ruling = _ruling(row, index)
        if ruling is None:
            continue
        what = settles(ruling.kind, ruling.submission, ruling.value)
        # "-" stands for "all", so that the key is complete.
        if once(row, (ruling.round, *(part or "-" for part in what)), seen):
            yield ruling


def _ruling(row: Cells, index: Index) -> BundleRuling | None:
    before = len(index.findings.problems)
    kind = row.choice("kind", RulingKind)
    if kind is None and not row.raw("kind").strip():
        row.problem("kind", "cell_empty")
    round_code = refer(row, "round", index.rounds)
    submission = refer(row, "submission", index.submissions, optional=True)
    value = row.text("value", LONGEST_VALUE)
    reason = row.text("reason", 500, required=True)
    author = row.text("author", required=True)
    if kind is None or len(index.findings.problems) > before:
        return None
    try:
        check_ruling(kind, value, about_submission=bool(submission))
    except RuleBroken as error:
        about = error.code in ("ruling_without_submission", "ruling_with_submission")
        index.findings.broken(row.place("submission" if about else "value"), error)
        return None
    return BundleRuling(round_code, kind, submission, value, reason, author)


def read_measured(table: TableLike, index: Index) -> Iterator[BundleMeasured]:
    """Read measured.csv: the numbers of criteria that declare a measure."""
    seen: dict[Key, int] = {}
    for row in read_cells("measured", table, index.findings):
        round_code = refer(row, "round", index.rounds)
        submission = refer(row, "submission", index.submissions)
        criterion = criterion_of(row, round_code, index)
        value = _value(row, criterion)
        if criterion is not None and value is not None:
            measured = BundleMeasured(round_code, criterion.code, submission, value)
            if once(row, (round_code, criterion.code, submission), seen):
                yield measured


def _value(row: Cells, criterion: CriterionSpec | None) -> Decimal | None:
    if criterion is not None and criterion.measure is None:
        row.problem("criterion", "criterion_without_measure", value=criterion.code)
        return None
    if not row.raw("value").strip():
        row.problem("value", "cell_empty")
        return None
    try:
        return parse_decimal(row.raw("value"))
    except RuleBroken as error:
        row.findings.broken(row.place("value"), error)
        return None
