"""Score sheets on paper: printed blank, typed in by one person, confirmed by a second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from contest.accounts.views.sheets import qr_svg
from contest.editions.facts import EditionFacts
from contest.editions.policy import can_organise
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging import marks
from contest.judging.forms import MARK, ReturnForm, new_key, read_entry
from contest.judging.keyed import KeyedFacts, SheetLine, SheetsDiffer
from contest.judging.papers import PaperFacts, PaperState, Sheet
from contest.judging.queries.desk import paper_of, sheet_of
from contest.judging.queries.keyed import keyed_of, sheet_lines
from contest.judging.services.keyed import key_sheet, return_sheet
from contest.judging.states import KeyedState
from contest.judging.views.assignments import round_of
from contest.judging.views.shown import problems, shown_mark
from contest.web.formats import local
from contest.web.mailing import absolute
from contest.web.messages import sentence

blueprint = Blueprint("sheets", __name__)

MOST_SHEETS = 1_000  # pages of one print; a printer's tray and a browser have an end


@dataclass(frozen=True, slots=True)
class Printed:
    # A blank sheet: `line` is empty on spare ones, where the judge and the submission are written by hand.
    line: SheetLine | None
    qr: Markup | str
    address: str


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/sheets")
@committee_readers
def sheets(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    lines = sheet_lines(round_.id)
    return render_template(
        "judging/panel/sheets.html",
        round=round_,
        lines=lines,
        judges={one.judge_code: one.judge_name for one in lines},
        open=round_.scoring_open(clock.now()),
        may_type=can_organise(current_user, edition),
        waiting=sum(one.keyed is KeyedState.WAITING for one in lines),
    )


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/sheets/print")
@committee_readers
def print_sheets(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    lines = _asked(sheet_lines(round_.id))
    spare = min(max(request.args.get("spare", 0, type=int) or 0, 0), 50)
    pages = [_printed(edition, one) for one in lines[:MOST_SHEETS]] + [Printed(None, "", "")] * spare
    sheet = sheet_of(round_)
    return render_template(
        "judging/panel/sheets_print.html",
        round=round_,
        pages=pages,
        left_out=max(len(lines) - MOST_SHEETS, 0),
        criteria=sheet.criteria,
        maximum=sheet.maximum,
        weighted=any(one.weight != 1 for one in sheet.criteria),
        plain=marks.plain,
    )


def _asked(lines: Sequence[SheetLine]) -> list[SheetLine]:
    judge, entry = request.args.get("judge", ""), request.args.get("entry", "")
    found = [one for one in lines if judge in ("", one.judge_code) and entry in ("", one.code)]
    if request.args.get("open"):
        found = [one for one in found if one.state in (PaperState.NOT_STARTED, PaperState.DRAFT)]
    if request.args.get("by") == "entry":
        found.sort(key=lambda one: [line.code for line in lines].index(one.code))
    return found


def _printed(edition: EditionFacts, line: SheetLine) -> Printed:
    href = absolute(url_for("sheets.sheet", edition_code=edition.code, public_id=line.public_id))
    return Printed(line, qr_svg(href), href.partition("://")[2])


@blueprint.get("/e/<edition_code>/organise/sheets/<public_id>")
@organisers_only
def sheet(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    return _page(edition, public_id)


def _page(
    edition: EditionFacts, public_id: str, status: int = 200, *, refused: RuleBroken | None = None
) -> ResponseReturnValue:
    paper = _paper(edition, public_id)
    found, sheet, history = _line(paper), sheet_of(paper.round), keyed_of(paper.id)
    waiting = history[-1] if history and history[-1].state is KeyedState.WAITING else None
    page = render_template(
        "judging/panel/sheet.html",
        round=paper.round,
        line=found,
        track=paper.track,
        sheet=sheet,
        fields=_fields(sheet, _own(waiting), refused),
        feedback=request.form.get("feedback", _own_feedback(waiting)),
        history=history,
        waiting=waiting,
        second=waiting is not None and waiting.keyed_by != current_user.id,
        open=_open(paper),
        message=sentence(refused) if refused else "",
        returning=ReturnForm(),
        key=new_key(),
        maximum=shown_mark(sheet.maximum),
    )
    return page, status


def _paper(edition: EditionFacts, public_id: str) -> PaperFacts:
    paper = paper_of(edition.id, public_id)
    if paper is None or not paper.listed:
        abort(404)
    return paper


def _line(paper: PaperFacts) -> SheetLine:
    return next(one for one in sheet_lines(paper.round.id) if one.public_id == paper.public_id)


def _open(paper: PaperFacts) -> bool:
    unfinished = paper.state in (PaperState.NOT_STARTED, PaperState.DRAFT)
    return unfinished and paper.round.scoring_open(clock.now()) and paper.judge_user_id != current_user.id


def _own(waiting: KeyedFacts | None) -> dict[str, str]:
    # The second person must not see what the first one read.
    return dict(waiting.marks) if waiting is not None and waiting.keyed_by == current_user.id else {}


def _own_feedback(waiting: KeyedFacts | None) -> str:
    return waiting.feedback if waiting is not None and waiting.keyed_by == current_user.id else ""


def _fields(sheet: Sheet, own: dict[str, str], refused: RuleBroken | None) -> list[dict[str, Any]]:
    wrong = problems(refused) if refused else {}
    if isinstance(refused, SheetsDiffer):
        differs = _("The first person read another mark here. Look at the paper again.")
        wrong = {one.code: differs for one in refused.criteria}
    return [
        {
            "name": MARK + one.code,
            "label": local(one.name),
            "low": shown_mark(one.minimum),
            "high": shown_mark(one.maximum),
            "value": request.form.get(MARK + one.code, shown_mark_text(own.get(one.code, ""))),
            "error": wrong.get(one.code, ""),
        }
        for one in sheet.criteria
    ]


def shown_mark_text(text: str) -> str:
    return text.replace(".", ",") if text else ""


@blueprint.post("/e/<edition_code>/organise/sheets/<public_id>")
@organisers_only
def key(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    paper = _paper(edition, public_id)
    sent = request.files.get("photo")
    try:
        entry, _act = read_entry(public_id)
        with unit_of_work():
            state = key_sheet(
                edition_id=edition.id,
                assignment=public_id,
                actor_id=current_user.id,
                entry=entry,
                now=clock.now(),
                photo=sent.read() if sent else None,
                storage=current_app.extensions["storage"],
            )
    except RuleBroken as refused:
        return _page(edition, public_id, 422, refused=refused)
    facts = {"code": paper.code, "judge": _line(paper).judge_name}
    words = _entered if state is KeyedState.ENTERED else _kept
    flash(words(**facts), "success")
    return _back(edition, paper.round.code)


def _entered(**facts: str) -> str:
    return str(_("Both read the same: %(code)s counts as scored by %(judge)s.", **facts))


def _kept(**facts: str) -> str:
    return str(_("%(code)s of %(judge)s is kept. A second person has to type it again before it counts.", **facts))


@blueprint.post("/e/<edition_code>/organise/sheets/<public_id>/return")
@organisers_only
def give_back(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    paper, form = _paper(edition, public_id), ReturnForm()
    if not form.validate_on_submit():
        flash(_("Say why it is given back."), "danger")
        return _page(edition, public_id, 422)
    with unit_of_work():
        return_sheet(
            edition_id=edition.id,
            assignment=public_id,
            actor_id=current_user.id,
            reason=form.reason.data or "",
            now=clock.now(),
        )
    flash(_("%(code)s is to be typed in anew.", code=paper.code), "success")
    return redirect(url_for("sheets.sheet", edition_code=edition.code, public_id=public_id), 303)


@blueprint.get("/e/<edition_code>/organise/sheets/<public_id>/photo")
@organisers_only
def photo(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    paper = _paper(edition, public_id)
    stored = next((one.photo_key for one in reversed(keyed_of(paper.id)) if one.photo_key), None)
    if stored is None:
        abort(404)
    answer = send_file(current_app.extensions["storage"].open(stored), mimetype="image/jpeg", max_age=0)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _back(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return redirect(url_for("sheets.sheets", edition_code=edition.code, round_code=round_code), 303)
