"""A judge's pages: the list, a paper, withdrawing from one, files."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, current_app, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.editions.phases import RoundState
from contest.editions.views.guards import edition_guard
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging import marks, policy
from contest.judging.forms import MARK, AbstentionForm, RecusalForm, new_key, read_entry
from contest.judging.marks import MarksRefused
from contest.judging.order import next_unfinished
from contest.judging.papers import DeskRound, Entry, PaperFacts, Sheet, StaleScorecard
from contest.judging.queries.bids import open_calls
from contest.judging.queries.desk import desk_of, paper_of, readable_file, sheet_of
from contest.judging.queries.practice import open_practice
from contest.judging.services import scoring
from contest.judging.services.late import keep_late
from contest.judging.views import paper as page
from contest.judging.views import shown
from contest.submissions.views.files import send_to_judge
from contest.web.errors import wants_json
from contest.web.messages import sentence

blueprint = Blueprint("judging", __name__)

judges_only = edition_guard(policy.can_judge, "judge")

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
CONFLICTS = frozenset(
    {
        *("scorecard_stale", "scoring_closed", "rubric_changed", "key_reused"),
        *("paper_recused", "paper_abstained", "paper_voided"),
    }
)

# What was typed is kept for the organiser when one of these refuses it.
KEPT = frozenset({"scoring_closed", "rubric_changed"})


@blueprint.get("/e/<edition_code>/judging/")
@judges_only
def desk(edition: EditionFacts) -> ResponseReturnValue:
    now = clock.now()
    rounds = desk_of(edition.id, current_user.id, current_user.round_id)
    return render_template(
        "judging/judge/desk.html",
        rounds=[(one, _phase(one, now), next_unfinished(one.rows)) for one in rounds if _is_open(one)],
        past=[one for one in rounds if not _is_open(one)],
        calls=open_calls(edition.id, current_user.id) if current_user.round_id is None else (),
        practice=open_practice(edition.id, current_user.id, current_user.round_id),
        now=now,
    )


def _is_open(one: DeskRound) -> bool:
    return one.round.state in (RoundState.OPEN, RoundState.SCORING)


def _phase(one: DeskRound, now: Any) -> str:
    if one.round.scoring_open(now):
        return "open"
    if one.round.state is RoundState.OPEN:
        return "reading"
    return "before" if one.round.opens_at is not None and now < one.round.opens_at else "over"


@blueprint.get("/e/<edition_code>/judging/<public_id>")
@judges_only
def paper(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    found = _paper(edition, public_id)
    sheet = sheet_of(found.round)
    return page.render_paper(edition, found, sheet, shown.stored(found, sheet), clock.now())


def _paper(edition: EditionFacts, public_id: str) -> PaperFacts:
    found = paper_of(edition.id, public_id)
    if found is None or not policy.can_open(current_user, found):
        abort(404)
    return found


@blueprint.post("/e/<edition_code>/judging/<public_id>")
@judges_only
def save(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    entry = None
    try:
        entry, action = read_entry(public_id)
        with unit_of_work():
            held = scoring.hold(edition_id=edition.id, assignment=public_id, actor_id=current_user.id, key=entry.key)
            saved = scoring.save_held(held, actor_id=current_user.id, entry=entry, now=clock.now())
    except NotFound:
        return _taken_away(edition, public_id, entry)
    except RuleBroken as refused:
        return _refusal(edition, public_id, entry, refused)
    if wants_json():
        return jsonify(_answer(saved, sheet_of(saved.round)))
    return redirect(_onward(edition, saved, action), 303)


def _answer(saved: PaperFacts, sheet: Sheet) -> dict[str, Any]:
    # The page calls safe only what it reads here: the stored values.
    card = saved.scorecard
    points = saved.points(sheet)
    return {
        "key": card.last_key if card else "",
        "version": saved.version,
        "state": saved.state.value,
        "saved_at": card.updated_at.isoformat() if card else None,
        "marks": marks.mark_texts(sheet, points),
        "feedback": card.feedback if card else "",
        "private_note": card.private_note if card else "",
        "total": shown.shown_total(marks.running_total(sheet, points)),
        "given": sum(one is not None for one in points),
        "criteria": len(points),
        **_proof(saved),
    }


def _proof(saved: PaperFacts) -> dict[str, Any]:
    event = saved.event
    if event is None:
        return {}
    told = {"event": event.code, "changed_since": event.digest != saved.proof}
    return {**told, "receipt": event.receipt} if event.final else told


def _onward(edition: EditionFacts, saved: PaperFacts, action: str) -> str:
    here = url_for("judging.paper", edition_code=edition.code, public_id=saved.public_id)
    if action not in ("next", "submit"):
        return here
    if action == "submit":
        flash(_("%(code)s is submitted.", code=saved.code), "success")
    rounds = desk_of(edition.id, current_user.id, current_user.round_id)
    rows = next((one.rows for one in rounds if one.round.id == saved.round.id), ())
    follower = next_unfinished(rows, after=saved.public_id)
    if follower is None:
        return url_for("judging.desk", edition_code=edition.code)
    return url_for("judging.paper", edition_code=edition.code, public_id=follower.public_id)


def _refusal(edition: EditionFacts, public_id: str, entry: Entry | None, refused: RuleBroken) -> ResponseReturnValue:
    found = _paper(edition, public_id)
    sheet = sheet_of(found.round)
    status = HTTPStatus.CONFLICT if refused.code in CONFLICTS else UNPROCESSABLE
    late = _kept(edition, public_id, entry) if entry is not None and refused.code in KEPT else ""
    if wants_json():
        errors = {MARK + code: text for code, text in shown.problems(refused).items()}
        body = {"error": refused.code, "message": sentence(refused), "errors": errors}
        if isinstance(refused, StaleScorecard):
            body["current"] = _answer(refused.paper, sheet)
        if late:
            body["late"], body["late_url"] = late, _late_url(edition, late)
        return jsonify(body), status
    if entry is not None and isinstance(refused, StaleScorecard):
        return _both_sides(found, sheet, entry), status
    if entry is not None and isinstance(refused, MarksRefused):
        return page.render_paper(edition, found, sheet, shown.refused(found, entry, refused), clock.now()), status
    copied = shown.as_text(found, sheet, entry.texts, entry.feedback, entry.private_note) if entry else ""
    late_url = _late_url(edition, late) if late else ""
    words = sentence(refused)
    return render_template(
        "judging/judge/refused.html", paper=found, message=words, copied=copied, late_url=late_url
    ), status


def _taken_away(edition: EditionFacts, public_id: str, entry: Entry | None) -> ResponseReturnValue:
    # To anybody but the judge who had the paper it is missing, like any other.
    try:
        late = _kept(edition, public_id, entry) if entry is not None else ""
    except NotFound:
        late = ""
    if not late:
        abort(404)
    words = _(
        "This paper is not yours any more. What you typed is kept for the organiser, and nothing of it counts yet."
    )
    if wants_json():
        return jsonify(
            {"error": "paper_gone", "message": words, "late": late, "late_url": _late_url(edition, late)}
        ), 404
    flash(words, "warning")
    return redirect(_late_url(edition, late), 303)


def _kept(edition: EditionFacts, public_id: str, entry: Entry) -> str:
    with unit_of_work():
        return keep_late(
            edition_id=edition.id, assignment=public_id, actor_id=current_user.id, entry=entry, now=clock.now()
        )


def _late_url(edition: EditionFacts, late: str) -> str:
    return url_for("judging.late", edition_code=edition.code, late_id=late)


def _both_sides(theirs: PaperFacts, sheet: Sheet, mine: Entry) -> str:
    return render_template(
        "judging/judge/conflict.html",
        paper=theirs,
        sheet=sheet,
        mine=mine,
        key=new_key(),
        lines=shown.beside(sheet, mine.texts, theirs),
    )


@blueprint.get("/e/<edition_code>/judging/<public_id>/recuse")
@judges_only
def recusal(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    found = _paper(edition, public_id)
    if not policy.can_recuse(current_user, found, clock.now()):
        return redirect(url_for("judging.paper", edition_code=edition.code, public_id=public_id), 303)
    return _recusal_page(found, RecusalForm())


def _recusal_page(found: PaperFacts, form: RecusalForm) -> str:
    return render_template("judging/judge/recuse.html", paper=found, form=form)


@blueprint.post("/e/<edition_code>/judging/<public_id>/recuse")
@judges_only
def recuse(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    form = RecusalForm()
    if not form.validate_on_submit():
        return _recusal_page(_paper(edition, public_id), form), UNPROCESSABLE
    with unit_of_work():
        done = scoring.recuse(
            edition_id=edition.id,
            assignment=public_id,
            actor_id=current_user.id,
            reason=form.reason.data or "",
            now=clock.now(),
        )
    flash(_("You have withdrawn from %(code)s.", code=done.code), "success")
    return redirect(url_for("judging.desk", edition_code=edition.code), 303)


@blueprint.get("/e/<edition_code>/judging/<public_id>/abstain")
@judges_only
def abstention(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    found = _paper(edition, public_id)
    if not policy.can_score(current_user, found, clock.now()):
        return redirect(url_for("judging.paper", edition_code=edition.code, public_id=public_id), 303)
    return _abstention_page(found, AbstentionForm())


def _abstention_page(found: PaperFacts, form: AbstentionForm) -> str:
    return render_template("judging/judge/abstain.html", paper=found, form=form)


@blueprint.post("/e/<edition_code>/judging/<public_id>/abstain")
@judges_only
def abstain(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    form = AbstentionForm()
    if not form.validate_on_submit():
        return _abstention_page(_paper(edition, public_id), form), UNPROCESSABLE
    with unit_of_work():
        done = scoring.abstain(
            edition_id=edition.id,
            assignment=public_id,
            actor_id=current_user.id,
            reason=form.reason.data or "",
            now=clock.now(),
        )
    flash(
        _("You have abstained from %(code)s. You can take that back while scoring is open.", code=done.code), "success"
    )
    return redirect(url_for("judging.desk", edition_code=edition.code), 303)


@blueprint.post("/e/<edition_code>/judging/<public_id>/resume")
@judges_only
def resume(edition: EditionFacts, public_id: str) -> ResponseReturnValue:
    with unit_of_work():
        scoring.resume(edition_id=edition.id, assignment=public_id, actor_id=current_user.id, now=clock.now())
    flash(_("You can score again. The marks that you gave before are still there, as a draft."), "success")
    return redirect(url_for("judging.paper", edition_code=edition.code, public_id=public_id), 303)


@blueprint.get("/e/<edition_code>/judging/files/<file_id>")
@judges_only
def file(edition: EditionFacts, file_id: str) -> ResponseReturnValue:
    found = readable_file(edition.id, file_id, current_user.id)
    if found is None:
        abort(404)
    answer = current_app.make_response(send_to_judge(found))
    answer.headers["Cache-Control"] = "no-store"
    return answer
