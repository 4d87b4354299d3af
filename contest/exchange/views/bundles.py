"""A bundle becomes an edition: upload, preview, confirmation."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.accounts.views.proving import proven
from contest.editions.codes import LONGEST_EDITION, check_edition_code, free_code
from contest.editions.queries import codes_like
from contest.editions.views.guards import creators_only
from contest.errors import NotFound, RuleBroken
from contest.exchange import services
from contest.exchange.bundle.model import Bundle
from contest.exchange.counting import counts
from contest.exchange.forms.problems import cause
from contest.exchange.forms.uploads import BundleForm, LoadForm
from contest.exchange.queries import Reading, packed, read_bytes
from contest.exchange.views.blueprint import blueprint
from contest.exchange.views.holding import discard, keep, opened
from contest.exchange.views.words import table_words
from contest.exchange.waiting import Purpose, WaitingFile
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.web.messages import sentence

FIRST_ROWS = 5
NOTHING = Reading(None)


def _upload_page(form: BundleForm, reading: Reading = NOTHING) -> str:
    return render_template("exchange/bundle_upload.html", form=form, reading=reading, cause=cause)


@blueprint.get("/editions/import")
@creators_only
def upload_bundle() -> ResponseReturnValue:
    return _upload_page(BundleForm())


@blueprint.post("/editions/import")
@creators_only
def receive_bundle() -> ResponseReturnValue:
    form = BundleForm()
    if not form.validate_on_submit():
        return _upload_page(form), 422
    name, data = packed(form.uploads())
    reading = read_bytes(name, data)
    if reading.bundle is None:
        return _upload_page(form, reading), 422
    file_id = keep(name, data, Purpose.BUNDLE)
    return redirect(url_for("exchange.preview_bundle", file_id=file_id), 303)


def _preview_page(file: WaitingFile, form: LoadForm, bundle: Bundle, reading: Reading) -> str:
    return render_template(
        "exchange/bundle_preview.html",
        form=form,
        file=file,
        bundle=bundle,
        reading=reading,
        cause=cause,
        counts=[(table_words(name), number) for name, number in counts(bundle).items()],
        first=FIRST_ROWS,
    )


def _read(file_id: str) -> tuple[WaitingFile, Bundle, Reading]:
    """Return a waiting bundle; it was sound when it was stored, and what changed since then is answered with 404."""
    file, data = opened(file_id, Purpose.BUNDLE)
    reading = read_bytes(file.filename, data)
    if reading.bundle is None:
        raise NotFound
    return file, reading.bundle, reading


@blueprint.get("/editions/import/<file_id>")
@creators_only
def preview_bundle(file_id: str) -> ResponseReturnValue:
    file, bundle, reading = _read(file_id)
    own = bundle.edition.code
    free = free_code(own, codes_like(own), LONGEST_EDITION)
    return _preview_page(file, LoadForm(formdata=None, data={"code": free}), bundle, reading)


@blueprint.post("/editions/import/<file_id>")
@creators_only
@proven
def load_bundle(file_id: str) -> ResponseReturnValue:
    form, (file, bundle, reading) = LoadForm(), _read(file_id)
    if not form.validate_on_submit():
        return _preview_page(file, form, bundle, reading), 422
    code = form.code.data or ""
    try:
        if code != bundle.edition.code:
            check_edition_code(code)
        with unit_of_work():
            renamed = replace(bundle, edition=replace(bundle.edition, code=code))
            services.load_bundle(renamed, actor_id=current_user.id, now=clock.now())
            services.drop_file(file_id=file.id)
    except RuleBroken as refused:
        form.code.errors = [sentence(refused)]
        return _preview_page(file, form, bundle, reading), 422
    discard(file)
    flash(_("The edition is there with everything in the file."), "success")
    return redirect(url_for("editions.overview", edition_code=code), 303)
