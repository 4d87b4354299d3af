"""A round as it stands, for its preconditions: rows, ranking and cut together."""

from __future__ import annotations

from contest.editions.facts import EditionFacts, RoundFacts
from contest.results.preconditions import Situation
from contest.results.queries.cuts import awaiting_codes
from contest.results.queries.lifecycle import situation_of
from contest.results.queries.rounds import live_report
from contest.results.report import RoundReport


def situation_now(edition: EditionFacts, round_: RoundFacts) -> tuple[Situation, RoundReport]:
    """Return what the preconditions look at with the live report it was read from.

    Raises what the ranking and the cut raise.
    """
    report = live_report(edition, round_)
    return situation_of_report(edition, round_, report), report


def situation_of_report(edition: EditionFacts, round_: RoundFacts, report: RoundReport) -> Situation:
    """Return what the preconditions look at; `report` is the live one. Raises what the cut raises."""
    return situation_of(edition, round_, report, awaiting_codes(edition.id, round_, report))
