"""Score sheets: one page for each judge and team, as it was handed in, or blank to write on."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from contest.papers.blocks import (
    Block,
    Break,
    Column,
    Document,
    Fields,
    Lines,
    Para,
    Signatures,
    Signer,
    Table,
    Title,
    numbered,
)
from contest.papers.exports.common import Desk, titled
from contest.papers.spelling import spelled
from contest.results.exports import cell_words
from contest.results.report import Cell, Line


def score_sheets(desk: Desk) -> Document:
    """Return the sheets of a round, by entry in the order of the ranking and then by judge."""
    return _document(desk, _("Score sheets"), blank=False)


def blank_sheets(desk: Desk) -> Document:
    """Return the same sheets without marks, by entry in the order of its code."""
    return _document(desk, _("Blank score sheets"), blank=True)


def _document(desk: Desk, title: str, *, blank: bool) -> Document:
    blocks: list[Block] = []
    lines = sorted(desk.report.lines, key=lambda line: line.entrant.code) if blank else desk.report.lines
    for line in lines:
        for cell in line.cells:
            blocks += [*([Break()] if blocks else []), *_sheet(desk, line, cell, blank=blank)]
    if not blocks:
        blocks.append(Para(_("No scorecard was assigned in this round.")))
    return desk.document(title, blocks)


def _sheet(desk: Desk, line: Line, cell: Cell, *, blank: bool) -> Iterator[Block]:
    judge = desk.report.judges[cell.judge]
    yield desk.head(_("Jury"))
    yield Title(_("Score sheet"), desk.contest)
    yield Fields(
        (
            (_("Round"), desk.round),
            (_("Code and idea"), f"{line.entrant.code} – {titled(line)}"),
            (_("Team"), line.entrant.team or "–"),
            (_("Judge"), f"{judge.name} ({judge.code})"),
        )
    )
    yield _marks(desk, cell, blank=blank)
    yield from _total(desk, cell, blank=blank)
    yield Para("", lead=_("Remarks:"))
    yield Lines(3)
    yield Signatures((Signer(_("Judge"), _("(signature, full name)"), judge.name),))


def _marks(desk: Desk, cell: Cell, *, blank: bool) -> Table:
    criteria = desk.report.criteria
    given = cell.marks if len(cell.marks) == len(criteria) and not blank else (None,) * len(criteria)
    empty = "" if blank else "–"
    rows = numbered(
        (
            desk.of(one.name) or one.code,
            f"{desk.number(one.minimum)}–{desk.number(one.maximum)}",
            desk.number(one.weight),
            empty if mark is None else desk.number(mark),
        )
        for one, mark in zip(criteria, given, strict=True)
    )
    columns = (
        Column(_("No."), 0.5, "centre"),
        Column(_("Criterion"), 4),
        Column(_("Scale"), 1.1, "centre"),
        Column(_("Weight"), 1, "centre"),
        Column(_("Mark"), 1.1, "centre"),
    )
    return Table(columns, rows)


def _total(desk: Desk, cell: Cell, *, blank: bool) -> Iterator[Block]:
    if blank:
        yield Fields(((_("Total, in figures"), ""), (_("Total, in words"), "")))
    elif cell.total is None:
        yield Para(str(cell_words(cell.state)), lead=_("This sheet does not count:"))
    else:
        words = spelled(cell.total, desk.language)
        yield Fields(
            (
                (_("Total, in figures"), desk.number(cell.total)),
                (_("Total, in words"), words[0].upper() + words[1:]),
            )
        )
