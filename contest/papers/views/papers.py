"""The papers of a round: make them, sign them, file the signed ones back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from contest.accounts.views.proving import proven
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.forms.fields import blame
from contest.editions.policy import can_organise
from contest.editions.queries import round_by_code
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.papers import services
from contest.papers.exports import MIMETYPES, PDF, WORD, make_paper, paper_name
from contest.papers.exports.signing import signed
from contest.papers.forms import NAMES, DetailsForm, ScanForm, SignForm
from contest.papers.kinds import KINDS, LANGUAGES, Paper
from contest.papers.queries import Dossier, ScanLine, details_of, dossier_of, scan_of, scans_of
from contest.results.queries.awards import award_specs
from contest.web.mailing import absolute
from contest.web.messages import sentence
from contest.web.responses import attachment

blueprint = Blueprint("papers", __name__)
UNPROCESSABLE = 422
LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}  # each in its own language


@dataclass(frozen=True, slots=True)
class Offer:
    # A line of the page: a paper, or why it cannot be had, with what was filed of it.
    paper: Paper
    name: str
    word: bool
    why: str
    scans: list[ScanLine]


def _round(edition: EditionFacts, round_code: str) -> RoundFacts:
    round_ = round_by_code(edition.id, round_code)
    if round_ is None:
        abort(404)
    return round_


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/papers")
@committee_readers
def papers(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _page(edition, _round(edition, round_code))


def _page(edition: EditionFacts, round_: RoundFacts, status: int = 200, **forms: Any) -> ResponseReturnValue:
    try:
        dossier = dossier_of(edition, round_)
    except RuleBroken as refused:
        return render_template("papers/papers.html", round=round_, dossier=None, why=sentence(refused), offers=())
    given = {"sign": SignForm(formdata=None, prefix="sign"), "scan": ScanForm(formdata=None, prefix="scan"), **forms}
    for form in (given["sign"], given["scan"]):
        form.offer(dossier)
    page = render_template(
        "papers/papers.html",
        round=round_,
        dossier=dossier,
        offers=_offers(dossier),
        languages=[(one, LANGUAGE_NAMES[one]) for one in LANGUAGES],
        may_file=can_organise(current_user, edition),
        **given,
    )
    return page, status


def _offers(dossier: Dossier) -> list[Offer]:
    scans = scans_of(dossier.round.id)
    offers = []
    for paper in Paper:
        why = dossier.refusal(paper)
        told = sentence(RuleBroken(why, round=dossier.round.name)) if why else ""
        mine = [one for one in scans if one.paper is paper]
        offers.append(Offer(paper, str(NAMES[paper]), KINDS[paper].word, told, mine))
    return offers


def _door(edition: EditionFacts) -> str:
    # Strangers must not learn that a rehearsal exists, so it has no door to type digits at.
    return "" if edition.is_rehearsal else absolute(url_for("door.door", edition_code=edition.code))


def _language(asked: str) -> str:
    return asked if asked in LANGUAGES else str(get_locale())


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/papers/<paper>.<any(pdf, docx):form>")
@committee_readers
def paper(edition: EditionFacts, round_code: str, paper: str, form: str) -> ResponseReturnValue:
    round_ = _round(edition, round_code)
    if paper not in list(Paper) or (form == WORD and not KINDS[Paper(paper)].word):
        abort(404)
    language = _language(request.args.get("language", ""))
    try:
        made = make_paper(dossier_of(edition, round_), Paper(paper), language, form, address=_door(edition))
    except RuleBroken as refused:
        return render_template("results/unsupported.html", round=round_, message=sentence(refused)), 409
    return attachment(made.content, name=made.name, mimetype=made.mimetype)


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/papers/details")
@organisers_only
def details(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _details_page(edition, _round(edition, round_code), DetailsForm(obj=details_of(edition.id)))


def _details_page(edition: EditionFacts, round_: RoundFacts, form: DetailsForm) -> str:
    return render_template("papers/details.html", round=round_, form=form, awards=award_specs(edition.id))


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/papers/details")
@organisers_only
def save_details(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = _round(edition, round_code), DetailsForm()
    if not form.validate_on_submit():
        return _details_page(edition, round_, form), UNPROCESSABLE
    try:
        with unit_of_work():
            services.save_details(
                edition_id=edition.id, details=form.details(), actor_id=current_user.id, now=clock.now()
            )
    except RuleBroken as refused:
        blame(form, refused, {"presenter_without_award": "presenters", "presenter_twice": "presenters"})
        return _details_page(edition, round_, form), UNPROCESSABLE
    flash(_("Saved. The papers of this edition print it from now on."), "success")
    return redirect(url_for("papers.papers", edition_code=edition.code, round_code=round_code), 303)


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/papers/sign")
@organisers_only
@proven
def sign(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = _round(edition, round_code)
    dossier, form = dossier_of(edition, round_), SignForm(prefix="sign")
    form.offer(dossier)
    if not form.validate_on_submit():
        return _page(edition, round_, UNPROCESSABLE, sign=form)
    chosen, language = Paper(form.paper.data), form.language.data
    try:
        made = make_paper(dossier, chosen, language, address=_door(edition))
        done = signed(
            made.content,
            certificate=form.certificate.data.read(),
            password=form.password.data or "",
            reason=form.reason.data or "",
            now=clock.now(),
        )
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _page(edition, round_, UNPROCESSABLE, sign=form)
    with unit_of_work():
        services.note_signing(
            round_=round_,
            snapshot=dossier.snapshot,
            paper=chosen,
            signer=done.signer,
            actor_id=current_user.id,
            now=clock.now(),
        )
    name = paper_name(dossier, chosen, language, PDF).removesuffix(".pdf")
    return attachment(done.content, name=f"{name}_signed.pdf", mimetype=MIMETYPES[PDF])


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/papers/scans")
@organisers_only
def file_scan(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = _round(edition, round_code)
    dossier, form = dossier_of(edition, round_), ScanForm(prefix="scan")
    form.offer(dossier)
    if not form.validate_on_submit():
        return _page(edition, round_, UNPROCESSABLE, scan=form)
    upload, storage = form.scan.data, current_app.extensions["storage"]
    try:
        with (
            services.received_scan(storage, upload.stream, filename=upload.filename or "") as received,
            unit_of_work(),
        ):
            services.file_scan(
                round_=round_,
                snapshot=dossier.snapshot,
                paper=Paper(form.paper.data),
                received=received,
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _page(edition, round_, UNPROCESSABLE, scan=form)
    flash(_("The signed paper is filed, with its SHA-256 and your name."), "success")
    return redirect(url_for("papers.papers", edition_code=edition.code, round_code=round_code), 303)


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/papers/scans/<scan_id>")
@committee_readers
def scan(edition: EditionFacts, round_code: str, scan_id: str) -> ResponseReturnValue:
    found = scan_of(_round(edition, round_code).id, scan_id)
    if found is None:
        abort(404)
    try:
        stream = current_app.extensions["storage"].open(found.storage_key)
    except FileNotFoundError:
        abort(404)
    answer = send_file(stream, mimetype=found.content_type, as_attachment=True, download_name=found.filename, max_age=0)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
