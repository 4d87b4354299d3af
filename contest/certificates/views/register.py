"""The register: every number that was given, one certificate with its PDF, revoking and issuing anew."""

from __future__ import annotations

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.accounts.queries import user_by_id
from contest.certificates.exports.batch import printed_of, setting_of
from contest.certificates.exports.files import certificates_pdf, single_name
from contest.certificates.forms import KIND_WORDS, ReissueForm, RevokeForm
from contest.certificates.models import Certificate
from contest.certificates.queries.register import certificate_of, register_of
from contest.certificates.queries.taken_back import alias_of
from contest.certificates.services import register as services
from contest.certificates.services.register import content_in
from contest.certificates.views.blueprint import blueprint
from contest.certificates.views.organiser import BASE
from contest.editions.facts import EditionFacts
from contest.editions.views.guards import organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.web.messages import sentence
from contest.web.responses import attachment

ONE = f"{BASE}/register/<certificate_id>"


@blueprint.get(f"{BASE}/register")
@organisers_only
def register(edition: EditionFacts) -> ResponseReturnValue:
    rows = [(row, content_in(row)) for row in register_of(edition.id)]
    return render_template("certificates/register.html", rows=rows, kinds=KIND_WORDS)


@blueprint.get(ONE)
@organisers_only
def one(edition: EditionFacts, certificate_id: str) -> ResponseReturnValue:
    return _page(edition, _found(edition, certificate_id))


def _found(edition: EditionFacts, certificate_id: str) -> Certificate:
    row = certificate_of(edition.id, certificate_id)
    if row is None:
        abort(404)
    return row


def _page(
    edition: EditionFacts, row: Certificate, revoking: RevokeForm | None = None, anew: ReissueForm | None = None
) -> str:
    by = user_by_id(row.issued_by) if row.issued_by else None
    return render_template(
        "certificates/one.html",
        row=row,
        content=content_in(row),
        words=KIND_WORDS[row.kind],
        by=by.name if by else "–",
        others={other.id: other for other in register_of(edition.id)} if row.replaces_id else {},
        revoke=revoking or RevokeForm(formdata=None),
        anew=anew or ReissueForm(formdata=None, data={"name": _name_today(row)}),
        address=f"{current_app.config['BASE_URL']}{url_for('certificate.proof', token=row.code)}",
    )


def _name_today(row: Certificate) -> str:
    """Return the name as it may stand on a new one: the code of the entry for who took back to be named."""
    return alias_of(row) or row.name


@blueprint.get(f"{ONE}/certificate.pdf")
@organisers_only
def pdf(edition: EditionFacts, certificate_id: str) -> ResponseReturnValue:
    return pdf_of(edition, _found(edition, certificate_id))


def pdf_of(edition: EditionFacts, row: Certificate) -> ResponseReturnValue:
    base, storage = current_app.config["BASE_URL"], current_app.extensions["storage"]
    printed = printed_of([row])
    setting = setting_of(edition, storage=storage, base=base, now=row.issued_at)
    return attachment(
        certificates_pdf(printed, setting), name=f"{single_name(printed[0])}.pdf", mimetype="application/pdf"
    )


@blueprint.post(f"{ONE}/revoke")
@organisers_only
def revoke(edition: EditionFacts, certificate_id: str) -> ResponseReturnValue:
    row, form = _found(edition, certificate_id), RevokeForm()
    if not form.validate_on_submit():
        return _page(edition, row, revoking=form), 422
    try:
        with unit_of_work():
            services.revoke(
                edition_id=edition.id,
                public_id=certificate_id,
                reason=form.reason.data or "",
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _page(edition, _found(edition, certificate_id), revoking=form), 409
    flash(_("Revoked. Whoever asks about it is told so."), "success")
    return redirect(url_for("certificates.one", edition_code=edition.code, certificate_id=certificate_id), 303)


@blueprint.post(f"{ONE}/reissue")
@organisers_only
def reissue(edition: EditionFacts, certificate_id: str) -> ResponseReturnValue:
    row, form = _found(edition, certificate_id), ReissueForm()
    if not form.validate_on_submit():
        return _page(edition, row, anew=form), 422
    try:
        with unit_of_work():
            entry = services.reissue(
                edition=edition,
                public_id=certificate_id,
                name=form.name.data or "",
                reason=form.why.data or "",
                actor_id=current_user.id,
                now=clock.now(),
            )
            fresh, number = entry.public_id, entry.number
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _page(edition, _found(edition, certificate_id), anew=form), 409
    flash(_("Issued anew as number %(number)s.", number=number), "success")
    return redirect(url_for("certificates.one", edition_code=edition.code, certificate_id=fresh), 303)
