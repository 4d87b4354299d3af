"""What judges have to do with submissions: conflicts, places in rounds, assignments, scorecards and marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest.exchange.bundle.model import Bundle, BundleAdvancement
from contest.exchange.bundle.settle import Card, card_of, judged_criteria
from contest.exchange.services.bulk import Values, insert_ids, insert_rows
from contest.exchange.services.frame import Frame
from contest.infra.db import db
from contest.judging.models import Advancement, Assignment, Conflict, MeasuredScore, Score, Scorecard
from contest.judging.states import ScorecardStatus
from contest.results.models import Adjustment, Award, AwardChoice, RulingRow


@dataclass(frozen=True, slots=True)
class Places:
    """Row ids by code."""

    frame: Frame
    submissions: Mapping[str, int]
    judges: Mapping[str, int]


def add_papers(bundle: Bundle, places: Places, now: datetime) -> None:
    """Write everything that joins judges, submissions and rounds."""
    _add_conflicts(bundle, places)
    _add_advancements(bundle, places, now)
    _add_scores(bundle, places, now)
    _add_measured(bundle, places)
    _add_adjustments(bundle, places)
    _add_rulings(bundle, places, now)
    _add_choices(bundle, places, now)


def _add_conflicts(bundle: Bundle, places: Places) -> None:
    rows = [
        {
            "judge_id": places.judges[each.judge],
            "submission_id": places.submissions[each.submission],
            "reason": each.reason,
            "kind": each.kind,
            "party": each.party,
        }
        for each in bundle.conflicts
    ]
    insert_rows(Conflict, rows)


def advancements_of(bundle: Bundle) -> tuple[BundleAdvancement, ...]:
    """Return who is in which round: as said, and for a later round of which nothing is said, whoever has work in it.

    That is an assignment, a mark or a measured number.
    """
    said = {each.round for each in bundle.advancements}
    silent = {each.code for each in bundle.edition.rounds[1:]} - said
    spots = [(each.round, each.submission) for each in bundle.assignments]
    spots += [(each.round, each.submission) for each in bundle.scores if each.points is not None]
    spots += [(each.round, each.submission) for each in bundle.measured]
    implied = dict.fromkeys(spot for spot in spots if spot[0] in silent)
    return (*bundle.advancements, *(BundleAdvancement(*spot) for spot in implied))


def _add_advancements(bundle: Bundle, places: Places, now: datetime) -> None:
    rows = [
        {
            "round_id": places.frame.rounds[each.round],
            "submission_id": places.submissions[each.submission],
            "decided_at": now,
        }
        for each in advancements_of(bundle)
    ]
    insert_rows(Advancement, rows)


def _add_scores(bundle: Bundle, places: Places, now: datetime) -> None:
    """Write assignments, scorecards and the marks on them; a blank mark has no row."""
    assignments = _add_assignments(bundle, places, now)
    scorecards = _add_scorecards(bundle, assignments, now)
    judged = judged_criteria(bundle)
    marks: list[Values] = []
    for each in bundle.scores:
        if each.points is not None and each.criterion in judged[each.round]:
            criterion_id, most = places.frame.criteria[each.round, each.criterion]
            marks.append(
                {
                    "scorecard_id": scorecards[card_of(each)],
                    "criterion_id": criterion_id,
                    "points": each.points,
                    "max_points": most,
                }
            )
    insert_rows(Score, marks)


def _add_assignments(bundle: Bundle, places: Places, now: datetime) -> dict[Card, int]:
    rows: list[Values] = [
        {
            "round_id": places.frame.rounds[each.round],
            "judge_id": places.judges[each.judge],
            "submission_id": places.submissions[each.submission],
            "pinned": each.pinned,
            "created_at": now,
        }
        for each in bundle.assignments
    ]
    return dict(zip(map(card_of, bundle.assignments), insert_ids(Assignment, rows), strict=True))


def _add_scorecards(bundle: Bundle, assignments: Mapping[Card, int], now: datetime) -> dict[Card, int]:
    rows: list[Values] = [
        {
            "assignment_id": assignments[card_of(each)],
            "status": each.status,
            "feedback": each.feedback,
            "private_note": each.private_note,
            "recusal_reason": each.recusal_reason,
            "updated_at": now,
            "submitted_at": now if each.status is ScorecardStatus.SUBMITTED else None,
        }
        for each in bundle.scorecards
    ]
    return dict(zip(map(card_of, bundle.scorecards), insert_ids(Scorecard, rows), strict=True))


def _add_measured(bundle: Bundle, places: Places) -> None:
    """Write the marks of criteria that no judge's paper holds."""
    judged = judged_criteria(bundle)
    rows: list[Values] = []
    for each in bundle.scores:
        if each.points is not None and each.criterion not in judged[each.round]:
            criterion_id, most = places.frame.criteria[each.round, each.criterion]
            rows.append(
                {
                    "criterion_id": criterion_id,
                    "max_points": most,
                    "submission_id": places.submissions[each.submission],
                    "judge_id": places.judges.get(each.judge),
                    "points": each.points,
                    "raw": None,
                }
            )
    for measured in bundle.measured:
        criterion_id, most = places.frame.criteria[measured.round, measured.criterion]
        rows.append(
            {
                "criterion_id": criterion_id,
                "max_points": most,
                "submission_id": places.submissions[measured.submission],
                "judge_id": None,
                "points": None,
                "raw": measured.value,
            }
        )
    insert_rows(MeasuredScore, rows)


def _add_adjustments(bundle: Bundle, places: Places) -> None:
    rows = [
        {
            "round_id": places.frame.rounds[each.round],
            "submission_id": places.submissions[each.submission],
            "points": each.points,
            "reason": each.reason,
            "author": each.author,
        }
        for each in bundle.adjustments
    ]
    insert_rows(Adjustment, rows)


def _add_choices(bundle: Bundle, places: Places, now: datetime) -> None:
    if not bundle.choices:
        return
    found = db.session.execute(select(Award.code, Award.id).where(Award.edition_id == places.frame.edition_id))
    awards = {row.code: row.id for row in found}
    rows = [
        {
            "award_id": awards[each.award],
            "submission_id": places.submissions[each.submission] if each.submission else None,
            "votes": each.votes,
            "reason": each.reason,
            "author": each.author,
            "decided_at": now,
        }
        for each in bundle.choices
    ]
    insert_rows(AwardChoice, rows)


def _add_rulings(bundle: Bundle, places: Places, now: datetime) -> None:
    rows = [
        {
            "round_id": places.frame.rounds[each.round],
            "submission_id": places.submissions[each.submission] if each.submission else None,
            "kind": each.kind,
            "value": each.value,
            "reason": each.reason,
            "author": each.author,
            "decided_at": now,
        }
        for each in bundle.rulings
    ]
    insert_rows(RulingRow, rows)
