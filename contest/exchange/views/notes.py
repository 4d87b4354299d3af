"""The files of a round's results, and the workbook that comes back with the committee's notes."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.queries import round_by_code
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import Problem, RuleBroken
from contest.exchange import services
from contest.exchange.forms.problems import cause
from contest.exchange.forms.uploads import NotesForm, SheetForm
from contest.exchange.views.blueprint import blueprint
from contest.exchange.views.holding import discard, keep, opened
from contest.exchange.waiting import Purpose, WaitingFile
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.infra.signing import fingerprint
from contest.results.desk import DeskChange, DeskKind, Presence, untouched
from contest.results.desk import changes as differences
from contest.results.exports import Extras, provenance
from contest.results.exports.book import Book, book_of
from contest.results.exports.returned import Returned, read_back
from contest.results.formulas import recipe_of
from contest.results.queries import report_of
from contest.results.queries.desk import desk_moments, desk_notes, told_awards
from contest.results.services.desk import note_desk
from contest.web.messages import sentence

ROUND_FILES = "/e/<edition_code>/organise/results/<round_code>/files"


def _round(edition: EditionFacts, round_code: str) -> RoundFacts:
    found = round_by_code(edition.id, round_code)
    if found is None:
        abort(404)
    return found


def _page(
    edition: EditionFacts, round_: RoundFacts, form: SheetForm, problems: tuple[Problem, ...] = ()
) -> ResponseReturnValue:
    try:
        report, snapshot = report_of(edition, round_)
    except RuleBroken as refused:
        return render_template("results/unsupported.html", round=round_, message=sentence(refused)), 409
    page = render_template(
        "exchange/result_files.html",
        round=round_,
        form=form,
        report=report,
        snapshot=snapshot,
        recipe=recipe_of(report),
        problems=problems,
        cause=cause,
    )
    return page, 422 if problems or form.errors else 200


@blueprint.get(ROUND_FILES)
@committee_readers
def result_files(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _page(edition, _round(edition, round_code), SheetForm())


@blueprint.post(ROUND_FILES)
@organisers_only
def receive_notes(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = _round(edition, round_code), SheetForm()
    if not form.validate_on_submit():
        return _page(edition, round_, form)
    name, data = form.upload()
    returned = _read(edition, round_, name, data)
    if returned.problems:
        return _page(edition, round_, form, returned.problems)
    file_id = keep(name, data, Purpose.NOTES, edition.id)
    target = url_for("exchange.preview_notes", edition_code=edition.code, round_code=round_.code, file_id=file_id)
    return redirect(target, 303)


@blueprint.get(f"{ROUND_FILES}/<file_id>")
@organisers_only
def preview_notes(edition: EditionFacts, round_code: str, file_id: str) -> ResponseReturnValue:
    round_ = _round(edition, round_code)
    file, data = opened(file_id, Purpose.NOTES, edition.id)
    returned = _read(edition, round_, file.filename, data)
    if returned.problems:
        return _page(edition, round_, SheetForm(), returned.problems)
    return _preview(round_, file, _changes(round_, returned))


def _preview(
    round_: RoundFacts, file: WaitingFile, changes: tuple[DeskChange, ...], *, moved_on: bool = False
) -> ResponseReturnValue:
    form = NotesForm(formdata=None, shown=_seal(changes))
    page = render_template(
        "exchange/notes_preview.html",
        round=round_,
        file=file,
        form=form,
        changes=changes,
        moved_on=moved_on,
        kind_word=_kind_word,
        value_word=_value_word,
    )
    return page, 409 if moved_on else 200


def _seal(changes: tuple[DeskChange, ...]) -> str:
    """Return what tells one list of differences from another: a yes is for those that were seen."""
    return fingerprint([[one.key.kind, one.key.submission, one.key.award, one.before, one.after] for one in changes])


@blueprint.post(f"{ROUND_FILES}/<file_id>")
@organisers_only
def apply_notes(edition: EditionFacts, round_code: str, file_id: str) -> ResponseReturnValue:
    form = NotesForm()
    if not form.validate_on_submit():
        abort(400)
    round_ = _round(edition, round_code)
    file, data = opened(file_id, Purpose.NOTES, edition.id)
    returned = _read(edition, round_, file.filename, data)
    if returned.problems:
        return _page(edition, round_, SheetForm(), returned.problems)
    changes = _changes(round_, returned)
    if form.shown.data != _seal(changes):
        return _preview(round_, file, changes, moved_on=True)
    with unit_of_work():
        changed = note_desk(round_id=round_.id, changes=changes, actor_id=current_user.id, now=clock.now())
        services.drop_file(file_id=file.id)
    discard(file)
    flash(ngettext("%(num)s note is taken over.", "%(num)s notes are taken over.", changed), "success")
    return redirect(url_for("exchange.result_files", edition_code=edition.code, round_code=round_.code), 303)


def _read(edition: EditionFacts, round_: RoundFacts, name: str, data: bytes) -> Returned:
    report, snapshot = report_of(edition, round_)
    awards, settled = told_awards(edition.id)
    source = provenance(report, snapshot, actor=current_user.name, now=clock.now(), test=edition.is_test)

    def book_in(language: str) -> Book:
        return book_of(report, source, recipe_of(report), Extras(awards, settled), language)

    return read_back(name, data, book_in)


def _changes(round_: RoundFacts, returned: Returned) -> tuple[DeskChange, ...]:
    """Return what the workbook changes; a note written after it left is not wiped by a cell that never held it."""
    kept = untouched(returned.notes, desk_moments(round_.id), returned.left_at)
    notes = {key: value for key, value in returned.notes.items() if key not in kept}
    return differences(desk_notes(round_.id), notes)


def _kind_word(kind: DeskKind) -> str:
    words = {
        DeskKind.ATTENDANCE: _("Attendance"),
        DeskKind.SPOKEN: _("How the name is read"),
        DeskKind.PRIZE: _("Note about the prize"),
    }
    return str(words[kind])


def _value_word(change: DeskChange, value: str) -> str:
    if change.key.kind is not DeskKind.ATTENDANCE or not value:
        return value
    return str({Presence.PRESENT: _("present"), Presence.ABSENT: _("absent")}[Presence(value)])
