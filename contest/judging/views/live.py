"""The desk of a live event: the secretary checks judges in and sends them on; a judge asks for the next entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from contest.accounts.views.sheets import qr_svg
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import BEFORE_CLOSE, RoundState
from contest.editions.views.guards import organisers_only
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.queries.live import Event, event_of
from contest.judging.queries.panel import PanelJudge, judge_of, judges_of
from contest.judging.queries.rooms import OpenDesk, open_desks_for
from contest.judging.rooms.states import EntryState
from contest.judging.services import live
from contest.judging.views.assignments import round_of
from contest.judging.views.judge import judges_only
from contest.judging.views.panel_forms import JudgeActionForm, given_reason
from contest.web.forms import Form, WholeField
from contest.web.mailing import absolute
from contest.web.messages import sentence

blueprint = Blueprint("live", __name__)


class DeskForm(Form):
    batch = WholeField(
        _l("Entries at a time"),
        [Optional(), NumberRange(1, live.LARGEST_BATCH, _l("Give a whole number from 1 to 5."))],
        default=1,
    )


class EntryForm(Form):
    submission = StringField(validators=[InputRequired(), Length(max=40)])
    state = SelectField(validators=[InputRequired()], choices=[(one.value, one.value) for one in EntryState])


class BackForm(Form):
    back = HiddenField(validators=[Optional(), Length(max=10)])


STATE_WORDS = {
    EntryState.PRESENT: _l("at the booth"),
    EntryState.BUSY: _l("busy"),
    EntryState.AWAY: _l("away"),
}


@blueprint.app_template_global("live_desks")
def live_desks(edition: EditionFacts) -> tuple[OpenDesk, ...]:
    return open_desks_for(edition.id, current_user.id)


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/live")
@organisers_only
def desk(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _page(round_of(edition, round_code))


def _page(round_: RoundFacts, status: int = 200, form: DeskForm | None = None) -> ResponseReturnValue:
    event = event_of(round_)
    open_ = event is not None and event.presence.open
    page = render_template(
        "judging/live/desk.html",
        round=round_,
        event=event,
        open=open_,
        form=form or (DeskForm(batch=event.presence.batch) if event else DeskForm()),
        may_change=round_.state in BEFORE_CLOSE,
        scoring=round_.state is RoundState.SCORING,
        judges=event.judges() if event else (),
        entries=event.entries() if event else (),
        state_words=STATE_WORDS,
    )
    return page, status


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/live/open")
@organisers_only
def open_desk(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), DeskForm()
    if not form.validate_on_submit():
        return _page(round_, 422, form)
    with unit_of_work():
        taken = live.open_desk(
            round_id=round_.id,
            batch=form.batch.data or 1,
            actor_id=current_user.id,
            now=clock.now(),
            reason=given_reason(),
        )
    flash(_("The desk is open."), "success")
    if taken:
        words = ngettext("%(num)s assignment was taken back.", "%(num)s assignments were taken back.", taken)
        flash(words, "success")
    return _back(edition, round_code)


def _back(edition: EditionFacts, round_code: str, person: str = "") -> ResponseReturnValue:
    address: dict[str, Any] = {"edition_code": edition.code, "round_code": round_code}
    if person and BackForm().back.data == "judge":
        return redirect(url_for("live.judge", person=person, **address), 303)
    return redirect(url_for("live.desk", **address), 303)


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/live/close")
@organisers_only
def close_desk(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    with unit_of_work():
        live.close_desk(round_id=round_.id, actor_id=current_user.id, now=clock.now())
    flash(_("The desk is closed. What was begun stays with its judge."), "success")
    return _back(edition, round_code)


def _act(edition: EditionFacts, round_code: str, act: Callable[..., Any], words: str) -> ResponseReturnValue:
    round_, judge = round_of(edition, round_code), _judge(edition, JudgeActionForm().judge.data or "")
    try:
        with unit_of_work():
            act(round_id=round_.id, judge_id=judge.id, actor_id=current_user.id, now=clock.now())
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return _page(round_, 409)
    flash(words % {"name": judge.name}, "success")
    return _back(edition, round_code, judge.person)


def _judge(edition: EditionFacts, person: str) -> PanelJudge:
    found = judge_of(edition.id, person)
    if found is None:
        raise NotFound
    return found


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/live/in")
@organisers_only
def check_in(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _act(edition, round_code, live.check_in, _("%(name)s is here.", name="%(name)s"))


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/live/out")
@organisers_only
def check_out(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _act(edition, round_code, live.check_out, _("%(name)s has gone.", name="%(name)s"))


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/live/next")
@organisers_only
def send_on(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _act(edition, round_code, live.hand_out, _("%(name)s has the next entry.", name="%(name)s"))


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/live/entry")
@organisers_only
def set_entry(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), EntryForm()
    event = event_of(round_)
    if event is None:
        raise RuleBroken("desk_closed")
    if not form.validate_on_submit():
        raise RuleBroken("entry_state_unknown")
    line = next((one for one in event.board.submissions if one.public_id == form.submission.data), None)
    if line is None:
        raise NotFound
    state = EntryState(form.state.data)
    with unit_of_work():
        live.set_entry(
            round_id=round_.id, submission_id=line.id, state=state, actor_id=current_user.id, now=clock.now()
        )
    flash(_("%(code)s: %(state)s", code=line.code, state=str(STATE_WORDS[state])), "success")
    return _back(edition, round_code)


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/live/judges/<person>")
@organisers_only
def judge(edition: EditionFacts, round_code: str, person: str) -> ResponseReturnValue:
    round_, found = round_of(edition, round_code), _judge(edition, person)
    event = event_of(round_, found.id)
    line = next((one for one in (event.judges() if event else ()) if one.judge.id == found.id), None)
    if event is None or line is None:
        abort(404)
    coming = _coming(event, found)
    return render_template("judging/live/judge.html", round=round_, event=event, line=line, coming=coming)


def _coming(event: Event, judge: PanelJudge) -> list[Any]:
    place = event.place(judge.id)
    return [event.board.submissions[one] for one in event.next_for(place)] if place is not None else []


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/live/badges")
@organisers_only
def badges(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    staying = [one for one in judges_of(edition.id) if one.left_at is None]
    address: dict[str, Any] = {"edition_code": edition.code, "round_code": round_code}
    cards = [(one, qr_svg(absolute(url_for("live.judge", person=one.person, **address)))) for one in staying]
    return render_template("judging/live/badges.html", round=round_, cards=cards)


@blueprint.post("/e/<edition_code>/judging/live/<round_code>/next")
@judges_only
def next_entry(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    mine = next((one for one in judges_of(edition.id) if one.user_id == current_user.id), None)
    if mine is None:
        raise NotFound
    home = url_for("judging.desk", edition_code=edition.code)
    try:
        with unit_of_work():
            papers = live.hand_out(round_id=round_.id, judge_id=mine.id, actor_id=current_user.id, now=clock.now())
    except RuleBroken as refused:
        if refused.code == "nothing_next":
            flash(_("Nothing is waiting for you right now. Ask again in a few minutes."), "info")
        else:
            flash(sentence(refused), "danger")
        return redirect(home, 303)
    return redirect(f"{home}{papers[0]}", 303)
