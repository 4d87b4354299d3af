"""How each judge used the scale, as a picture: for the organiser and the chair only."""

from __future__ import annotations

from fractions import Fraction

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.views.guards import committee_readers
from contest.errors import NotAllowed
from contest.feedback.exports.charts import printed
from contest.feedback.policy import can_see_judges_marks
from contest.feedback.views.charts import Chart, chart, language
from contest.infra.charts import IntervalRow, StripRow, intervals, strips
from contest.infra.charts.geometry import quartiles
from contest.results.queries import report_of
from contest.results.queries.fairness import fairness_of_round
from contest.results.report import RoundReport
from contest.results.views.fairness_words import entry_words
from contest.results.views.organiser import ranked_round
from contest.web.formats import decimal_text, local

blueprint = Blueprint("plots", __name__)
PLACES = 2


@blueprint.app_template_global("sees_judges_marks")
def sees_judges_marks(edition: EditionFacts) -> bool:
    """Tell whether this page of pictures opens to the reader: what leads there asks."""
    return can_see_judges_marks(current_user, edition)


@blueprint.get("/e/<edition_code>/organise/results/<round_code>/plots")
@committee_readers
@ranked_round
def plots(edition: EditionFacts, round_: RoundFacts) -> ResponseReturnValue:
    if not can_see_judges_marks(current_user, edition):
        raise NotAllowed("judges_marks_hidden")
    report, snapshot = report_of(edition, round_)
    return render_template(
        "feedback/plots.html",
        round=round_,
        snapshot=snapshot,
        judges=judges_chart(report),
        rankings=ranking_charts(edition, round_),
    )


def judges_chart(report: RoundReport) -> Chart | None:
    said = language()
    given: dict[int, list[float]] = {}
    for line in report.lines:
        for cell in line.cells:
            if cell.total is not None and cell.state == "submitted":
                given.setdefault(cell.judge, []).append(float(Fraction(cell.total)))
    if not given:
        return None
    everything = [value for values in given.values() for value in values]
    rows, table = [], []
    for judge, values in sorted(given.items()):
        name = report.judges[judge].name or report.judges[judge].code
        low, middle, high = (printed(round(value, PLACES), said) for value in quartiles(values))
        words = _("median %(median)s, scorecards: %(count)s", median=middle, count=len(values))
        rows.append(StripRow(name, words, values))
        table.append((name, str(len(values)), low, middle, high))
    title = _("Totals that each judge gave")
    ends = (min(everything), max(everything))
    return chart(
        lambda width: strips(rows, title=title, width=width, ends=ends, number=lambda value: printed(value, said)),
        title=title,
        head=[_("Judge"), _("Scorecards"), _("Lower quartile"), _("Median"), _("Upper quartile")],
        rows=table,
    )


def ranking_charts(edition: EditionFacts, round_: RoundFacts) -> list[Chart]:
    """Return the fair scores with their intervals, a chart per track that can be compared."""
    held, _snapshot = fairness_of_round(edition, round_)
    said, found = language(), []
    for track in held.fairness.tracks:
        rows = [
            IntervalRow(
                label=f"{line.fair_rank}. {entry_words(held.report.lines[line.position])}",
                words=decimal_text(line.fair),
                low=line.low,
                high=line.high,
                dot=float(line.fair),
                ring=float(line.raw),
            )
            for line in track.lines
        ]
        if rows:
            name = "" if track.track is None else local(held.report.tracks[track.track].name)
            found.append(_intervals(rows, name, said))
    return found


def _intervals(rows: list[IntervalRow], track: str, said: str) -> Chart:
    # The wording is shared with a template, where a per cent sign is written twice.
    shared = _("Fair scores with their 90%% intervals") % {}
    title = f"{shared}: {track}" if track else shared
    return chart(
        lambda width: intervals(rows, title=title, width=width, number=lambda value: printed(value, said)),
        title=title,
        head=[_("Submission"), _("Fair score"), _("From"), _("To")],
        rows=[
            (one.label, one.words, printed(round(one.low, PLACES), said), printed(round(one.high, PLACES), said))
            for one in rows
        ],
    )
