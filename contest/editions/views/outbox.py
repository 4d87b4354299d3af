"""The mails of an edition: what was sent, what waits, and the full text of what a person may have to send."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.editions.views.guards import organisers_only
from contest.errors import NotFound
from contest.infra import audit, clock, mail
from contest.infra.db import unit_of_work
from contest.web.forms import whole

blueprint = Blueprint("outbox", __name__)
PER_PAGE = 50


def scope_of(edition: EditionFacts) -> str:
    return f"edition:{edition.id}"


@blueprint.get("/e/<edition_code>/organise/outbox")
@organisers_only
def outbox(edition: EditionFacts) -> ResponseReturnValue:
    mails = mail.outbox_of(scope_of(edition), limit=PER_PAGE + 1, before=request.args.get("before", type=whole))
    return render_template(
        "editions/outbox.html",
        mails=mails[:PER_PAGE],
        older=mails[PER_PAGE - 1].id if len(mails) > PER_PAGE else None,
        counts=mail.outbox_counts(scope_of(edition)),
        sends_mail=bool(current_app.config["SMTP_URL"]),
    )


def _back(edition: EditionFacts) -> ResponseReturnValue:
    return redirect(url_for("outbox.outbox", edition_code=edition.code), 303)


@blueprint.post("/e/<edition_code>/organise/outbox/<int:mail_id>/retry")
@organisers_only
def retry(edition: EditionFacts, mail_id: int) -> ResponseReturnValue:
    with unit_of_work():
        if not mail.retry(mail_id, scope=scope_of(edition), now=clock.now()):
            raise NotFound
    flash(_("The mail will be tried again at once."), "success")
    return _back(edition)


@blueprint.post("/e/<edition_code>/organise/outbox/<int:mail_id>/by-hand")
@organisers_only
def by_hand(edition: EditionFacts, mail_id: int) -> ResponseReturnValue:
    now = clock.now()
    with unit_of_work():
        if not mail.sent_by_hand(mail_id, scope=scope_of(edition), now=now):
            raise NotFound
        audit.record(
            at=now,
            actor_id=current_user.id,
            scope=scope_of(edition),
            action="mail.sent_by_hand",
            subject=f"mail:{mail_id}",
        )
    flash(_("Noted as sent."), "success")
    return _back(edition)
