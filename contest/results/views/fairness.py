"""The fairness of a round for the committee: fair beside raw, how sure it is, and what one change would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts
from contest.editions.rules_json import rules_from_json
from contest.editions.views.guards import committee_readers
from contest.errors import RuleBroken
from contest.results.fairness import FairLine, Fairness, TrackFairness
from contest.results.policy import can_see_severity
from contest.results.queries.fairness import Held, fairness_of_round
from contest.results.report import RoundReport
from contest.results.views.fairness_words import (
    chance_words,
    entry_words,
    example_words,
    note_words,
    reason_words,
    signed,
    trials_text,
)
from contest.results.views.minutes_words import method_sentences
from contest.results.views.organiser import blueprint, round_of
from contest.results.views.plots import Bar, Plot, plot
from contest.web.formats import decimal_text, local
from contest.web.messages import sentence

DRAWN = 30  # bars that stand open; the rest can be unfolded


@dataclass(frozen=True, slots=True)
class Part:
    # A group of submissions whose judges see no others.
    codes: list[str]
    judges: list[str]


@dataclass(frozen=True, slots=True)
class TrackPage:
    # One track as the page shows it; `texts` are (language, paragraph), the page's language first.
    name: str
    facts: TrackFairness
    note: str
    example: list[str]
    texts: list[tuple[str, str]]
    plots: list[Plot]
    parts: list[Part]


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/fairness")
@committee_readers
def fairness(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    try:
        held, snapshot = fairness_of_round(edition, round_)
    except RuleBroken as refused:
        return render_template("results/unsupported.html", round=round_, message=sentence(refused)), 409
    report, facts = held.report, held.fairness
    return render_template(
        "results/fairness.html",
        round=round_,
        report=report,
        facts=facts,
        snapshot=snapshot,
        tracks=[_track(held, track) for track in facts.tracks],
        rule=" ".join(method_sentences(rules_from_json(report.rules), report)),
        judges=_judges_plot(report, facts) if can_see_severity(current_user, edition) else None,
        reason_words=reason_words,
        chance_words=chance_words,
        signed=signed,
    )


def _track(held: Held, track: TrackFairness) -> TrackPage:
    report = held.report
    return TrackPage(
        name="" if track.track is None else local(report.tracks[track.track].name),
        facts=track,
        note=note_words(track.note) if track.note else "",
        example=example_words(track.example, report) if track.example else [],
        texts=[(locale, trials_text(track.trials, report, locale)) for locale in _locales()] if track.trials else [],
        plots=_plots(report, track.lines),
        parts=[_part(report, *part) for part in track.parts],
    )


def _locales() -> list[str]:
    return ["en", "vi"] if str(get_locale()) == "en" else ["vi", "en"]


def _part(report: RoundReport, submissions: Sequence[int], judges: Sequence[int]) -> Part:
    return Part([report.lines[one].entrant.code for one in submissions], [report.judges[one].name for one in judges])


def _plots(report: RoundReport, lines: Sequence[FairLine]) -> list[Plot]:
    bars = [
        Bar(
            label=f"{line.fair_rank}. {entry_words(report.lines[line.position])}",
            words=decimal_text(line.fair),
            low=line.low,
            high=line.high,
            dot=float(line.fair),
            ring=float(line.raw),
        )
        for line in lines
    ]
    return [plot(part, like=bars) for part in (bars[:DRAWN], bars[DRAWN:]) if part]


def _judges_plot(report: RoundReport, facts: Fairness) -> Plot | None:
    bars = [
        Bar(
            label=report.judges[one.judge].name or report.judges[one.judge].code,
            words=_("%(points)s (scorecards: %(count)s)", points=signed(f"{one.severity:.2f}"), count=one.cards),
            low=one.low,
            high=one.high,
            dot=one.severity,
        )
        for one in facts.judges
    ]
    return plot(bars, zero=True) if bars else None
