"""Reads about the cut: who would advance by the rule and by what was decided in writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import select

from contest.editions.facts import RoundFacts
from contest.editions.queries import fields_of
from contest.editions.rules import Per
from contest.errors import RuleBroken
from contest.infra.db import db
from contest.results.advancement import Cut, Written, advance, written
from contest.results.queries.lifecycle import StandingRuling, standing_rulings
from contest.results.ranking import Standing, StandingStatus
from contest.results.report import RoundReport
from contest.results.rulings import Ruling
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission


def standings_of(report: RoundReport) -> list[Standing]:
    """Return the report's lines as standings; positions are places in the report, tracks places in its tracks."""
    place = {track.code: position for position, track in enumerate(report.tracks)}
    return [
        Standing(
            submission=position,
            track=None if line.entrant.track is None else place[line.entrant.track],
            rank=line.rank,
            result=line.result,
            own_result=line.own_result,
            status=StandingStatus(line.status),
            judges=line.judges,
            tied=line.tied,
            value=None if line.result is None else Decimal(line.result),
            criteria=tuple(None if value is None else Decimal(value) for value in line.criteria),
        )
        for position, line in enumerate(report.lines)
    ]


def cut_of(
    edition_id: int, round_: RoundFacts, report: RoundReport, rulings: Sequence[StandingRuling] | None = None
) -> Cut:
    """Return who would advance by the round's rule and by what was decided in writing, in at most three queries.

    `rulings` are the decisions in force, for who has read them already.

    Submissions that were withdrawn or disqualified since the report was made are out, and the next move up.
    Raises `RuleBroken` "advance_not_set" and what `advance` raises.
    """
    rule = round_.rules.advance
    if rule is None:
        raise RuleBroken("advance_not_set", round=round_.code)
    fields = _fields(edition_id, report, rule.per)
    by_line = [None if line.entrant.field is None else fields.get(line.entrant.field) for line in report.lines]
    tracks = {track.code: position for position, track in enumerate(report.tracks)}
    groups = {Per.FIELD: fields, Per.TRACK: tracks, Per.ALL: {}}[rule.per]
    return advance(
        standings_of(report),
        rule,
        by_line,
        floors=[None if one.floor is None else Decimal(one.floor) for one in report.rubric],
        decided=_written(edition_id, standing_rulings(round_.id) if rulings is None else rulings, report, groups),
    )


def _fields(edition_id: int, report: RoundReport, per: Per) -> dict[str, int]:
    """Return the places of the fields; nothing where neither the rule nor any submission knows one."""
    if per is not Per.FIELD and all(line.entrant.field is None for line in report.lines):
        return {}
    return {row.code: position for position, row in enumerate(fields_of(edition_id))}


def awaiting_codes(
    edition_id: int, round_: RoundFacts, report: RoundReport, rulings: Sequence[StandingRuling] | None = None
) -> tuple[str, ...]:
    """Return who is tied at the line and waits for the chair; nobody where the rules draw no line."""
    if round_.rules.advance is None:
        return ()
    cut = cut_of(edition_id, round_, report, rulings)
    return tuple(report.lines[place].entrant.code for place in cut.awaiting)


def _written(
    edition_id: int, standing: Sequence[StandingRuling], report: RoundReport, groups: Mapping[str, int]
) -> Written:
    places = {line.entrant.code: position for position, line in enumerate(report.lines)}
    rulings = [
        Ruling(one.kind, places.get(one.entry), one.value, one.reason, one.author)
        for one in standing
        if not one.entry or one.entry in places
    ]
    gone = db.session.scalars(
        select(Submission.code).where(
            Submission.edition_id == edition_id, Submission.status != SubmissionStatus.SUBMITTED
        )
    )
    return written(rulings, groups, [places[code] for code in gone if code in places])
