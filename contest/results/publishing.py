"""Frozen results as everybody may read them: the rows stay, the names follow the consents of today. Pure."""

from __future__ import annotations

from dataclasses import replace

from contest.results.award_list import AwardList, Prize
from contest.results.report import Entrant, RoundReport
from contest.submissions.public_names import PublicNames


def public_entrant(entrant: Entrant, names: PublicNames) -> Entrant:
    """Return an entrant with the members who may be named; who must not be named stands in no other word."""
    return replace(
        entrant,
        team=names.told(entrant.code, entrant.team, entrant.members),
        title=names.told(entrant.code, entrant.title, entrant.members),
        members=names.members(entrant.code, entrant.members),
        mentor="",
    )


def public_report(report: RoundReport, names: PublicNames) -> RoundReport:
    """Return a report for the public page."""
    return replace(
        report, lines=tuple(replace(line, entrant=public_entrant(line.entrant, names)) for line in report.lines)
    )


def public_prize(prize: Prize, names: PublicNames) -> Prize:
    """Return a winner for the public page and the screens of the ceremony."""
    return replace(
        prize,
        team=names.told(prize.submission, prize.team, prize.members),
        title=names.told(prize.submission, prize.title, prize.members),
        members=names.members(prize.submission, prize.members),
    )


def public_awards(awards: AwardList, names: PublicNames) -> AwardList:
    """Return a list of awards for the public page."""
    return replace(
        awards,
        lines=tuple(
            replace(line, winners=tuple(public_prize(one, names) for one in line.winners)) for line in awards.lines
        ),
    )
