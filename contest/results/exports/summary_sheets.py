"""The sheets that sum up: entries by track, field and school with charts, and where all numbers come from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from contest.infra.workbook import Chart, Column, Formula, Sheet, on
from contest.results.exports.book import Book, Row
from contest.results.exports.ranking_sheet import RANK, RESULT, check_block, column_block
from contest.results.exports.tongues import local
from contest.results.exports.tongues import say as _
from contest.results.formulas import Recipe
from contest.results.frozen import METHOD
from contest.results.report import Line

FORMAT = "bang-vang-workbook-1"
SOURCE_KEY, SOURCE_VALUE = "bv_source_key", "bv_source_value"
CHARTED = 12
MEAN_PLACES = 2


def summary_sheet(book: Book) -> Sheet:
    """Return counts and results by track, by field and by school, each with a chart of its largest groups."""
    columns = (
        Column(_("Grouped by"), 14),
        Column(_("Group"), 34),
        Column(_("Submissions"), 12, 0),
        Column(_("Ranked"), 11, 0),
        Column(_("Mean result"), 12, MEAN_PLACES),
        Column(_("Best result"), 12, book.places),
    )
    rows: list[Row] = []
    charts: list[Chart] = []
    for heading, named in _kinds(book):
        first = len(rows)
        rows += _group_rows(book, heading, named)
        if len(rows) > first + 1:  # one bar compares nothing
            top, last = first + 2, min(len(rows), first + CHARTED) + 1
            title = _("Submissions by %(group)s", group=heading.lower())
            charts.append(Chart(title, names=1, values=2, first=top, last=last))
    title = _("Summary by track, field and school")
    return Sheet(_("By track, field, school"), title, columns, rows, frozen_columns=2, charts=tuple(charts))


def _kinds(book: Book) -> Iterator[tuple[str, Callable[[Line], str]]]:
    none = _("(none)")
    yield _("Track"), lambda line: local(book.report.track_name(line.entrant.track)) or none
    yield _("Field"), lambda line: line.entrant.field or none
    yield _("School"), lambda line: line.entrant.school or none


def _group_rows(book: Book, heading: str, named: Callable[[Line], str]) -> list[Row]:
    groups: dict[str, list[Line]] = {}
    for line in book.report.lines:
        groups.setdefault(named(line), []).append(line)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return [[heading, name, *_figures(lines)] for name, lines in ordered]


def _figures(lines: list[Line]) -> Row:
    results = [Fraction(line.result) for line in lines if line.rank is not None and line.result is not None]
    mean = sum(results, Fraction(0)) / len(results) if results else None
    return [
        len(lines),
        sum(line.rank is not None for line in lines),
        _decimal(mean),
        _decimal(max(results, default=None)),
    ]


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)


def source_sheet(book: Book) -> Sheet:
    """Return where the numbers come from, and control sums that say whether they still are the frozen ones."""
    rows: list[Row] = [*_facts(book), *_controls(book)]
    columns = (Column(_("Fact"), 34), Column(_("Value"), 84), Column(_("Key"), 18, quiet=True))
    marks = ((1, SOURCE_VALUE), (2, SOURCE_KEY))
    return Sheet(_("Source"), _("Where these numbers come from"), columns, rows, marks=marks)


def _facts(book: Book) -> Iterator[Row]:
    report, source = book.report, book.source
    yield [_("Edition"), f"{report.edition} - {local(report.edition_name)}", ""]
    yield [_("Organiser"), report.organiser, ""]
    yield [_("Round"), f"{report.round} - {local(report.round_name)}", ""]
    yield [_("State"), _("final") if source.is_final else _("DRAFT, not final"), "state"]
    yield [_("Snapshot"), source.version, "version"]
    yield [_("Frozen at"), _local_time(book, source.frozen_at), ""]
    yield [_("Exported at"), _local_time(book, source.exported_at), "exported"]
    yield [_("Time zone"), report.timezone, ""]
    yield [_("Exported by"), source.actor, ""]
    yield [_("Method"), METHOD, "method"]
    yield [_("Rubric version"), report.rubric_version, ""]
    yield [_("Rules"), _rules(book), ""]
    yield [_("Formulas"), _how(book.recipe), ""]
    yield [_("Submissions"), len(report.lines), ""]
    yield [_("Scorecards assigned"), report.expected, ""]
    yield [_("Scorecards unfinished"), report.unfinished, ""]
    yield [_("Fingerprint (SHA-256)"), source.fingerprint, "fingerprint"]
    yield [_("Code of the edition"), report.edition, "edition"]
    yield [_("Code of the round"), report.round, "round"]
    yield [_("Language"), book.language, "language"]
    yield [_("Format of this file"), FORMAT, "format"]


def _local_time(book: Book, moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(book.zone)


def _rules(book: Book) -> str:
    kept = {name: value for name, value in book.report.rules.items() if value not in (None, [], False)}
    return ", ".join(f"{name}={_rule(value)}" for name, value in sorted(kept.items()))


def _rule(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _how(recipe: Recipe) -> str:
    """Say what of the ranking computes again and what is written as a value."""
    if recipe.agreed:
        return _("Results compute again; ranks are what the jury agreed on and are written as values.")
    reasons = {
        "aggregate": _("the rule compares the judges of the whole round with each other"),
        "too_fine": _("the numbers are too fine for a spreadsheet to be exact"),
        "old_snapshot": _("the frozen results were kept without the values of single criteria"),
        "no_judges": _("nobody has judged in this round"),
    }
    if recipe.why is not None:
        return _("Results are written as values, because %(reason)s. Ranks compute again.", reason=reasons[recipe.why])
    if recipe.frozen_ties:
        return _("Results and ranks compute again; the order among equal results is written as a value.")
    return _("Results, ranks and ties compute again from the marks.")


def _controls(book: Book) -> Iterator[Row]:
    """Yield control sums over the ranking: as it computes now, and as it was frozen."""
    ranked = [line for line in book.report.lines if line.rank is not None]
    results = [Decimal(line.result) for line in book.report.lines if line.result is not None]
    same, total, places = check_block(book), column_block(book, RESULT), column_block(book, RANK)
    if same is None or total is None or places is None:
        return
    yield [_("Control: ranked submissions"), _on(book, "COUNT", places, Decimal(len(ranked))), ""]
    yield [_("Control: ranked submissions, frozen"), len(ranked), ""]
    summed = Formula(f"ROUND(SUM({on(book.ranking, total)}),{book.places})", sum(results, Decimal(0)))
    yield [_("Control: sum of results"), summed, ""]
    yield [_("Control: sum of results, frozen"), sum(results, Decimal(0)), ""]
    differing = Formula(f"ROWS({on(book.ranking, same)})-SUM({on(book.ranking, same)})", Decimal(0))
    yield [_("Control: rows that differ from the frozen results"), differing, ""]


def _on(book: Book, function: str, block: str, value: Decimal) -> Formula:
    return Formula(f"{function}({on(book.ranking, block)})", value)


__all__ = ["FORMAT", "SOURCE_KEY", "SOURCE_VALUE", "source_sheet", "summary_sheet"]
