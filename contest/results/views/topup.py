"""Which extra scorecards would settle the podium, and one click to assign them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import RoundState
from contest.editions.policy import can_organise
from contest.editions.views.guards import organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.queries.assignments import RoundBoard, round_board
from contest.results.fairness import NOT_LINKED
from contest.results.queries.topup import TrackTopUp, top_ups_of
from contest.results.services.topup import assign_extras
from contest.results.topup import Wish
from contest.results.views.fairness_words import note_words
from contest.results.views.organiser import blueprint, round_of
from contest.web import messages
from contest.web.forms import Form, WholeField, no_nul
from contest.web.messages import sentence

USUAL, MOST, USUAL_EACH = 5, 30, 2

messages.register(
    {
        "top_up_closed": _l("Scoring of round %(round)s is not open: nobody can be given another entry."),
        "top_up_empty": _l("Tick at least one score sheet."),
        "top_up_gone": _l("This proposal is out of date. Look at the new one, then assign."),
    }
)


class AskForm(Form):
    count = WholeField(
        _l("How many extra score sheets"),
        [InputRequired(_l("This is needed.")), NumberRange(1, MOST, _l("Give a whole number from 1 to 30."))],
    )
    each = WholeField(
        _l("At most so many per judge"),
        [InputRequired(_l("This is needed.")), NumberRange(1, MOST, _l("Give a whole number from 1 to 30."))],
    )
    ordered = BooleanField(_l("The order on the podium matters too, not only who stands on it"))

    def wish(self) -> Wish:
        return Wish(self.count.data or USUAL, self.each.data or USUAL_EACH, bool(self.ordered.data))


class TopUpForm(AskForm):
    pair = SelectMultipleField(_l("Score sheets"), [Optional()])
    one = StringField(validators=[Optional(), Length(max=80), no_nul])
    submission = SelectField(_l("Submission"), [Optional()], default="")
    judge = SelectField(_l("Judge"), [Optional()], default="")
    reason = StringField(
        _l("Reason"),
        [
            DataRequired(_l("Write the reason in a few words.")),
            Length(max=500, message=_l("At most %(max)d characters.")),
            no_nul,
        ],
    )

    def offer(self, board: RoundBoard) -> None:
        nothing = SelectChoice("", "–")
        judges = [one for one in board.judges if one.left_at is None]
        self.submission.choices = [
            nothing,
            *(SelectChoice(one.public_id, f"{one.code} {one.title}") for one in board.submissions),
        ]
        self.judge.choices = [nothing, *(SelectChoice(one.person, f"{one.name} ({one.code})") for one in judges)]


@blueprint.app_template_global("may_top_up")
def may_top_up(edition: EditionFacts, round_: RoundFacts) -> bool:
    return round_.state is RoundState.SCORING and can_organise(current_user, edition)


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/top-up")
@organisers_only
def top_up(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    asked: MultiDict[str, str] = MultiDict(request.args)
    asked.setdefault("count", str(USUAL))
    asked.setdefault("each", str(USUAL_EACH))
    form = AskForm(asked, meta={"csrf": False})
    return _page(edition, round_of(edition, round_code), form, 200 if form.validate() else 422)


def _page(edition: EditionFacts, round_: RoundFacts, form: AskForm, status: int = 200) -> ResponseReturnValue:
    usable = not (form.count.errors or form.each.errors)
    try:
        tracks = top_ups_of(edition, round_, form.wish()) if usable else ()
    except RuleBroken as refused:
        return render_template("results/unsupported.html", round=round_, message=sentence(refused)), 409
    scoring = round_.state is RoundState.SCORING
    page = render_template(
        "results/topup.html",
        round=round_,
        form=form,
        tracks=tracks,
        told=_told,
        scoring=scoring,
        by_hand=_by_hand(form, round_) if scoring else None,
    )
    return page, status


def _by_hand(form: AskForm, round_: RoundFacts) -> TopUpForm:
    shown = form if isinstance(form, TopUpForm) else TopUpForm(None)
    shown.offer(round_board(round_))
    return shown


def _told(one: TrackTopUp) -> str:
    facts = one.facts
    if facts.note:
        return str(_("The judges fall into groups.") if facts.note == NOT_LINKED else note_words(facts.note))
    now = round(100 * facts.sure)
    if not one.extras:
        return str(_("Those on the podium belong there with %(now)s %%. No judge is free to tell more.", now=now))
    words = ngettext(
        "Those on the podium belong there with %(now)s %%. With this %(num)s score sheet it is about %(after)s %%, if "
        "it says what is expected.",
        "Those on the podium belong there with %(now)s %%. With these %(num)s score sheets it is about %(after)s %%, "
        "if they say what is expected.",
        len(one.extras),
        now=now,
        after=round(100 * facts.after),
    )
    return str(words)


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/top-up")
@organisers_only
def assign_top_up(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), TopUpForm()
    if not all(one.validate(form) for one in (form.count, form.each)):
        return _page(edition, round_, form, 422)
    board = round_board(round_)
    form.offer(board)
    if not all(one.validate(form) for one in (form.one, form.submission, form.judge, form.reason)):
        return _page(edition, round_, form, 422)
    pairs = _pairs(edition, round_, form, board)
    if not pairs:
        flash(_("Nothing was chosen, nothing was changed."), "info")
        return _back(edition, form, round_code)
    with unit_of_work():
        count = assign_extras(
            round_=round_, pairs=pairs, reason=form.reason.data or "", actor_id=current_user.id, now=clock.now()
        )
    flash(
        ngettext("%(num)s extra score sheet is assigned.", "%(num)s extra score sheets are assigned.", count), "success"
    )
    return _back(edition, form, round_code)


def _back(edition: EditionFacts, form: AskForm, round_code: str) -> ResponseReturnValue:
    wish = form.wish()
    target = url_for(
        "results.top_up", edition_code=edition.code, round_code=round_code, count=wish.count, each=wish.per_judge
    )
    return redirect(target, 303)


def _pairs(edition: EditionFacts, round_: RoundFacts, form: TopUpForm, board: RoundBoard) -> list[tuple[int, int]]:
    line = next((one for one in board.submissions if one.public_id == form.submission.data), None)
    judge = next((one for one in board.judges if one.person == form.judge.data), None)
    if line is not None and judge is not None:
        return [(line.id, judge.id)]
    keys = [form.one.data] if form.one.data else list(dict.fromkeys(form.pair.data or ()))
    if not keys:
        return []
    extras = (one for track in top_ups_of(edition, round_, form.wish()) for one in track.extras)
    offered = {one.key: (one.line.id, one.judge.id) for one in extras}
    if not set(keys) <= offered.keys():
        raise RuleBroken("top_up_gone")
    return [offered[key] for key in keys]
