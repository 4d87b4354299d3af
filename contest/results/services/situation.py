"""A round as it stands, for its preconditions: rows, ranking and cut together."""

from __future__ import annotations

from contest.editions.facts import EditionFacts, RoundFacts
from contest.results.preconditions import Situation
from contest.results.queries.cuts import awaiting_codes
from contest.results.queries.lifecycle import Written, situation_of, written_of
from contest.results.queries.rounds import live_report
from contest.results.report import RoundReport


def situation_now(edition: EditionFacts, round_: RoundFacts) -> tuple[Situation, RoundReport, Written]:
    """Return what the preconditions look at, the live report it was read from, and what stands in writing.

    Raises what the ranking and the cut raise.
    """
    report = live_report(edition, round_)
    written = written_of(round_.id)
    return situation_of_report(edition, round_, report, written), report, written


def situation_of_report(edition: EditionFacts, round_: RoundFacts, report: RoundReport, written: Written) -> Situation:
    """Return what the preconditions look at; `report` is the live one. Raises what the cut raises."""
    at_line = awaiting_codes(edition.id, round_, report, written.rulings)
    return situation_of(edition, round_, report, written, at_line)
