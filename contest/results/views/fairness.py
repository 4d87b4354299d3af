"""The fairness of a round for the committee: fair beside raw, how sure it is, and what one change would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.rules_json import rules_from_json
from contest.editions.views.guards import committee_readers
from contest.results.fair_facts import FairLine, Fairness, Opinion, Part, TrackFairness
from contest.results.policy import can_see_severity
from contest.results.queries.fairness import Held, fairness_of_round
from contest.results.report import RoundReport
from contest.results.views.fairness_words import (
    METHOD_NAMES,
    chance_words,
    entry_words,
    example_words,
    note_words,
    reason_words,
    signed,
)
from contest.results.views.group_map import GroupMap, group_map
from contest.results.views.minutes_words import method_sentences
from contest.results.views.organiser import blueprint, ranked_round
from contest.results.views.plots import Bar, Plot, plot
from contest.results.views.trial_words import verdict
from contest.web.formats import decimal_text, local

DRAWN = 30  # rows that stand open; the rest can be unfolded


@dataclass(frozen=True, slots=True)
class Section:
    # Submissions that can be compared: all of a track, or one group of it. Rows and plots come in open and folded.
    title: str
    note: str
    tables: list[list[FairLine]]
    plots: list[Plot]


@dataclass(frozen=True, slots=True)
class OpinionRow:
    # The podium by one method: places as "1. S3 “Title”"; `state` is official, same, differs or advice.
    method: str
    state: str
    places: list[str]


@dataclass(frozen=True, slots=True)
class TrackPage:
    # One track as the page shows it; `texts` are (language, paragraph), the page's language first.
    name: str
    facts: TrackFairness
    note: str
    second: str
    example: list[str]
    texts: list[tuple[str, str]]
    opinions: list[OpinionRow]
    sections: list[Section]
    map: GroupMap | None


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/fairness")
@committee_readers
@ranked_round
def fairness(edition: EditionFacts, round_: RoundFacts) -> ResponseReturnValue:
    held, snapshot = fairness_of_round(edition, round_)
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
        second=str(METHOD_NAMES[track.second]) if track.second else "",
        example=example_words(track.example, report) if track.example else [],
        texts=[(locale, verdict(held.fairness, track, report, locale)) for locale in locales()],
        opinions=_opinions(report, track.opinions),
        sections=_sections(report, track),
        map=group_map(track.parts, report) if track.parts else None,
    )


def locales() -> list[str]:
    return ["en", "vi"] if str(get_locale()) == "en" else ["vi", "en"]


def _opinions(report: RoundReport, opinions: Sequence[Opinion]) -> list[OpinionRow]:
    official = next((one for one in opinions if one.official), None)
    return [
        OpinionRow(
            method=str(METHOD_NAMES[one.method]),
            state=_agreement(one, official),
            places=[f"{rank}. {entry_words(report.lines[at])}" for rank, at in one.podium],
        )
        for one in opinions
    ]


def _agreement(one: Opinion, official: Opinion | None) -> str:
    if official is None:
        return "advice"
    if one.official:
        return "official"
    return "same" if one.podium == official.podium else "differs"


def _sections(report: RoundReport, track: TrackFairness) -> list[Section]:
    if track.lines:
        return [_section(report, "", "", track.lines)]
    return [_part(report, number, part) for number, part in enumerate(track.parts, 1)]


def _part(report: RoundReport, number: int, part: Part) -> Section:
    note = note_words(part.note) if part.note else ""
    return _section(report, _("Group %(number)s", number=number), note, part.lines)


def _section(report: RoundReport, title: str, note: str, lines: Sequence[FairLine]) -> Section:
    tables = [list(part) for part in (lines[:DRAWN], lines[DRAWN:]) if part]
    return Section(title, note, tables, _plots(report, lines))


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
