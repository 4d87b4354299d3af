"""The wizard's first pages: basics, tracks and fields, parts of a submission."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.editions import services
from contest.editions.basics import Basics
from contest.editions.divisions import USUAL_FIELDS, USUAL_TRACKS, Division, format_divisions, with_usual
from contest.editions.facts import EditionFacts
from contest.editions.forms.basics import BLAMES, BasicsForm, basics_data
from contest.editions.forms.contents import DivisionsForm, PartsForm, part_data
from contest.editions.forms.fields import blame
from contest.editions.forms.rows import is_row_action, rearranged
from contest.editions.models import Field, Track
from contest.editions.parts import PartKind, PartSpec
from contest.editions.parts_usual import USUAL_PARTS
from contest.editions.queries import basics_of, fields_of, parts_of, tracks_of
from contest.editions.readiness import Step, gaps
from contest.editions.rules import LocalText
from contest.editions.views.blueprint import blueprint
from contest.editions.views.checklist import PAGES, after, href_of, readiness, saved_words, wizard_page
from contest.editions.views.guards import organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work


def saved(edition: EditionFacts, step: Step) -> ResponseReturnValue:
    """Say that the page is saved, and go on when asked to."""
    flash(saved_words(), "success")
    stay = url_for(PAGES[step], edition_code=edition.code)
    return redirect(after(edition, step) if request.form.get("action") == "next" else stay, 303)


@blueprint.get("/e/<edition_code>/organise/setup/")
@organisers_only
def setup(edition: EditionFacts) -> ResponseReturnValue:
    missing = gaps(readiness(edition).checks)
    first = url_for("editions.setup_basics", edition_code=edition.code)
    return redirect(href_of(edition, missing[0]) if missing else first, 303)


@blueprint.get("/e/<edition_code>/organise/setup/basics")
@organisers_only
def setup_basics(edition: EditionFacts) -> ResponseReturnValue:
    form = BasicsForm(data=basics_data(basics_of(edition.id)))
    return wizard_page("editions/setup_basics.html", edition, Step.BASICS, form=form)


@blueprint.post("/e/<edition_code>/organise/setup/basics")
@organisers_only
def save_basics(edition: EditionFacts) -> ResponseReturnValue:
    form = BasicsForm()
    basics = form.basics() if form.validate_on_submit() else None
    if basics is None or not _stored(edition, form, basics):
        return wizard_page("editions/setup_basics.html", edition, Step.BASICS, 422, form=form)
    return saved(edition, Step.BASICS)


def _stored(edition: EditionFacts, form: BasicsForm, basics: Basics) -> bool:
    now, actor_id, logo = clock.now(), current_user.id, form.logo_bytes()
    try:
        with unit_of_work():
            services.update_basics(edition_id=edition.id, basics=basics, actor_id=actor_id, now=now)
            if logo is not None or (form.remove_logo.data and edition.logo_key):
                services.set_logo(
                    edition_id=edition.id,
                    data=logo,
                    storage=current_app.extensions["storage"],
                    actor_id=actor_id,
                    now=now,
                )
    except RuleBroken as refused:
        blame(form, refused, BLAMES)
        return False
    return True


def _divisions_page(edition: EditionFacts, form: DivisionsForm, status: int = 200) -> ResponseReturnValue:
    return wizard_page("editions/setup_divisions.html", edition, Step.DIVISIONS, status, form=form)


def _typed(rows: Sequence[Track | Field]) -> str:
    return format_divisions(Division(row.code, LocalText(row.name_vi, row.name_en)) for row in rows)


@blueprint.get("/e/<edition_code>/organise/setup/divisions")
@organisers_only
def setup_divisions(edition: EditionFacts) -> ResponseReturnValue:
    data = {"tracks": _typed(tracks_of(edition.id)), "fields_text": _typed(fields_of(edition.id))}
    return _divisions_page(edition, DivisionsForm(data=data))


@blueprint.post("/e/<edition_code>/organise/setup/divisions")
@organisers_only
def save_divisions(edition: EditionFacts) -> ResponseReturnValue:
    form = DivisionsForm()
    action = request.form.get("action")
    if action == "usual_tracks":
        form.tracks.data = with_usual(form.tracks.data or "", USUAL_TRACKS)
        return _divisions_page(edition, form)
    if action == "usual_fields":
        form.fields_text.data = with_usual(form.fields_text.data or "", USUAL_FIELDS)
        return _divisions_page(edition, form)
    if not form.validate_on_submit():
        return _divisions_page(edition, form, 422)
    now, actor_id = clock.now(), current_user.id
    try:
        with unit_of_work():
            services.set_tracks(edition_id=edition.id, tracks=form.track_list(), actor_id=actor_id, now=now)
            services.set_fields(edition_id=edition.id, fields=form.field_list(), actor_id=actor_id, now=now)
    except RuleBroken as refused:
        blame(form, refused, {"track_in_use": "tracks", "field_in_use": "fields_text"})
        return _divisions_page(edition, form, 422)
    return saved(edition, Step.DIVISIONS)


def _parts_page(edition: EditionFacts, form: PartsForm, status: int = 200) -> ResponseReturnValue:
    most = current_app.config["MAX_UPLOAD_MB"]
    return wizard_page("editions/setup_parts.html", edition, Step.PARTS, status, form=form, most_mb=most)


@blueprint.get("/e/<edition_code>/organise/setup/parts")
@organisers_only
def setup_parts(edition: EditionFacts) -> ResponseReturnValue:
    rows = [part_data(spec) for spec in parts_of(edition.id).values()]
    return _parts_page(edition, PartsForm(data={"parts": rows}))


@blueprint.post("/e/<edition_code>/organise/setup/parts")
@organisers_only
def save_parts(edition: EditionFacts) -> ResponseReturnValue:
    action = request.form.get("action", "")
    if is_row_action(action):
        added = _added_parts(action)
        return _parts_page(edition, PartsForm(formdata=rearranged(request.form, "parts", action, added)))
    form = PartsForm()
    specs = form.specs(current_app.config["MAX_UPLOAD_MB"]) if form.validate_on_submit() else None
    if specs is None:
        return _parts_page(edition, form, 422)
    try:
        with unit_of_work():
            services.set_parts(edition_id=edition.id, parts=specs, actor_id=current_user.id, now=clock.now())
    except RuleBroken as refused:
        blame(form, refused, {})
        return _parts_page(edition, form, 422)
    return saved(edition, Step.PARTS)


def _added_parts(action: str) -> list[dict[str, list[str]]]:
    if action == "usual":
        return [_posted(spec) for spec in USUAL_PARTS]
    fresh = PartSpec("", LocalText(), PartKind.FILE, accept=("pdf",))
    return [_posted(fresh)] if action == "add" else []


def _posted(spec: PartSpec) -> dict[str, list[str]]:
    """Return a part as a browser would post its row."""
    posted: dict[str, list[str]] = {}
    for name, value in part_data(spec).items():
        if isinstance(value, bool):
            posted |= {name: ["y"]} if value else {}
        else:
            posted[name] = list(value) if isinstance(value, list) else [str(value)]
    return posted
