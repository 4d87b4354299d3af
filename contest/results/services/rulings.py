"""Decisions in writing and the ledger of points: recorded with reason and author, taken back with a reason, kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from contest.accounts.models import User
from contest.editions.facts import RoundFacts
from contest.editions.phases import SETTLED
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db
from contest.judging.queries.rounds import participants
from contest.results.models import Adjustment, RulingRow
from contest.results.ruling_values import check_ruling, place_of, settles
from contest.results.rulings import RulingKind
from contest.results.services.rows import locked_round, trace
from contest.submissions.models import Submission

LARGEST_POINTS = Decimal(1_000_000)


def record_ruling(
    *,
    round_id: int,
    kind: RulingKind,
    reason: str,
    actor_id: int,
    now: datetime,
    submission: str = "",
    value: str = "",
    author: str = "",
) -> int:
    """Record one decision about a submission (its code) or the whole round, and return its id.

    The author is the acting person unless another name is given. Flushes for the id. Raises `NotFound`, `RuleBroken`
    "round_settled", "reason_missing", "submission_not_in_round" (item), "ruling_stands" when one on the same thing is
    in force, and what `check_ruling` raises.
    """
    round_ = open_to_decisions(round_id)
    _require_reason(reason)
    check_ruling(kind, value, about_submission=bool(submission))
    submission_id = _submission_id(round_, submission) if submission else None
    _require_new(round_id, settles(kind, submission, value), submission_id)
    row = RulingRow(
        round_id=round_id,
        submission_id=submission_id,
        kind=kind,
        value=value,
        reason=reason.strip(),
        author=author or name_of(actor_id),
        author_id=actor_id,
        decided_at=now,
    )
    db.session.add(row)
    db.session.flush()  # the id goes into the trace and back to the caller
    facts = {"ruling": row.id, "kind": kind.value, "submission": submission, "value": value, "reason": row.reason}
    trace("ruling.recorded", round_, actor_id=actor_id, now=now, **facts)
    return row.id


def record_order(
    *,
    round_id: int,
    places: Mapping[str, str],
    reason: str,
    actor_id: int,
    now: datetime,
    kind: RulingKind = RulingKind.CHAIR_ORDER,
    author: str = "",
) -> None:
    """Record places (1, 2, …) by code: the chair's order of a tied group, or the ranks that the jury agreed on.

    What stood for the same submissions is revoked with the same reason. Raises what `record_ruling` raises, and
    `RuleBroken` "order_incomplete" when no place is given.
    """
    if not places:
        raise RuleBroken("order_incomplete")
    open_to_decisions(round_id)
    for code in places:
        _replace(round_id, kind, code, reason, actor_id, now)
    for code, place in sorted(places.items(), key=lambda item: place_of(item[1])):
        record_ruling(
            round_id=round_id,
            kind=kind,
            submission=code,
            value=place,
            reason=reason,
            author=author,
            actor_id=actor_id,
            now=now,
        )


def choose_at_line(
    *, round_id: int, chosen: Sequence[str], reason: str, actor_id: int, now: datetime, author: str = ""
) -> None:
    """Record who of those tied at the line advances, by code.

    Raises what `record_ruling` raises, and `RuleBroken` "nobody_chosen".
    """
    if not chosen:
        raise RuleBroken("nobody_chosen")
    for code in chosen:
        record_ruling(
            round_id=round_id,
            kind=RulingKind.ADVANCE,
            submission=code,
            reason=reason,
            author=author,
            actor_id=actor_id,
            now=now,
        )


def _replace(round_id: int, kind: RulingKind, code: str, reason: str, actor_id: int, now: datetime) -> None:
    standing = select(RulingRow).join(Submission, Submission.id == RulingRow.submission_id)
    row = db.session.scalar(
        standing.where(
            RulingRow.round_id == round_id,
            RulingRow.kind == kind,
            RulingRow.revoked_at.is_(None),
            Submission.code == code,
        )
    )
    if row is not None:
        revoke_ruling(round_id=round_id, ruling_id=row.id, reason=reason, actor_id=actor_id, now=now)


def revoke_ruling(*, round_id: int, ruling_id: int, reason: str, actor_id: int, now: datetime) -> None:
    """Take a ruling back; it stays on record. Doing it twice changes nothing.

    Raises `NotFound`, `RuleBroken` "round_settled", "reason_missing".
    """
    round_ = open_to_decisions(round_id)
    _require_reason(reason)
    row = db.session.get(RulingRow, ruling_id)
    if row is None or row.round_id != round_id:
        raise NotFound
    if row.revoked_at is not None:
        return
    row.revoked_at, row.revoked_by, row.revoked_reason = now, actor_id, reason.strip()
    facts = {"ruling": row.id, "kind": row.kind.value, "value": row.value, "reason": row.revoked_reason}
    trace("ruling.revoked", round_, actor_id=actor_id, now=now, **facts)


def add_entry(
    *, round_id: int, submission: str, points: Decimal, reason: str, actor_id: int, now: datetime, author: str = ""
) -> int:
    """Give (above 0) or take (below 0) points on the printed scale, and return the entry's id. Flushes for the id.

    Raises `RuleBroken` "round_settled", "reason_missing", "submission_not_in_round" (item), "points_zero",
    "points_too_many" (limit).
    """
    round_ = open_to_decisions(round_id)
    _require_reason(reason)
    if not points:
        raise RuleBroken("points_zero")
    if abs(points) > LARGEST_POINTS:
        raise RuleBroken("points_too_many", limit=LARGEST_POINTS)
    row = Adjustment(
        round_id=round_id,
        submission_id=_submission_id(round_, submission),
        points=points,
        reason=reason.strip(),
        author=author or name_of(actor_id),
    )
    db.session.add(row)
    db.session.flush()  # the id goes into the trace and back to the caller
    facts = {"entry": row.id, "submission": submission, "points": format(points, "f"), "reason": row.reason}
    trace("ledger.added", round_, actor_id=actor_id, now=now, **facts)
    return row.id


def withdraw_entry(*, round_id: int, entry_id: int, reason: str, actor_id: int, now: datetime) -> None:
    """Take an entry of the ledger back; it stays on record and counts no more. Doing it twice changes nothing.

    Raises `NotFound`, `RuleBroken` "round_settled", "reason_missing".
    """
    round_ = open_to_decisions(round_id)
    _require_reason(reason)
    row = db.session.get(Adjustment, entry_id)
    if row is None or row.round_id != round_id:
        raise NotFound
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = now, actor_id, reason.strip()
    facts = {"entry": row.id, "points": format(row.points, "f"), "reason": row.withdrawn_reason}
    trace("ledger.withdrawn", round_, actor_id=actor_id, now=now, **facts)


def open_to_decisions(round_id: int) -> RoundFacts:
    """Hold the round and return it. Raises `NotFound`, `RuleBroken` "round_settled" once its results are confirmed."""
    round_ = locked_round(round_id)
    if round_.state in SETTLED:
        raise RuleBroken("round_settled", round=round_.code)
    return round_


def name_of(user_id: int) -> str:
    """Return the name of a person as it goes into a record."""
    return db.session.scalar(select(User.name).where(User.id == user_id)) or ""


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken("reason_missing")


def _submission_id(round_: RoundFacts, code: str) -> int:
    found = db.session.scalar(
        select(Submission.id).where(Submission.edition_id == round_.edition_id, Submission.code == code)
    )
    if found is None or found not in participants(round_):
        raise RuleBroken("submission_not_in_round", item=code)
    return found


def _require_new(round_id: int, what: tuple[str, ...], submission_id: int | None) -> None:
    rows = db.session.execute(
        select(RulingRow.kind, RulingRow.value, Submission.code)
        .outerjoin(Submission, Submission.id == RulingRow.submission_id)
        .where(
            RulingRow.round_id == round_id,
            RulingRow.revoked_at.is_(None),
            RulingRow.submission_id.is_(None) if submission_id is None else RulingRow.submission_id == submission_id,
        )
    )
    if any(settles(row.kind, row.code or "", row.value) == what for row in rows):
        raise RuleBroken("ruling_stands")
