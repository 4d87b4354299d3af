"""Reminding judges: who is due, and the record of it. Texts and links are made at the edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contest.editions.facts import RoundFacts
from contest.editions.phases import RoundState
from contest.editions.queries import round_by_id
from contest.editions.services.rows import edition_row
from contest.errors import NotFound, RuleBroken
from contest.infra import audit, mail
from contest.judging.queries.progress import REMINDED, JudgeProgress, progress_of

PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Letter:
    """A reminder to one judge. Without a `recipient` the organiser hands the text over; `scope` files the mail."""

    judge_id: int
    name: str
    recipient: str
    subject: str
    body: str
    scope: str


def due_for_reminder(*, round_id: int, judge_id: int | None, now: datetime) -> tuple[JudgeProgress, ...]:
    """Return one judge, or all, with scorecards still open who were not reminded in the last ten minutes.

    Raises `RuleBroken` "round_not_scoring", "nothing_to_remind", "reminded_just_now" (`time`), "edition_archived", and
    `NotFound` for a judge of another edition.
    """
    round_ = _scoring_round(round_id)
    judges = [one for one in progress_of(round_).judges if judge_id in (None, one.judge.id)]
    if judge_id is not None and not judges:
        raise NotFound
    waiting = [one for one in judges if one.tally.open]
    if not waiting:
        raise RuleBroken("nothing_to_remind")
    due = [one for one in waiting if one.reminded is None or one.reminded.last <= now - PAUSE]
    if not due:
        raise RuleBroken("reminded_just_now", time=max(one.reminded.last for one in waiting if one.reminded))
    return tuple(due)


def remind(*, round_id: int, letters: Sequence[Letter], actor_id: int | None, now: datetime) -> None:
    """Put the letters with a recipient into the outbox and record every one. Raises as `due_for_reminder`."""
    round_ = _scoring_round(round_id)
    for letter in letters:
        if letter.recipient:
            mail.enqueue(
                scope=letter.scope,
                about=f"edition:{round_.edition_id}",
                recipient=letter.recipient,
                recipient_name=letter.name,
                subject=letter.subject,
                body=letter.body,
                now=now,
            )
        audit.record(
            at=now,
            actor_id=actor_id,
            scope=f"edition:{round_.edition_id}",
            action=REMINDED,
            subject=f"judge:{letter.judge_id}",
            round=round_.code,
            by="mail" if letter.recipient else "hand",
        )


def _scoring_round(round_id: int) -> RoundFacts:
    round_ = round_by_id(round_id)
    if round_ is None:
        raise NotFound
    edition_row(round_.edition_id)
    if round_.state is not RoundState.SCORING:
        raise RuleBroken("round_not_scoring", round=round_.code)
    return round_
