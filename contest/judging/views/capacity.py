"""The calculator before inviting: minutes, entries and judges in, judges per entry out. An address can be passed on."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from wtforms import RadioField
from wtforms.validators import InputRequired, NumberRange

from contest.editions import services as editions
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.views.guards import organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.capacity import Capacity, Work, capacity
from contest.judging.queries.capacity import usual_work
from contest.judging.views.assignments import round_of
from contest.web.forms import Form, WholeField

blueprint = Blueprint("capacity", __name__)

LARGEST = 100_000
_NEEDED = InputRequired(_l("This is needed."))


def _between(low: int, high: int) -> list[object]:
    return [_NEEDED, NumberRange(low, high, _l("Give a whole number from %(min)s to %(max)s."))]


class CapacityForm(Form):
    entries = WholeField(_l("Submissions"), _between(0, LARGEST))
    reading = WholeField(_l("Minutes to read or hear one"), _between(0, 1_000))
    scoring = WholeField(_l("Minutes to score it"), _between(0, 1_000))
    available = WholeField(_l("Minutes that one judge gives"), _between(0, LARGEST))
    judges = WholeField(_l("Judges"), _between(0, LARGEST))
    wanted = WholeField(_l("Judges per submission"), _between(1, 100))

    def work(self) -> Work:
        minutes = max(1, (self.reading.data or 0) + (self.scoring.data or 0))
        numbers = (self.available.data or 0, self.judges.data or 0, self.wanted.data or 1)
        return Work(self.entries.data or 0, minutes, *numbers)


class UseForm(Form):
    seats = RadioField(validators=[InputRequired()], choices=[("all", ""), *((str(n), "") for n in range(1, 101))])


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/capacity")
@organisers_only
def calculator(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    usual, reading = usual_work(round_)
    given: MultiDict[str, str] = MultiDict(request.args)
    known = {
        "entries": usual.entries,
        "reading": reading,
        "scoring": usual.minutes - reading,
        "available": usual.available,
        "judges": usual.judges,
        "wanted": usual.wanted,
    }
    for name, value in known.items():
        given.setdefault(name, str(value))
    form = CapacityForm(given, meta={"csrf": False})
    valid = form.validate()
    work = form.work() if valid else None
    page = render_template(
        "judging/changes/capacity.html",
        round=round_,
        form=form,
        work=work,
        told=_sentences(work, capacity(work)) if work else [],
        found=capacity(work) if work else None,
    )
    return page, 200 if valid else 422


def _sentences(work: Work, found: Capacity) -> list[str]:
    if found.needed is None:
        return [_("One submission takes %(minutes)s minutes: more than a judge gives.", minutes=work.minutes)]
    said = [
        ngettext(
            "In %(minutes)s minutes a judge has time for %(num)s submission.",
            "In %(minutes)s minutes a judge has time for %(num)s submissions.",
            found.each,
            minutes=work.available,
        )
    ]
    if found.needed > work.judges:
        said.append(_need(found.needed, work))
    elif found.spare >= 0:
        said.append(
            _(
                "%(wanted)s judges per submission are possible. The busiest judge works %(busiest)s minutes; "
                "all together have %(spare)s minutes to spare.",
                wanted=work.wanted,
                busiest=found.busiest,
                spare=found.spare,
            )
        )
    return said


def _need(needed: int, work: Work) -> str:
    words: str = ngettext(
        "For %(wanted)s judges per submission %(needed)s judges are needed: invite %(num)s more.",
        "For %(wanted)s judges per submission %(needed)s judges are needed: invite %(num)s more.",
        needed - work.judges,
        wanted=work.wanted,
        needed=needed,
    )
    return words


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/capacity")
@organisers_only
def use(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), UseForm()
    if not form.validate_on_submit():
        raise RuleBroken("seats_unknown")
    _set(round_, None if form.seats.data == "all" else int(form.seats.data))
    flash(_("The rule of the round is set."), "success")
    return redirect(url_for("capacity.calculator", edition_code=edition.code, round_code=round_code), 303)


def _set(round_: RoundFacts, seats: int | None) -> None:
    rules = replace(round_.rules, judges_per_submission=seats)
    with unit_of_work():
        editions.set_rules(round_id=round_.id, rules=rules, actor_id=current_user.id, now=clock.now())
