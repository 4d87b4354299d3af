"""The organiser's pages of the record: the scorecards of a round, one history, receipts, papers that came too late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from contest.accounts.queries import user_by_id
from contest.editions.facts import EditionFacts
from contest.editions.queries import round_by_code
from contest.editions.rules import LocalText
from contest.editions.views.guards import organisers_only
from contest.errors import RuleBroken
from contest.infra import clock, mail
from contest.infra.db import unit_of_work
from contest.judging.events import changes, digest_start
from contest.judging.forms import DecisionForm
from contest.judging.marks import MarksRefused
from contest.judging.papers import Sheet
from contest.judging.queries.desk import paper_of, sheet_of
from contest.judging.queries.record import (
    History,
    Late,
    Receipt,
    history_of,
    late_paper_of,
    late_papers_of,
    receipts_like,
    record_of,
)
from contest.judging.services import late as services
from contest.judging.views import shown
from contest.judging.views.assignments import round_of
from contest.web import messages
from contest.web.mailing import LOCALES, absolute, render_mail
from contest.web.messages import sentence

blueprint = Blueprint("record", __name__)
messages.register(
    {
        "late_decided": _l("This late score sheet has been decided already."),
        "late_own": _l("You sent these marks yourself: another person of the committee decides about them."),
        "late_without_paper": _l(
            "This judge does not have the submission any more. Assign it to the judge again, then accept the marks."
        ),
        "late_round_closed": _l("The round is closed. Reopen it first, so that the scorecards are counted again."),
    }
)
LONGEST_RECEIPT = 60
VERBS = ("accept", "dismiss")


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/record")
@organisers_only
def record(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    asked = request.args.get("receipt", "")[:LONGEST_RECEIPT].strip()
    start = digest_start(asked)
    return render_template(
        "judging/panel/record.html",
        round=round_,
        lines=record_of(round_.id),
        late=late_papers_of(round_.id),
        asked=asked,
        found=[_checked(edition, one) for one in receipts_like(start, edition_id=edition.id)] if start else [],
    )


def _checked(edition: EditionFacts, receipt: Receipt) -> tuple[Receipt, History | None]:
    return receipt, history_of(edition.id, receipt.assignment)


@blueprint.get("/e/<edition_code>/organise/record/<public_id>")
@organisers_only
def history(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    found = history_of(edition.id, public_id)
    if found is None:
        abort(404)
    round_ = round_by_code(edition.id, found.paper.round.code)
    return render_template("judging/panel/history.html", round=round_, history=found, steps=_steps(found))


def _steps(found: History) -> list[dict[str, Any]]:
    names = {criterion.code: criterion.name for criterion in found.sheet.criteria}
    steps: list[dict[str, Any]] = []
    before: Mapping[str, str] = {}
    for event in found.events:
        steps.append(
            {
                "event": event,
                "who": found.people.get(event.actor_id, ""),
                "changes": [(names.get(one.criterion), one) for one in changes(before, event.marks)],
            }
        )
        before = event.marks
    return steps[::-1]


@blueprint.get("/e/<edition_code>/organise/record/late/<late_id>")
@organisers_only
def late(edition: EditionFacts, late_id: str) -> ResponseReturnValue:
    return _late_page(edition, _late(edition, late_id))


def _late(edition: EditionFacts, late_id: str) -> Late:
    found = late_paper_of(edition.id, late_id)
    if found is None:
        abort(404)
    return found


def _late_page(
    edition: EditionFacts,
    found: Late,
    form: DecisionForm | None = None,
    *,
    verb: str = "",
    status: int = 200,
    message: str = "",
) -> ResponseReturnValue:
    forms = {one: DecisionForm(formdata=None, prefix=one) for one in VERBS}
    if form is not None:
        forms[verb] = form
    paper = paper_of(edition.id, found.assignment) if found.assignment else None
    round_ = round_by_code(edition.id, found.round_code)
    sheet = sheet_of(round_) if round_ else None
    return render_template(
        "judging/panel/late.html",
        round=round_,
        late=found,
        paper=paper,
        lines=shown.beside(sheet, found.marks, paper) if paper and sheet else [],
        typed=_typed(sheet, found) if sheet and not paper else [],
        forms=forms,
        form=form,
        message=message,
    ), status


def _typed(sheet: Sheet, found: Late) -> list[tuple[LocalText, str]]:
    return [(one.name, found.marks.get(one.code, "").replace(",", ".")) for one in sheet.criteria]


@blueprint.post("/e/<edition_code>/organise/record/late/<late_id>/<any(accept, dismiss):verb>")
@organisers_only
def decide_late(edition: EditionFacts, late_id: str, verb: str) -> ResponseReturnValue:
    found, form = _late(edition, late_id), DecisionForm(prefix=verb)
    if not form.validate_on_submit():
        return _late_page(edition, found, form, verb=verb, status=422)
    decide = services.accept_late if verb == "accept" else services.dismiss_late
    try:
        with unit_of_work():
            decide(
                edition_id=edition.id,
                late=late_id,
                reason=form.reason.data or "",
                actor_id=current_user.id,
                now=clock.now(),
            )
            _tell_judge(edition, found, form.reason.data or "", accepted=verb == "accept")
    except MarksRefused as refused:
        return _late_page(
            edition, found, form, verb=verb, status=422, message="\n".join(shown.problems(refused).values())
        )
    except RuleBroken as refused:
        return _late_page(edition, _late(edition, late_id), form, verb=verb, status=409, message=sentence(refused))
    flash(_("It counts now as the judge's score sheet.") if verb == "accept" else _("It is set aside."), "success")
    return redirect(url_for("record.record", edition_code=edition.code, round_code=found.round_code), 303)


def _tell_judge(edition: EditionFacts, found: Late, reason: str, *, accepted: bool) -> None:
    judge = user_by_id(found.judge_user_id)
    if judge is None or judge.email is None:  # the page of the late paper says it, too
        return
    locale = judge.locale if judge.locale in LOCALES else str(current_app.config["BABEL_DEFAULT_LOCALE"])
    subject, body = render_mail(
        "judging/late_decided",
        locale,
        name=judge.name,
        edition_name=edition.name.in_(locale),
        round_name=found.round.in_(locale),
        code=found.submission,
        accepted=accepted,
        reason=reason,
        url=absolute(url_for("judging.late", edition_code=edition.code, late_id=found.public_id)),
    )
    scope = f"edition:{edition.id}"
    mail.enqueue(
        scope=scope, recipient=judge.email, recipient_name=judge.name, subject=subject, body=body, now=clock.now()
    )
