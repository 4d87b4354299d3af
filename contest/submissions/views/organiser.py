"""The committee's list of submissions, and one submission with its decisions."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.editions.queries import fields_of, tracks_of
from contest.editions.rules import LocalText
from contest.editions.views.guards import committee_readers
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.infra.storage import current_storage
from contest.submissions import policy, queries, services
from contest.submissions.completeness import MEGABYTE
from contest.submissions.facts import Access
from contest.submissions.forms import DecisionForm, ListForm
from contest.submissions.lifecycle import Act, allows
from contest.submissions.views import wording
from contest.submissions.views.blueprint import blueprint
from contest.submissions.views.guards import committee_submission, decided_submission
from contest.submissions.views.handing_in import receipt_page
from contest.web.messages import sentence


@blueprint.get("/e/<edition_code>/organise/submissions")
@committee_readers
def listing(edition: EditionFacts) -> ResponseReturnValue:
    form = ListForm(request.args)
    tracks = {row.code: LocalText(row.name_vi, row.name_en) for row in tracks_of(edition.id)}
    fields = {row.code: LocalText(row.name_vi, row.name_en) for row in fields_of(edition.id)}
    form.offer(tracks, fields)
    found = queries.submission_list(edition.id, form.filters, page=form.page.data or 1)
    return render_template(
        "submissions/list.html",
        form=form,
        found=found,
        counts=queries.status_counts(edition.id),
        stored=queries.edition_bytes(edition.id),
        most_stored=current_app.config["EDITION_QUOTA_MB"] * MEGABYTE,
        room=current_storage().room(),
        with_tracks=bool(tracks),
        with_fields=bool(fields),
        labels=wording.labels,
        page_href=partial(_page_href, edition),
        filtered=bool(set(request.args) - {"page"}),
    )


def _page_href(edition: EditionFacts, number: int) -> str:
    kept = {name: value for name, value in request.args.items() if name in ("status", "track", "field", "q") and value}
    return url_for("submissions.listing", edition_code=edition.code, page=number, **kept)  # type: ignore[arg-type]  # texts


def _to(edition: EditionFacts, access: Access, endpoint: str = "detail", **values: Any) -> str:
    return url_for(f"submissions.{endpoint}", edition_code=edition.code, submission_id=access.public_id, **values)


def _download(edition: EditionFacts, access: Access, file_id: str) -> str:
    return _to(edition, access, "committee_file", file_id=file_id)


def _blind_copy(edition: EditionFacts, access: Access, file_id: str) -> str:
    return _to(edition, access, "committee_judges_copy", file_id=file_id)


def _detail(edition: EditionFacts, access: Access, form: DecisionForm) -> str:
    desk = queries.desk_of(access)
    return render_template(
        "submissions/detail.html",
        access=access,
        desk=desk,
        view=queries.submission_view(access.id),
        team=queries.team_of(access.team_id),
        lines=[wording.line(item) for item in desk.items],
        form=form,
        decides=policy.can_decide_submission(current_user, edition),
        may_disqualify=allows(desk.status, Act.DISQUALIFY),
        may_reinstate=allows(desk.status, Act.REINSTATE),
        download=partial(_download, edition, access),
        to=partial(_to, edition, access),
    )


@blueprint.get("/e/<edition_code>/organise/submissions/<submission_id>")
@committee_submission
def detail(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    return _detail(edition, access, DecisionForm())


@blueprint.get("/e/<edition_code>/organise/submissions/<submission_id>/as-judge")
@committee_submission
def as_judge(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    blind = request.args.get("blind") == "1"
    return render_template(
        "submissions/preview.html",
        view=queries.submission_view(access.id, blind=blind),
        back_href=_to(edition, access),
        download=partial(_blind_copy if blind else _download, edition, access),
        for_committee=True,
        blind=blind,
        other_href=_to(edition, access, "as_judge", **({} if blind else {"blind": "1"})),
        names_href=_to(edition, access, "committee_names"),
    )


@blueprint.get("/e/<edition_code>/organise/submissions/<submission_id>/receipts/<int:number>")
@committee_submission
def committee_receipt(edition: EditionFacts, access: Access, number: int) -> ResponseReturnValue:
    return receipt_page(access, number, back_href=_to(edition, access))


@blueprint.post("/e/<edition_code>/organise/submissions/<submission_id>/disqualify")
@decided_submission
def disqualify(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    return _decide(edition, access, services.disqualify, _("%(code)s is disqualified.", code=access.code))


@blueprint.post("/e/<edition_code>/organise/submissions/<submission_id>/reinstate")
@decided_submission
def reinstate(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    return _decide(
        edition, access, services.reinstate, _("%(code)s is back among the submitted ones.", code=access.code)
    )


def _decide(edition: EditionFacts, access: Access, act: Any, done: str) -> ResponseReturnValue:
    form = DecisionForm()
    if not form.validate_on_submit():
        return _detail(edition, access, form), 422
    try:
        with unit_of_work():
            act(submission_id=access.id, reason=form.reason.data or "", actor_id=current_user.id, now=clock.now())
    except RuleBroken as refused:
        form.form_errors.append(sentence(refused))
        return _detail(edition, access, form), 409
    flash(done, "success")
    return redirect(_to(edition, access), 303)
