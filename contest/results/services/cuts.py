"""Who goes on to the next round."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete, select

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.queries import fields_of
from contest.errors import RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.judging.models import Advancement, Assignment
from contest.results.advancement import Cut, advance
from contest.results.ranking import Standing, StandingStatus
from contest.results.report import RoundReport
from contest.results.services.rounds import current_report
from contest.results.services.rows import has_scorecards, locked_round, next_round
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
        )
        for position, line in enumerate(report.lines)
    ]


def cut_of(edition_id: int, round_: RoundFacts, report: RoundReport) -> Cut:
    """Return who would advance by the round's rule. Raises `RuleBroken` "advance_not_set" and what `advance` raises."""
    if round_.rules.advance is None:
        raise RuleBroken("advance_not_set", round=round_.code)
    fields = {row.code: position for position, row in enumerate(fields_of(edition_id))}
    by_line = [None if line.entrant.field is None else fields[line.entrant.field] for line in report.lines]
    return advance(standings_of(report), round_.rules.advance, by_line)


def advance_round(*, edition: EditionFacts, round_id: int, actor_id: int | None, now: datetime) -> int:
    """Let those above the line into the next round and return how many; replaces an earlier decision.

    Works on the frozen numbers. Raises `RuleBroken` "round_not_closed", "no_next_round", "next_round_started",
    "results_changed" and what `cut_of` raises.
    """
    round_ = locked_round(round_id)
    report = current_report(edition, round_)
    target = next_round(round_)
    if has_scorecards(target.id):
        raise RuleBroken("next_round_started", round=target.code)
    cut = cut_of(edition.id, round_, report)
    codes = [report.lines[position].entrant.code for position in cut.advancing]
    ids = db.session.scalars(
        select(Submission.id).where(Submission.edition_id == edition.id, Submission.code.in_(codes))
    ).all()
    db.session.execute(delete(Advancement).where(Advancement.round_id == target.id))
    db.session.execute(delete(Assignment).where(Assignment.round_id == target.id, Assignment.submission_id.not_in(ids)))
    db.session.add_all(
        Advancement(round_id=target.id, submission_id=submission_id, decided_at=now) for submission_id in ids
    )
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{edition.id}",
        action="round.advanced",
        subject=f"round:{round_.code}",
        into=target.code,
        submissions=codes,
    )
    return len(codes)
