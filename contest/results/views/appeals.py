"""Appeals: a team asks, sees the answer; the organisers read and answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.accounts.roles import Identity, Nobody, Role
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.queries import rounds_of
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import NotFound
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.results import services
from contest.results.policy import can_decide_results
from contest.results.queries.appeals import AppealLine, appeals_about, appeals_of, published_lines
from contest.results.report import Line
from contest.results.reviews import AppealEffect, AppealWindow, appeal_window, appeals_close
from contest.results.views.organiser import blueprint as results
from contest.results.views.organiser import round_of
from contest.results.views.review_forms import AnswerForm, AppealForm
from contest.submissions.facts import Access
from contest.submissions.queries import own_submissions
from contest.submissions.views.guards import own_submission, signed_in_here
from contest.web.navigation import NavItem, provider

blueprint = Blueprint("appeals", __name__)
UNPROCESSABLE = 422


@provider
def menu(edition: EditionFacts | None, identity: Identity | Nobody) -> Iterator[NavItem]:
    if edition is not None and identity.holds(edition.id, Role.CAPTAIN):
        yield NavItem(_("My results"), url_for("appeals.mine", edition_code=edition.code), "trophy", 16)


@dataclass(frozen=True, slots=True)
class OwnRound:
    # A published round as a team sees it: its line in the ranking, the window, and the team's appeal.
    round: RoundFacts
    line: Line
    window: AppealWindow
    closes: datetime | None
    appeal: AppealLine | None

    @property
    def may_appeal(self) -> bool:
        return self.window is AppealWindow.OPEN and self.appeal is None


@blueprint.get("/e/<edition_code>/team/results")
@signed_in_here
def mine(edition: EditionFacts) -> ResponseReturnValue:
    rows = own_submissions(edition.id, current_user.id)
    if len(rows) == 1:
        target = url_for("appeals.own_results", edition_code=edition.code, submission_id=rows[0].public_id)
        return redirect(target, 303)
    return render_template("results/my_submissions.html", rows=rows)


@blueprint.get("/e/<edition_code>/team/<submission_id>/results")
@own_submission
def own_results(edition: EditionFacts, access: Access) -> ResponseReturnValue:
    return render_template("results/my_results.html", access=access, rounds=_own_rounds(edition, access))


def _own_rounds(edition: EditionFacts, access: Access) -> list[OwnRound]:
    appeals, lines = appeals_about(access.id), published_lines(edition.id, access.code)
    rounds = rounds_of(edition.id) if lines else []
    return [_own_round(one, lines[one.id], appeals.get(one.id)) for one in rounds if one.id in lines]


def _own_round(round_: RoundFacts, line: Line, appeal: AppealLine | None) -> OwnRound:
    days = round_.rules.appeal_days
    window = appeal_window(round_.published_at, days, clock.now())
    return OwnRound(round_, line, window, appeals_close(round_.published_at, days), appeal)


def _found(edition: EditionFacts, access: Access, round_code: str) -> OwnRound:
    found = next((one for one in _own_rounds(edition, access) if one.round.code == round_code), None)
    if found is None or found.window is AppealWindow.NONE:
        abort(404)
    return found


@blueprint.get("/e/<edition_code>/team/<submission_id>/results/<round_code>/appeal")
@own_submission
def appeal(edition: EditionFacts, access: Access, round_code: str) -> ResponseReturnValue:
    return _appeal_page(access, _found(edition, access, round_code), AppealForm())


def _appeal_page(access: Access, own: OwnRound, form: AppealForm, status: int = 200) -> ResponseReturnValue:
    return render_template("results/appeal.html", access=access, own=own, form=form), status


@blueprint.post("/e/<edition_code>/team/<submission_id>/results/<round_code>/appeal")
@own_submission
def file(edition: EditionFacts, access: Access, round_code: str) -> ResponseReturnValue:
    own, form = _found(edition, access, round_code), AppealForm()
    if own.may_appeal and not form.validate_on_submit():
        return _appeal_page(access, own, form, UNPROCESSABLE)
    with unit_of_work():
        services.file_appeal(
            round_id=own.round.id,
            submission_id=access.id,
            text=form.text.data or "",
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("Your appeal is handed in. The answer will stand on this page."), "success")
    target = url_for("appeals.appeal", edition_code=edition.code, submission_id=access.public_id, round_code=round_code)
    return redirect(target, 303)


@results.get("/e/<edition_code>/organise/results/<round_code>/appeals")
@committee_readers
def appeals(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _list_page(edition, round_of(edition, round_code))


def _list_page(
    edition: EditionFacts, round_: RoundFacts, status: int = 200, refused: tuple[str, AnswerForm] | None = None
) -> ResponseReturnValue:
    rows = appeals_of(round_.id)
    days = round_.rules.appeal_days
    page = render_template(
        "results/appeals.html",
        round=round_,
        rows=[(row, _form(row, refused)) for row in rows],
        window=appeal_window(round_.published_at, days, clock.now()).value,
        closes=appeals_close(round_.published_at, days),
        may_decide=can_decide_results(current_user, edition),
    )
    return page, status


def _form(row: AppealLine, refused: tuple[str, AnswerForm] | None) -> AnswerForm | None:
    if row.answered_at is not None:
        return None
    if refused is not None and refused[0] == row.public_id:
        return refused[1]
    return AnswerForm(formdata=None, prefix=row.public_id)


@results.post("/e/<edition_code>/organise/results/<round_code>/appeals/<appeal_id>")
@organisers_only
def answer_appeal(edition: EditionFacts, round_code: str, appeal_id: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    if not any(row.public_id == appeal_id for row in appeals_of(round_.id)):
        raise NotFound
    form = AnswerForm(prefix=appeal_id)
    if not form.validate_on_submit():
        return _list_page(edition, round_, UNPROCESSABLE, (appeal_id, form))
    with unit_of_work():
        services.answer_appeal(
            edition=edition,
            round_id=round_.id,
            public_id=appeal_id,
            answer=form.answer.data or "",
            effect=AppealEffect(form.effect.data),
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("The answer is written; the team can read it now."), "success")
    return redirect(url_for("results.appeals", edition_code=edition.code, round_code=round_code), 303)
