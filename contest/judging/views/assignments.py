"""Who judges what in a round: as it stands, as a plan would make it, and one submission by hand."""

from __future__ import annotations

import secrets

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from contest.editions import services as editions
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import BEFORE_CLOSE
from contest.editions.policy import can_organise
from contest.editions.queries import round_by_code, round_heads
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.papers import WITHOUT_MARKS, PaperState
from contest.judging.queries.assignments import RoundBoard, RoundPlan, last_plan_of, plan_of, round_board
from contest.judging.queries.panel import Work, work_by_round
from contest.judging.services import panel
from contest.judging.views.assignment_matrix import IN_FORCE, PLANNED, fits, marks_now, marks_planned, matrix
from contest.judging.views.panel_forms import LARGEST_SEED, ApplyForm, PlanForm, given_reason
from contest.judging.views.panel_words import advice_lines, gap_lines, reasons_words
from contest.web.messages import sentence

blueprint = Blueprint("assignments", __name__)


def round_of(edition: EditionFacts, round_code: str) -> RoundFacts:
    round_ = round_by_code(edition.id, round_code)
    if round_ is None:
        abort(404)
    return round_


@blueprint.get("/e/<edition_code>/organise/rounds")
@committee_readers
def rounds(edition: EditionFacts) -> ResponseReturnValue:
    return render_template(
        "judging/panel/rounds.html",
        rounds=round_heads(edition.id),
        work=work_by_round(edition.id),
        no_work=Work(),
    )


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/assignments")
@committee_readers
def assignments(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _page(edition, round_of(edition, round_code))


def _page(edition: EditionFacts, round_: RoundFacts, status: int = 200) -> ResponseReturnValue:
    board = round_board(round_)
    rows = matrix(board, marks_now(board), IN_FORCE)
    page = render_template(
        "judging/panel/assignments.html",
        round=round_,
        board=board,
        rows=rows,
        loads=board.board.loads(),
        seats=board.board.seats,
        assigned=sum(row.count for row in rows),
        loose=sum(one.state is PaperState.NOT_STARTED for one in (*board.held.values(), *board.strays)),
        clashes=_clashes(board),
        last_plan=last_plan_of(round_),
        may_change=can_organise(current_user, edition) and round_.state in BEFORE_CLOSE,
        as_matrix=fits(board),
    )
    return page, status


def _clashes(board: RoundBoard) -> list[tuple[str, str, str]]:
    # A conflict found after the judge began: the scorecard stays until somebody decides.
    submissions = {line.id: line for line in board.submissions}
    judges = {judge.id: judge for judge in board.judges}
    return [
        (judges[pair[1]].name, submissions[pair[0]].code, reasons_words(board.conflicts[pair].reasons))
        for pair, held in board.held.items()
        if pair in board.conflicts and not board.conflicts[pair].declared and held.state not in WITHOUT_MARKS
    ]


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/assignments/plan")
@organisers_only
def propose(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    if "seed" not in request.args:
        target = url_for(
            "assignments.propose",
            edition_code=edition.code,
            round_code=round_.code,
            seed=secrets.randbelow(1_000_000),
            keep=request.args.get("keep"),
        )
        return redirect(target, 303)
    form = PlanForm(request.args, meta={"csrf": False})
    if not form.validate() or form.seed.data is None:
        return render_template("judging/panel/plan_form.html", form=form, round=round_), 422
    return _plan_page(edition, plan_of(round_, seed=form.seed.data, keep=bool(form.keep.data)))


def _plan_page(edition: EditionFacts, plan: RoundPlan, status: int = 200) -> ResponseReturnValue:
    board = plan.board
    page = render_template(
        "judging/panel/plan.html",
        round=board.round,
        plan=plan,
        board=board,
        rows=matrix(board, marks_planned(plan), PLANNED),
        loads=plan.proposal.loads,
        seats=board.board.seats,
        gaps=gap_lines(plan),
        advice=list(advice_lines(plan)),
        empty=sum(gap.unfilled.seats for gap in plan.proposal.gaps),
        may_change=can_organise(current_user, edition) and board.round.state in BEFORE_CLOSE,
        next_seed=(plan.proposal.seed + 1) % LARGEST_SEED,
        as_matrix=fits(board),
    )
    return page, status


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/assignments/plan")
@organisers_only
def apply(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), ApplyForm()
    if not form.validate_on_submit() or form.seed.data is None:
        return render_template("judging/panel/plan_form.html", form=form, round=round_), 422
    seed, keep = form.seed.data, bool(form.keep.data)
    try:
        with unit_of_work():
            outcome = panel.apply_proposal(
                round_id=round_.id,
                seed=seed,
                keep=keep,
                expected=form.digest.data or "",
                reason=given_reason(),
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return _plan_page(edition, plan_of(round_, seed=seed, keep=keep), 409)
    words = _(
        "The plan is in force: %(added)s added, %(removed)s taken away, %(kept)s kept.",
        added=outcome.added,
        removed=outcome.removed,
        kept=outcome.kept,
    )
    flash(words, "success")
    return _back(edition, round_code)


def _back(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return redirect(url_for("assignments.assignments", edition_code=edition.code, round_code=round_code), 303)


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/assignments/open")
@organisers_only
def open_scoring(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    try:
        with unit_of_work():
            editions.open_scoring(round_id=round_.id, actor_id=current_user.id, now=clock.now())
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return _page(edition, round_of(edition, round_code), 409)
    flash(_("Scoring is open: the judges see their submissions now."), "success")
    return _back(edition, round_code)


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/assignments/clear")
@organisers_only
def clear(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    try:
        with unit_of_work():
            count = panel.clear_unstarted(
                round_id=round_.id, reason=given_reason(), actor_id=current_user.id, now=clock.now()
            )
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return _page(edition, round_of(edition, round_code), 409)
    flash(ngettext("%(num)s assignment is taken away.", "%(num)s assignments are taken away.", count), "success")
    return _back(edition, round_code)
