"""Show the sum: the marks, steps and rule behind one total, in sentences."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.queries import round_heads
from contest.editions.views.guards import committee_readers
from contest.results.explain import explain_line
from contest.results.exports import cell_words
from contest.results.exports.explain_words import Names, sentences
from contest.results.queries import report_of
from contest.results.report import RoundReport
from contest.results.views.line_marks import line_marks
from contest.results.views.organiser import blueprint, ranked_round


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/sum/<submission_code>")
@committee_readers
@ranked_round
def sum_of(edition: EditionFacts, round_: RoundFacts, submission_code: str) -> ResponseReturnValue:
    report, snapshot = report_of(edition, round_)
    line = next((one for one in report.lines if one.entrant.code == submission_code), None)
    if line is None:
        abort(404)
    same_track = [one for one in report.lines if one.entrant.track == line.entrant.track]
    place = same_track.index(line)
    return render_template(
        "results/sum.html",
        round=round_,
        report=report,
        snapshot=snapshot,
        line=line,
        marks=list(line_marks(line, report)),
        before=same_track[place - 1] if place else None,
        after=same_track[place + 1] if place + 1 < len(same_track) else None,
        steps=sentences(explain_line(report, report.lines.index(line)), str(get_locale()), names_of(edition, report)),
        cell_words=cell_words,
    )


def names_of(edition: EditionFacts, report: RoundReport) -> Names:
    """Return what the report's judges, criteria, bands and earlier rounds are called."""
    return replace(Names.of(report), rounds={one.code: one.name for one in round_heads(edition.id)})
