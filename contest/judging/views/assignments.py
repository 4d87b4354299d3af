"""Who judges what in a round: as it stands, as a plan would make it, put in force and cleared."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from contest.editions import services as editions
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import BEFORE_CLOSE, RoundState
from contest.editions.policy import can_organise
from contest.editions.queries import round_by_code, round_heads
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.adjusting import in_force, worth
from contest.judging.papers import WITHOUT_MARKS, PaperState
from contest.judging.queries.assignments import RoundBoard, RoundPlan, fitted, last_plan_of, plan_on, round_board
from contest.judging.queries.panel import Work, work_by_round
from contest.judging.queries.proposals import KeptPlan, is_vast, proposals_of, undo_of
from contest.judging.services import panel
from contest.judging.views.assignment_effects import SEEN, news, say_told, touched
from contest.judging.views.assignment_forms import PutForm
from contest.judging.views.assignment_matrix import IN_FORCE, PLANNED, fits, marks_now, marks_planned, matrix
from contest.judging.views.assignment_words import (
    comparing,
    comparing_figures,
    figures_fit,
    mean_fit,
    percent_of,
    remark_lines,
    worst_lines,
)
from contest.judging.views.panel_forms import LARGEST_SEED, PlanForm, given_reason
from contest.judging.views.panel_words import gap_lines, reasons_words
from contest.web.messages import sentence

blueprint = Blueprint("assignments", __name__)


def round_of(edition: EditionFacts, round_code: str) -> RoundFacts:
    round_ = round_by_code(edition.id, round_code)
    if round_ is None:
        abort(404)
    return round_


def may_change(edition: EditionFacts, round_: RoundFacts) -> bool:
    return can_organise(current_user, edition) and round_.state in BEFORE_CLOSE


def needs_reason(round_: RoundFacts) -> bool:
    return round_.locked and round_.state is RoundState.SCORING


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
    return assignments_page(edition, round_of(edition, round_code))


def assignments_page(edition: EditionFacts, round_: RoundFacts, status: int = 200) -> ResponseReturnValue:
    board = fitted(round_board(round_))
    rows, pairs = matrix(board, marks_now(board), IN_FORCE), in_force(board.board)
    measured = worth(board.board, pairs)
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
        undo=undo_of(board),
        may_change=may_change(edition, round_),
        as_matrix=fits(board),
        vast=is_vast(board.board),
        comparing=comparing(board, measured),
        worst=worst_lines(board, measured, pairs),
        **kept_ones(board),
    )
    return page, status


def kept_ones(board: RoundBoard) -> dict[str, Any]:
    return {"kept_lines": proposals_of(board), "comparing_figures": comparing_figures, "figures_fit": figures_fit}


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
    board = round_board(round_)
    if is_vast(board.board):  # minutes of work for a large contest: a job does it
        return render_template("judging/panel/plan_form.html", form=form, round=round_, vast=True)
    return plan_page(edition, plan_on(fitted(board), seed=form.seed.data, keep=bool(form.keep.data)))


def plan_page(edition: EditionFacts, plan: RoundPlan | KeptPlan, status: int = 200) -> ResponseReturnValue:
    board, proposal = plan.board, plan.proposal
    measured = plan.worth if isinstance(plan, KeptPlan) else worth(board.board, proposal.pairs)
    page = render_template(
        "judging/panel/plan.html",
        round=board.round,
        plan=plan,
        kept=plan if isinstance(plan, KeptPlan) else None,
        board=board,
        rows=matrix(board, marks_planned(plan), PLANNED),
        loads=proposal.loads,
        seats=board.board.seats,
        gaps=gap_lines(plan),
        remarks=remark_lines(plan, url_for("panel.new_judge", edition_code=edition.code)),
        empty=proposal.empty,
        may_change=may_change(edition, board.round),
        in_writing=needs_reason(board.round),
        told=board.round.state in SEEN,
        effects=touched(board, map(board.ids, proposal.added), map(board.ids, proposal.removed)),
        next_seed=(proposal.seed + 1) % LARGEST_SEED,
        as_matrix=fits(board),
        comparing=comparing(board, measured),
        worst=worst_lines(board, measured, proposal.pairs),
        mean_fit=mean_fit(measured),
        worst_fit=None if measured.worst is None else percent_of(measured.worst),
        **kept_ones(board),
    )
    return page, status


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/assignments/plan")
@organisers_only
def apply(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), PutForm()
    if not form.validate_on_submit() or form.seed.data is None:
        return render_template("judging/panel/plan_form.html", form=form, round=round_), 422
    seed, keep, now = form.seed.data, bool(form.keep.data), clock.now()
    board = fitted(round_board(round_))
    by: dict[str, Any] = {"round_id": round_.id, "actor_id": current_user.id, "now": now}
    try:
        with unit_of_work():
            outcome = panel.apply_proposal(
                seed=seed, keep=keep, expected=form.digest.data or "", reason=given_reason(), **by
            )
            told = news(edition, board, outcome, now) if form.tell.data else 0
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return plan_page(edition, plan_on(fitted(round_board(round_)), seed=seed, keep=keep), 409)
    say_in_force(outcome)
    say_told(told)
    return back(edition, round_code)


def say_in_force(outcome: panel.Applied) -> None:
    words = _(
        "The plan is in force: %(added)s added, %(removed)s taken away, %(kept)s kept.",
        added=outcome.added,
        removed=outcome.removed,
        kept=outcome.kept,
    )
    flash(words, "success")


def back(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
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
        return assignments_page(edition, round_of(edition, round_code), 409)
    flash(_("Scoring is open: the judges see their submissions now."), "success")
    return back(edition, round_code)


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/assignments/clear")
@organisers_only
def clear(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    try:
        with unit_of_work():
            outcome = panel.clear_unstarted(
                round_id=round_.id, reason=given_reason(), actor_id=current_user.id, now=clock.now()
            )
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return assignments_page(edition, round_of(edition, round_code), 409)
    count = outcome.removed
    flash(ngettext("%(num)s assignment is taken away.", "%(num)s assignments are taken away.", count), "success")
    return back(edition, round_code)
