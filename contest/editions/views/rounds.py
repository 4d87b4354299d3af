"""The wizard's rounds: the ladder, one round's times and rules, its rubric."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions import services
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.forms.fields import blame
from contest.editions.forms.rounds import KIND_WORDS, AddRoundForm, RemoveRoundForm, RoundForm, round_data
from contest.editions.forms.rows import is_row_action, rearranged
from contest.editions.forms.rubric import SOURCE_WORDS, RubricForm, rubric_data
from contest.editions.numbers import plain
from contest.editions.queries import parts_of, round_by_code, rounds_of
from contest.editions.readiness import Step
from contest.editions.rubric_templates import TEMPLATES, template
from contest.editions.views.blueprint import blueprint
from contest.editions.views.checklist import saved_words, wizard_page
from contest.editions.views.guards import organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.web.formats import decimal_text, local
from contest.web.messages import sentence


def found_round(edition: EditionFacts, round_code: str) -> RoundFacts:
    """Return a round of the edition or answer 404."""
    facts = round_by_code(edition.id, round_code)
    if facts is None:
        abort(404)
    return facts


def _add_form() -> AddRoundForm:
    form = AddRoundForm()
    form.template.choices = [("", _("Empty")), *((one.key, local(one.name)) for one in TEMPLATES)]
    return form


def _ladder(edition: EditionFacts, form: AddRoundForm, status: int = 200) -> ResponseReturnValue:
    return wizard_page("editions/setup_rounds.html", edition, Step.ROUNDS, status, form=form, kind_words=KIND_WORDS)


@blueprint.get("/e/<edition_code>/organise/setup/rounds")
@organisers_only
def setup_rounds(edition: EditionFacts) -> ResponseReturnValue:
    return _ladder(edition, _add_form())


@blueprint.post("/e/<edition_code>/organise/setup/rounds")
@organisers_only
def add_round(edition: EditionFacts) -> ResponseReturnValue:
    form = _add_form()
    if not form.validate_on_submit():
        return _ladder(edition, form, 422)
    chosen = template(form.template.data or "")
    try:
        with unit_of_work():
            code = services.add_round(
                edition_id=edition.id,
                basics=form.basics(),
                rubric=chosen.rubric if chosen else None,
                actor_id=current_user.id,
                now=clock.now(),
            ).code
    except RuleBroken as refused:
        blame(form, refused, {}, "name_vi")
        return _ladder(edition, form, 422)
    flash(_("The round is added. Set its times and rules."), "success")
    return redirect(url_for("editions.setup_round", edition_code=edition.code, round_code=code), 303)


@blueprint.post("/e/<edition_code>/organise/setup/round/<round_code>/<any(up, down, remove):verb>")
@organisers_only
def change_ladder(edition: EditionFacts, round_code: str, verb: str) -> ResponseReturnValue:
    facts = found_round(edition, round_code)
    if verb == "remove" and not RemoveRoundForm().confirms(facts.code):
        flash(_("Nothing was removed: the code you typed is not “%(code)s”.", code=facts.code), "danger")
        return _ladder(edition, _add_form(), 422)
    now, actor_id = clock.now(), current_user.id
    try:
        with unit_of_work():
            if verb == "remove":
                services.remove_round(round_id=facts.id, actor_id=actor_id, now=now)
            else:
                places = -1 if verb == "up" else 1
                services.move_round(round_id=facts.id, places=places, actor_id=actor_id, now=now)
    except RuleBroken as refused:
        flash(sentence(refused), "danger")
        return _ladder(edition, _add_form(), 409)
    flash(saved_words(), "success")
    return redirect(url_for("editions.setup_rounds", edition_code=edition.code), 303)


def _round_page(edition: EditionFacts, facts: RoundFacts, form: RoundForm, status: int = 200) -> ResponseReturnValue:
    return wizard_page("editions/setup_round.html", edition, Step.ROUND, status, form=form, round=facts)


@blueprint.get("/e/<edition_code>/organise/setup/round/<round_code>")
@organisers_only
def setup_round(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    facts = found_round(edition, round_code)
    earlier = _earlier(edition, facts)
    form = RoundForm(data=round_data(facts, edition.timezone, earlier))
    form.offer(facts, earlier)
    return _round_page(edition, facts, form)


def _earlier(edition: EditionFacts, facts: RoundFacts) -> list[RoundFacts]:
    return [one for one in rounds_of(edition.id) if one.position < facts.position]


@blueprint.post("/e/<edition_code>/organise/setup/round/<round_code>")
@organisers_only
def save_round(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    facts = found_round(edition, round_code)
    form = RoundForm()
    earlier = _earlier(edition, facts)
    form.offer(facts, earlier)
    valid = form.validate_on_submit()
    basics = form.basics(edition.timezone) if valid else None
    rules = form.rules(facts, earlier) if valid else None
    if basics is None or rules is None:
        return _round_page(edition, facts, form, 422)
    now, actor_id = clock.now(), current_user.id
    try:
        with unit_of_work():
            services.update_round(round_id=facts.id, basics=basics, actor_id=actor_id, now=now)
            services.set_rules(round_id=facts.id, rules=rules, actor_id=actor_id, now=now)
    except RuleBroken as refused:
        form.blame(refused)
        return _round_page(edition, facts, form, 422)
    flash(saved_words(), "success")
    step = "editions.setup_rubric" if request.form.get("action") == "next" else "editions.setup_round"
    return redirect(url_for(step, edition_code=edition.code, round_code=facts.code), 303)


def _rubric_page(
    edition: EditionFacts, facts: RoundFacts, form: RubricForm, status: int = 200, *, started_from: str = ""
) -> ResponseReturnValue:
    chosen = template(started_from)
    most = form.most
    form.offer(list(parts_of(edition.id).values()), facts.rubric)
    return wizard_page(
        "editions/setup_rubric.html",
        edition,
        Step.RUBRIC,
        status,
        form=form,
        round=facts,
        templates=TEMPLATES,
        chosen=chosen,
        most=None if most is None else decimal_text(plain(most)),
        plain=plain,
        source_words=SOURCE_WORDS,
    )


@blueprint.get("/e/<edition_code>/organise/setup/round/<round_code>/rubric")
@organisers_only
def setup_rubric(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    facts = found_round(edition, round_code)
    key = request.args.get("template", "")
    chosen = template(key)
    shown = chosen.rubric if chosen else facts.rubric
    return _rubric_page(edition, facts, RubricForm(data=rubric_data(shown)), started_from=key)


@blueprint.post("/e/<edition_code>/organise/setup/round/<round_code>/rubric")
@organisers_only
def save_rubric(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    facts = found_round(edition, round_code)
    action = request.form.get("action", "")
    if is_row_action(action):
        added = [_fresh_criterion()] if action == "add" else []
        return _rubric_page(edition, facts, RubricForm(formdata=rearranged(request.form, "criteria", action, added)))
    form = RubricForm()
    form.offer(list(parts_of(edition.id).values()), facts.rubric)
    valid = form.validate_on_submit()
    rubric = form.rubric()
    if not valid or rubric is None:
        return _rubric_page(edition, facts, form, 422)
    try:
        with unit_of_work():
            services.replace_rubric(round_id=facts.id, rubric=rubric, actor_id=current_user.id, now=clock.now())
    except RuleBroken as refused:
        form.blame_code(refused, rubric.criteria)
        return _rubric_page(edition, facts, form, 422)
    flash(saved_words(), "success")
    if action == "next":
        return redirect(url_for("editions.setup_rounds", edition_code=edition.code), 303)
    return redirect(url_for("editions.setup_rubric", edition_code=edition.code, round_code=facts.code), 303)


def _fresh_criterion() -> dict[str, list[str]]:
    """Return a new criterion as a browser would post its row."""
    return {
        "name_vi": [""],
        "minimum": ["0"],
        "maximum": ["10"],
        "step": [decimal_text("0.5")],
        "weight": ["1"],
        "source": ["judges"],
    }
