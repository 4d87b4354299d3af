"""Answers of a registration form: upload, meaning of the columns, preview, import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from contest.accounts.views.proving import proven
from contest.editions.facts import EditionFacts
from contest.editions.queries import fields_of, tracks_of
from contest.editions.rules import LocalText
from contest.editions.views.guards import organisers_only
from contest.errors import NotFound, Problem, RuleBroken
from contest.exchange import services
from contest.exchange.bundle.model import BundleField, BundleTrack
from contest.exchange.forms.problems import cause, duplicate_sentence
from contest.exchange.forms.uploads import ColumnsForm, SheetForm
from contest.exchange.formsheet import FormRows, read_rows
from contest.exchange.known import split_seen
from contest.exchange.mapping import guess_mapping
from contest.exchange.queries import entered_of, remembered_mapping
from contest.exchange.views.blueprint import blueprint
from contest.exchange.views.holding import discard, keep, opened
from contest.exchange.waiting import Purpose, WaitingFile
from contest.infra import clock
from contest.infra.bundle_files import read_table
from contest.infra.db import unit_of_work
from contest.infra.signing import fingerprint
from contest.infra.tables import Table
from contest.web.forms import ActionForm
from contest.web.messages import sentence

SAMPLES = 3


def _upload_page(form: SheetForm, problems: tuple[Problem, ...] = ()) -> str:
    return render_template("exchange/sheet_upload.html", form=form, problems=problems, cause=cause)


@blueprint.get("/e/<edition_code>/organise/import-form")
@organisers_only
def upload_sheet(edition: EditionFacts) -> ResponseReturnValue:
    del edition
    return _upload_page(SheetForm())


@blueprint.post("/e/<edition_code>/organise/import-form")
@organisers_only
def receive_sheet(edition: EditionFacts) -> ResponseReturnValue:
    form = SheetForm()
    if not form.validate_on_submit():
        return _upload_page(form), 422
    name, data = form.upload()
    table = read_table(name, data)
    if table.problems or not table.rows:
        return _upload_page(form, table.problems or (Problem(name, None, None, "file_empty"),)), 422
    file_id = keep(name, data, Purpose.FORM, edition.id)
    known = remembered_mapping(edition.id, _key(table)) is not None
    if known:
        flash(_("The columns are those of an earlier sheet, so they are read in the same way."), "info")
    target = "exchange.preview_sheet" if known else "exchange.columns"
    return redirect(url_for(target, edition_code=edition.code, file_id=file_id), 303)


def _key(table: Table) -> str:
    return fingerprint(list(table.header))


def _read(edition: EditionFacts, file_id: str) -> tuple[WaitingFile, Table]:
    file, data = opened(file_id, Purpose.FORM, edition.id)
    table = read_table(file.filename, data)
    if table.problems:
        raise NotFound
    return file, table


def _samples(table: Table) -> list[tuple[str, list[str]]]:
    """Return each column with its first different values."""
    found = []
    for column in table.header:
        values = (" ".join(row.cells[column].split())[:80] for row in table.rows)
        found.append((column, list(dict.fromkeys(filter(None, values)))[:SAMPLES]))
    return found


def _columns_page(file: WaitingFile, table: Table, form: ColumnsForm) -> str:
    return render_template("exchange/sheet_columns.html", file=file, form=form, samples=_samples(table))


@blueprint.get("/e/<edition_code>/organise/import-form/<file_id>/columns")
@organisers_only
def columns(edition: EditionFacts, file_id: str) -> ResponseReturnValue:
    file, table = _read(edition, file_id)
    form = ColumnsForm(formdata=None)
    form.show(table.header, remembered_mapping(edition.id, _key(table)) or guess_mapping(table.header))
    return _columns_page(file, table, form)


@blueprint.post("/e/<edition_code>/organise/import-form/<file_id>/columns")
@organisers_only
def save_columns(edition: EditionFacts, file_id: str) -> ResponseReturnValue:
    (file, table), form = _read(edition, file_id), ColumnsForm()
    form.show(table.header, {})
    if not form.validate_on_submit() or not form.check(table.header):
        return _columns_page(file, table, form), 422
    with unit_of_work():
        services.remember_mapping(
            edition_id=edition.id,
            fingerprint=_key(table),
            columns=form.mapping(table.header),
            actor_id=current_user.id,
            now=clock.now(),
        )
    return redirect(url_for("exchange.preview_sheet", edition_code=edition.code, file_id=file_id), 303)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A waiting sheet as it would be imported; `keep` says that teams which share only a contact are all taken."""

    file: WaitingFile
    rows: FormRows
    keep: bool


def _sheet(edition: EditionFacts, file_id: str) -> _Sheet | None:
    """Read the sheet by its remembered columns; None when nobody has said what they mean."""
    file, table = _read(edition, file_id)
    mapping: Mapping[str, str] | None = remembered_mapping(edition.id, _key(table))
    if mapping is None:
        return None
    keep_shared = request.args.get("keep") == "1"
    tracks = [BundleTrack(row.code, LocalText(row.name_vi, row.name_en)) for row in tracks_of(edition.id)]
    fields = [BundleField(row.code, LocalText(row.name_vi, row.name_en)) for row in fields_of(edition.id)]
    rows = read_rows(file.filename, table.rows, mapping, tracks, fields, keep_shared_contacts=keep_shared)
    return _Sheet(file, rows, keep_shared)


def _preview(edition: EditionFacts, sheet: _Sheet) -> str:
    fresh, seen = split_seen(sheet.rows.accepted, entered_of(edition.id), keep_shared_contacts=sheet.keep)
    return render_template(
        "exchange/sheet_preview.html",
        form=ActionForm(),
        sheet=sheet,
        fresh=fresh,
        seen=seen,
        doubtful=any(each.doubtful for each in sheet.rows.duplicates),
        cause=cause,
        duplicate_sentence=duplicate_sentence,
        tracks={row.code: row for row in tracks_of(edition.id)},
        fields={row.code: row for row in fields_of(edition.id)},
    )


@blueprint.get("/e/<edition_code>/organise/import-form/<file_id>")
@organisers_only
def preview_sheet(edition: EditionFacts, file_id: str) -> ResponseReturnValue:
    sheet = _sheet(edition, file_id)
    if sheet is None:
        return redirect(url_for("exchange.columns", edition_code=edition.code, file_id=file_id), 303)
    return _preview(edition, sheet)


@blueprint.post("/e/<edition_code>/organise/import-form/<file_id>")
@organisers_only
@proven
def import_sheet(edition: EditionFacts, file_id: str) -> ResponseReturnValue:
    sheet = _sheet(edition, file_id)
    if sheet is None or not ActionForm().validate_on_submit():
        return redirect(url_for("exchange.columns", edition_code=edition.code, file_id=file_id), 303)
    try:
        with unit_of_work():
            outcome = services.import_answers(
                edition_id=edition.id,
                answers=sheet.rows.accepted,
                keep_shared_contacts=sheet.keep,
                actor_id=current_user.id,
                now=clock.now(),
            )
            services.drop_file(file_id=sheet.file.id)
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return _preview(edition, sheet), 409
    discard(sheet.file)
    made, skipped = len(outcome.codes), len(outcome.seen)
    flash(ngettext("%(num)s submission was imported.", "%(num)s submissions were imported.", made), "success")
    if outcome.held:
        flash(
            ngettext(
                "%(num)s of them waits for consents: see Personal data. Judges get it once they are there.",
                "%(num)s of them wait for consents: see Personal data. Judges get them once they are there.",
                len(outcome.held),
            ),
            "warning",
        )
    if skipped:
        flash(
            ngettext(
                "%(num)s answer was in the edition already and changed nothing.",
                "%(num)s answers were in the edition already and changed nothing.",
                skipped,
            ),
            "info",
        )
    return redirect(url_for("submissions.listing", edition_code=edition.code), 303)
