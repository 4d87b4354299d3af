"""Handing in: the last look, the receipt, taking back and bringing back."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.errors import RuleBroken
from contest.infra import clock, mail
from contest.infra.db import unit_of_work
from contest.submissions import queries, services
from contest.submissions.facts import Access, ReceiptFacts
from contest.submissions.forms import HandInForm, WithdrawForm
from contest.submissions.queries import Desk
from contest.submissions.views import wording
from contest.submissions.views.blueprint import blueprint
from contest.submissions.views.consent_lines import consent_lines
from contest.submissions.views.draft import accepts, address, grace_ends
from contest.submissions.views.eligibility import eligibility_lines
from contest.submissions.views.guards import own_submission
from contest.web.errors import error_answer
from contest.web.formats import local
from contest.web.forms import ActionForm
from contest.web.mailing import absolute, render_mail


def _page(edition: EditionFacts, access: Access, desk: Desk, form: HandInForm) -> str:
    form.seen.data = desk.manifest_fingerprint
    now = clock.now()
    return render_template(
        "submissions/check.html",
        desk=desk,
        form=form,
        lines=[
            *(wording.line(item, address(edition, access)) for item in desk.items),
            *consent_lines(edition, access, now),
        ],
        page=address(edition, access),
        open_now=accepts(edition, access, now),
        grace_ends=grace_ends(edition, access, now),
        findings=eligibility_lines(edition, access),
    )


@blueprint.get("/e/<edition_code>/team/<submission_id>/submit")
@own_submission
def check(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    return _page(edition, access, queries.desk_of(access), HandInForm())


@blueprint.post("/e/<edition_code>/team/<submission_id>/submit")
@own_submission
def submit(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    form = HandInForm()
    if not form.validate_on_submit():
        return _page(edition, access, queries.desk_of(access), form), 422
    try:
        with unit_of_work():
            now = clock.now()
            receipt = services.submit(
                submission_id=access.id, actor_id=current_user.id, now=now, seen=form.seen.data or None
            )
            if receipt.at == now:
                _mail(edition, access, receipt)
    except RuleBroken as refused:
        desk = queries.desk_of(access)
        form.form_errors.append(wording.refusal(refused, desk))
        return _page(edition, access, desk, form), 409 if refused.code == "changed_since_shown" else 422
    flash(_("Handed in. This is your receipt: keep it or print it."), "success")
    return redirect(_receipt_address(edition, access, receipt.number), 303)


def _receipt_address(edition: EditionFacts, access: Access, number: int) -> str:
    return url_for("submissions.receipt", edition_code=edition.code, submission_id=access.public_id, number=number)


def _mail(edition: EditionFacts, access: Access, receipt: ReceiptFacts) -> None:
    """Put the receipt into the outbox when an e-mail address is known; part of the running unit of work."""
    team = queries.team_of(access.team_id)
    if team is None or not team.email:
        return
    subject, body = render_mail(
        "submissions/receipt",
        current_user.locale or str(get_locale()),
        edition_name=local(edition.name),
        name=team.captain,
        team=team.details.name,
        receipt=receipt,
        url=absolute(_receipt_address(edition, access, receipt.number)),
    )
    mail.enqueue(
        scope=f"edition:{edition.id}",
        recipient=team.email,
        recipient_name=team.captain,
        subject=subject,
        body=body,
        now=receipt.at,
    )


@blueprint.get("/e/<edition_code>/team/<submission_id>/receipts/<int:number>")
@own_submission
def receipt(edition: EditionFacts, access: Access, number: int) -> ResponseReturnValue:
    return receipt_page(access, number, back_href=address(edition, access))


def receipt_page(access: Access, number: int, *, back_href: str) -> str:
    """Render one receipt for paper; 404 when there is none of that number."""
    receipts = queries.receipts_of(access.id)
    team = queries.team_of(access.team_id)
    if not 1 <= number <= len(receipts) or team is None:
        abort(404)
    return render_template(
        "submissions/receipt.html",
        receipt=receipts[number - 1],
        latest=number == len(receipts),
        team=team,
        back_href=back_href,
    )


@blueprint.post("/e/<edition_code>/team/<submission_id>/withdraw")
@own_submission
def withdraw(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    form = WithdrawForm()
    if not form.validate_on_submit():
        return error_answer(422, " ".join(form.reason.errors))
    with unit_of_work():
        services.withdraw(
            submission_id=access.id, actor_id=current_user.id, now=clock.now(), reason=form.reason.data or ""
        )
    flash(_("The submission is withdrawn. You can bring it back until the deadline."), "info")
    return redirect(address(edition, access), 303)


@blueprint.post("/e/<edition_code>/team/<submission_id>/restore")
@own_submission
def restore(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    if ActionForm().validate_on_submit():
        with unit_of_work():
            services.restore_withdrawn(submission_id=access.id, actor_id=current_user.id, now=clock.now())
        flash(_("The submission is back as a draft. Hand it in again so that it counts."), "warning")
    return redirect(address(edition, access), 303)
