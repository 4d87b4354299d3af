"""Titles first: the organiser asks the judges to look at the titles of a round, each judge answers in one go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from contest.editions.facts import RoundFacts
from contest.editions.phases import BEFORE_CLOSE
from contest.editions.queries import round_by_id
from contest.editions.services.rows import edition_row, round_row
from contest.errors import NotFound, RuleBroken
from contest.infra import audit, mail
from contest.infra.db import db
from contest.judging.models import Judge, JudgeBid, TitlesAnswer, TitlesCall
from contest.judging.queries.bids import TitleLine, answers_of, title_lines
from contest.judging.services.conflicts import declare_conflict, withdraw_conflict
from contest.judging.services.reminders import Letter
from contest.judging.states import Party
from contest.judging.titles import TitleWord

NOTHING_SAID = TitleWord()


def open_titles(*, round_id: int, actor_id: int | None, now: datetime) -> None:
    """Show the titles of a round to all judges of the edition; again after a close. Repeating changes nothing.

    Raises `NotFound`, `RuleBroken` "titles_too_late" (`round`), "edition_archived".
    """
    round_ = _coming(round_id)
    row = db.session.get(TitlesCall, round_.id)
    if row is not None and row.closed_at is None:
        return
    if row is None:
        row = TitlesCall(round_id=round_.id)
        db.session.add(row)
    row.opened_at, row.opened_by, row.closed_at = now, actor_id, None
    _trace("titles.opened", round_, actor_id, now)


def close_titles(*, round_id: int, actor_id: int | None, now: datetime) -> None:
    """Take no more answers; what was declared and bid stays. Repeating changes nothing. Raises as `open_titles`."""
    round_ = _coming(round_id)
    row = db.session.get(TitlesCall, round_.id)
    if row is None or row.closed_at is not None:
        return
    row.closed_at = now
    _trace("titles.closed", round_, actor_id, now, answered=len(answers_of(round_.id)))


def answer_titles(
    *, round_id: int, user_id: int, words: Mapping[str, TitleWord], now: datetime
) -> tuple[TitleLine, ...]:
    """Store all that a judge says of the titles of a round, by public id of the submission; return those in conflict.

    A submission without a word keeps what was said before. A declared conflict holds at once, in every round, and ends
    the bid; leaving it out takes the judge's own declaration back. Raises `NotFound` for who is no judge here and for
    submissions that do not take part, `RuleBroken` "titles_closed" (`round`), "conflict_without_reason" (`submission`),
    "edition_archived".
    """
    round_ = _round(round_id)
    edition_row(round_.edition_id)
    judge_id = _judge(round_.edition_id, user_id)
    row = db.session.get(TitlesCall, round_.id)
    if row is None or row.closed_at is not None or round_.state not in BEFORE_CLOSE:
        raise RuleBroken("titles_closed", round=round_.code)
    lines = {line.public_id: line for line in title_lines(round_, judge_id)}
    if words.keys() - lines.keys():
        raise NotFound
    pairs = [(lines[public_id], word) for public_id, word in words.items()]
    for line, word in pairs:
        _declare(round_.edition_id, judge_id, line, word, user_id, now)
    _bid(judge_id, pairs, now)
    _sign(round_.id, judge_id, now)
    barred = tuple(line for line, word in pairs if word.conflict)
    bids = sum(word.bid is not None and not word.conflict for word in words.values())
    _trace("titles.answered", round_, user_id, now, conflicts=len(barred), bids=bids)
    return barred


def _declare(edition_id: int, judge_id: int, line: TitleLine, word: TitleWord, user_id: int, now: datetime) -> None:
    before = line.word
    pair: dict[str, Any] = {"edition_id": edition_id, "judge_id": judge_id, "submission_id": line.id}
    if word.conflict and not word.reason.strip():
        raise RuleBroken("conflict_without_reason", submission=line.code)
    if word.conflict and (word.conflict, word.reason) != (before.conflict, before.reason):
        said: dict[str, Any] = {"kind": word.conflict, "reason": word.reason, "party": Party.JUDGE}
        declare_conflict(**pair, **said, actor_id=user_id, now=now)
    if before.conflict and not word.conflict:
        withdraw_conflict(**pair, party=Party.JUDGE, actor_id=user_id, now=now)


def _bid(judge_id: int, pairs: Collection[tuple[TitleLine, TitleWord]], now: datetime) -> None:
    changed = [(line, word) for line, word in pairs if line.word.bid is not word.bid or word.conflict]
    gone = [line.id for line, _ in changed]
    db.session.execute(delete(JudgeBid).where(JudgeBid.judge_id == judge_id, JudgeBid.submission_id.in_(gone)))
    for line, word in changed:
        if word.bid is not None and not word.conflict:
            db.session.add(JudgeBid(judge_id=judge_id, submission_id=line.id, bid=word.bid, said_at=now))


def _sign(round_id: int, judge_id: int, now: datetime) -> None:
    row = db.session.get(TitlesAnswer, (round_id, judge_id))
    if row is None:
        row = TitlesAnswer(round_id=round_id, judge_id=judge_id)
        db.session.add(row)
    row.answered_at = now


def _judge(edition_id: int, user_id: int) -> int:
    """Take the judge's row, so that two answers of one judge come one after the other."""
    own = select(Judge.id).where(Judge.edition_id == edition_id, Judge.user_id == user_id, Judge.left_at.is_(None))
    found = db.session.scalar(own.with_for_update())
    if found is None:
        raise NotFound
    return found


def remind_of_titles(*, round_id: int, letters: Sequence[Letter], actor_id: int | None, now: datetime) -> None:
    """Put the letters with a recipient into the outbox and record every one. Raises as `open_titles`."""
    round_ = _coming(round_id)
    for letter in letters:
        if letter.recipient:
            mail.enqueue(
                scope=letter.scope, about=f"edition:{round_.edition_id}", recipient=letter.recipient,
                recipient_name=letter.name, subject=letter.subject, body=letter.body, now=now,
            )  # fmt: skip
        by = "mail" if letter.recipient else "hand"
        _trace("titles.reminded", round_, actor_id, now, judge=letter.judge_id, by=by)


def _round(round_id: int) -> RoundFacts:
    round_ = round_by_id(round_id)
    if round_ is None:
        raise NotFound
    return round_


def _coming(round_id: int) -> RoundFacts:
    """Take the round for a change. Raises `RuleBroken` "titles_too_late" once its scoring is over."""
    round_ = _round(round_id)
    edition_row(round_.edition_id)
    round_row(round_id)
    if round_.state not in BEFORE_CLOSE:
        raise RuleBroken("titles_too_late", round=round_.code)
    return round_


def _trace(action: str, round_: RoundFacts, actor_id: int | None, now: datetime, **facts: Any) -> None:
    audit.record(
        at=now, actor_id=actor_id, scope=f"edition:{round_.edition_id}", action=action, subject=f"round:{round_.id}",
        round=round_.code, **facts,
    )  # fmt: skip
