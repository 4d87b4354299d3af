"""What every sheet of a workbook is made of: the report, its source, the recipe, and where things stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from contest.editions.rules import CriterionSpec
from contest.infra.signing import fingerprint
from contest.infra.workbook import CellValue, on, sheet_name, span
from contest.results.award_list import AwardList
from contest.results.desk import DeskNotes
from contest.results.exports.tongues import say as _
from contest.results.formulas import Recipe
from contest.results.queries import SnapshotLine
from contest.results.report import Line, RoundReport, to_payload
from contest.results.rulings import RulingKind


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the numbers of an export come from. `version` is none while the round is still a draft.

    `test`: the edition is a rehearsal or a demo, and every sheet says so.
    """

    fingerprint: str
    version: int | None
    frozen_at: datetime | None
    exported_at: datetime
    actor: str
    test: bool = False

    @property
    def is_final(self) -> bool:
        """Tell whether the numbers are frozen."""
        return self.version is not None


def provenance(
    report: RoundReport, snapshot: SnapshotLine | None, *, actor: str, now: datetime, test: bool = False
) -> Provenance:
    """Say where the numbers of an export come from: the snapshot if there is one, else the report itself."""
    return Provenance(
        fingerprint=snapshot.fingerprint if snapshot else fingerprint(to_payload(report)),
        version=snapshot.version if snapshot else None,
        frozen_at=snapshot.created_at if snapshot else None,
        exported_at=now,
        actor=actor,
        test=test,
    )


@dataclass(frozen=True, slots=True)
class Extras:
    """What a workbook holds beside the report: the awards, none where they may not be told; the committee's notes."""

    awards: AwardList | None = None
    settled: bool = False
    notes: DeskNotes = field(default_factory=dict)


MATRIX_LEAD, MATRIX_TOP = 3, 1
"""Columns before the judges, and the row of the headings."""
DETAIL_LEAD, DETAIL_TOP = 4, 2
RANKING_TOP = 1


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook while it is written. `rows` are the first and last row of each line in the detail, None without."""

    report: RoundReport
    source: Provenance
    recipe: Recipe
    extras: Extras
    rows: tuple[tuple[int, int] | None, ...]
    missing: Mapping[str, frozenset[str]]
    language: str

    @property
    def matrix(self) -> str:
        """Return the name of the matrix sheet."""
        return sheet_name(_("Score matrix"))

    @property
    def detail(self) -> str:
        """Return the name of the detail sheet."""
        return sheet_name(_("Criterion detail"))

    @property
    def ranking(self) -> str:
        """Return the name of the ranking sheet."""
        return sheet_name(_("Ranking"))

    @property
    def places(self) -> int:
        """Return the printed decimals of a result."""
        return self.recipe.rules.decimals

    @property
    def zone(self) -> ZoneInfo:
        """Return where the contest is."""
        return ZoneInfo(self.report.timezone)

    def totals(self, position: int) -> str:
        """Return where the judges' totals of a line stand."""
        row = MATRIX_TOP + 1 + position
        return on(self.matrix, span(row, MATRIX_LEAD, row, MATRIX_LEAD + max(len(self.report.judges), 1) - 1))

    def marks(self, position: int, criterion: int) -> str | None:
        """Return where the judges' marks of a line on one of their criteria stand; None without a scorecard."""
        rows, column = self.rows[position], DETAIL_LEAD + criterion
        return None if rows is None else on(self.detail, span(rows[0], column, rows[1], column))

    def measured(self, line: Line) -> list[Fraction | None]:
        """Return the marks that count of the criteria that judges do not fill."""
        if not line.measured:
            return [None] * len(self.report.measured)
        pairs = zip(self.recipe.rubric.measured, line.measured, strict=True)
        return [
            Fraction(one.minimum) if self.waives(line, one) else (None if mark is None else Fraction(mark))
            for one, mark in pairs
        ]

    def waives(self, line: Line, criterion: CriterionSpec) -> bool:
        """Tell whether a criterion looks at a part that is missing, so that its lowest mark counts."""
        return bool(criterion.part) and criterion.part in self.missing.get(line.entrant.code, frozenset())


def book_of(report: RoundReport, source: Provenance, recipe: Recipe, extras: Extras, language: str) -> Book:
    """Return the book with the places of all rows worked out."""
    missing: dict[str, frozenset[str]] = {}
    for ruling in report.rulings:
        if ruling.kind == RulingKind.MISSING_PART and ruling.submission is not None:
            missing[ruling.submission] = missing.get(ruling.submission, frozenset()) | {ruling.value}
    rows: list[tuple[int, int] | None] = []
    next_row = DETAIL_TOP + 1
    for line in report.lines:
        count = len(line.cells)
        rows.append((next_row, next_row + count - 1) if count else None)
        next_row += count
    return Book(report, source, recipe, extras, tuple(rows), missing, language)


def number(text: str | None) -> Decimal | None:
    """Return a printed number."""
    return None if text is None else Decimal(text)


def decimals(text: str | None) -> int:
    """Count the places of a printed number."""
    return len(text.partition(".")[2]) if text else 0


def titled(book: Book, title: str) -> str:
    """Return a title that says when the results are not final."""
    return title if book.source.is_final else _("%(title)s (DRAFT)", title=title)


def status_words(status: str) -> str:
    """Return how a line's status is said."""
    words = {"ranked": "", "incomplete": _("too few scorecards"), "unscored": _("not scored")}
    return str(words[status])


def cell_words(state: str) -> str:
    """Return how a cell without a total is said: missing, unfinished, abstained and recused are four things."""
    words = {
        "missing": _("not scored"),
        "draft": _("not handed in"),
        "recused": _("recused"),
        "abstained": _("abstained"),
        "submitted": "",
    }
    return str(words[state])


Row = list[CellValue]
"""The values of one row, in the order of the columns."""
