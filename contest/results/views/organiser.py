"""The committee's results: the ranking as it stands, closing, advancing, publishing, the workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from contest.accounts.roles import Identity, Nobody
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import RoundState
from contest.editions.queries import round_by_code, rounds_of
from contest.editions.views.guards import committee_readers, organisers_only
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.infra.signing import fingerprint
from contest.results import services
from contest.results.advancement import Cut
from contest.results.exports import cell_words, provenance, round_workbook, workbook_name
from contest.results.policy import can_decide_results, can_see_draft_ranking
from contest.results.queries import SnapshotLine, advanced_into, live_report, report_of
from contest.results.report import RoundReport, to_payload
from contest.web.errors import error_answer
from contest.web.forms import ActionForm
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


def _round(edition: EditionFacts, round_code: str) -> RoundFacts:
    round_ = round_by_code(edition.id, round_code)
    if round_ is None:
        abort(404)
    return round_


@blueprint.get("/e/<edition_code>/organise/results")
@committee_readers
def rounds(edition: EditionFacts) -> ResponseReturnValue:
    return render_template("results/rounds.html", rounds=rounds_of(edition.id))


@blueprint.get("/e/<edition_code>/organise/results/<round_code>")
@committee_readers
def ranking(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = _round(edition, round_code)
    try:
        report, snapshot = report_of(edition, round_)
    except RuleBroken as refused:
        return render_template("results/unsupported.html", round=round_, message=sentence(refused)), 409
    return render_template(
        "results/ranking.html",
        form=ActionForm(),
        round=round_,
        report=report,
        snapshot=snapshot,
        advanced=_advanced(edition, round_),
        cell_words=cell_words,
        may_decide=can_decide_results(current_user, edition),
        stale=round_.state is RoundState.CLOSED and snapshot is not None and _is_stale(edition, round_, snapshot),
    )


def _is_stale(edition: EditionFacts, round_: RoundFacts, snapshot: SnapshotLine) -> bool:
    return fingerprint(to_payload(live_report(edition, round_))) != snapshot.fingerprint


def _advanced(edition: EditionFacts, round_: RoundFacts) -> frozenset[str]:
    later = [other for other in rounds_of(edition.id) if other.position > round_.position]
    return advanced_into(later[0].id) if later else frozenset()


@dataclass(frozen=True, slots=True)
class Verb:
    """What a button of the ranking page does, and what is said when it is done."""

    act: Callable[..., object]
    done: Callable[[Any], str]


def _reopen(*, edition: EditionFacts, round_id: int, actor_id: int, now: datetime) -> None:
    del edition
    services.reopen_round(round_id=round_id, actor_id=actor_id, now=now)


VERBS = {
    "close": Verb(services.close_round, lambda _done: _("Scoring is closed and the results are frozen.")),
    "reopen": Verb(_reopen, lambda _done: _("Scoring is open again. Close the round to freeze the new results.")),
    "freeze": Verb(services.freeze_round, lambda _done: _("The results are frozen anew.")),
    "publish": Verb(services.publish_round, lambda _done: _("The results are public.")),
    "advance": Verb(
        services.advance_round,
        lambda count: ngettext("%(num)s submission advances.", "%(num)s submissions advance.", count),
    ),
}


@blueprint.post("/e/<edition_code>/organise/results/<round_code>/<any(close, reopen, freeze, publish, advance):verb>")
@organisers_only
def decide(edition: EditionFacts, round_code: str, verb: str) -> ResponseReturnValue:
    if not ActionForm().validate_on_submit():
        abort(400)
    round_ = _round(edition, round_code)
    try:
        with unit_of_work():
            outcome = VERBS[verb].act(edition=edition, round_id=round_.id, actor_id=current_user.id, now=clock.now())
    except RuleBroken as refused:
        return error_answer(409, sentence(refused), code=refused.code)
    flash(VERBS[verb].done(outcome), "success")
    return redirect(url_for("results.ranking", edition_code=edition.code, round_code=round_code), 303)


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/advance")
@committee_readers
def advance(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = _round(edition, round_code)
    try:
        report, snapshot = report_of(edition, round_)
        cut = services.cut_of(edition.id, round_, report)
    except RuleBroken as refused:
        return render_template("results/unsupported.html", round=round_, message=sentence(refused)), 409
    return render_template(
        "results/advance.html",
        form=ActionForm(),
        round=round_,
        report=report,
        snapshot=snapshot,
        cut=cut,
        ties=_tied_codes(report, cut),
        may_decide=can_decide_results(current_user, edition),
    )


def _tied_codes(report: RoundReport, cut: Cut) -> list[tuple[str, str, int]]:
    return [
        (tied.result, ", ".join(report.lines[place].entrant.code for place in tied.submissions), tied.extra)
        for tied in cut.tied_at_line
    ]


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/workbook.xlsx")
@committee_readers
def workbook(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = _round(edition, round_code)
    now = clock.now()
    report, snapshot = report_of(edition, round_)
    locale = request.args.get("locale", str(get_locale()))
    content = round_workbook(
        report,
        provenance(report, snapshot, actor=current_user.name, now=now),
        locale=locale if locale in ("vi", "en") else "vi",
    )
    return attachment(content, name=workbook_name(report, now), mimetype=XLSX)
