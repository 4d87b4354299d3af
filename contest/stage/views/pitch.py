"""The day of the presentations: the secretary's page, the projector, the control, and the acts behind their buttons."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.forms.fields import blame
from contest.editions.moments import to_utc, to_wall
from contest.editions.phases import BEFORE_CLOSE, EditionState
from contest.editions.policy import can_organise
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.papers import PaperState
from contest.judging.queries.stakes import rounds_closed_to
from contest.judging.queries.watch import round_mark
from contest.judging.views.assignments import round_of
from contest.judging.views.watch import streamed
from contest.stage.forms.pitching import (
    ActForm,
    BreakForm,
    DayForm,
    PlaceForm,
    PressForm,
    RemoveBreakForm,
    ShowForm,
)
from contest.stage.pitching import CALLS, FIXED, Act, Break, TurnState, delay
from contest.stage.queries.pitching import Stage, seats_of, stage_mark, stage_of
from contest.stage.screens import Screen
from contest.stage.services import pitching as services
from contest.stage.timer import Command
from contest.stage.views import pitch_words as words
from contest.web.errors import wants_json
from contest.web.messages import sentence

blueprint = Blueprint("pitch", __name__)
ROOM = "/e/<edition_code>/organise/rounds/<round_code>/stage"


def _parts(edition: EditionFacts, round_: RoundFacts, stage: Stage) -> dict[str, Any]:
    """Return what the parts that move are made of; who has a stake sees nothing of the judges' work."""
    there, now = stage.on_stage, clock.now()
    last = there or max(
        (one for one in stage.lines if one.turn.state is TurnState.DONE and one.turn.ended_at),
        key=lambda one: one.turn.ended_at or now,
        default=None,
    )
    watching = round_.code not in rounds_closed_to(edition.code, current_user)
    seats = seats_of(round_, last.id, now) if last and watching else ()
    turns, due = [one.turn for one in stage.lines], [one.due for one in stage.lines if one.due is not None]
    return {
        "round": round_,
        "stage": stage,
        "there": there,
        "judged": last,
        "watching": watching,
        "seats": seats,
        "missing": sum(seat.state is not PaperState.SUBMITTED for seat in seats),
        "late": delay(turns, due, now),
        "may_run": can_organise(current_user, edition)
        and round_.state in BEFORE_CLOSE
        and edition.state is not EditionState.ARCHIVED,
        "last_call": CALLS - 1,
        "TurnState": TurnState,
        "turn_words": words.TURN_WORDS,
        "turn_tones": words.TURN_TONES,
        "seat_words": words.SEAT_WORDS,
        "screen_words": words.SCREEN_WORDS,
        "part_words": words.PART_WORDS,
        "PaperState": PaperState,
    }


def _page(
    edition: EditionFacts,
    round_: RoundFacts,
    status: int = 200,
    *,
    place: PlaceForm | None = None,
    day: DayForm | None = None,
    pause: BreakForm | None = None,
) -> ResponseReturnValue:
    stage = stage_of(round_)
    begins = to_wall(stage.begins_at, edition.timezone)
    place = place or PlaceForm(formdata=None)
    _offer_teams(place, stage)
    return render_template(
        "stage/pitch_day.html",
        place_form=place,
        day_form=day or DayForm(formdata=None, data={"begins_at": begins, "public": stage.public}),
        break_form=pause or BreakForm(formdata=None),
        **_parts(edition, round_, stage),
    ), status


def _offer_teams(form: PlaceForm, stage: Stage) -> None:
    form.submission.choices = [
        (one.turn.code, f"{one.place}. {one.turn.code} · {one.line.team}")
        for one in stage.lines
        if one.turn.state not in FIXED
    ]


@blueprint.get(ROOM)
@committee_readers
def day(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _page(edition, round_of(edition, round_code))


def tagged(mark: str) -> Response:
    """Return an empty 304 when the asker has this mark, else an answer to fill; both carry the mark."""
    tag = f"{mark}-{get_locale()}"
    known = request.if_none_match.contains_weak(tag)
    answer = Response(status=304 if known else 200)
    answer.set_etag(tag, weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _room_mark(round_: RoundFacts, *, watching: bool) -> str:
    return stage_mark(round_.id) + (round_mark(round_, clock.now()) if watching else "")


@blueprint.get(f"{ROOM}/now")
@committee_readers
def now(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    watching = round_.code not in rounds_closed_to(edition.code, current_user)
    answer = tagged(_room_mark(round_, watching=watching))
    if answer.status_code != 304:  # noqa: PLR2004  not modified
        answer.set_data(render_template("stage/_pitch_parts.html", **_parts(edition, round_, stage_of(round_))))
        answer.mimetype = "text/html"
    return answer


@blueprint.get(f"{ROOM}/stream")
@committee_readers
def stream(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    watching = round_.code not in rounds_closed_to(edition.code, current_user)
    return streamed(lambda: _room_mark(round_, watching=watching))


@blueprint.get(f"{ROOM}/clock/stream")
@committee_readers
def clock_stream(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    return streamed(lambda: stage_mark(round_.id))


@blueprint.get(f"{ROOM}/clock")
@committee_readers
def state(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    answer = tagged(stage_mark(round_.id))
    if answer.status_code != 304:  # noqa: PLR2004  not modified
        fresh = jsonify(words.screen_state(round_, stage_of(round_), clock.now()))
        answer.set_data(fresh.get_data())
        answer.mimetype = "application/json"
    return answer


@blueprint.get(f"{ROOM}/screen")
@committee_readers
def screen(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    stage = stage_of(round_)
    shown = words.screen_state(round_, stage, clock.now())
    return render_template("stage/timer_screen.html", round=round_, state=shown, part_words=words.PART_WORDS)


@blueprint.get(f"{ROOM}/control")
@organisers_only
def control(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    stage = stage_of(round_)
    shown = words.screen_state(round_, stage, clock.now())
    following = stage.following(words.NEXT_SHOWN)
    return render_template(
        "stage/timer_control.html", state=shown, following=following, **_parts(edition, round_, stage)
    )


def _back(edition: EditionFacts, round_: RoundFacts, form: Any = None) -> ResponseReturnValue:
    to = "pitch.control" if form is not None and form.back.data == "control" else "pitch.day"
    return redirect(url_for(to, edition_code=edition.code, round_code=round_.code), 303)


@blueprint.post(f"{ROOM}/act")
@organisers_only
def act(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), ActForm()
    if not form.validate_on_submit():
        raise RuleBroken("stage_unreadable")
    wanted, code, reason = Act(form.act.data), form.submission.data or "", form.reason.data or ""
    try:
        with unit_of_work():
            before = next((one.turn for one in stage_of(round_).lines if one.turn.code == code), None)
            if wanted is Act.MISSING and before is not None and before.missed < CALLS - 1:
                reason = reason or _("Absent when called")
            done = services.act(
                round_=round_, code=code, act=wanted, reason=reason, actor_id=current_user.id, now=clock.now()
            )
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return _page(edition, round_, 409)
    if wanted is Act.MISSING and done is TurnState.WAITING:
        flash(_("%(code)s is called once more, behind all others.", code=code), "success")
    else:
        flash(_("%(code)s: %(state)s", code=code, state=str(words.TURN_WORDS[done])), "success")
    return _back(edition, round_, form)


@blueprint.post(f"{ROOM}/place")
@organisers_only
def place(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), PlaceForm()
    _offer_teams(form, stage_of(round_))
    if not form.validate_on_submit():
        return _page(edition, round_, 422, place=form)
    code = form.submission.data or ""
    try:
        with unit_of_work():
            services.place(
                round_=round_,
                code=code,
                place=form.place.data or 0,
                reason=form.reason.data or "",
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        blame(form, refused, {"place_taken": "place", "place_below_one": "place", "turn_not_now": "submission"})
        return _page(edition, round_, 409, place=form)
    flash(_("%(code)s presents at another place now.", code=code), "success")
    return _back(edition, round_)


@blueprint.post(f"{ROOM}/day")
@organisers_only
def save_day(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), DayForm()
    if not form.validate_on_submit():
        return _page(edition, round_, 422, day=form)
    begins = to_utc(form.begins_at.data, edition.timezone)
    with unit_of_work():
        services.save_day(
            round_=round_,
            begins_at=begins,
            public=bool(form.public.data),
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("Saved."), "success")
    return _back(edition, round_)


@blueprint.post(f"{ROOM}/breaks")
@organisers_only
def add_break(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), BreakForm()
    if not form.validate_on_submit():
        return _page(edition, round_, 422, pause=form)
    pause = Break(form.after.data or 0, form.minutes.data or 1, form.name.data or "")
    with unit_of_work():
        services.add_break(round_=round_, pause=pause, actor_id=current_user.id, now=clock.now())
    flash(_("The break is in the plan."), "success")
    return _back(edition, round_)


@blueprint.post(f"{ROOM}/breaks/remove")
@organisers_only
def remove_break(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), RemoveBreakForm()
    if not form.validate_on_submit():
        raise RuleBroken("stage_unreadable")
    with unit_of_work():
        services.remove_break(round_=round_, break_id=form.pause.data or 0, actor_id=current_user.id, now=clock.now())
    flash(_("The break is out of the plan."), "success")
    return _back(edition, round_)


@blueprint.post(f"{ROOM}/clock")
@organisers_only
def press(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), PressForm()
    if not form.validate_on_submit():
        raise RuleBroken("stage_unreadable")
    with unit_of_work():
        services.press(
            round_=round_,
            command=Command(form.command.data),
            key=form.key.data or "",
            claimed=form.claimed,
            actor_id=current_user.id,
            now=clock.now(),
        )
    if wants_json():
        return jsonify(words.screen_state(round_, stage_of(round_), clock.now()))
    return _back(edition, round_, form)


@blueprint.post(f"{ROOM}/show")
@organisers_only
def show(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), ShowForm()
    if not form.validate_on_submit():
        raise RuleBroken("stage_unreadable")
    with unit_of_work():
        services.show(
            round_=round_,
            screen=Screen(form.screen.data),
            minutes=form.minutes.data,
            name=form.name.data or "",
            actor_id=current_user.id,
            now=clock.now(),
        )
    return _back(edition, round_, form)
