"""Proposals that are kept: side by side, opened, changed by hand, put in force, thrown away; and taken back."""

from __future__ import annotations

import secrets
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.views.guards import organisers_only
from contest.errors import NotFound, RuleBroken
from contest.infra import background, clock
from contest.infra.db import unit_of_work
from contest.judging.adjusting import Hand
from contest.judging.jobs import PLAN_JOB
from contest.judging.queries.assignments import RoundBoard, fitted, plan_on, round_board
from contest.judging.queries.proposals import KeptPlan, is_vast, kept_plan, undo_of
from contest.judging.services import panel
from contest.judging.services.panel import Choice, HandAct
from contest.judging.views.assignment_by_hand import named_pair, submission_chairs
from contest.judging.views.assignment_effects import SEEN, news, say_told, touched
from contest.judging.views.assignment_forms import DeployForm, KeepForm, MoveForm, WayForm
from contest.judging.views.assignment_matrix import PLANNED, marks_planned
from contest.judging.views.assignments import (
    assignments_page,
    back,
    blueprint,
    may_change,
    needs_reason,
    plan_page,
    round_of,
    say_in_force,
)
from contest.judging.views.panel_forms import given_reason
from contest.web.messages import sentence

BASE = "/e/<edition_code>/organise/rounds/<round_code>/assignments"
ONE = f"{BASE}/proposals/<int:number>"


def _opened(round_: RoundFacts, number: int) -> KeptPlan:
    plan = kept_plan(round_, number)
    if plan is None:
        abort(404)
    return plan


def _to(edition: EditionFacts, round_: RoundFacts, number: int) -> ResponseReturnValue:
    target = url_for("assignments.proposal", edition_code=edition.code, round_code=round_.code, number=number)
    return redirect(target, 303)


@blueprint.post(f"{BASE}/proposals")
@organisers_only
def keep(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), KeepForm()
    if not form.validate_on_submit():
        return render_template("judging/panel/plan_form.html", form=form, round=round_), 422
    seed = secrets.randbelow(1_000_000) if form.seed.data is None else form.seed.data
    board, kept = round_board(round_), bool(form.keep.data)
    if is_vast(board.board):
        return _start(edition, board, seed=seed, kept=kept)
    plan = plan_on(fitted(board), seed=seed, keep=kept)
    try:
        with unit_of_work():
            number = panel.keep_proposal(plan=plan, hand=Hand(), actor_id=current_user.id, now=clock.now())
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return plan_page(edition, plan, 409)
    flash(_("Kept as proposal %(number)s. Nothing is in force yet.", number=number), "success")
    return _to(edition, round_, number)


def _start(edition: EditionFacts, board: RoundBoard, *, seed: int, kept: bool) -> ResponseReturnValue:
    arguments = {"round_id": board.round.id, "seed": seed, "keep": kept}
    with unit_of_work():
        job = background.enqueue(
            scope=f"edition:{edition.id}",
            kind=PLAN_JOB,
            arguments=arguments,
            actor_id=current_user.id,
            now=clock.now(),
        )
        target = url_for(
            "assignments.job", edition_code=edition.code, round_code=board.round.code, job_id=job.public_id
        )
    return redirect(target, 303)


@blueprint.get(f"{BASE}/jobs/<job_id>")
@organisers_only
def job(edition: EditionFacts, round_code: str, job_id: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    found = background.job_of(f"edition:{edition.id}", job_id)
    if found is None or found.kind != PLAN_JOB or found.arguments["round_id"] != round_.id:
        abort(404)
    return render_template("judging/panel/plan_job.html", round=round_, job=found, waiting=found.state.value)


@blueprint.get(ONE)
@organisers_only
def proposal(edition: EditionFacts, round_code: str, number: int) -> ResponseReturnValue:
    return plan_page(edition, _opened(round_of(edition, round_code), number))


@blueprint.post(f"{ONE}/deploy")
@organisers_only
def deploy(edition: EditionFacts, round_code: str, number: int) -> ResponseReturnValue:
    round_, form, now = round_of(edition, round_code), DeployForm(), clock.now()
    plan = _opened(round_, number)
    if not form.validate_on_submit():
        flash(_("This page was open for too long. Reload it and send again."), "danger")
        return plan_page(edition, plan, 422)
    try:
        with unit_of_work():
            outcome = panel.deploy_proposal(
                round_id=round_.id,
                number=number,
                expected=form.digest.data or "",
                reason=given_reason(),
                actor_id=current_user.id,
                now=now,
            )
            told = news(edition, plan.board, outcome, now) if form.tell.data else 0
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return plan_page(edition, _opened(round_, number), 409)
    say_in_force(outcome)
    say_told(told)
    return back(edition, round_code)


@blueprint.post(f"{ONE}/drop")
@organisers_only
def drop(edition: EditionFacts, round_code: str, number: int) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    with unit_of_work():
        panel.drop_proposal(round_id=round_.id, number=number, actor_id=current_user.id, now=clock.now())
    flash(_("Proposal %(number)s is thrown away.", number=number), "success")
    return back(edition, round_code)


@blueprint.get(f"{ONE}/<public_id>")
@organisers_only
def proposal_submission(edition: EditionFacts, round_code: str, number: int, public_id: str) -> ResponseReturnValue:
    return _submission_page(edition, _opened(round_of(edition, round_code), number), public_id)


def _submission_page(edition: EditionFacts, plan: KeptPlan, public_id: str, status: int = 200) -> ResponseReturnValue:
    line, chairs = submission_chairs(plan.board, marks_planned(plan), plan.proposal.loads, public_id)
    page = render_template(
        "judging/panel/submission.html",
        round=plan.board.round,
        number=plan.line.number,
        line=line,
        chairs=chairs,
        seats=plan.board.board.seats,
        taken=sum(chair.mark in PLANNED for chair in chairs),
        may_change=may_change(edition, plan.board.round),
        in_writing=False,
    )
    return page, status


@blueprint.post(f"{ONE}/<public_id>/<any(assign, unassign, pin, unpin, move):verb>")
@organisers_only
def adjust(edition: EditionFacts, round_code: str, number: int, public_id: str, verb: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), MoveForm()
    plan = _opened(round_, number)
    pair, target = named_pair(plan.board, form, public_id, moves=verb == HandAct.MOVE.value)
    by: dict[str, Any] = {"actor_id": current_user.id, "now": clock.now()}
    try:
        with unit_of_work():
            panel.change_proposal(round_id=round_.id, number=number, act=HandAct(verb), pair=pair, target=target, **by)
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return _submission_page(edition, plan, public_id, 409)
    address: dict[str, Any] = {"edition_code": edition.code, "round_code": round_code, "number": number}
    return redirect(url_for("assignments.proposal_submission", public_id=public_id, **address), 303)


@blueprint.post(f"{BASE}/remedy")
@organisers_only
def remedy(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), WayForm()
    if not form.validate_on_submit() or form.seed.data is None:
        return render_template("judging/panel/plan_form.html", form=form, round=round_), 422
    choice = Choice(form.key.data or "", form.seed.data, bool(form.keep.data), form.number.data)
    try:
        with unit_of_work():
            number = panel.take_way(
                round_id=round_.id,
                choice=choice,
                declared=_("Found by the plan"),
                reason=given_reason(),
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return _plan_again(edition, round_, choice)
    flash(_("Done. This is the plan with the change."), "success")
    if number is not None:
        return _to(edition, round_, number)
    address: dict[str, Any] = {"edition_code": edition.code, "round_code": round_code}
    kept = "1" if choice.keep else None
    return redirect(url_for("assignments.propose", seed=choice.seed, keep=kept, **address), 303)


def _plan_again(edition: EditionFacts, round_: RoundFacts, choice: Choice) -> ResponseReturnValue:
    if choice.number is not None:
        return plan_page(edition, _opened(round_, choice.number), 409)
    board = fitted(round_board(round_))
    return plan_page(edition, plan_on(board, seed=choice.seed, keep=choice.keep), 409)


@blueprint.get(f"{BASE}/undo")
@organisers_only
def undo(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _undo_page(edition, round_of(edition, round_code))


def _undo_page(edition: EditionFacts, round_: RoundFacts, status: int = 200) -> ResponseReturnValue:
    board = round_board(round_)
    found = undo_of(board)
    away = [(line.submission_id, line.judge_id) for line in found.away] if found else []
    page = render_template(
        "judging/panel/undo.html",
        round=round_,
        undo=found,
        effects=touched(board, found.back if found else (), away),
        stuck=_stuck(board, found.stuck if found is not None else ()),
        in_writing=needs_reason(round_) and bool(found and (found.back or found.away)),
        told=round_.state in SEEN,
        may_change=may_change(edition, round_),
    )
    return page, status


def _stuck(board: RoundBoard, stuck: Any) -> list[tuple[str, str, str]]:
    judges = {judge.id: judge.name for judge in board.judges}
    lines = {line.id: line.code for line in board.submissions}
    return [(judges.get(one.pair[1], "?"), lines.get(one.pair[0], "?"), one.why) for one in stuck]


@blueprint.post(f"{BASE}/undo")
@organisers_only
def take_back(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form, now = round_of(edition, round_code), DeployForm(), clock.now()
    if not form.validate_on_submit():
        raise NotFound
    board = round_board(round_)
    by: dict[str, Any] = {"round_id": round_.id, "actor_id": current_user.id, "now": now}
    try:
        with unit_of_work():
            outcome = panel.undo_last(expected=form.digest.data or "", reason=given_reason(), **by)
            told = news(edition, board, outcome, now) if form.tell.data else 0
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        if refused.code == "nothing_to_undo":
            return assignments_page(edition, round_, 409)
        return _undo_page(edition, round_, 409)
    words = _("Undone: %(added)s back, %(removed)s taken away.", added=outcome.added, removed=outcome.removed)
    flash(words, "success")
    say_told(told)
    return back(edition, round_code)
