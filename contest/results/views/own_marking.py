"""How a judge marked, for this judge alone and after closing: never a word or a number about another."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.views.guards import edition_guard
from contest.errors import RuleBroken
from contest.judging.policy import can_judge
from contest.results.queries.fairness import Held, fairness_of_round, own_rounds
from contest.results.views.fairness_words import SPREADS, own_words
from contest.results.views.organiser import blueprint
from contest.results.views.plots import Bar, Plot, plot

judges_only = edition_guard(can_judge, "judge")


@dataclass(frozen=True, slots=True)
class OwnRound:
    # One closed round: what can be said about the judge's own marks in it.
    round: RoundFacts
    cards: int
    lowest: object
    highest: object
    severity: str
    spread: str
    plot: Plot | None


@blueprint.get("/e/<edition_code>/my-marking")
@judges_only
def own_marking(edition: EditionFacts) -> ResponseReturnValue:
    own = own_rounds(edition.id, current_user.id)
    found = [_own(edition, one, own.code) for one in own.rounds] if own else []
    return render_template("results/own_marking.html", rounds=[one for one in reversed(found) if one])


def _own(edition: EditionFacts, round_: RoundFacts, code: str) -> OwnRound | None:
    try:
        held, _snapshot = fairness_of_round(edition, round_)
    except RuleBroken:  # no ranking can be computed, so nobody can be compared
        return None
    return _told(held, round_, code)


def _told(held: Held, round_: RoundFacts, code: str) -> OwnRound | None:
    place = next((at for at, judge in enumerate(held.report.judges) if judge.code == code), None)
    marking = next((one for one in held.fairness.markings if one.judge == place), None)
    if marking is None:
        return None
    severity = next((one for one in held.fairness.judges if one.judge == place), None)
    bar = severity and Bar("", "", severity.low, severity.high, severity.severity)
    return OwnRound(
        round=round_,
        cards=marking.cards,
        lowest=marking.lowest,
        highest=marking.highest,
        severity=own_words(severity) if severity else _unknown(marking.note),
        spread=str(SPREADS[marking.spread]) if marking.spread else "",
        plot=plot([bar], zero=True) if bar else None,
    )


def _unknown(note: str | None) -> str:
    if note == "all_judged_all":
        return str(_("Every judge scored every submission, so it changes nothing how strict anybody is."))
    return str(_("Too few judges or submissions are linked to tell how strict you are beside the panel."))
