"""Criteria that judges do not fill: a grid of numbers, a file of numbers, votes that do not count."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.measures import Conversion
from contest.editions.numbers import plain
from contest.editions.phases import SETTLED
from contest.editions.rules import CriterionSpec, Source
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.bundle_files import read_table
from contest.infra.db import unit_of_work
from contest.infra.tables import Limits, Table
from contest.results import services
from contest.results.entering import Imported, example_of, read_number, read_rows
from contest.results.policy import can_decide_results
from contest.results.queries.decisions import Participant, entered_numbers, participants_of
from contest.results.services.measured import measured_criterion
from contest.results.views.decision_forms import NumbersFileForm, VoidForm
from contest.results.views.organiser import blueprint, round_of
from contest.web.formats import decimal_text
from contest.web.forms import ActionForm
from contest.web.messages import sentence

CELL = "number-"
FILE_LIMITS = Limits(file_bytes=5_000_000, total_bytes=20_000_000, rows=20_000, columns=40, cell_bytes=2_000)
SUBMISSION_HEADERS = ("submission", "code", "mã", "mã bài", "bài dự thi")
VALUE_HEADERS = ("value", "score", "votes", "điểm", "giá trị", "số phiếu", "kết quả")
REFUSED_MARK = ("score_out_of_range", "score_off_step")


@dataclass(frozen=True, slots=True)
class Cell:
    # One line of the grid: what stands in it, what stood before, what is wrong with it.
    entrant: Participant
    text: str
    before: str
    error: str = ""

    @property
    def changed(self) -> bool:
        return self.text.strip() != self.before


@dataclass(frozen=True, slots=True)
class Grid:
    # All lines of one criterion.
    criterion_id: int
    spec: CriterionSpec
    stored: Mapping[int, Decimal]
    entrants: tuple[Participant, ...]

    def before(self, one: Participant) -> str:
        number = self.stored.get(one.id)
        return "" if number is None else decimal_text(plain(number))

    def cells(self, texts: Mapping[str, str] | None = None) -> list[Cell]:
        given = texts or {}
        return [self._cell(one, given.get(one.code, self.before(one))) for one in self.entrants]

    def _cell(self, one: Participant, text: str) -> Cell:
        try:
            read_number(self.spec, text)
        except RuleBroken as refused:
            return Cell(one, text, self.before(one), _refusal(self.spec, refused))
        return Cell(one, text, self.before(one))


def _refusal(spec: CriterionSpec, refused: RuleBroken) -> str:
    if refused.code not in REFUSED_MARK:
        return sentence(refused)
    return str(
        _(
            "Marks go from %(low)s to %(high)s in steps of %(step)s.",
            low=decimal_text(plain(spec.minimum)),
            high=decimal_text(plain(spec.maximum)),
            step=decimal_text(plain(spec.step)),
        )
    )


def _grid(round_: RoundFacts, code: str) -> Grid:
    criterion_id, spec = measured_criterion(round_, code)
    return Grid(criterion_id, spec, entered_numbers(criterion_id, spec), tuple(participants_of(round_)))


def _page(
    edition: EditionFacts, round_: RoundFacts, grid: Grid, status: int = 200, **shown: Any
) -> ResponseReturnValue:
    spec = grid.spec
    counted = spec.source is Source.AUDIENCE and spec.measure is not None
    void = VoidForm(prefix="void")
    void.submission.choices = [
        (one.code, f"{one.code} · {one.title}") for one in grid.entrants if one.id in grid.stored
    ]
    page = render_template(
        "results/measured.html",
        round=round_,
        grid=grid,
        spec=spec,
        criteria=round_.rubric.measured,
        conversion=conversion_words(grid),
        counted=counted,
        settled=round_.state in SETTLED,
        may_decide=can_decide_results(current_user, edition),
        form=ActionForm(),
        problem_words=problem_words,
        **{
            "cells": grid.cells(),
            "upload": NumbersFileForm(prefix="file"),
            "void": void,
            "imported": None,
            "file_problems": (),
            **shown,
        },
    )
    return page, status


def conversion_words(grid: Grid) -> str:
    # One sentence on how numbers become marks, with an example from the real numbers of one track.
    spec, measure = grid.spec, grid.spec.measure
    low, high = decimal_text(plain(spec.minimum)), decimal_text(plain(spec.maximum))
    if measure is None:
        return str(_("Enter marks from %(low)s to %(high)s; they count as they are.", low=low, high=high))
    facts = {"low": low, "high": high, "best": _number(measure.best), "worst": _number(measure.worst)}
    if measure.conversion is Conversion.LINEAR:
        words = _("%(best)s or better is %(high)s, %(worst)s or worse is %(low)s, evenly in between.", **facts)
    elif measure.conversion is Conversion.LEADER:
        words = (
            _("The lowest number of a track is %(high)s, the others less in proportion.", **facts)
            if measure.lower_is_better
            else _("The highest number of a track is %(high)s, the others less in proportion.", **facts)
        )
    else:
        words = (
            _("The lowest number of a track is %(high)s, the highest %(low)s, the places in between evenly.", **facts)
            if measure.lower_is_better
            else _(
                "The highest number of a track is %(high)s, the lowest %(low)s, the places in between evenly.", **facts
            )
        )
    return f"{words} {_examples(grid)}".strip()


def _examples(grid: Grid) -> str:
    with_number = [one for one in grid.entrants if one.id in grid.stored]
    track = with_number[0].track if with_number else ""
    numbers = [grid.stored[one.id] for one in with_number if one.track == track]
    pairs = [
        _("%(number)s becomes %(mark)s", number=_number(one.number), mark=_number(round(one.mark, 2)))
        for one in example_of(grid.spec, numbers)
    ]
    return str(_("For example, %(pairs)s.", pairs="; ".join(map(str, pairs)))) if pairs else ""


def _number(value: Decimal | None) -> str:
    return "" if value is None else decimal_text(plain(value))


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/measured/<criterion>")
@committee_readers
def measured(edition: EditionFacts, round_code: str, criterion: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    return _page(edition, round_, _grid(round_, criterion))


def _back(edition: EditionFacts, round_: RoundFacts, grid: Grid) -> ResponseReturnValue:
    place = url_for("results.measured", edition_code=edition.code, round_code=round_.code, criterion=grid.spec.code)
    return redirect(place, 303)


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/measured/<criterion>")
@organisers_only
def save_measured(edition: EditionFacts, round_code: str, criterion: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    grid, form = _grid(round_, criterion), ActionForm()
    texts = {name.removeprefix(CELL): text for name, text in request.form.items() if name.startswith(CELL)}
    cells = grid.cells(texts)
    if not form.validate_on_submit() or any(cell.error for cell in cells):
        return _page(edition, round_, grid, 422, cells=cells)
    numbers = {cell.entrant.code: read_number(grid.spec, cell.text) for cell in cells if cell.entrant.code in texts}
    try:
        with unit_of_work():
            changed = services.set_numbers(
                round_id=round_.id,
                criterion=grid.spec.code,
                numbers=numbers,
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return _page(edition, round_, grid, 409, cells=cells)
    flash(ngettext("%(num)s number is saved.", "%(num)s numbers are saved.", changed), "success")
    return _back(edition, round_, grid)


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/measured/<criterion>/file")
@organisers_only
def read_measured(edition: EditionFacts, round_code: str, criterion: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    grid, upload = _grid(round_, criterion), NumbersFileForm(prefix="file")
    if not upload.validate_on_submit():
        return _page(edition, round_, grid, 422, upload=upload)
    with closing(upload.file.data) as given:
        table = read_table(given.filename or "?", given.stream.read(FILE_LIMITS.file_bytes + 1), FILE_LIMITS)
    if table.problems or len(table.header) < 2:  # noqa: PLR2004 -- submission and value
        upload.file.errors = [_("This file cannot be read. It needs two columns: submission and value.")]
        return _page(edition, round_, grid, 422, upload=upload)
    imported = _matched(table, grid)
    return _page(edition, round_, grid, cells=grid.cells(imported.texts), imported=imported)


def _matched(table: Table, grid: Grid) -> Imported:
    """Match the file's rows; columns go by their names, else the first two."""
    names = {header.strip().casefold(): header for header in table.header}
    submission = next((names[name] for name in SUBMISSION_HEADERS if name in names), table.header[0])
    others = [header for header in table.header if header != submission]
    value = next((names[name] for name in VALUE_HEADERS if name in names and names[name] in others), others[0])
    rows = [(row.number, row.cells.get(submission, ""), row.cells.get(value, "")) for row in table.rows]
    return read_rows(rows, [one.code for one in grid.entrants])


def problem_words(problem: tuple[int, str, str]) -> str:
    row, code, text = problem
    if code == "unknown_submission":
        return str(_("Row %(row)s: “%(text)s” is not in this round and is left out.", row=row, text=text))
    return str(_("Row %(row)s: “%(text)s” stands in the file twice; the first counts.", row=row, text=text))


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/measured/<criterion>/void")
@organisers_only
def void_votes(edition: EditionFacts, round_code: str, criterion: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    grid, form = _grid(round_, criterion), VoidForm(prefix="void")
    form.submission.choices = [(one.code, one.code) for one in grid.entrants]
    if not form.validate_on_submit():
        return _page(edition, round_, grid, 422, void=form)
    try:
        with unit_of_work():
            left = services.void_votes(
                round_id=round_.id,
                criterion=grid.spec.code,
                submission=form.submission.data,
                votes=form.votes.data or 0,
                reason=form.reason.data or "",
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        form.form_errors = [*form.form_errors, sentence(refused)]
        return _page(edition, round_, grid, 409, void=form)
    flash(_("The votes are void; %(left)s remain.", left=decimal_text(plain(left))), "success")
    return _back(edition, round_, grid)
