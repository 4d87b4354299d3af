"""Writes about the exhibition. The database holds what must never break: one booth each, one guest per booth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from contest.editions.facts import RoundFacts
from contest.editions.models import Edition
from contest.editions.phases import EditionState
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.judging.queries.rounds import participants
from contest.letters import fold
from contest.stage.booth_list import BoothRow
from contest.stage.booths import Kind, Side, placed
from contest.stage.models.booths import Booth, Exhibition, Exhibitor
from contest.stage.queries.booths import fair_of, guests_of
from contest.submissions.models import Submission, Team

MOST_GUESTS = 500


def add_booths(*, edition_id: int, rows: Sequence[BoothRow], actor_id: int | None, now: datetime) -> int:
    """Write the booths of a list; one whose number is there already is changed. Return how many are new.

    Who is named stands there, kept by the rule. Raises `NotFound`, `RuleBroken` "edition_archived", "booth_taken"
    (`item`, `other`), "guest_twice" (`item`), "team_unknown" (`item`).
    """
    _hold(edition_id)
    known = {row.number: row for row in db.session.scalars(select(Booth).where(Booth.edition_id == edition_id))}
    new = 0
    for one in rows:
        row = known.get(one.number)
        if row is None:
            row, new = Booth(edition_id=edition_id, number=one.number), new + 1
            db.session.add(row)
        row.zone, row.size, row.power = one.zone, one.size, one.power
        db.session.flush()  # its id, and what was placed by the lines before, are needed
        if one.who:
            _settle(edition_id, row, one)
    _note(edition_id, "booths.listed", actor_id, now, count=len(rows), new=new)
    return new


def _settle(edition_id: int, booth: Booth, row: BoothRow) -> None:
    """Let whom a list names stand at a booth."""
    team = _team_named(edition_id, row.who)
    if row.kind is Kind.TEAM and team is None:
        raise RuleBroken("team_unknown", item=row.who)
    guests = guests_of(edition_id)
    there = next((one for one in guests if one.booth_id == booth.id), None)
    mine = next(
        (one for one in guests if (team and one.team_id == team.id) or (not team and fold(one.name) == fold(row.who))),
        None,
    )
    if there is not None and there is not mine:
        raise RuleBroken("booth_taken", item=booth.number, other=there.name)
    if mine is not None and mine.booth_id not in (None, booth.id) and mine.by_hand:
        raise RuleBroken("guest_twice", item=mine.name)
    held = db.session.get(Exhibitor, mine.guest.id) if mine else None
    if held is None:
        kind = Kind.TEAM if team else row.kind
        held = Exhibitor(edition_id=edition_id, kind=kind, team_id=team.id if team else None)
        held.name = "" if team else row.who
        db.session.add(held)
    held.booth_id, held.by_hand = booth.id, True
    db.session.flush()  # the next line must see it


def _team_named(edition_id: int, who: str) -> Team | None:
    """Return the team of that name or with an entry of that code."""
    wanted = fold(who)
    rows = db.session.execute(
        select(Team, Submission.code)
        .outerjoin(Submission, Submission.team_id == Team.id)
        .where(Team.edition_id == edition_id)
    )
    return next((team for team, code in rows if wanted in (fold(team.name), fold(code or ""))), None)


def remove_booth(*, edition_id: int, booth: str, actor_id: int | None, now: datetime) -> None:
    """Remove a booth; who stood there needs another one. Raises `NotFound`, `RuleBroken` "edition_archived"."""
    _hold(edition_id)
    row = _booth(edition_id, booth)
    db.session.execute(update(Exhibitor).where(Exhibitor.booth_id == row.id).values(booth_id=None, by_hand=False))
    db.session.delete(row)
    _note(edition_id, "booths.removed", actor_id, now, booth=row.number)


def invite_round(*, round_: RoundFacts, actor_id: int | None, now: datetime) -> int:
    """Let every team of a round exhibit that does not yet; return how many came. Raises as `remove_booth`."""
    _hold(round_.edition_id)
    there = select(Exhibitor.team_id).where(Exhibitor.edition_id == round_.edition_id, Exhibitor.team_id.is_not(None))
    teams = db.session.scalars(
        select(Submission.team_id)
        .where(Submission.id.in_(participants(round_)), Submission.team_id.not_in(there))
        .distinct()
    ).all()
    for team_id in teams:
        db.session.add(Exhibitor(edition_id=round_.edition_id, kind=Kind.TEAM, team_id=team_id))
    _note(round_.edition_id, "booths.invited", actor_id, now, round=round_.code, count=len(teams))
    return len(teams)


def add_guest(
    *, edition_id: int, kind: Kind, name: str, power: bool, note: str, actor_id: int | None, now: datetime
) -> None:
    """Let somebody exhibit; a team is named by its name or the code of its entry.

    Raises as `remove_booth`, and `RuleBroken` "team_unknown", "guest_twice" (`item`), "guests_many" (`limit`).
    """
    _hold(edition_id)
    guests = guests_of(edition_id)
    team = _team_named(edition_id, name) if kind is Kind.TEAM else None
    if kind is Kind.TEAM and team is None:
        raise RuleBroken("team_unknown", item=name)
    if any(one.team_id == team.id if team else fold(one.name) == fold(name) for one in guests):
        raise RuleBroken("guest_twice", item=team.name if team else name)
    if len(guests) >= MOST_GUESTS:
        raise RuleBroken("guests_many", limit=MOST_GUESTS)
    named = "" if team else name
    team_id = team.id if team else None
    db.session.add(Exhibitor(edition_id=edition_id, kind=kind, team_id=team_id, name=named, power=power, note=note))
    _note(edition_id, "booths.guest_added", actor_id, now, kind=kind.value, name=team.name if team else name)


def save_guest(
    *, edition_id: int, guest: str, booth: str, power: bool, note: str, actor_id: int | None, now: datetime
) -> None:
    """Place a guest by hand and keep what it needs; an empty `booth` leaves the choice to the rule.

    Raises as `remove_booth`, and `RuleBroken` "booth_taken" (`item`, `other`).
    """
    _hold(edition_id)
    row = _guest(edition_id, guest)
    spot = _booth(edition_id, booth) if booth else None
    if spot is not None:
        other = next((one for one in guests_of(edition_id) if one.booth_id == spot.id and one.guest.id != row.id), None)
        if other is not None:
            raise RuleBroken("booth_taken", item=spot.number, other=other.name)
    before = row.booth_id
    row.booth_id = spot.id if spot else None
    row.by_hand = spot is not None and (row.by_hand or spot.id != before)
    row.power, row.note = power, note
    _note(edition_id, "booths.guest_placed", actor_id, now, guest=guest, booth=spot.number if spot else "", power=power)


def remove_guest(*, edition_id: int, guest: str, actor_id: int | None, now: datetime) -> None:
    """Let somebody no longer exhibit; the booth is free again. Raises as `remove_booth`."""
    _hold(edition_id)
    row = _guest(edition_id, guest)
    db.session.delete(row)
    _note(edition_id, "booths.guest_removed", actor_id, now, guest=guest, name=row.name, team=row.team_id)


def assign(*, edition_id: int, actor_id: int | None, now: datetime) -> int:
    """Place everybody by the rule; who was placed by hand stays. Return how many have no booth. Raises as above."""
    _hold(edition_id)
    fair = fair_of(edition_id)
    kept = {one.guest.id: one.booth_id for one in fair.guests if one.by_hand and one.booth_id is not None}
    here = [one.guest for one in fair.guests if one.here or one.guest.id in kept]
    plan = placed([one.spot for one in fair.booths], here, kept)
    mine = Exhibitor.edition_id == edition_id
    db.session.execute(update(Exhibitor).where(mine, Exhibitor.by_hand.is_(False)).values(booth_id=None))
    for guest_id, booth_id in plan.places.items():
        db.session.execute(update(Exhibitor).where(Exhibitor.id == guest_id).values(booth_id=booth_id))
    _note(edition_id, "booths.assigned", actor_id, now, placed=len(plan.places), unplaced=len(plan.unplaced))
    return len(plan.unplaced)


def release(
    *,
    edition_id: int,
    released: bool,
    place: str,
    actor_id: int | None,
    now: datetime,
    entrance: Side = Side.NONE,
    stage: Side = Side.NONE,
) -> None:
    """Show the plan to everybody, or take it back; `place` says where the exhibition is. Raises as `remove_booth`.

    `entrance` and `stage` are the sides of the map at which these are.
    """
    _hold(edition_id)
    row = db.session.get(Exhibition, edition_id)
    if row is None:
        row = Exhibition(edition_id=edition_id)
        db.session.add(row)
    row.place, row.entrance, row.stage = place, entrance, stage
    row.released_at = (row.released_at or now) if released else None
    _note(
        edition_id,
        "booths.released" if released else "booths.hidden",
        actor_id,
        now,
        place=place,
        entrance=entrance,
        stage=stage,
    )


def _booth(edition_id: int, public_id: str) -> Booth:
    row = db.session.scalar(select(Booth).where(Booth.edition_id == edition_id, Booth.public_id == public_id))
    if row is None:
        raise NotFound
    return row


def _guest(edition_id: int, public_id: str) -> Exhibitor:
    row = db.session.scalar(
        select(Exhibitor).where(Exhibitor.edition_id == edition_id, Exhibitor.public_id == public_id)
    )
    if row is None:
        raise NotFound
    return row


def _hold(edition_id: int) -> None:
    """Hold the edition, so that two desks place one after the other; refuse an archived one."""
    state = db.session.scalar(select(Edition.state).where(Edition.id == edition_id).with_for_update())
    if state is EditionState.ARCHIVED:
        raise RuleBroken("edition_archived")


def _note(edition_id: int, action: str, actor_id: int | None, now: datetime, **facts: object) -> None:
    audit.record(at=now, actor_id=actor_id, scope=f"edition:{edition_id}", action=action, subject="exhibition", **facts)
