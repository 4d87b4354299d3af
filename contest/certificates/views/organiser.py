"""The committee's room: what can be issued, issuing, files, mails, the list for a mail merge."""

from __future__ import annotations

from collections.abc import Iterator

from flask import abort, current_app, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from contest.accounts.roles import Identity, Nobody
from contest.accounts.views.proving import proven
from contest.certificates.exports.batch import merge_workbook
from contest.certificates.forms import KIND_WORDS
from contest.certificates.jobs import BATCH_JOB, MAIL_JOB, PDF, ZIP
from contest.certificates.kinds import Hold, Kind, Want
from contest.certificates.queries.register import file_of, files_of, roll_page, valid_certificates
from contest.certificates.queries.taken_back import to_reissue
from contest.certificates.services import register as services
from contest.certificates.views.blueprint import blueprint
from contest.editions.facts import EditionFacts
from contest.editions.policy import can_organise
from contest.editions.views.guards import organisers_only
from contest.editions.views.overview_cards import Card, Person, card_provider
from contest.errors import RuleBroken
from contest.infra import background, clock
from contest.infra.db import unit_of_work
from contest.web.forms import ActionForm
from contest.web.mailing import render_mail
from contest.web.messages import sentence
from contest.web.navigation import NavItem, provider
from contest.web.responses import attachment

BASE = "/e/<edition_code>/organise/certificates"
KINDS = f"any({', '.join(kind.value for kind in Kind)})"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JOBS = (BATCH_JOB, MAIL_JOB)
FILES_SHOWN = 6


@provider
def nav(edition: EditionFacts | None, identity: Identity | Nobody) -> list[NavItem]:
    if edition is None or not can_organise(identity, edition):
        return []
    return [
        NavItem(_("Certificates"), url_for("certificates.index", edition_code=edition.code), "mortarboard", order=67)
    ]


@card_provider
def cards(edition: EditionFacts, identity: Person) -> Iterator[Card]:
    if can_organise(identity, edition) and (naming := len(to_reissue(edition.id))):
        href = url_for("certificates.index", edition_code=edition.code)
        yield Card(_("Certificates to issue anew"), str(naming), _("a name was taken back"), href, 6)


def say_form_is_old() -> None:
    flash(_("This page was open for too long. Reload it and send again."), "danger")


def want_words(want: Want | None, about: str) -> str:
    return "" if want is None else sentence(RuleBroken(f"certificates_{want.value}", round=about or "–"))


def hold_words(hold: Hold) -> str:
    if hold is Hold.MINOR:
        return str(_("Under 18, and no consent is recorded."))
    if hold is Hold.TAKEN_BACK:
        return str(_("The consent to be named was taken back."))
    return str(_("The age is not known, and no consent is recorded."))


@blueprint.get(BASE)
@organisers_only
def index(edition: EditionFacts) -> ResponseReturnValue:
    now = clock.now()
    scope = f"edition:{edition.id}"
    return render_template(
        "certificates/index.html",
        kinds=[(kind, KIND_WORDS[kind], roll_page(edition, kind, now)) for kind in Kind],
        want_words=want_words,
        unnamed=to_reissue(edition.id),
        files=files_of(edition.id)[:FILES_SHOWN],
        jobs=[job for kind in JOBS if (job := background.latest_of(scope, kind)) is not None],
        issued=len(valid_certificates(edition.id)),
        to_mail=sum(bool(row.email) and not row.mailed_at for row in valid_certificates(edition.id, released=True)),
        sends_mail=bool(current_app.config["SMTP_URL"]),
    )


@blueprint.get(f"{BASE}/for/<{KINDS}:verb>")
@organisers_only
def roll(edition: EditionFacts, verb: str) -> ResponseReturnValue:
    return _roll_page(edition, Kind(verb))


def _roll_page(edition: EditionFacts, kind: Kind) -> str:
    return render_template(
        "certificates/roll.html",
        kind=kind,
        words=KIND_WORDS[kind],
        page=roll_page(edition, kind, clock.now()),
        want_words=want_words,
        hold_words=hold_words,
        form=ActionForm(),
    )


@blueprint.post(f"{BASE}/for/<{KINDS}:verb>")
@organisers_only
def issue(edition: EditionFacts, verb: str) -> ResponseReturnValue:
    if not ActionForm().validate_on_submit():
        say_form_is_old()
        return _roll_page(edition, Kind(verb)), 422
    try:
        with unit_of_work():
            count = services.issue(edition=edition, kind=Kind(verb), actor_id=current_user.id, now=clock.now())
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return _roll_page(edition, Kind(verb)), 409
    flash(ngettext("%(num)s certificate was issued.", "%(num)s certificates were issued.", count), "success")
    return redirect(url_for("certificates.roll", edition_code=edition.code, verb=verb), 303)


@blueprint.post(f"{BASE}/make/<any(pdf, zip):verb>")
@organisers_only
def make(edition: EditionFacts, verb: str) -> ResponseReturnValue:
    return _start(edition, BATCH_JOB, {"what": {"pdf": PDF, "zip": ZIP}[verb], "kind": ""})


@blueprint.post(f"{BASE}/mail")
@organisers_only
def mail_out(edition: EditionFacts) -> ResponseReturnValue:
    words = {name: f"{{{name}}}" for name in ("name", "number", "contest", "address")}
    subject, body = render_mail("certificates/issued", None, **words)
    return _start(edition, MAIL_JOB, {"subject": subject, "body": body})


def _start(edition: EditionFacts, kind: str, arguments: dict[str, str]) -> ResponseReturnValue:
    if not ActionForm().validate_on_submit():
        say_form_is_old()
        return redirect(url_for("certificates.index", edition_code=edition.code), 303)
    if not valid_certificates(edition.id):
        flash(sentence(RuleBroken("certificates_none")), "danger")
        return redirect(url_for("certificates.index", edition_code=edition.code), 303)
    asked = {**arguments, "edition": edition.code, "base": current_app.config["BASE_URL"]}
    with unit_of_work():
        job = background.enqueue(
            scope=f"edition:{edition.id}", kind=kind, arguments=asked, actor_id=current_user.id, now=clock.now()
        )
        target = url_for("certificates.job", edition_code=edition.code, certificate_job=job.public_id)
    return redirect(target, 303)


@blueprint.get(f"{BASE}/jobs/<certificate_job>")
@organisers_only
def job(edition: EditionFacts, certificate_job: str) -> ResponseReturnValue:
    found = background.job_of(f"edition:{edition.id}", certificate_job)
    if found is None or found.kind not in JOBS:
        abort(404)
    return render_template("certificates/job.html", job=found, state=found.state.value, mails=found.kind == MAIL_JOB)


@blueprint.get(f"{BASE}/files/<certificate_file>")
@organisers_only
@proven
def file(edition: EditionFacts, certificate_file: str) -> ResponseReturnValue:
    found = file_of(edition.id, certificate_file)
    storage = current_app.extensions["storage"]
    if found is None or not storage.exists(found.storage_key):
        abort(404)
    return send_file(
        storage.open(found.storage_key),
        mimetype=found.content_type,
        as_attachment=True,
        download_name=found.filename,
        max_age=0,
    )


@blueprint.get(f"{BASE}/list.xlsx")
@organisers_only
@proven
def merge(edition: EditionFacts) -> ResponseReturnValue:
    data = merge_workbook(edition, base=current_app.config["BASE_URL"], now=clock.now())
    return attachment(data, name=f"{edition.code}-chung-nhan.xlsx", mimetype=XLSX)
