"""Versions of frozen results: what changed between them, and the corrections that led from one to the next."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import FROZEN
from contest.editions.views.guards import committee_readers
from contest.errors import NotFound
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.results import services
from contest.results.compare import compare
from contest.results.policy import can_review_results
from contest.results.queries.snapshots import corrections_of, frozen, frozen_report, snapshot_of, snapshots_of
from contest.results.views.minutes import MOST_VERSIONS
from contest.results.views.organiser import blueprint, round_of
from contest.results.views.review_forms import CorrectionForm, DecisionForm
from contest.results.views.steps import UNPROCESSABLE, reviewers_only

WHAT = {
    "rank": _l("Rank"),
    "result": _l("Result"),
    "status": _l("State"),
    "scorecard": _l("Scorecard"),
    "entered": _l("New in the ranking"),
    "left": _l("Left the ranking"),
}
STATUS = {
    "asked": (_l("Asked for"), "warn", "hourglass-split"),
    "approved": (_l("Being made"), "info", "pencil"),
    "refused": (_l("Refused"), "mute", "x-circle"),
    "done": (_l("Done"), "ok", "check-circle"),
}


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/versions")
@committee_readers
def versions(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _page(edition, round_of(edition, round_code))


def _page(
    edition: EditionFacts,
    round_: RoundFacts,
    status: int = 200,
    form: CorrectionForm | None = None,
    decision: DecisionForm | None = None,
) -> ResponseReturnValue:
    found = corrections_of(round_.id)
    page = render_template(
        "results/versions.html",
        round=round_,
        versions=snapshots_of(round_.id),
        corrections=found,
        status_looks=STATUS,
        form=form or CorrectionForm(formdata=None),
        decision=decision or DecisionForm(formdata=None),
        may_review=can_review_results(current_user, edition),
        may_ask=round_.state in FROZEN and not any(one.status.value in ("asked", "approved") for one in found),
    )
    return page, status


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/versions/<int:number>")
@committee_readers
def version(edition: EditionFacts, round_code: str, number: int) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    snapshot = snapshot_of(round_.id, number) if number < MOST_VERSIONS else None
    if snapshot is None:
        abort(404)
    before = snapshot_of(round_.id, number - 1)
    held = frozen(snapshot.id)
    changes = () if before is None else compare(frozen_report(before.id), held.report)
    return render_template(
        "results/version.html",
        round=round_,
        snapshot=snapshot,
        report=held.report,
        record=held.record,
        before=before,
        changes=changes,
        what_words=WHAT,
    )


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/corrections")
@reviewers_only
def ask_correction(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    form = CorrectionForm()
    if not form.validate_on_submit():
        return _page(edition, round_, UNPROCESSABLE, form)
    with unit_of_work():
        services.ask_correction(
            edition=edition,
            round_id=round_.id,
            reason=form.reason.data or "",
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("The correction is asked for. Another person of the committee decides."), "success")
    return redirect(url_for("results.versions", edition_code=edition.code, round_code=round_code), 303)


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/corrections/<correction_id>")
@reviewers_only
def decide_correction(edition: EditionFacts, round_code: str, correction_id: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    form = DecisionForm()
    if not any(one.public_id == correction_id for one in corrections_of(round_.id)):
        raise NotFound
    if not form.validate_on_submit():
        return _page(edition, round_, UNPROCESSABLE, decision=form)
    approve = form.act.data == "approve"
    with unit_of_work():
        services.decide_correction(
            edition=edition,
            round_id=round_.id,
            public_id=correction_id,
            approve=approve,
            answer=form.answer.data or "",
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(
        _("The round is closed again and can be corrected.") if approve else _("The correction is refused."), "success"
    )
    return redirect(url_for("results.versions", edition_code=edition.code, round_code=round_code), 303)
