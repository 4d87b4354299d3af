"""The committee's results: the ranking as it stands, the steps of a round, advancing, the workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from contest.accounts.roles import Identity, Nobody
from contest.accounts.views.proving import proven
from contest.editions import services as editions
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.queries import round_by_code, round_heads, rounds_of
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import one_moment, unit_of_work
from contest.results import services
from contest.results.exports import (
    CHOICES,
    Extras,
    Provenance,
    cell_words,
    file_name,
    provenance,
    ranking_csv,
    ranking_json,
    round_workbook,
    workbook_name,
)
from contest.results.policy import can_confirm_results, can_decide_results, can_review_results, can_see_draft_ranking
from contest.results.queries import advanced_into, report_of
from contest.results.queries.announcing import promise_of
from contest.results.queries.desk import desk_notes, told_awards
from contest.results.report import RoundReport
from contest.results.views.cut_words import asked_for, left_out, tie_sentences
from contest.results.views.line_marks import line_marks
from contest.results.views.review_forms import PublishForm, ReasonForm
from contest.results.views.way import check_state_word, difference_word, way_of
from contest.web.forms import ActionForm
from contest.web.guards import View
from contest.web.messages import sentence
from contest.web.navigation import NavItem, provider
from contest.web.responses import attachment

blueprint = Blueprint("results", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@provider
def nav(edition: EditionFacts | None, identity: Identity | Nobody) -> list[NavItem]:
    if edition is None or not can_see_draft_ranking(identity, edition):
        return []
    return [NavItem(_("Results"), url_for("results.rounds", edition_code=edition.code), "trophy", order=60)]


def round_of(edition: EditionFacts, round_code: str) -> RoundFacts:
    round_ = round_by_code(edition.id, round_code)
    if round_ is None:
        abort(404)
    return round_


def ranked(page: View) -> View:
    """Decorate what shows the numbers of a round, given (edition, round, …): a page says why there can be none."""

    @wraps(page)
    def shown(edition: EditionFacts, round_: RoundFacts, *args: Any, **kwargs: Any) -> Any:
        try:
            return page(edition, round_, *args, **kwargs)
        except RuleBroken as refused:
            return render_template("results/unsupported.html", round=round_, message=sentence(refused)), 409

    return cast("View", shown)


def ranked_round(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a view of the numbers of a round: it is handed the round in place of its code."""
    page = ranked(view)

    @wraps(view)
    def found(edition: EditionFacts, round_code: str, **kwargs: Any) -> Any:
        return page(edition, round_of(edition, round_code), **kwargs)

    return found


@blueprint.get("/e/<edition_code>/organise/results")
@committee_readers
def rounds(edition: EditionFacts) -> ResponseReturnValue:
    return render_template("results/rounds.html", rounds=rounds_of(edition.id))


@blueprint.get("/e/<edition_code>/organise/results/<round_code>")
@committee_readers
def ranking(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return ranking_page(edition, round_of(edition, round_code))


@ranked
def ranking_page(edition: EditionFacts, round_: RoundFacts, status: int = 200, **shown: Any) -> ResponseReturnValue:
    report, snapshot = report_of(edition, round_)
    way = way_of(edition, round_, report)
    page = render_template(
        "results/ranking.html",
        form=ActionForm(),
        round=round_,
        report=report,
        snapshot=snapshot,
        way=way,
        advanced=_advanced(edition, round_),
        promise=promise_of(snapshot.id) if snapshot and way.verb == "publish" else "",
        cell_words=cell_words,
        line_marks=line_marks,
        difference_word=difference_word,
        check_state_word=check_state_word,
        may_confirm=can_confirm_results(current_user, edition, has_chair=way.has_chair),
        may_decide=can_decide_results(current_user, edition),
        may_review=can_review_results(current_user, edition),
        **{"publish": PublishForm(round_.code), "unconfirm": ReasonForm(prefix="unconfirm"), "accept": None, **shown},
    )
    return page, status


def _advanced(edition: EditionFacts, round_: RoundFacts) -> frozenset[str]:
    later = [other for other in round_heads(edition.id) if other.position > round_.position]
    return advanced_into(later[0].id) if later else frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """What a button of the ranking page does, and what is said when it is done."""

    act: Callable[..., object]
    done: Callable[[Any], str]


def _of_round(act: Callable[..., object]) -> Callable[..., object]:
    """Return an act on the round alone as one that is told the edition, too."""

    def run(*, edition: EditionFacts, **named: Any) -> object:
        del edition
        return act(**named)

    return run


STEPS = {
    "open": Step(_of_round(editions.open_to_judges), lambda _done: _("The judges see their entries now.")),
    "start": Step(_of_round(editions.open_scoring), lambda _done: _("Scoring is open.")),
    "close": Step(services.close_round, lambda _done: _("Scoring is closed. Look at the ranking, then confirm it.")),
    "reopen": Step(_of_round(services.reopen_round), lambda _done: _("Scoring is open again.")),
    "finalise": Step(services.finalise_round, lambda _done: _("The results are final. They can be published now.")),
    "advance": Step(
        services.advance_round,
        lambda count: ngettext("%(num)s submission advances.", "%(num)s submissions advance.", count),
    ),
}


@blueprint.post(
    "/e/<edition_code>/organise/results/<round_code>/<any(open, start, close, reopen, finalise, advance):verb>"
)
@organisers_only
def decide(edition: EditionFacts, round_code: str, verb: str) -> ResponseReturnValue:
    if not ActionForm().validate_on_submit():
        abort(400)
    round_ = round_of(edition, round_code)
    with unit_of_work():
        outcome = STEPS[verb].act(edition=edition, round_id=round_.id, actor_id=current_user.id, now=clock.now())
    flash(STEPS[verb].done(outcome), "success")
    return to_ranking(edition, round_code)


def to_ranking(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    return redirect(url_for("results.ranking", edition_code=edition.code, round_code=round_code), 303)


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/advance")
@committee_readers
@ranked_round
def advance(edition: EditionFacts, round_: RoundFacts) -> ResponseReturnValue:
    report, snapshot = report_of(edition, round_)
    cut = services.cut_of(edition.id, round_, report)
    return render_template(
        "results/advance.html",
        form=ActionForm(),
        round=round_,
        report=report,
        snapshot=snapshot,
        cut=cut,
        ties=tie_sentences(report, cut),
        left=left_out(report, cut),
        asked=asked_for(cut),
        advanced=_advanced(edition, round_),
        may_decide=can_decide_results(current_user, edition),
    )


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/workbook.xlsx")
@committee_readers
@proven
@one_moment()
def workbook(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    report, source = _sourced(edition, round_)
    awards, settled = told_awards(edition.id)
    content = round_workbook(report, source, locale=_language(), extras=Extras(awards, settled, desk_notes(round_.id)))
    return attachment(content, name=workbook_name(report, source.exported_at), mimetype=XLSX)


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/ranking.<any(csv, json):ending>")
@committee_readers
@one_moment()
def ranking_file(edition: EditionFacts, round_code: str, ending: str) -> ResponseReturnValue:
    report, source = _sourced(edition, round_of(edition, round_code))
    name = file_name(report, source.exported_at, ending)
    if ending == "json":
        return attachment(ranking_json(report, source), name=name, mimetype="application/json")
    content = ranking_csv(report, source, locale=_language())
    return attachment(content, name=name, mimetype="text/csv; charset=utf-8")


def _sourced(edition: EditionFacts, round_: RoundFacts) -> tuple[RoundReport, Provenance]:
    report, snapshot = report_of(edition, round_)
    return report, provenance(report, snapshot, actor=current_user.name, now=clock.now(), test=edition.is_test)


def _language() -> str:
    wanted = request.args.get("locale", str(get_locale()))
    return wanted if wanted in CHOICES else "vi"
