"""Conflicts of interest: those found in the data, and those declared by hand."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.editions.policy import can_organise
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import NotFound
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.queries.conflicts import PairConflict, SubmissionLine, conflicts_between, submission_lines
from contest.judging.queries.panel import PanelJudge, judges_of
from contest.judging.services import panel
from contest.judging.views.panel_forms import ConflictForm, PairForm
from contest.judging.views.panel_words import reasons_words

blueprint = Blueprint("conflicts", __name__)


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """A barred pair as the page shows it."""

    judge: PanelJudge
    submission: SubmissionLine
    pair: PairConflict
    words: str


@blueprint.get("/e/<edition_code>/organise/judges/conflicts")
@committee_readers
def conflicts(edition: EditionFacts) -> ResponseReturnValue:
    judges, submissions = judges_of(edition.id), submission_lines(edition.id)
    form = ConflictForm(formdata=None, data=request.args.to_dict())
    return _page(edition, _offered(form, judges, submissions), judges, submissions)


def _offered(
    form: ConflictForm, judges: tuple[PanelJudge, ...], submissions: tuple[SubmissionLine, ...]
) -> ConflictForm:
    form.judge.choices = [("", _("Choose a judge")), *((one.person, f"{one.name} ({one.code})") for one in judges)]
    form.submission.choices = [
        ("", _("Choose a submission")),
        *((one.public_id, f"{one.code} · {one.title or one.team}") for one in submissions),
    ]
    return form


def _page(
    edition: EditionFacts,
    form: ConflictForm,
    judges: tuple[PanelJudge, ...],
    submissions: tuple[SubmissionLine, ...],
    status: int = 200,
) -> ResponseReturnValue:
    pairs = conflicts_between(edition.id, judges, submissions)
    lines = [
        ConflictLine(judge, submission, pairs[submission.id, judge.id], _words(pairs[submission.id, judge.id]))
        for judge in judges
        for submission in submissions
        if (submission.id, judge.id) in pairs
    ]
    page = render_template(
        "judging/panel/conflicts.html",
        form=form,
        declared=[line for line in lines if line.pair.declared],
        found=[line for line in lines if not line.pair.declared],
        may_organise=can_organise(current_user, edition),
        nobody=not judges or not submissions,
    )
    return page, status


def _words(pair: PairConflict) -> str:
    return reasons_words(pair.reasons)


@blueprint.post("/e/<edition_code>/organise/judges/conflicts")
@organisers_only
def declare(edition: EditionFacts) -> ResponseReturnValue:
    judges, submissions = judges_of(edition.id), submission_lines(edition.id)
    form = _offered(ConflictForm(), judges, submissions)
    if not form.validate_on_submit():
        return _page(edition, form, judges, submissions, 422)
    judge, submission = _pair(judges, submissions, form.judge.data, form.submission.data)
    with unit_of_work():
        outcome = panel.declare_conflict(
            edition_id=edition.id,
            judge_id=judge.id,
            submission_id=submission.id,
            reason=form.reason.data or "",
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("%(judge)s will never judge %(submission)s.", judge=judge.name, submission=submission.code), "success")
    if outcome.removed:
        flash(_("The assignment was taken away. Look for another judge."), "warning")
    if outcome.put_aside:
        words = ngettext(
            "%(num)s scorecard of this pair counts no longer. It stays stored.",
            "%(num)s scorecards of this pair count no longer. They stay stored.",
            outcome.put_aside,
        )
        flash(words, "warning")
    return _back(edition)


@blueprint.post("/e/<edition_code>/organise/judges/conflicts/withdraw")
@organisers_only
def withdraw(edition: EditionFacts) -> ResponseReturnValue:
    form = PairForm()
    judges, submissions = judges_of(edition.id), submission_lines(edition.id)
    judge, submission = _pair(judges, submissions, form.judge.data, form.submission.data)
    with unit_of_work():
        panel.withdraw_conflict(
            edition_id=edition.id,
            judge_id=judge.id,
            submission_id=submission.id,
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("The declared conflict is taken back."), "success")
    return _back(edition)


def _back(edition: EditionFacts) -> ResponseReturnValue:
    return redirect(url_for("conflicts.conflicts", edition_code=edition.code), 303)


def _pair(
    judges: tuple[PanelJudge, ...], submissions: tuple[SubmissionLine, ...], person: str | None, public_id: str | None
) -> tuple[PanelJudge, SubmissionLine]:
    judge = next((one for one in judges if one.person == person), None)
    submission = next((one for one in submissions if one.public_id == public_id), None)
    if judge is None or submission is None:
        raise NotFound
    return judge, submission
