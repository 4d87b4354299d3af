"""The sheets of marks: judge by submission, criterion by criterion, and what each judge did."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from contest.infra.workbook import CellValue, Column, Formula, Sheet, cell, on, span
from contest.results.exports.book import (
    DETAIL_LEAD,
    DETAIL_TOP,
    MATRIX_LEAD,
    MATRIX_TOP,
    RANKING_TOP,
    Book,
    Row,
    cell_words,
    decimals,
    number,
)
from contest.results.exports.ranking_sheet import RANK, RESULT
from contest.results.exports.tongues import local
from contest.results.exports.tongues import say as _
from contest.results.report import Cell, Line

MEAN_PLACES = 3
PAIR = 2
MARKS_CODE, MARKS_JUDGE = "bv_marks_code", "bv_marks_judge"


def matrix_sheet(book: Book) -> Sheet:
    """Return the total of each judge for each submission; words where nothing counts."""
    report = book.report
    columns = [Column(_("Code"), 11), Column(_("Idea"), 40), Column(_("Track"), 16)]
    columns += [Column(judge.code, 11, book.recipe.places, open=True) for judge in report.judges]
    columns += [
        Column(_("Mean of the judges"), 11, MEAN_PLACES),
        Column(_("Result"), 11, book.places),
        Column(_("Rank"), 8, 0),
    ]
    rows = [_matrix_row(book, position, line) for position, line in enumerate(report.lines)]
    title = _("Total of each judge for each submission")
    return Sheet(_("Score matrix"), title, tuple(columns), rows, frozen_columns=2)


def _matrix_row(book: Book, position: int, line: Line) -> Row:
    seats: list[CellValue] = [None] * len(book.report.judges)
    rows, column = book.rows[position], DETAIL_LEAD + len(book.report.criteria)
    for offset, one in enumerate(line.cells):
        if one.total is None:
            seats[one.judge] = cell_words(one.state)
        elif rows is not None:
            seats[one.judge] = Formula(on(book.detail, cell(rows[0] + offset, column)), Decimal(one.total))
    who, block = line.entrant, book.totals(position).partition("!")[2]
    ranking = RANKING_TOP + 1 + position
    return [
        who.code,
        who.title,
        local(book.report.track_name(who.track)),
        *seats,
        Formula(f'IF(COUNT({block})=0,"",AVERAGE({block}))', _decimal(_mean(line))) if seats else None,
        _mirror(book, ranking, RESULT, number(line.result)),
        _mirror(book, ranking, RANK, line.rank),
    ]


def _mirror(book: Book, row: int, column: int, value: Decimal | int | None) -> Formula:
    """Repeat a cell of the ranking; an empty one stays empty."""
    source = on(book.ranking, cell(row, column))
    return Formula(f'IF(ISNUMBER({source}),{source},"")', value)


def _mean(line: Line) -> Fraction | None:
    totals = [Fraction(one.total) for one in line.cells if one.total is not None]
    return sum(totals, Fraction(0)) / len(totals) if totals else None


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)


def detail_sheet(book: Book) -> Sheet:
    """Return every mark of every judge; what does not count stands there as words, not as numbers."""
    report = book.report
    columns = [Column(_("Code"), 11), Column(_("Idea"), 38), Column(_("Judge"), 12), Column(_("State"), 14)]
    columns += [
        Column(f"{local(c.name)} ({c.minimum}-{c.maximum})", 13, max(decimals(c.step), decimals(c.minimum)), open=True)
        for c in report.criteria
    ]
    columns += [Column(_("Total"), 11, book.recipe.places), Column(_("Note"), 28)]
    weights: list[CellValue] = [Decimal(c.weight) for c in report.criteria]
    return Sheet(
        _("Criterion detail"),
        _("Every mark of every judge"),
        tuple(columns),
        [row for position, line in enumerate(report.lines) for row in _detail_rows(book, position, line)],
        frozen_columns=3,
        marks=((0, MARKS_CODE), (2, MARKS_JUDGE)),
        lead=(_("Weight"), None, None, None, *weights, None, None),
    )


def _detail_rows(book: Book, position: int, line: Line) -> Iterator[Row]:
    rows = book.rows[position]
    waived = [book.waives(line, one) for one in book.recipe.rubric.judged]
    for offset, one in enumerate(line.cells):
        state = cell_words(one.state) or _("handed in")
        head: Row = [line.entrant.code, line.entrant.title, book.report.judges[one.judge].code, state]
        if one.total is None:
            yield [*head, *one.marks, None, ""]
            continue
        marks: Row = [
            Decimal(c.minimum) if lowest else number(mark)
            for c, lowest, mark in zip(book.report.criteria, waived, one.marks, strict=True)
        ]
        total = Formula(_total(book, (rows or (0, 0))[0] + offset), Decimal(one.total))
        yield [*head, *marks, total, _waived_note(book, waived, one)]


def _total(book: Book, row: int) -> str:
    last = DETAIL_LEAD + len(book.report.criteria) - 1
    weights = span(DETAIL_TOP - 1, DETAIL_LEAD, DETAIL_TOP - 1, last)
    marks = f"{cell(row, DETAIL_LEAD)}:{cell(row, last)}"
    return f"ROUND(SUMPRODUCT({weights},{marks}),{book.recipe.places})"


def _waived_note(book: Book, waived: list[bool], given: Cell) -> str:
    pairs = zip(book.report.criteria, waived, given.marks, strict=True)
    told = [f"{local(c.name) or c.code}: {mark or '-'}" for c, lowest, mark in pairs if lowest]
    return _("missing part, lowest mark; given: %(marks)s", marks=", ".join(told)) if told else ""


def judges_sheet(book: Book) -> Sheet:
    """Return what each judge did: load, counted, mean, spread, and how much above the others of the same entries."""
    columns = (
        Column(_("Code"), 11),
        Column(_("Judge"), 30),
        Column(_("Organisation"), 34),
        Column(_("Load"), 10, 0),
        Column(_("Counted"), 10, 0),
        Column(_("Not counted"), 10, 0),
        Column(_("Mean"), 11, MEAN_PLACES),
        Column(_("Lowest"), 11, book.recipe.places),
        Column(_("Highest"), 11, book.recipe.places),
        Column(_("Spread (standard deviation)"), 13, MEAN_PLACES),
        Column(_("Above (+) or below (-) the panel"), 16, MEAN_PLACES),
    )
    given = _given(book)
    rows = [_judge_row(book, seat, given[seat]) for seat in range(len(book.report.judges))]
    title = _("Judges: load, mean, spread, severity")
    return Sheet(_("Judges"), title, columns, rows, frozen_columns=2)


Given = list[tuple[Fraction | None, Fraction]]
"""Total and mean of the panel of each seat of a judge; no total where it does not count."""


def _given(book: Book) -> list[Given]:
    found: list[Given] = [[] for _ in book.report.judges]
    for line in book.report.lines:
        mean = _mean(line) or Fraction(0)
        for one in line.cells:
            found[one.judge].append((None if one.total is None else Fraction(one.total), mean))
    return found


def _judge_row(book: Book, seat: int, given: Given) -> Row:
    judge, column = book.report.judges[seat], MATRIX_LEAD + seat
    last = MATRIX_TOP + max(len(book.report.lines), 1)
    block = on(book.matrix, span(MATRIX_TOP + 1, column, last, column))
    means_at = MATRIX_LEAD + len(book.report.judges)
    means = on(book.matrix, span(MATRIX_TOP + 1, means_at, last, means_at))
    totals = [total for total, _mean_of_panel in given if total is not None]
    count = len(totals)
    apart = sum((total - mean for total, mean in given if total is not None), Fraction(0)) / max(count, 1)
    return [
        judge.code,
        judge.name,
        judge.organisation,
        len(given),
        Formula(f"COUNT({block})", count),
        len(given) - count,
        Formula(
            f'IF(COUNT({block})=0,"",AVERAGE({block}))', _decimal(sum(totals, Fraction(0)) / count) if count else None
        ),
        Formula(f'IF(COUNT({block})=0,"",MIN({block}))', _decimal(min(totals)) if count else None),
        Formula(f'IF(COUNT({block})=0,"",MAX({block}))', _decimal(max(totals)) if count else None),
        Formula(f'IF(COUNT({block})<{PAIR},"",STDEV({block}))', _deviation(totals)),
        Formula(
            f'IF(COUNT({block})=0,"",SUM(IF(ISNUMBER({block}),{block}-{means},0))/COUNT({block}))',
            _decimal(apart) if count else None,
            array=True,
        ),
    ]


def _deviation(totals: list[Fraction]) -> Decimal | None:
    """Return the standard deviation of a sample."""
    if len(totals) < PAIR:
        return None
    mean = sum(totals, Fraction(0)) / len(totals)
    squares = sum(((one - mean) ** 2 for one in totals), Fraction(0)) / (len(totals) - 1)
    return (Decimal(squares.numerator) / Decimal(squares.denominator)).sqrt()
