"""Decisions in writing: what waits for one, what was decided, and the forms to decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import SETTLED
from contest.editions.queries import fields_of, parts_of, tracks_of
from contest.editions.rules import Decide, Per
from contest.editions.views.guards import committee_readers, edition_guard, organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.results import services
from contest.results.advancement import TiedAtLine
from contest.results.policy import can_review_results
from contest.results.queries.decisions import Participant, RulingLine, participants_of, rulings_of
from contest.results.queries.rounds import report_of
from contest.results.report import Line, RoundReport
from contest.results.rulings import RulingKind
from contest.results.views.decision_forms import (
    KIND_WORDS,
    BackForm,
    OrderForm,
    PartForm,
    PlacesForm,
    SubmissionForm,
)
from contest.results.views.organiser import blueprint, ranked, round_of
from contest.web.doubled import may_repeat
from contest.web.formats import local
from contest.web.forms import ActionForm
from contest.web.messages import sentence

reviewers_only = edition_guard(can_review_results, "reviewer")
PLACE = "place-"
CHOSEN = "chosen"
may_repeat(CHOSEN)
ABOUT_ONE = (RulingKind.MISSING_PART, RulingKind.WILD_CARD, RulingKind.HELD_BACK, RulingKind.SPREAD_SETTLED)
AnyForm = SubmissionForm | PlacesForm


@dataclass(frozen=True, slots=True)
class Tie:
    """Submissions that share a rank until the chair orders them."""

    rank: int | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class AtLine:
    """Equals across the line for whom places are left."""

    tied: TiedAtLine
    lines: tuple[Line, ...]


def _ties(report: RoundReport) -> list[Tie]:
    groups: dict[tuple[str | None, int | None], list[Line]] = {}
    for line in report.lines:
        if line.awaits_chair:
            groups.setdefault((line.entrant.track, line.rank), []).append(line)
    return [Tie(rank, tuple(lines)) for (_track, rank), lines in groups.items()]


def _at_line(edition: EditionFacts, round_: RoundFacts, report: RoundReport) -> list[AtLine]:
    if round_.rules.advance is None:
        return []
    cut = services.cut_of(edition.id, round_, report)
    waiting = [tied for tied in cut.tied_at_line if tied.awaits]
    return [AtLine(tied, tuple(report.lines[place] for place in tied.submissions)) for tied in waiting]


def _form(kind: RulingKind, edition: EditionFacts, round_: RoundFacts, entrants: Sequence[Participant]) -> AnyForm:
    if kind is RulingKind.CUT_TOP:
        places = PlacesForm(prefix=kind.value)
        places.group.choices = _groups(edition, round_)
        return places
    form = PartForm(prefix=kind.value) if kind is RulingKind.MISSING_PART else SubmissionForm(prefix=kind.value)
    form.offer(entrants)
    if isinstance(form, PartForm):
        form.part.choices = _parts(edition, round_)
    if request.method == "GET" and request.args.get("submission") in {one.code for one in entrants}:
        form.submission.data = request.args["submission"]
    return form


def _groups(edition: EditionFacts, round_: RoundFacts) -> list[tuple[str, str]]:
    rule = round_.rules.advance
    named: list[tuple[str, str]] = []
    if rule is not None and rule.per is Per.TRACK:
        named = [(row.code, row.name_vi) for row in tracks_of(edition.id)]
    elif rule is not None and rule.per is Per.FIELD:
        named = [(row.code, row.name_vi) for row in fields_of(edition.id)]
    return [("", _("Every group")), *named]


def _parts(edition: EditionFacts, round_: RoundFacts) -> list[tuple[str, str]]:
    """Return the parts that criteria of the round look at: another one that is missing changes no mark."""
    names = {part.code: local(part.name) for part in parts_of(edition.id).values()}
    used = dict.fromkeys(criterion.part for criterion in round_.rubric.criteria if criterion.part)
    return [(code, names.get(code, code)) for code in used]


def _offered(edition: EditionFacts, round_: RoundFacts) -> list[RulingKind]:
    kinds = [kind for kind in ABOUT_ONE if kind is not RulingKind.MISSING_PART or _parts(edition, round_)]
    if round_.rules.spread_alarm is None:
        kinds.remove(RulingKind.SPREAD_SETTLED)
    if round_.rules.advance is None:
        return [kind for kind in kinds if kind not in (RulingKind.WILD_CARD, RulingKind.HELD_BACK)]
    return [*kinds, RulingKind.CUT_TOP]


@ranked
def decisions_page(edition: EditionFacts, round_: RoundFacts, status: int = 200, **shown: Any) -> ResponseReturnValue:
    report, _snapshot = report_of(edition, round_)
    at_line = _at_line(edition, round_, report)
    entrants = participants_of(round_)
    forms: dict[RulingKind, AnyForm] = shown.pop("forms", {})
    for kind in _offered(edition, round_):
        if kind not in forms:
            forms[kind] = _form(kind, edition, round_, entrants)
    page = render_template(
        "results/decisions.html",
        round=round_,
        report=report,
        ties=_ties(report),
        at_line=at_line,
        alarms=[line for line in report.lines if line.alarm],
        agreement=round_.rules.decide is Decide.AGREEMENT,
        rulings=rulings_of(round_.id),
        forms=forms,
        kind_words=KIND_WORDS,
        ruling_words=ruling_words,
        settled=round_.state in SETTLED,
        may_decide=can_review_results(current_user, edition),
        open_kind=request.args.get("kind", ""),
        **{"order": OrderForm(prefix="order"), "back": BackForm(prefix="back"), "typed": {}, **shown},
    )
    return page, status


def ruling_words(ruling: RulingLine) -> str:
    """Return what a ruling says in one line, without its reason."""
    words = str(KIND_WORDS[ruling.kind])
    if ruling.kind in (RulingKind.CHAIR_ORDER, RulingKind.AGREED_RANK):
        return str(_("%(kind)s: place %(place)s", kind=words, place=ruling.value))
    return f"{words}: {ruling.value}" if ruling.value else words


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/decisions")
@committee_readers
def decisions(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return decisions_page(edition, round_of(edition, round_code))


def _saved(edition: EditionFacts, round_: RoundFacts, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("results.decisions", edition_code=edition.code, round_code=round_.code), 303)


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/decisions")
@reviewers_only
def record(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    kind = _kind(_offered(edition, round_))
    form = _form(kind, edition, round_, participants_of(round_))
    if not form.validate_on_submit():
        return decisions_page(edition, round_, 422, forms={kind: form})
    try:
        with unit_of_work():
            services.record_ruling(
                round_id=round_.id,
                kind=kind,
                submission=form.submission.data if isinstance(form, SubmissionForm) else "",
                value=form.value,
                reason=form.reason.data or "",
                author=form.author.data or "",
                actor_id=current_user.id,
                now=clock.now(),
            )
    except RuleBroken as refused:
        form.form_errors = [*form.form_errors, sentence(refused)]
        return decisions_page(edition, round_, 409, forms={kind: form})
    return _saved(edition, round_, _("The decision is recorded."))


def _kind(offered: Sequence[RulingKind]) -> RulingKind:
    given = [kind for kind in offered if request.form.get("kind") == kind.value]
    if not given:
        abort(404)
    return given[0]


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/decisions/order")
@reviewers_only
def record_order(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), OrderForm(prefix="order")
    typed = {name.removeprefix(PLACE): text.strip() for name, text in request.form.items() if name.startswith(PLACE)}
    wanted = request.form.get("kind", RulingKind.CHAIR_ORDER.value)
    agreed = round_.rules.decide is Decide.AGREEMENT and wanted == RulingKind.AGREED_RANK.value
    if not agreed and wanted != RulingKind.CHAIR_ORDER.value:
        abort(404)
    places = {code: text for code, text in typed.items() if text}
    return _act(
        edition,
        round_,
        form,
        lambda by: services.record_order(
            round_id=round_.id,
            places=places,
            kind=RulingKind.AGREED_RANK if agreed else RulingKind.CHAIR_ORDER,
            reason=form.reason.data or "",
            author=form.author.data or "",
            **by,
        ),
        _("The order is recorded."),
        order=form,
        typed=typed,
    )


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/decisions/line")
@reviewers_only
def choose_at_line(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), OrderForm(prefix="order")
    chosen = request.form.getlist(CHOSEN)
    return _act(
        edition,
        round_,
        form,
        lambda by: services.choose_at_line(
            round_id=round_.id, chosen=chosen, reason=form.reason.data or "", author=form.author.data or "", **by
        ),
        ngettext("%(num)s submission is chosen.", "%(num)s submissions are chosen.", len(chosen)),
        order=form,
        typed=dict.fromkeys(chosen, "on"),
    )


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/decisions/<int:ruling_id>/revoke")
@reviewers_only
def revoke(edition: EditionFacts, round_code: str, ruling_id: int) -> ResponseReturnValue:
    round_, form = round_of(edition, round_code), BackForm(prefix="back")
    return _act(
        edition,
        round_,
        form,
        lambda by: services.revoke_ruling(round_id=round_.id, ruling_id=ruling_id, reason=form.reason.data or "", **by),
        _("The decision is taken back; it stays on record."),
        back=form,
        opened=ruling_id,
    )


def _act(
    edition: EditionFacts,
    round_: RoundFacts,
    form: Any,
    act: Callable[[dict[str, Any]], object],
    done: str,
    **shown: Any,
) -> ResponseReturnValue:
    """Run a verb of the decisions when its form is sound; a refusal goes onto the form."""
    if not form.validate_on_submit():
        return decisions_page(edition, round_, 422, **shown)
    try:
        with unit_of_work():
            act({"actor_id": current_user.id, "now": clock.now()})
    except RuleBroken as refused:
        form.form_errors = [*form.form_errors, sentence(refused)]
        return decisions_page(edition, round_, 409, **shown)
    return _saved(edition, round_, done)


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/promote")
@organisers_only
def promote(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    if not ActionForm().validate_on_submit():
        abort(400)
    round_ = round_of(edition, round_code)
    with unit_of_work():
        done = services.promote_next(edition=edition, round_id=round_.id, actor_id=current_user.id, now=clock.now())
    if done.added:
        words = ngettext(
            "%(num)s submission follows into the round.", "%(num)s submissions follow into the round.", len(done.added)
        )
        flash(words, "success")
    else:
        flash(_("Nobody follows: every place is taken."), "info")
    if done.kept:
        flash(_("%(codes)s stays in the round: judges have begun to score it.", codes=", ".join(done.kept)), "info")
    return redirect(url_for("results.advance", edition_code=edition.code, round_code=round_code), 303)
