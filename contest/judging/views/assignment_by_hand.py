"""The judges of one submission, placed and taken away by hand."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import BEFORE_CLOSE
from contest.editions.policy import can_organise
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.assignment import Pair
from contest.judging.papers import PaperState
from contest.judging.queries.assignments import RoundBoard, round_board
from contest.judging.queries.panel import PanelJudge
from contest.judging.services import panel
from contest.judging.views.assignment_matrix import IN_FORCE, Mark, marks_now
from contest.judging.views.assignments import blueprint, round_of
from contest.judging.views.panel_forms import JudgeActionForm, given_reason
from contest.judging.views.panel_words import reasons_words
from contest.web.messages import sentence


@dataclass(frozen=True, slots=True)
class Chair:
    """One judge beside one submission: `mark` as in the matrix, the load, and what speaks against it."""

    judge: PanelJudge
    mark: str
    load: int
    full: bool
    removable: bool
    words: str


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/assignments/<public_id>")
@committee_readers
def submission(edition: EditionFacts, round_code: str, public_id: str) -> ResponseReturnValue:
    return _submission_page(edition, round_of(edition, round_code), public_id)


def _submission_page(
    edition: EditionFacts, round_: RoundFacts, public_id: str, status: int = 200
) -> ResponseReturnValue:
    board = round_board(round_)
    place = next((n for n, line in enumerate(board.submissions) if line.public_id == public_id), None)
    if place is None:
        abort(404)
    mark, loads = marks_now(board), board.board.loads()
    chairs = [_chair(board, (place, column), mark, loads[column]) for column in range(len(board.judges))]
    page = render_template(
        "judging/panel/submission.html",
        round=round_,
        line=board.submissions[place],
        chairs=chairs,
        seats=board.board.seats,
        taken=sum(chair.mark in IN_FORCE for chair in chairs),
        may_change=can_organise(current_user, edition) and round_.state in BEFORE_CLOSE,
    )
    return page, status


def _chair(board: RoundBoard, pair: Pair, mark: Mark, load: int) -> Chair:
    judge = board.judges[pair[1]]
    reasons = board.board.blocked.get(pair, frozenset())
    full = judge.max_load is not None and load >= judge.max_load
    held = board.held.get(board.ids(pair))
    removable = held is not None and held.state is PaperState.NOT_STARTED
    words = _("has left the panel") if judge.left_at is not None else reasons_words(reasons)
    return Chair(judge, mark(pair), load, full or judge.left_at is not None, removable, words)


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/assignments/<public_id>/assign")
@organisers_only
def assign(edition: EditionFacts, round_code: str, public_id: str) -> ResponseReturnValue:
    return _change(edition, round_code, public_id, place=True)


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/assignments/<public_id>/unassign")
@organisers_only
def unassign(edition: EditionFacts, round_code: str, public_id: str) -> ResponseReturnValue:
    return _change(edition, round_code, public_id, place=False)


def _change(edition: EditionFacts, round_code: str, public_id: str, *, place: bool) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    form = JudgeActionForm()
    board = round_board(round_)
    line = next((one for one in board.submissions if one.public_id == public_id), None)
    judge = next((one for one in board.judges if one.person == form.judge.data), None)
    if line is None or judge is None:
        raise NotFound
    act = panel.assign_one if place else panel.unassign_one
    try:
        with unit_of_work():
            act(
                round_id=round_.id,
                submission_id=line.id,
                judge_id=judge.id,
                reason=given_reason(),
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return _submission_page(edition, round_, public_id, 409)
    facts = {"judge": judge.name, "submission": line.code}
    if place:
        flash(_("%(judge)s judges %(submission)s.", **facts), "success")
    else:
        flash(_("%(judge)s no longer judges %(submission)s.", **facts), "success")
    target = url_for("assignments.submission", edition_code=edition.code, round_code=round_code, public_id=public_id)
    return redirect(target, 303)
