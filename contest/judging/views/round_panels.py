"""Closed panels with anchors: who sits where, what each panel gets, and whether panels can be compared."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import BEFORE_CLOSE
from contest.editions.views.guards import organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.anchored import dealt_evenly
from contest.judging.queries.panel import PanelJudge, judges_of
from contest.judging.queries.rooms import PanelLine, panels_of_round
from contest.judging.queries.round_panels import RoundPanels, round_panels
from contest.judging.services import round_panels as services
from contest.judging.views.assignments import round_of
from contest.judging.views.panel_forms import given_reason
from contest.web.forms import Form, WholeField, no_nul
from contest.web.messages import sentence

blueprint = Blueprint("round_panels", __name__)

MOST_PANELS, MOST_ANCHORS = 20, 100
USUAL_ANCHORS = 3


class AskForm(Form):
    panels = WholeField(_l("Number of panels"), [Optional(), NumberRange(1, MOST_PANELS, _l("From 1 to 20."))])
    anchors = WholeField(
        _l("Entries that all panels judge"), [Optional(), NumberRange(0, MOST_ANCHORS, _l("From 0 to 100."))]
    )


class ApplyForm(Form):
    anchors = WholeField(validators=[InputRequired(), NumberRange(0, MOST_ANCHORS)])
    digest = HiddenField(validators=[InputRequired(), Length(max=64)])


def _seats_form(judges: list[PanelJudge], panels: int) -> type[Form]:
    """Return the form of this round: a name per panel, a panel per judge."""
    choices = [SelectChoice("0", _("in no panel"))]
    choices += [SelectChoice(str(number), _("Panel %(number)s", number=number)) for number in range(1, panels + 1)]
    fields: dict[str, Any] = {
        f"name-{number}": StringField(
            _("Name of panel %(number)s", number=number), [Optional(), Length(max=80), no_nul]
        )
        for number in range(1, panels + 1)
    }
    for one in judges:
        fields[f"judge-{one.person}"] = SelectField(f"{one.name} ({one.code})", [InputRequired()], choices=choices)
    return type("SeatsForm", (Form,), fields)


def _staying(edition: EditionFacts) -> list[PanelJudge]:
    return [one for one in judges_of(edition.id) if one.left_at is None]


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/panels")
@organisers_only
def panels(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return _page(edition, round_of(edition, round_code))


def _page(
    edition: EditionFacts, round_: RoundFacts, status: int = 200, seats: Form | None = None, shown: int = 0
) -> ResponseReturnValue:
    ask = AskForm(request.args, meta={"csrf": False})
    valid = ask.validate()
    held, judges = panels_of_round(round_.id), _staying(edition)
    count = shown or (ask.panels.data if valid else None) or len(held) or 2
    found = round_panels(round_, ask.anchors.data if valid else None)
    ask.panels.data = shown or ask.panels.data or count
    if ask.anchors.data is None:
        ask.anchors.data = found.wanted if found else USUAL_ANCHORS
    page = render_template(
        "judging/changes/panels.html",
        round=round_,
        ask=ask,
        seats=seats or _filled(judges, held, count),
        judges=judges,
        count=count,
        found=found,
        told=_sentences(found) if found else [],
        may_change=round_.state in BEFORE_CLOSE,
    )
    return page, status if valid else 422


def _filled(judges: list[PanelJudge], held: tuple[PanelLine, ...], count: int) -> Form:
    """Fill the form in with what is saved, or with the judges dealt out in turn when the number is another."""
    numbers = {judge: panel.number for panel in held for judge in panel.judges}
    if len(held) != count:
        numbers = {one.id: at + 1 for one, at in zip(judges, dealt_evenly(len(judges), count), strict=True)}
    names = {panel.number: panel.name for panel in held}
    data: dict[str, Any] = {f"judge-{one.person}": str(numbers.get(one.id, 0)) for one in judges}
    data |= {f"name-{at}": names.get(at) or _("Panel %(number)s", number=at) for at in range(1, count + 1)}
    return _seats_form(judges, count)(None, data=data)


def _sentences(found: RoundPanels) -> list[str]:
    plan, panels_ = found.plan, sum(bool(panel.judges) for panel in found.panels)
    said = []
    if panels_ > 1:
        said.append(
            _(
                "Without common entries the %(panels)s panels share nothing: "
                "nobody could tell a strict panel from weak teams.",
                panels=panels_,
            )
        )
        if plan.linked.groups == 1 and plan.anchors:
            said.append(
                _(
                    "With %(anchors)s entries that all panels judge, the judges can be compared as well as "
                    "%(percent)s %% of an ideal panel allows.",
                    anchors=len(plan.anchors),
                    percent=round(100 * plan.linked.comparability),
                )
            )
        elif plan.linked.groups > 1:
            said.append(
                _(
                    "As it stands, the judges fall into %(groups)s groups that cannot be compared. "
                    "Ask for at least one common entry, better three.",
                    groups=plan.linked.groups,
                )
            )
    if found.wanted > plan.possible:
        said.append(
            _(
                "Only %(possible)s entries can be judged by every panel: conflicts bar the others.",
                possible=plan.possible,
            )
        )
    return said


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/panels")
@organisers_only
def save(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, judges, ask = round_of(edition, round_code), _staying(edition), AskForm()
    if not ask.validate_on_submit():
        raise RuleBroken("panel_count_wrong")
    count = ask.panels.data or 1
    form = _seats_form(judges, count)()
    if not form.validate_on_submit():
        return _page(edition, round_, 422, form, count)
    names = [form[f"name-{at}"].data or _("Panel %(number)s", number=at) for at in range(1, count + 1)]
    members = {one.id: int(form[f"judge-{one.person}"].data) for one in judges}
    with unit_of_work():
        services.save_panels(
            round_id=round_.id,
            names=names,
            members={judge: number for judge, number in members.items() if number},
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("The panels are saved. Nothing is assigned yet: look at the plan below."), "success")
    return _back(edition, round_code, ask.anchors.data)


def _back(edition: EditionFacts, round_code: str, anchors: int | None) -> ResponseReturnValue:
    target = url_for("round_panels.panels", edition_code=edition.code, round_code=round_code, anchors=anchors)
    return redirect(target, 303)


@blueprint.post("/e/<edition_code>/organise/rounds/<round_code>/panels/apply")
@organisers_only
def apply(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), ApplyForm()
    if not form.validate_on_submit() or form.anchors.data is None:
        raise RuleBroken("panel_count_wrong")
    try:
        with unit_of_work():
            found = services.apply_panels(
                round_id=round_.id,
                count=form.anchors.data,
                expected=form.digest.data or "",
                reason=given_reason(),
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return _page(edition, round_, 409)
    count = len(found.plan.anchors)
    words = ngettext(
        "The panels are in force with %(num)s common entry.",
        "The panels are in force with %(num)s common entries.",
        count,
    )
    flash(words, "success")
    return _back(edition, round_code, None)
