"""Conflicts of interest: what nobody has looked at yet, what was declared, what the data give away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.editions.policy import can_organise
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.conflicts import ConflictReason
from contest.judging.queries.conflict_rules import dismissals_of
from contest.judging.queries.conflicts import (
    Declaration,
    Finding,
    SubmissionLine,
    declarations_of,
    findings_between,
    submission_lines,
)
from contest.judging.queries.panel import PanelJudge, judges_of
from contest.judging.queries.recusals import recusals_of
from contest.judging.services import panel
from contest.judging.services.conflicts import Declared
from contest.judging.states import Party
from contest.judging.views.conflict_forms import ConflictForm, FindingForm, PairForm
from contest.judging.views.panel_words import REASON_WORDS

blueprint = Blueprint("conflicts", __name__)

PARTY_WORDS = {
    Party.JUDGE: _l("the judge"),
    Party.TEAM: _l("the team"),
    Party.ORGANISER: _l("the organiser"),
}
Judges = Sequence[PanelJudge]
Submissions = Sequence[SubmissionLine]


@dataclass(frozen=True, slots=True)
class Line:
    """One reason for one pair, as the page shows it: declared, or found."""

    judge: PanelJudge
    submission: SubmissionLine
    declaration: Declaration | None = None
    finding: Finding | None = None

    @property
    def kind(self) -> ConflictReason:
        found = self.declaration.kind if self.declaration else self.finding.reason if self.finding else None
        return found or ConflictReason.DECLARED


@blueprint.get("/e/<edition_code>/organise/judges/conflicts")
@committee_readers
def conflicts(edition: EditionFacts) -> ResponseReturnValue:
    judges, submissions = judges_of(edition.id), submission_lines(edition.id)
    form = ConflictForm(formdata=None, data=request.args.to_dict())
    return _page(edition, _offered(form, judges, submissions), judges, submissions)


def _offered(form: ConflictForm, judges: Judges, submissions: Submissions) -> ConflictForm:
    form.offer(
        [("", _("Choose a judge")), *((one.person, f"{one.name} ({one.code})") for one in judges)],
        [
            ("", _("Choose a submission")),
            *((one.public_id, f"{one.code} · {one.title or one.team}") for one in submissions),
        ],
    )
    return form


def _page(
    edition: EditionFacts, form: ConflictForm, judges: Judges, submissions: Submissions, status: int = 200
) -> ResponseReturnValue:
    order = request.args.get("by", "judge")
    lines = _lines(edition, judges, submissions, order)
    page = render_template(
        "judging/panel/conflicts.html",
        form=form,
        order=order,
        unsure=[line for line in lines if line.finding and line.finding.alike],
        declared=[line for line in lines if line.declaration],
        found=[line for line in lines if line.finding and not line.finding.alike],
        kinds=[(REASON_WORDS[kind], count) for kind, count in sorted(Counter(line.kind for line in lines).items())],
        dismissals=dismissals_of(edition.id),
        recusals=recusals_of(edition.id),
        words=REASON_WORDS,
        parties=PARTY_WORDS,
        may_organise=can_organise(current_user, edition),
        nobody=not judges or not submissions,
    )
    return page, status


def _lines(edition: EditionFacts, judges: Judges, submissions: Submissions, order: str) -> list[Line]:
    """Return every reason by judge; or by submission, or by kind, if so wished."""
    declared, found = declarations_of(edition.id), findings_between(edition.id, judges, submissions)
    place = {line.id: position for position, line in enumerate(submissions)}
    seat = {judge.id: position for position, judge in enumerate(judges)}
    lines = [
        Line(judges[seat[other]], submissions[place[one]], declaration=each)
        for (one, other), all_of in declared.items()
        if one in place and other in seat
        for each in all_of
    ]
    lines += [
        Line(judges[seat[other]], submissions[place[one]], finding=each)
        for (one, other), all_of in found.items()
        for each in all_of
    ]
    lines.sort(key=lambda line: (seat[line.judge.id], place[line.submission.id]))
    if order == "submission":
        lines.sort(key=lambda line: place[line.submission.id])
    if order == "kind":
        lines.sort(key=lambda line: line.kind)
    return lines


@blueprint.post("/e/<edition_code>/organise/judges/conflicts")
@organisers_only
def declare(edition: EditionFacts) -> ResponseReturnValue:
    judges, submissions = judges_of(edition.id), submission_lines(edition.id)
    form = _offered(ConflictForm(), judges, submissions)
    if not form.validate_on_submit():
        return _page(edition, form, judges, submissions, 422)
    judge, submission = _pair(judges, submissions, form.judge.data, form.submission.data)
    _declare(edition, judge, submission, ConflictReason(form.kind.data), form.reason.data or "")
    return back(edition)


def _declare(
    edition: EditionFacts, judge: PanelJudge, submission: SubmissionLine, kind: ConflictReason, reason: str
) -> None:
    with unit_of_work():
        outcome = panel.declare_conflict(
            edition_id=edition.id,
            judge_id=judge.id,
            submission_id=submission.id,
            kind=kind,
            reason=reason,
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("%(judge)s will never judge %(submission)s.", judge=judge.name, submission=submission.code), "success")
    tell(outcome)


def tell(outcome: Declared) -> None:
    """Say what a declaration did to assignments and scorecards."""
    if outcome.removed:
        flash(_("The assignment was taken away. Look for another judge."), "warning")
    if outcome.put_aside:
        words = ngettext(
            "%(num)s scorecard of this pair counts no longer. It stays stored.",
            "%(num)s scorecards of this pair count no longer. They stay stored.",
            outcome.put_aside,
        )
        flash(words, "warning")


@blueprint.post("/e/<edition_code>/organise/judges/conflicts/withdraw")
@organisers_only
def withdraw(edition: EditionFacts) -> ResponseReturnValue:
    form = PairForm()
    if not form.validate_on_submit():
        raise NotFound
    party, because = Party(form.party.data), form.because.data or ""
    if party is not Party.ORGANISER and not because:
        raise RuleBroken("withdrawal_without_reason")
    judges, submissions = judges_of(edition.id), submission_lines(edition.id)
    judge, submission = _pair(judges, submissions, form.judge.data, form.submission.data)
    with unit_of_work():
        panel.withdraw_conflict(
            edition_id=edition.id,
            judge_id=judge.id,
            submission_id=submission.id,
            party=party,
            because=because,
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("The declared conflict is taken back."), "success")
    return back(edition)


@blueprint.post("/e/<edition_code>/organise/judges/conflicts/finding")
@organisers_only
def decide_finding(edition: EditionFacts) -> ResponseReturnValue:
    form = FindingForm()
    judges, submissions = judges_of(edition.id), submission_lines(edition.id)
    judge, submission = _pair(judges, submissions, form.judge.data, form.submission.data)
    if not form.validate_on_submit():
        raise NotFound
    found = findings_between(edition.id, [judge], [submission]).get((submission.id, judge.id), ())
    one = next((each for each in found if each.digest == form.evidence.data), None)
    if one is None and form.act.data != "restore":
        raise NotFound
    if one is not None and form.act.data == "confirm":
        _declare(edition, judge, submission, one.reason, form.reason.data or f"{one.mine} = {one.theirs}"[:300])
        return back(edition)
    _dismiss_or_restore(edition, judge, submission, form)
    return back(edition)


def _dismiss_or_restore(
    edition: EditionFacts, judge: PanelJudge, submission: SubmissionLine, form: FindingForm
) -> None:
    pair = {"edition_id": edition.id, "judge_id": judge.id, "submission_id": submission.id}
    evidence, actor_id, now = form.evidence.data or "", current_user.id, clock.now()
    with unit_of_work():
        if form.act.data == "restore":
            panel.restore_finding(**pair, evidence=evidence, actor_id=actor_id, now=now)
        else:
            reason = form.reason.data or ""
            panel.dismiss_finding(**pair, evidence=evidence, reason=reason, actor_id=actor_id, now=now)
    if form.act.data == "restore":
        flash(_("It counts as a conflict again."), "success")
    else:
        flash(_("It is no conflict, and the same evidence never comes back."), "success")


def back(edition: EditionFacts) -> ResponseReturnValue:
    return redirect(url_for("conflicts.conflicts", edition_code=edition.code), 303)


def _pair(
    judges: Judges, submissions: Submissions, person: str | None, public_id: str | None
) -> tuple[PanelJudge, SubmissionLine]:
    judge = next((one for one in judges if one.person == person), None)
    submission = next((one for one in submissions if one.public_id == public_id), None)
    if judge is None or submission is None:
        raise NotFound
    return judge, submission
