"""The ledger of a round: points given and taken beside the marks."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import SETTLED
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.results import services
from contest.results.policy import can_decide_results
from contest.results.queries.decisions import ledger_of, participants_of
from contest.results.views.decision_forms import BackForm, EntryForm
from contest.results.views.organiser import blueprint, round_of
from contest.web.messages import sentence


def _entry_form(round_: RoundFacts) -> EntryForm:
    form = EntryForm(prefix="entry")
    form.submission.choices = [(one.code, f"{one.code} · {one.title}") for one in participants_of(round_)]
    return form


def _page(edition: EditionFacts, round_: RoundFacts, status: int = 200, **shown: Any) -> ResponseReturnValue:
    page = render_template(
        "results/ledger.html",
        round=round_,
        entries=ledger_of(round_.id),
        settled=round_.state in SETTLED,
        may_decide=can_decide_results(current_user, edition),
        **{"back": BackForm(prefix="back"), "opened": None, **shown},
        **({} if "form" in shown else {"form": _entry_form(round_)}),
    )
    return page, status


def _done(edition: EditionFacts, round_: RoundFacts, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("results.ledger", edition_code=edition.code, round_code=round_.code), 303)


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/ledger")
@committee_readers
def ledger(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _page(edition, round_of(edition, round_code))


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/ledger")
@organisers_only
def add_entry(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    form = _entry_form(round_)
    if not form.validate_on_submit() or form.points.data is None:
        return _page(edition, round_, 422, form=form)
    try:
        with unit_of_work():
            services.add_entry(
                round_id=round_.id,
                submission=form.submission.data,
                points=form.points.data,
                reason=form.reason.data or "",
                author=form.author.data or "",
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        form.form_errors = [*form.form_errors, sentence(refused)]
        return _page(edition, round_, 409, form=form)
    return _done(edition, round_, _("The points are in the ledger."))


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/ledger/<int:entry_id>/withdraw")
@organisers_only
def withdraw_entry(edition: EditionFacts, round_code: str, entry_id: int) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), BackForm(prefix="back")
    if not form.validate_on_submit():
        return _page(edition, round_, 422, back=form, opened=entry_id)
    try:
        with unit_of_work():
            services.withdraw_entry(
                round_id=round_.id,
                entry_id=entry_id,
                reason=form.reason.data or "",
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        form.form_errors = [*form.form_errors, sentence(refused)]
        return _page(edition, round_, 409, back=form, opened=entry_id)
    return _done(edition, round_, _("The points are withdrawn; the entry stays on record."))
