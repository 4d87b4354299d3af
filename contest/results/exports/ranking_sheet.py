"""The sheet that ranks: totals, places and ties as formulas over the matrix and the detail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from contest.editions.rules import Aggregate
from contest.infra.workbook import CellValue, Column, Formula, Sheet, cell, span
from contest.results import formulas
from contest.results.exports.book import RANKING_TOP, Book, decimals, number, status_words, titled
from contest.results.exports.tongues import local
from contest.results.exports.tongues import say as _
from contest.results.formulas import Key
from contest.results.ladder import LadderStep, StepKind
from contest.results.ranking import SELF
from contest.results.report import Line
from contest.results.rulings import RulingKind

FIRST = RANKING_TOP + 1
RANK, RESULT, JUDGES = 0, 6, 7
MEASURED_PLACES = 6


@dataclass(frozen=True, slots=True)
class _Field:
    """One column: its heading and look, and what a line has there."""

    name: str
    column: Column
    value: Callable[[_Place], CellValue]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a line stands in the sheet: its position, and the first and last position of its track."""

    position: int
    line: Line
    first: int
    last: int


class _Ranking:
    """The columns of the sheet, each knowing where the others are."""

    def __init__(self, book: Book) -> None:
        self.book, self.report, self.recipe = book, book.report, book.recipe
        self.live = self.recipe.why is None
        self.clamped = self.recipe.rules.aggregate is Aggregate.CLAMPED  # looks at each number: an array formula
        fields = [*self._paper(), *self._arithmetic()]
        self.fields = tuple(fields)
        self.at = {one.name: place for place, one in enumerate(fields)}
        self.printed = self.at["note"] + 1

    def sheet(self) -> Sheet:
        """Return the sheet."""
        rows = [[one.value(place) for one in self.fields] for place in self._places()]
        heading = _(
            "Ranking: %(edition)s, %(round)s",
            edition=local(self.report.edition_name),
            round=local(self.report.round_name),
        )
        return Sheet(
            _("Ranking"),
            titled(self.book, heading),
            tuple(one.column for one in self.fields),
            rows,
            frozen_columns=3,
            aside=self._verdict(len(rows)),
            printed=self.printed,
        )

    def _places(self) -> Iterator[_Place]:
        start = 0
        for _track, group in groupby(self.report.lines, key=lambda line: line.entrant.track):
            lines = list(group)
            for offset, line in enumerate(lines):
                yield _Place(start + offset, line, start, start + len(lines) - 1)
            start += len(lines)

    def _verdict(self, count: int) -> Formula | None:
        """Say at the top whether the sheet still gives the frozen results."""
        if not count:
            return None
        column = self.at["check"]
        block = span(FIRST, column, FIRST + count - 1, column)
        same, other = _quoted(_("equals the frozen results")), _quoted(_("CHANGED: differs from the frozen results"))
        return Formula(f"IF(SUM({block})=ROWS({block}),{same},{other})", _("equals the frozen results"))

    def _cell(self, name: str, place: _Place) -> str:
        return cell(FIRST + place.position, self.at[name])

    def _block(self, name: str, place: _Place) -> str:
        return span(FIRST + place.first, self.at[name], FIRST + place.last, self.at[name])

    # What is printed.

    def _paper(self) -> list[_Field]:
        report, places = self.report, self.book.places
        fields = [
            _Field("rank", Column(_("Rank"), 8, 0), self._rank),
            _Field("code", Column(_("Code"), 11), lambda at: at.line.entrant.code),
            _Field("title", Column(_("Idea"), 40), lambda at: at.line.entrant.title),
            _Field("team", Column(_("Team"), 24), lambda at: at.line.entrant.team),
            _Field("school", Column(_("School or unit"), 26), lambda at: at.line.entrant.school),
            _Field("track", Column(_("Track"), 16), lambda at: local(report.track_name(at.line.entrant.track))),
            _Field("result", Column(_("Result"), 11, places), self._result),
            _Field("judges", Column(_("Judges"), 9, 0), self._judges),
        ]
        if any(line.entries for line in report.lines):
            width = max(decimals(line.ledger) for line in report.lines)
            fields.append(
                _Field("ledger", Column(_("Bonus and penalty"), 10, width), lambda at: number(at.line.ledger))
            )
        fields.append(_Field("sharing", Column(_("Teams at this rank"), 10, 0), self._sharing))
        fields.append(_Field("note", Column(_("Note"), 30), self._note))
        return fields

    def _rank(self, at: _Place) -> CellValue:
        if self.recipe.agreed:
            return at.line.rank
        return Formula(formulas.rank(self._key("value", at), self._keys(at)), at.line.rank)

    def _keys(self, at: _Place) -> list[Key]:
        if self.recipe.frozen_ties:
            return [self._key("frozen_order", at, least=True)]
        found = (self._step_column(step) for step in self.recipe.steps)
        return [self._key(name, at, least=name == "chair") for name in found if name]

    def _key(self, name: str, at: _Place, *, least: bool = False) -> Key:
        return Key(self._block(name, at), self._cell(name, at), least)

    def _step_column(self, step: LadderStep) -> str:
        if step.kind is StepKind.CRITERION:
            return f"criterion:{step.code}"
        if step.kind is StepKind.EARLIER_ROUND:
            return f"earlier:{step.code or self.report.earlier[-1]}"
        return step.kind.value

    def _result(self, at: _Place) -> CellValue:
        if not self.live:
            return number(at.line.result)
        if not self.recipe.rules.carry:
            return self._own_formula(at, at.line.result)
        parts = []
        for code, weight in self.recipe.rules.carry:
            if code != SELF and code not in self.report.earlier:
                return None
            name = "own" if code == SELF else f"earlier:{code}"
            parts.append((f"{weight:f}", self._cell(name, at)))
        return Formula(formulas.carried_result(self.recipe, parts), number(at.line.result))

    def _own_formula(self, at: _Place, kept: str | None) -> Formula:
        return Formula(self._own_text(at), number(kept), array=self.clamped and not self.recipe.by_criterion)

    def _own_text(self, at: _Place) -> str:
        ledger = self._cell("ledger", at) if "ledger" in self.at else ""
        if self.recipe.by_criterion:
            cells = [self._cell(f"criterion:{one.code}", at) for one in self.recipe.rubric.criteria]
            return formulas.own_result_by_criterion(self.recipe, cells, ledger)
        measured = [self._cell(f"measured:{one.code}", at) for one in self.recipe.rubric.measured]
        return formulas.own_result(self.recipe, self.book.totals(at.position), measured, ledger)

    def _judges(self, at: _Place) -> CellValue:
        if not self.recipe.rubric.judged or not self.report.judges:
            return at.line.judges
        return Formula(f"COUNT({self.book.totals(at.position)})", at.line.judges)

    def _sharing(self, at: _Place) -> CellValue:
        count = sum(one.rank == at.line.rank for one in self.report.lines[at.first : at.last + 1])
        return Formula(
            formulas.sharing(self._block("rank", at), self._cell("rank", at)), None if at.line.rank is None else count
        )

    def _note(self, at: _Place) -> CellValue:
        words = [_line_note(at.line), self._frozen_note()]
        if self.book.missing.get(at.line.entrant.code):
            words.append(_("missing part: lowest mark"))
        return "; ".join(filter(None, words))

    def _frozen_note(self) -> str:
        """Say what of this round is written as a value because no formula is exact for it."""
        if self.recipe.agreed:
            return _("rank agreed by the jury, not computed")
        if self.recipe.why is not None:
            return _("result written as frozen: its rule has no formula")
        return _("order within a tie written as frozen") if self.recipe.frozen_ties else ""

    # What computes and checks, beyond the printed page.

    def _arithmetic(self) -> list[_Field]:
        fields = [*self._criteria(), *self._rounds(), *self._tie_columns()]
        fields += [
            _Field("value", Column(_("Ranked by"), 9, self.book.places, quiet=True), self._value),
            _Field(
                "kept_result",
                Column(_("Frozen result"), 9, self.book.places, quiet=True),
                lambda at: number(at.line.result),
            ),
            _Field("kept_rank", Column(_("Frozen rank"), 8, 0, quiet=True), lambda at: at.line.rank),
            _Field("check", Column(_("Same (1) or not (0)"), 9, 0, quiet=True), self._check),
        ]
        return fields

    def _criteria(self) -> list[_Field]:
        if self.recipe.why == "old_snapshot":
            return []
        fields = [
            _Field(
                f"measured:{one.code}",
                Column(_("%(criterion)s (mark)", criterion=local(one.name) or one.code), 12, MEASURED_PLACES),
                self._mark(place),
            )
            for place, one in enumerate(self.recipe.rubric.measured)
        ]
        for place, one in enumerate(self.recipe.rubric.criteria):
            column = Column(local(one.name) or one.code, 12, self.book.places)
            fields.append(_Field(f"criterion:{one.code}", column, self._criterion(place)))
        return fields

    def _mark(self, place: int) -> Callable[[_Place], CellValue]:
        return lambda at: _decimal(self.book.measured(at.line)[place])

    def _criterion(self, place: int) -> Callable[[_Place], CellValue]:
        criterion = self.recipe.rubric.criteria[place]
        judged = [one.code for one in self.recipe.rubric.judged]

        def value(at: _Place) -> CellValue:
            kept = number(at.line.criteria[place])
            if criterion.code not in judged:
                source = self._cell(f"measured:{criterion.code}", at)
                return Formula(f'IF(ISNUMBER({source}),{formulas.rounded(source, self.book.places)},"")', kept)
            block = self.book.marks(at.position, judged.index(criterion.code))
            if block is None:
                return None
            return Formula(formulas.criterion_value(self.recipe, block), kept, array=self.clamped)

        return value

    def _rounds(self) -> list[_Field]:
        fields = []
        if self.recipe.rules.carry:
            column = Column(_("This round alone"), 10, self.book.places)
            fields.append(_Field("own", column, self._own))
        for place, code in enumerate(self.report.earlier):
            texts = [line.earlier[place] for line in self.report.lines]
            column = Column(_("Round %(code)s", code=code), 10, max(map(decimals, texts), default=0))
            fields.append(_Field(f"earlier:{code}", column, _earlier(place)))
        return fields

    def _own(self, at: _Place) -> CellValue:
        kept = number(at.line.own_result)
        return self._own_formula(at, at.line.own_result) if self.live else kept

    def _tie_columns(self) -> list[_Field]:
        if self.recipe.agreed:
            return []
        if self.recipe.frozen_ties:
            return [_Field("frozen_order", Column(_("Frozen order"), 9, 0), lambda at: at.line.rank)]
        kinds = dict.fromkeys(step.kind for step in self.recipe.steps)
        looks: dict[StepKind, tuple[str, int, Callable[[_Place], CellValue]]] = {
            StepKind.HIGHEST_SCORECARD: (_("Highest total of a judge"), self.recipe.places, self._highest),
            StepKind.LOWER_SPREAD: (_("Spread of the judges, negative"), self.recipe.places, self._spread),
            StepKind.CHAIR: (_("Order by the chair"), 0, self._chair),
        }
        return [
            _Field(kind.value, Column(looks[kind][0], 11, looks[kind][1]), looks[kind][2])
            for kind in kinds
            if kind in looks
        ]

    def _highest(self, at: _Place) -> CellValue:
        return self._of_totals(at, "MAX({0})", max)

    def _spread(self, at: _Place) -> CellValue:
        text = f"ROUND(MIN({{0}})-MAX({{0}}),{self.recipe.places})"
        return self._of_totals(at, text, lambda totals: min(totals) - max(totals))

    def _of_totals(self, at: _Place, text: str, compute: Callable[[list[Decimal]], Decimal]) -> CellValue:
        totals = [Decimal(one.total) for one in at.line.cells if one.total is not None]
        block = self.book.totals(at.position)
        return Formula(f'IF(COUNT({block})=0,"",{text.format(block)})', compute(totals) if totals else None)

    def _chair(self, at: _Place) -> CellValue:
        places = {one.submission: int(one.value) for one in self.report.rulings if one.kind == RulingKind.CHAIR_ORDER}
        return places.get(at.line.entrant.code, max(places.values(), default=0) + 1)

    def _value(self, at: _Place) -> CellValue:
        kept = number(at.line.result) if at.line.rank is not None else None
        if self.recipe.agreed or not self.live:
            return kept
        return Formula(formulas.ranking_value(self.recipe, self._cell("result", at), self._cell("judges", at)), kept)

    def _check(self, at: _Place) -> CellValue:
        pairs = (("rank", "kept_rank"), ("result", "kept_result"))
        same = ",".join(f"{self._cell(one, at)}={self._cell(other, at)}" for one, other in pairs)
        return Formula(f"IF(AND({same}),1,0)", 1)


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)


def _earlier(place: int) -> Callable[[_Place], CellValue]:
    return lambda at: number(at.line.earlier[place])


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _line_note(line: Line) -> str:
    if line.tied:
        return _("tied")
    if line.decided_by is not None:
        return _("by tie-break: %(step)s", step=line.decided_by)
    return status_words(line.status)


def ranking_sheet(book: Book) -> Sheet:
    """Return the ranking; places are computed within each track."""
    return _Ranking(book).sheet()


def check_block(book: Book) -> str | None:
    """Return where the sheet says line by line whether it still gives the frozen results; None without lines."""
    count = len(book.report.lines)
    column = _Ranking(book).at["check"]
    return span(FIRST, column, FIRST + count - 1, column) if count else None


def column_block(book: Book, place: int) -> str | None:
    """Return where a column of the ranking stands (`RANK`, `RESULT`, `JUDGES`); None without lines."""
    count = len(book.report.lines)
    return span(FIRST, place, FIRST + count - 1, place) if count else None


__all__ = ["JUDGES", "RANK", "RESULT", "check_block", "column_block", "ranking_sheet"]
