"""A round's way from scoring to public results: close, reopen, confirm, publish. Freezing is in `finalise`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update

from contest.accounts.models import Membership, User
from contest.accounts.roles import Role
from contest.editions import services as editions
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import FROZEN, SETTLED, RoundState, Verb, moved
from contest.errors import NotAllowed, NotFound, RuleBroken
from contest.infra.db import db
from contest.infra.signing import fingerprint
from contest.results.models import Attendance, Closing, Confirmation
from contest.results.preconditions import checks, require
from contest.results.queries import frozen_report, latest_snapshot
from contest.results.queries.books import note_of
from contest.results.queries.lifecycle import council_of, has_chair
from contest.results.report import RoundReport, to_payload
from contest.results.services.rows import following, has_scorecards, locked_round, trace
from contest.results.services.situation import situation_now

Follow = Callable[..., object]
_followers: list[Follow] = []


def after_publication(follow: Follow) -> Follow:
    """Register what happens with a publication, in its unit of work: called with edition, round_id, actor_id, now."""
    _followers.append(follow)
    return follow


def close_round(*, edition: EditionFacts, round_id: int, actor_id: int | None, now: datetime) -> None:
    """End the scoring and note what lies on the table; the numbers stay live until the round is finalised.

    Unfinished scorecards are no obstacle here: they must be accepted in writing before the results are confirmed.
    Raises `RuleBroken` "round_cannot_close".
    """
    del edition
    editions.close_scoring(round_id=round_id, actor_id=actor_id, now=now)
    papers = note_of(locked_round(round_id))
    db.session.add(Closing(round_id=round_id, papers=papers, closed_at=now, closed_by=actor_id))


def reopen_round(*, round_id: int, actor_id: int | None, now: datetime) -> None:
    """Open the scoring of a closed round again; its snapshots stay.

    Raises `RuleBroken` "next_round_started", and what `editions.services.reopen_scoring` raises.
    """
    round_ = locked_round(round_id)
    target = following(round_)
    if target is not None and has_scorecards(target.id) and round_.state is RoundState.CLOSED:
        raise RuleBroken("next_round_started", round=target.code)
    editions.reopen_scoring(round_id=round_id, actor_id=actor_id, now=now)


def confirm_round(*, edition: EditionFacts, round_id: int, actor_id: int, now: datetime) -> None:
    """Confirm the results of a closed round: the chair does, or an organiser where the edition has no chair.

    From here on nothing that moves a number is taken. Raises `NotAllowed` "chair_confirms", `RuleBroken`
    "round_cannot_confirm", or the code of the first precondition that does not hold.
    """
    round_ = locked_round(round_id)
    moved(round_.state, Verb.CONFIRM)
    as_chair = _holds_chair(edition.id, actor_id)
    if not as_chair and has_chair(edition.id):
        raise NotAllowed("chair_confirms")
    situation, report, _written = situation_now(edition, round_)
    require(checks(Verb.CONFIRM, situation))
    db.session.add(
        Confirmation(
            round_id=round_id,
            user_id=actor_id,
            name=db.session.scalar(select(User.name).where(User.id == actor_id)) or "",
            as_chair=as_chair,
            fingerprint=fingerprint(to_payload(report)),
            confirmed_at=now,
        )
    )
    editions.mark_confirmed(round_id=round_id, actor_id=actor_id, now=now, as_chair=int(as_chair))


def _holds_chair(edition_id: int, user_id: int) -> bool:
    held = select(Membership.id).where(
        Membership.edition_id == edition_id, Membership.user_id == user_id, Membership.role == Role.CHAIR
    )
    return db.session.scalar(held) is not None


def unconfirm_round(*, round_id: int, actor_id: int | None, now: datetime, reason: str) -> None:
    """Take the confirmation back, so that rulings and the ledger can change again.

    Raises `RuleBroken` "reason_missing", "round_cannot_unconfirm".
    """
    if not reason.strip():
        raise RuleBroken("reason_missing")
    editions.mark_unconfirmed(round_id=round_id, actor_id=actor_id, now=now, reason=reason)
    revoke_confirmation(round_id=round_id, actor_id=actor_id, now=now, reason=reason)


def revoke_confirmation(*, round_id: int, actor_id: int | None, now: datetime, reason: str) -> None:
    """Mark the confirmation in force, if there is one, as taken back."""
    db.session.execute(
        update(Confirmation)
        .where(Confirmation.round_id == round_id, Confirmation.revoked_at.is_(None))
        .values(revoked_at=now, revoked_by=actor_id, revoked_reason=reason)
    )


def note_attendance(
    *, edition: EditionFacts, round_id: int, present: frozenset[str], actor_id: int | None, now: datetime
) -> int:
    """Note who of the council is there, by public ids of accounts; everybody else is absent. Return how many are.

    Raises `NotFound` for a person who is not on the council, `RuleBroken` "round_settled" once it is confirmed.
    """
    round_ = locked_round(round_id)
    require_unsettled(round_)
    council = council_of(edition.id, round_id)
    if not present <= {seat.person for seat in council}:
        raise NotFound
    rows = {row.user_id: row for row in db.session.scalars(select(Attendance).where(Attendance.round_id == round_id))}
    for seat in council:
        row = rows.get(seat.user_id) or Attendance(round_id=round_id, user_id=seat.user_id)
        row.present, row.noted_at, row.noted_by = seat.person in present, now, actor_id
        db.session.add(row)
    trace("round.attendance_noted", round_, actor_id=actor_id, now=now, present=len(present))
    return len(present)


def require_unsettled(round_: RoundFacts) -> None:
    """Refuse once the results are confirmed. Raises `RuleBroken` "round_settled"."""
    if round_.state in SETTLED:
        raise RuleBroken("round_settled", round=round_.code)


def current_report(edition: EditionFacts, round_: RoundFacts) -> RoundReport:
    """Return the frozen report of a finalised or published round. Raises `RuleBroken` "round_not_finalised"."""
    del edition
    newest = latest_snapshot(round_.id) if round_.state in FROZEN else None
    if newest is None:
        raise RuleBroken("round_not_finalised", round=round_.code)
    return frozen_report(newest.id)


def publish_round(*, edition: EditionFacts, round_id: int, actor_id: int | None, now: datetime) -> None:
    """Open the newest frozen results to the public; repeating changes nothing.

    Raises `RuleBroken` "round_not_finalised".
    """
    round_ = locked_round(round_id)
    if round_.state is RoundState.PUBLISHED:
        return
    newest = latest_snapshot(round_.id) if round_.state in FROZEN else None
    if newest is None:
        raise RuleBroken("round_not_finalised", round=round_.code)
    editions.mark_published(round_id=round_id, version=newest.version, actor_id=actor_id, now=now)
    for follow in _followers:
        follow(edition=edition, round_id=round_id, actor_id=actor_id, now=now)
