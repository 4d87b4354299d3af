"""The judges of one submission, placed, taken away and pinned by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.assignment import Pair
from contest.judging.papers import PaperState
from contest.judging.queries.assignments import RoundBoard, fitted, round_board
from contest.judging.queries.conflicts import IdPair, SubmissionLine
from contest.judging.queries.panel import PanelJudge
from contest.judging.services import panel
from contest.judging.services.panel import HandAct
from contest.judging.views.assignment_forms import MoveForm
from contest.judging.views.assignment_matrix import IN_FORCE, Mark, marks_now
from contest.judging.views.assignments import blueprint, may_change, needs_reason, round_of
from contest.judging.views.fit_words import fit_words
from contest.judging.views.panel_forms import given_reason
from contest.judging.views.panel_words import reasons_words
from contest.web.messages import sentence

LOOSE = frozenset({"free", "pinned", "added", "kept"})


@dataclass(frozen=True, slots=True)
class Chair:
    """One judge beside one submission: `mark` as in the matrix, the load, the fit, and what speaks against it.

    `fixed`: pinned in force, which a proposal cannot take back.
    """

    judge: PanelJudge
    mark: str
    load: int
    full: bool
    removable: bool
    words: str
    fit: int
    why: str
    fixed: bool

    @property
    def pinned(self) -> bool:
        return self.mark == "pinned"


def submission_chairs(
    board: RoundBoard, mark: Mark, loads: Sequence[int], public_id: str
) -> tuple[SubmissionLine, list[Chair]]:
    place = next((n for n, line in enumerate(board.submissions) if line.public_id == public_id), None)
    if place is None:
        abort(404)
    chairs = [_chair(board, (place, column), mark, loads[column]) for column in range(len(board.judges))]
    return board.submissions[place], chairs


def _chair(board: RoundBoard, pair: Pair, mark: Mark, load: int) -> Chair:
    judge, fit = board.judges[pair[1]], board.board.fitted()
    reasons = board.board.blocked.get(pair, frozenset())
    full = judge.max_load is not None and load >= judge.max_load
    words = _("has left the panel") if judge.left_at is not None else reasons_words(reasons)
    percent = round(100 * float(fit.matrix[pair]))
    held, seen = board.held.get(board.ids(pair)), mark(pair)
    unbegun = seen == "clash" and held is not None and held.state is PaperState.NOT_STARTED
    gone = full or judge.left_at is not None
    loose, fixed = seen in LOOSE or unbegun, held is not None and held.pinned
    return Chair(judge, seen, load, gone, loose, words, percent, fit_words(fit, pair), fixed)


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/assignments/<public_id>")
@committee_readers
def submission(edition: EditionFacts, round_code: str, public_id: str) -> ResponseReturnValue:
    return _submission_page(edition, round_of(edition, round_code), public_id)


def _submission_page(
    edition: EditionFacts, round_: RoundFacts, public_id: str, status: int = 200
) -> ResponseReturnValue:
    board = fitted(round_board(round_))
    line, chairs = submission_chairs(board, marks_now(board), board.board.loads(), public_id)
    page = render_template(
        "judging/panel/submission.html",
        round=round_,
        number=None,
        line=line,
        chairs=chairs,
        seats=board.board.seats,
        taken=sum(chair.mark in IN_FORCE for chair in chairs),
        may_change=may_change(edition, round_),
        in_writing=may_change(edition, round_) and needs_reason(round_),
    )
    return page, status


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/assignments/<public_id>/assign")
@organisers_only
def assign(edition: EditionFacts, round_code: str, public_id: str) -> ResponseReturnValue:
    return _change(edition, round_code, public_id, HandAct.ADD)


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/assignments/<public_id>/unassign")
@organisers_only
def unassign(edition: EditionFacts, round_code: str, public_id: str) -> ResponseReturnValue:
    return _change(edition, round_code, public_id, HandAct.REMOVE)


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/assignments/<public_id>/<any(pin, unpin, move):verb>")
@organisers_only
def hold(edition: EditionFacts, round_code: str, public_id: str, verb: str) -> ResponseReturnValue:
    return _change(edition, round_code, public_id, HandAct(verb))


def named_pair(board: RoundBoard, form: MoveForm, public_id: str, *, moves: bool) -> tuple[IdPair, IdPair | None]:
    """Return the pair that a form names, and where a move takes it; what is left out stays."""
    pair = _named(board, public_id, form.judge.data)
    if not moves:
        return pair, None
    return pair, _named(board, form.to_submission.data or public_id, form.to_judge.data or form.judge.data)


def _named(board: RoundBoard, public_id: str, person: str | None) -> IdPair:
    line = next((one for one in board.submissions if one.public_id == public_id), None)
    judge = next((one for one in board.judges if one.person == person), None)
    if line is None or judge is None:
        raise NotFound
    return line.id, judge.id


def _change(edition: EditionFacts, round_code: str, public_id: str, act: HandAct) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    board = round_board(round_)
    pair, target = named_pair(board, MoveForm(), public_id, moves=act is HandAct.MOVE)
    try:
        with unit_of_work():
            _act(round_, act, pair, target)
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return _submission_page(edition, round_, public_id, 409)
    judge = next(one.name for one in board.judges if one.id == pair[1])
    code = next(one.code for one in board.submissions if one.id == pair[0])
    flash(_done_words(act, judge, code), "success")
    target_url = url_for(
        "assignments.submission", edition_code=edition.code, round_code=round_code, public_id=public_id
    )
    return redirect(target_url, 303)


def _act(round_: RoundFacts, act: HandAct, pair: IdPair, target: IdPair | None) -> None:
    by: dict[str, Any] = {"round_id": round_.id, "actor_id": current_user.id, "now": clock.now()}
    where: dict[str, Any] = {"submission_id": pair[0], "judge_id": pair[1], **by}
    if act in (HandAct.PIN, HandAct.UNPIN):
        panel.pin_one(pinned=act is HandAct.PIN, **where)
        return
    reason = given_reason()
    if act in (HandAct.REMOVE, HandAct.MOVE):
        panel.unassign_one(reason=reason, **where)
    if act in (HandAct.ADD, HandAct.MOVE):
        submission_id, judge_id = target if target is not None else pair
        panel.assign_one(submission_id=submission_id, judge_id=judge_id, reason=reason, **by)


def _done_words(act: HandAct, judge: str, code: str) -> str:
    facts = {"judge": judge, "submission": code}
    if act is HandAct.ADD:
        return str(_("%(judge)s judges %(submission)s.", **facts))
    if act is HandAct.PIN:
        return str(_("%(judge)s stays on %(submission)s, whatever a plan says.", **facts))
    if act is HandAct.UNPIN:
        return str(_("Plans may move %(judge)s from %(submission)s again.", **facts))
    return str(_("%(judge)s no longer judges %(submission)s.", **facts))
