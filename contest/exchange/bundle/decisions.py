"""rulings.csv, award_choices.csv and measured.csv: what people decided in writing, and what was measured."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from contest.editions.numbers import parse_decimal
from contest.editions.rules import CriterionSpec
from contest.errors import RuleBroken
from contest.exchange.bundle.findings import nearest
from contest.exchange.bundle.marks import criterion_of
from contest.exchange.bundle.model import BundleChoice, BundleMeasured, BundleRuling, TableLike
from contest.exchange.bundle.references import Index, Key, once, refer
from contest.exchange.bundle.rows import Cells, read_cells
from contest.results.award_rules import AwardBy, AwardSpec
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


def read_choices(table: TableLike, index: Index) -> Iterator[BundleChoice]:
    """Read award_choices.csv; the same submission is chosen once and counted once for an award."""
    edition = index.document.edition
    awards = {each.code.casefold(): each for each in edition.awards} if edition else {}
    seen: dict[Key, int] = {}
    for row in read_cells("award_choices", table, index.findings):
        award = awards.get(row.raw("award").strip().casefold())
        if award is None:
            known = [each.code for each in awards.values()]
            near = nearest(row.raw("award"), known)
            row.problem("award", "unknown_award", value=row.raw("award"), nearest=near)
        choice = _choice(row, award, index)
        # A place may be left empty as often as there are places.
        key = (choice.award, choice.submission, "votes" if choice.votes is not None else "chosen") if choice else ()
        if choice is not None and (not choice.submission or once(row, key, seen)):
            yield choice


def _choice(row: Cells, award: AwardSpec | None, index: Index) -> BundleChoice | None:
    before = len(index.findings.problems)
    submission = refer(row, "submission", index.submissions, optional=True)
    votes = row.integer("votes")
    if votes is not None and award is not None and (award.by is not AwardBy.VOTE or not row.raw("submission").strip()):
        row.problem("votes", "votes_not_counted")
    reason = row.text("reason", 500, required=True)
    author = row.text("author", required=True)
    if award is None or len(index.findings.problems) > before:
        return None
    return BundleChoice(award.code, submission, votes, reason, author)


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
