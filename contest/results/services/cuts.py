"""Who goes on to the next round, and who follows when one of them leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from contest.editions.facts import EditionFacts
from contest.editions.models import Round
from contest.editions.phases import BEFORE_CLOSE
from contest.errors import RuleBroken
from contest.infra.db import db
from contest.judging.models import Advancement, Assignment
from contest.judging.queries.begun import untouched
from contest.results.advancement import Cut
from contest.results.queries.cuts import cut_of
from contest.results.report import RoundReport
from contest.results.services.rounds import current_report
from contest.results.services.rows import has_scorecards, locked_round, next_round, trace
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission


@dataclass(frozen=True, slots=True)
class Promotion:
    """Codes of those who follow into a round that has begun, of those taken out, and of those gone who stay in it.

    The last have scorecards there: what judges wrote is never deleted.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]


def advance_round(*, edition: EditionFacts, round_id: int, actor_id: int | None, now: datetime) -> int:
    """Let those above the line into the next round and return how many; replaces an earlier decision.

    Those who skip the next round enter the one after it. Places that others brought there stay. Works on the frozen
    numbers. Raises `RuleBroken` "round_not_finalised", "no_next_round", "no_round_to_skip", "next_round_started",
    "line_awaits_chair" (submissions) and what `cut_of` raises.
    """
    round_ = locked_round(round_id)
    report = current_report(edition, round_)
    target = next_round(round_)
    if has_scorecards(target.id):
        raise RuleBroken("next_round_started", round=target.code)
    cut = cut_of(edition.id, round_, report)
    _require_settled(cut, report)
    direct = _codes(report, cut.direct)
    beyond = _beyond(target)
    if direct and beyond is None:
        raise RuleBroken("no_round_to_skip", round=target.code)
    ids = _ids(edition.id, report)
    codes = _codes(report, cut.advancing)
    _set_places(target.id, ids, [code for code in codes if code not in direct], now)
    if beyond is not None and not has_scorecards(beyond.id):
        _set_places(beyond.id, ids, direct, now)
    trace("round.advanced", round_, actor_id=actor_id, now=now, into=target.code, submissions=codes, direct=direct)
    return len(codes)


def promote_next(*, edition: EditionFacts, round_id: int, actor_id: int | None, now: datetime) -> Promotion:
    """Let the next ones follow into a round that has begun, for those who were withdrawn or disqualified since.

    Only the promoted are added; one who left is taken out unless judges have begun a paper there. Where nobody left
    nothing changes.
    Raises `RuleBroken` "round_not_finalised", "no_next_round", "line_awaits_chair" (submissions),
    "round_settled" once the scoring of the next round is closed.
    """
    round_ = locked_round(round_id)
    report = current_report(edition, round_)
    target = next_round(round_)
    if target.state not in BEFORE_CLOSE:
        raise RuleBroken("round_settled", round=target.code)
    cut = cut_of(edition.id, round_, report)
    _require_settled(cut, report)
    ids = _ids(edition.id, report)
    there = _present(target.id)
    gone = {code for code, status in _statuses(edition.id).items() if status is not SubmissionStatus.SUBMITTED}
    left = [code for code in ids if code in gone and ids[code] in there]
    kept = [code for code in left if ids[code] in _scored(target.id)]
    removed = [code for code in left if code not in kept]
    skip = set(cut.direct)
    wanted = _codes(report, [place for place in cut.advancing if place not in skip])
    added = [code for code in wanted if ids[code] not in there]
    if not added and not removed:
        return Promotion((), (), tuple(kept))
    out = [ids[code] for code in removed]
    _take_out(target.id, out)
    db.session.execute(delete(Assignment).where(Assignment.round_id == target.id, Assignment.submission_id.in_(out)))
    _add(target.id, [ids[code] for code in added], now)
    trace("round.promoted", round_, actor_id=actor_id, now=now, into=target.code, added=added, removed=removed)
    return Promotion(tuple(added), tuple(removed), tuple(kept))


def _require_settled(cut: Cut, report: RoundReport) -> None:
    tied = [place for tie in cut.tied_at_line if tie.awaits for place in tie.submissions]
    if tied:
        raise RuleBroken("line_awaits_chair", submissions=_codes(report, tied))


def _codes(report: RoundReport, places: Iterable[int]) -> list[str]:
    return [report.lines[place].entrant.code for place in places]


def _ids(edition_id: int, report: RoundReport) -> dict[str, int]:
    """Return the row ids of the report's submissions by code, in the order of the report."""
    codes = [line.entrant.code for line in report.lines]
    rows = db.session.execute(
        select(Submission.code, Submission.id).where(Submission.edition_id == edition_id, Submission.code.in_(codes))
    ).all()
    found = {row.code: row.id for row in rows}
    return {code: found[code] for code in codes if code in found}


def _statuses(edition_id: int) -> dict[str, SubmissionStatus]:
    rows = db.session.execute(select(Submission.code, Submission.status).where(Submission.edition_id == edition_id))
    return {row.code: row.status for row in rows}


def _beyond(target: Round) -> Round | None:
    return db.session.scalar(
        select(Round)
        .where(Round.edition_id == target.edition_id, Round.position > target.position)
        .order_by(Round.position)
        .limit(1)
    )


def _present(round_id: int) -> set[int]:
    return set(db.session.scalars(select(Advancement.submission_id).where(Advancement.round_id == round_id)))


def _scored(round_id: int) -> set[int]:
    begun = select(Assignment.submission_id).where(Assignment.round_id == round_id, ~untouched())
    return set(db.session.scalars(begun))


def _set_places(round_id: int, ids: Mapping[str, int], codes: Collection[str], now: datetime) -> None:
    """Put these of the report's submissions into a round that nobody has scored, and the others out of it."""
    wanted = [ids[code] for code in codes]
    _take_out(round_id, ids.values())
    keep = [*_present(round_id), *wanted]
    db.session.execute(delete(Assignment).where(Assignment.round_id == round_id, Assignment.submission_id.not_in(keep)))
    _add(round_id, wanted, now)


def _take_out(round_id: int, ids: Collection[int]) -> None:
    db.session.execute(delete(Advancement).where(Advancement.round_id == round_id, Advancement.submission_id.in_(ids)))


def _add(round_id: int, ids: Iterable[int], now: datetime) -> None:
    db.session.add_all(Advancement(round_id=round_id, submission_id=one, decided_at=now) for one in ids)
