"""Appeals: a team asks once per round for a review of its published result, the organisers answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select

from contest.editions.facts import EditionFacts
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db
from contest.results.models import Appeal
from contest.results.queries.appeals import takes_part
from contest.results.reviews import LONGEST_REASON, AppealEffect, AppealWindow, appeal_window, appeals_close
from contest.results.services.corrections import ask_correction, open_correction
from contest.results.services.rows import locked_round, trace


def file_appeal(*, round_id: int, submission_id: int, text: str, actor_id: int | None, now: datetime) -> Appeal:
    """Hand in a team's appeal; who may write for the submission is the view's guard.

    Raises `NotFound` before publication and for a submission that is not in the published results, `RuleBroken`
    "appeals_not_taken", "appeal_too_late" (closed), "appeal_empty", "appeal_twice".
    """
    round_ = locked_round(round_id)
    window = appeal_window(round_.published_at, round_.rules.appeal_days, now)
    if round_.published_version is None or not takes_part(round_, submission_id):
        raise NotFound
    if window is AppealWindow.NONE:
        raise RuleBroken("appeals_not_taken")
    if window is not AppealWindow.OPEN:
        raise RuleBroken("appeal_too_late", closed=appeals_close(round_.published_at, round_.rules.appeal_days))
    if not text.strip():
        raise RuleBroken("appeal_empty")
    if _appeal(round_id, Appeal.submission_id == submission_id) is not None:
        raise RuleBroken("appeal_twice")
    row = Appeal(
        round_id=round_id,
        submission_id=submission_id,
        version=round_.published_version,
        text=text.strip(),
        filed_by=actor_id,
        filed_at=now,
    )
    db.session.add(row)
    trace("appeal.filed", round_, actor_id=actor_id, now=now, submission=submission_id)
    return row


def _appeal(round_id: int, which: ColumnElement[bool]) -> Appeal | None:
    return db.session.scalar(select(Appeal).where(Appeal.round_id == round_id, which))


def answer_appeal(
    *,
    edition: EditionFacts,
    round_id: int,
    public_id: str,
    answer: str,
    effect: AppealEffect,
    actor_id: int | None,
    now: datetime,
) -> Appeal:
    """Answer an appeal once; with the effect "correction" a correction is asked for with the answer as its reason.

    A correction that is under way already serves this appeal, too.

    Raises `NotFound`, `RuleBroken` "answer_missing", "appeal_answered", and what `ask_correction` raises.
    """
    round_ = locked_round(round_id)
    row = _appeal(round_id, Appeal.public_id == public_id)
    if row is None or round_.edition_id != edition.id:
        raise NotFound
    if row.answered_at is not None:
        raise RuleBroken("appeal_answered")
    if not answer.strip():
        raise RuleBroken("answer_missing")
    if effect is AppealEffect.CORRECTION:
        row.correction_id = open_correction(round_id) or _asked(edition, round_id, answer, actor_id, now)
    row.answer, row.effect, row.answered_by, row.answered_at = answer.strip(), effect, actor_id, now
    trace("appeal.answered", round_, actor_id=actor_id, now=now, effect=effect.value)
    return row


def _asked(edition: EditionFacts, round_id: int, answer: str, actor_id: int | None, now: datetime) -> int:
    reason = answer.strip()[:LONGEST_REASON]
    return ask_correction(edition=edition, round_id=round_id, reason=reason, actor_id=actor_id, now=now).id
