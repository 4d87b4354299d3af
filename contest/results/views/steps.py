"""The steps of a round that have a page or a form of their own: confirming, publishing, attendance."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from contest.accounts.views.account import this_account
from contest.editions.facts import EditionFacts
from contest.editions.phases import SETTLED
from contest.editions.views.guards import committee_readers, edition_guard, organisers_only
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.results import services
from contest.results.policy import can_decide_results, can_review_results
from contest.results.queries.lifecycle import council_of
from contest.results.rulings import RulingKind
from contest.results.views.organiser import blueprint, ranking_page, round_of, to_ranking
from contest.results.views.review_forms import AcceptForm, AttendanceForm, PublishForm, ReasonForm
from contest.web.errors import error_answer
from contest.web.forms import ActionForm
from contest.web.limits import failed, limiter

UNPROCESSABLE = 422
reviewers_only = edition_guard(can_review_results, "reviewer")


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/confirm")
@reviewers_only
def confirm(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    if not ActionForm().validate_on_submit():
        return ranking_page(edition, round_, 400)
    with unit_of_work():
        services.confirm_round(edition=edition, round_id=round_.id, actor_id=current_user.id, now=clock.now())
    flash(_("The results are confirmed. Nothing that moves a number is taken any more."), "success")
    return to_ranking(edition, round_code)


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/unconfirm")
@reviewers_only
def unconfirm(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    form = ReasonForm(prefix="unconfirm")
    if not form.validate_on_submit():
        return ranking_page(edition, round_, UNPROCESSABLE, unconfirm=form)
    with unit_of_work():
        services.unconfirm_round(
            round_id=round_.id, actor_id=current_user.id, now=clock.now(), reason=form.reason.data or ""
        )
    flash(_("The confirmation is taken back."), "success")
    return to_ranking(edition, round_code)


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/accept")
@organisers_only
def accept(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    form = AcceptForm()
    if not form.validate_on_submit():
        return ranking_page(edition, round_, UNPROCESSABLE, accept=form)
    with unit_of_work():
        services.record_ruling(
            round_id=round_.id,
            kind=RulingKind(form.kind.data),
            reason=form.reason.data or "",
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("Accepted in writing. It goes into the minutes."), "success")
    return to_ranking(edition, round_code)


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/publish")
@limiter.limit("10 per 15 minutes", key_func=this_account, deduct_when=failed)
@organisers_only
def publish(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    form = PublishForm(round_.code)
    if not form.validate_on_submit():
        return ranking_page(edition, round_, UNPROCESSABLE, publish=form)
    with unit_of_work():
        services.publish_round(edition=edition, round_id=round_.id, actor_id=current_user.id, now=clock.now())
    flash(_("The results are public."), "success")
    return to_ranking(edition, round_code)


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/attendance")
@committee_readers
def attendance(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    seats = council_of(edition.id, round_.id)
    return render_template(
        "results/attendance.html",
        round=round_,
        seats=seats,
        present=sum(bool(seat.member.present) for seat in seats),
        settled=round_.state in SETTLED,
        may_change=can_decide_results(current_user, edition) and round_.state not in SETTLED,
    )


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/attendance")
@organisers_only
def note_attendance(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    form = AttendanceForm()
    form.present.choices = [(seat.person, seat.member.name) for seat in council_of(edition.id, round_.id)]
    if not form.validate_on_submit():
        return error_answer(UNPROCESSABLE, _("The list of the council has changed. Open the page again."))
    with unit_of_work():
        count = services.note_attendance(
            edition=edition,
            round_id=round_.id,
            present=frozenset(form.present.data or ()),
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(
        ngettext("%(num)s person of the council is present.", "%(num)s people of the council are present.", count),
        "success",
    )
    return redirect(url_for("results.attendance", edition_code=edition.code, round_code=round_code), 303)
