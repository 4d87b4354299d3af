"""Letters to the teams: drafting from what judges wrote, screening with a trace, releasing, telling the teams."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Select, String, cast, select, update

from contest.editions.facts import RoundFacts
from contest.editions.phases import BEFORE_CLOSE
from contest.errors import NotFound, RuleBroken
from contest.feedback.models import FeedbackComment, FeedbackDecision, FeedbackLetter, FeedbackRound
from contest.feedback.queries.sources import Source, known_of, sources_of
from contest.feedback.queries.teams import Addressee, unmailed
from contest.feedback.screening import Screen
from contest.feedback.states import Act, CommentState, Languages, screened
from contest.infra import mail
from contest.infra.db import db
from contest.judging.queries.rounds import participants
from contest.results.services.rows import locked_round, trace

LONGEST_COMMENT = 10_000
LONGEST_REASON = 500
Write = Callable[[Addressee], tuple[str, str]]
"""Makes the subject and the body of a mail, in the language of the one who reads it."""


def prepare_letters(
    *, round_id: int, languages: Languages, with_place: bool, actor_id: int | None, now: datetime
) -> int:
    """Draft a letter for every entry of a closed round; return how many comments wait to be read.

    Repeated, it adds what is new, and renews comments that their judges have changed: those wait again. Letters that
    are released stay as they are. Raises `RuleBroken` "letters_too_early" while judges still write.
    """
    round_ = locked_round(round_id)
    if round_.state in BEFORE_CLOSE:
        raise RuleBroken("letters_too_early", round=round_.code)
    row = db.session.get(FeedbackRound, round_id) or FeedbackRound(round_id=round_id)
    row.languages, row.with_place, row.prepared_at, row.prepared_by = languages, with_place, now, actor_id
    db.session.add(row)
    letters = _letters(round_)
    _draft(round_, letters, actor_id, now)
    db.session.flush()  # the new comments are counted
    waiting = len(db.session.scalars(_waiting(round_id)).all())
    trace("letters.prepared", round_, actor_id=actor_id, now=now, letters=len(letters), waiting=waiting)
    return waiting


def _letters(round_: RoundFacts) -> dict[int, FeedbackLetter]:
    """Return the letters of the round by submission id, new ones for entries that have none."""
    found = {one.submission_id: one for one in db.session.scalars(_of_round(round_.id))}
    for submission_id in participants(round_):
        if submission_id not in found:
            letter = FeedbackLetter(round_id=round_.id, submission_id=submission_id, seed=secrets.token_hex(16))
            db.session.add(letter)
            found[submission_id] = letter
    db.session.flush()  # comments need the ids
    return found


def _draft(round_: RoundFacts, letters: dict[int, FeedbackLetter], actor_id: int | None, now: datetime) -> None:
    held = {(one.letter_id, one.source_id): one for one in db.session.scalars(_comments(round_.id))}
    screen, seen = Screen(known_of(round_)), set[int]()
    for source in sources_of(round_):
        letter = letters[source.submission_id]
        if letter.released_at is not None:
            continue
        comment = held.get((letter.id, source.id))
        if comment is None:
            comment = FeedbackComment(letter_id=letter.id, source_id=source.id, version=1)
            _take(comment, source, screen)
            db.session.add(comment)
        elif comment.original != source.text:
            _take(comment, source, screen)
            comment.version += 1
            _note(comment, Act.RENEWED, "", actor_id, now)
        elif comment.state is CommentState.WAITING:
            comment.flags = _flags(screen, source)
        seen.add(source.id)
    released = {one.id for one in letters.values() if one.released_at is not None}
    _drop(held.values(), seen, released, actor_id, now)


def _drop(
    held: Iterable[FeedbackComment], seen: set[int], released: set[int], actor_id: int | None, now: datetime
) -> None:
    """Leave out what stands on no scorecard that counts any more: withdrawn, set aside, or emptied by its judge."""
    for comment in held:
        gone = comment.source_id not in seen and comment.letter_id not in released
        if gone and comment.state is not CommentState.LEFT_OUT:
            comment.state, comment.version = CommentState.LEFT_OUT, comment.version + 1
            _note(comment, Act.WITHDRAWN, "", actor_id, now)


def _take(comment: FeedbackComment, source: Source, screen: Screen) -> None:
    comment.original = comment.text = source.text
    comment.state = CommentState.WAITING
    comment.flags = _flags(screen, source)


def _flags(screen: Screen, source: Source) -> list[list[str]]:
    return [[flag.kind.value, flag.words] for flag in screen.flags(source.text, own=source.code)]


def _of_round(round_id: int) -> Select[FeedbackLetter]:
    return select(FeedbackLetter).where(FeedbackLetter.round_id == round_id).order_by(FeedbackLetter.id)


def _comments(round_id: int) -> Select[FeedbackComment]:
    return (
        select(FeedbackComment)
        .join(FeedbackLetter, FeedbackLetter.id == FeedbackComment.letter_id)
        .where(FeedbackLetter.round_id == round_id)
        .order_by(FeedbackComment.id)
    )


def _waiting(round_id: int) -> Select[FeedbackComment]:
    unreleased = FeedbackLetter.released_at.is_(None)
    return _comments(round_id).where(FeedbackComment.state == CommentState.WAITING, unreleased)


def _note(comment: FeedbackComment, act: Act, reason: str, actor_id: int | None, now: datetime) -> None:
    db.session.add(
        FeedbackDecision(comment_id=comment.id, act=act, text=comment.text, reason=reason, actor_id=actor_id, at=now)
    )


def _letter(round_id: int, public_id: str) -> FeedbackLetter:
    found = db.session.scalar(_of_round(round_id).where(FeedbackLetter.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def screen_comment(
    *, round_id: int, comment: str, act: Act, text: str, reason: str, version: int, actor_id: int | None, now: datetime
) -> CommentState:
    """Approve a comment, send on another wording of it, or leave it out with a reason; the original stays.

    Raises `NotFound`, `RuleBroken` "letter_released", "comment_changed" when `version` is not the one that stands,
    "comment_empty", "reason_missing".
    """
    round_ = locked_round(round_id)
    row = db.session.scalar(_comments(round_id).where(FeedbackComment.public_id == comment))
    if row is None:
        raise NotFound
    if db.session.get_one(FeedbackLetter, row.letter_id).released_at is not None:
        raise RuleBroken("letter_released")
    if row.version != version:
        raise RuleBroken("comment_changed")
    if act is Act.LEFT_OUT and not reason.strip():
        raise RuleBroken("reason_missing")
    if act is Act.EDITED and not text.strip():
        raise RuleBroken("comment_empty")
    wording = text.strip() if act is Act.EDITED else row.original
    if act is Act.EDITED and wording == row.original:
        act = Act.APPROVED
    row.text, row.state, row.version = wording, CommentState(act.value), row.version + 1
    _note(row, act, reason.strip(), actor_id, now)
    trace("letters.screened", round_, actor_id=actor_id, now=now, comment=comment, act=act.value)
    return row.state


def approve_unflagged(*, round_id: int, actor_id: int | None, now: datetime) -> int:
    """Approve every waiting comment in which nothing stands out; return how many. Each keeps its own trace."""
    round_ = locked_round(round_id)
    plain = db.session.scalars(_waiting(round_id).where(cast(FeedbackComment.flags, String) == "[]")).all()
    for row in plain:
        row.state, row.version = CommentState.APPROVED, row.version + 1
        _note(row, Act.APPROVED, "", actor_id, now)
    trace("letters.unflagged_approved", round_, actor_id=actor_id, now=now, comments=len(plain))
    return len(plain)


def release_letter(*, round_id: int, letter: str, actor_id: int | None, now: datetime) -> None:
    """Release one letter: the team reads it as soon as the round is published. Repeating changes nothing.

    Raises `NotFound`, `RuleBroken` "letter_not_screened".
    """
    round_, row = locked_round(round_id), _letter(round_id, letter)
    if not screened(db.session.scalars(select(FeedbackComment.state).where(FeedbackComment.letter_id == row.id))):
        raise RuleBroken("letter_not_screened")
    if row.released_at is None:
        row.released_at, row.released_by = now, actor_id
        trace("letters.released", round_, actor_id=actor_id, now=now, letter=letter)


def release_screened(*, round_id: int, actor_id: int | None, now: datetime) -> int:
    """Release every letter in which nothing waits; return how many."""
    round_ = locked_round(round_id)
    unread = select(FeedbackComment.letter_id).where(FeedbackComment.state == CommentState.WAITING)
    ready = _of_round(round_id).where(FeedbackLetter.released_at.is_(None), FeedbackLetter.id.not_in(unread))
    rows = db.session.scalars(ready).all()
    for row in rows:
        row.released_at, row.released_by = now, actor_id
    trace("letters.all_released", round_, actor_id=actor_id, now=now, letters=len(rows))
    return len(rows)


def hold_letter(*, round_id: int, letter: str, actor_id: int | None, now: datetime) -> None:
    """Take the release of a letter back, as long as no team can have read it.

    Raises `NotFound`, `RuleBroken` "letter_is_out" once the round is published.
    """
    round_, row = locked_round(round_id), _letter(round_id, letter)
    if round_.published_version is not None:
        raise RuleBroken("letter_is_out")
    if row.released_at is not None:
        row.released_at = row.released_by = None
        trace("letters.held", round_, actor_id=actor_id, now=now, letter=letter)


def tell_teams(*, round_id: int, write: Write, actor_id: int | None, now: datetime) -> int:
    """Put one mail per released letter of a published round into the outbox, each only once; return how many."""
    round_ = locked_round(round_id)
    if round_.published_version is None:
        return 0
    told = 0
    for one in tuple(unmailed(round_id)):
        subject, body = write(one)
        mail.enqueue(
            scope=f"edition:{round_.edition_id}",
            recipient=one.address,
            recipient_name=one.name,
            subject=subject,
            body=body,
            now=now,
        )
        db.session.execute(update(FeedbackLetter).where(FeedbackLetter.id == one.letter_id).values(mailed_at=now))
        told += 1
    if told:
        trace("letters.mailed", round_, actor_id=actor_id, now=now, letters=told)
    return told


def answer_letter(*, round_id: int, submission_id: int, helpful: bool, actor_id: int | None, now: datetime) -> None:
    """Keep whether the team found its letter helpful, once.

    Raises `NotFound` while the team cannot read it, `RuleBroken` "letter_answered".
    """
    round_ = locked_round(round_id)
    row = db.session.scalar(_of_round(round_id).where(FeedbackLetter.submission_id == submission_id))
    if row is None or row.released_at is None or round_.published_version is None:
        raise NotFound
    if row.helpful is not None:
        raise RuleBroken("letter_answered")
    row.helpful, row.answered_at = helpful, now
    trace("letters.answered", round_, actor_id=actor_id, now=now, letter=row.public_id, helpful=helpful)
