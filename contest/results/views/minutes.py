"""The minutes of a round, to print and to sign: of a frozen version, or a draft of what would be frozen now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import FROZEN
from contest.editions.rules import LocalText
from contest.editions.rules_json import rules_from_json
from contest.editions.views.guards import committee_readers
from contest.results import services
from contest.results.exports.explain_words import report_sentences
from contest.results.frozen import Record
from contest.results.queries import live_report
from contest.results.queries.fairness import fairness_of_report
from contest.results.queries.lifecycle import written_of
from contest.results.queries.records import record_of
from contest.results.queries.snapshots import SnapshotLine, frozen, latest_snapshot, snapshot_of
from contest.results.report import RoundReport
from contest.results.views.fairness import locales
from contest.results.views.line_marks import line_marks
from contest.results.views.minutes_words import method_sentences, ruling_sentence, tie_sentences
from contest.results.views.organiser import blueprint, ranked_round
from contest.results.views.sums import names_of
from contest.results.views.trial_words import verdict
from contest.web.forms import whole

MOST_VERSIONS = 10_000


@dataclass(frozen=True, slots=True)
class Minutes:
    # What the paper tells; without a snapshot it is a draft.
    report: RoundReport
    record: Record | None
    snapshot: SnapshotLine | None


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/minutes")
@committee_readers
@ranked_round
def minutes(edition: EditionFacts, round_: RoundFacts) -> ResponseReturnValue:
    held = _held(edition, round_)
    record, report = held.record, held.report
    titles = {line.entrant.code: f"“{line.entrant.title}”" for line in report.lines if line.entrant.title}
    return render_template(
        "results/minutes.html",
        round=round_,
        report=report,
        record=record,
        snapshot=held.snapshot,
        method=list(method_sentences(rules_from_json(report.rules), report)),
        ties=list(tie_sentences(report)),
        rulings=[ruling_sentence(one, titles) for one in record.rulings] if record else [],
        confirmed_at=datetime.fromisoformat(record.confirmed_at) if record and record.confirmed_at else None,
        late=_late(held),
        alarms=[line for line in report.lines if line.alarm],
        names={judge.code: judge.name for judge in report.judges},
        line_marks=line_marks,
        verdicts=_verdicts(held, round_),
        sums=zip(report.lines, report_sentences(report, str(get_locale()), names_of(edition, report)), strict=True),
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    # "Would the winner change?" for one track: (language, paragraph), the language of the page first.
    track: LocalText | None
    texts: list[tuple[str, str]]


def _verdicts(held: Minutes, round_: RoundFacts) -> list[Verdict]:
    report = held.report
    facts = fairness_of_report(round_.id, report, held.snapshot).fairness
    return [
        Verdict(
            None if one.track is None else report.tracks[one.track].name,
            [(locale, verdict(facts, one, report, locale)) for locale in locales()],
        )
        for one in facts.tracks
    ]


def _held(edition: EditionFacts, round_: RoundFacts) -> Minutes:
    if "version" in request.args:
        wanted = snapshot_of(round_.id, _number(request.args["version"]))
        if wanted is None:
            abort(404)
        return _frozen(wanted)
    snapshot = latest_snapshot(round_.id) if round_.state in FROZEN else None
    if snapshot is not None:
        return _frozen(snapshot)
    report = live_report(edition, round_)
    written = written_of(round_.id)
    situation = services.situation_of_report(edition, round_, report, written)
    return Minutes(report, record_of(round_, situation, written), None)


def _number(text: str) -> int:
    try:
        number = whole(text)
    except ValueError:
        number = 0
    return number if 0 < number <= MOST_VERSIONS else 0


def _frozen(snapshot: SnapshotLine) -> Minutes:
    held = frozen(snapshot.id)
    return Minutes(held.report, held.record, snapshot)


def _late(held: Minutes) -> dict[str, int]:
    """Return how many scorecards each judge did not hand in, by code."""
    late: dict[str, int] = {}
    for _entry, judge in held.record.missing if held.record else ():
        late[judge] = late.get(judge, 0) + 1
    return late
