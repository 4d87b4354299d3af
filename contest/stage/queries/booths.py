"""Reads about the exhibition: booths, who stands there, what is not right yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from contest.editions.models import Field
from contest.infra.db import db
from contest.stage.booths import Guest, Kind, Side, Spot, guest_key, spot_key
from contest.stage.models.booths import Booth, Exhibition, Exhibitor
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission, Team
from contest.submissions.public_names import PublicNames


@dataclass(frozen=True, slots=True)
class GuestLine:
    """Somebody at the exhibition. `code` and `title` are those of a team's entry; `here` is false for one that left."""

    guest: Guest
    public_id: str
    name: str
    title: str
    field: str
    note: str
    booth_id: int | None
    by_hand: bool
    team_id: int | None = None
    captain_id: int | None = None
    here: bool = True


@dataclass(frozen=True, slots=True)
class BoothLine:
    """A booth and who stands there."""

    spot: Spot
    public_id: str
    size: str
    note: str
    guest: GuestLine | None


@dataclass(frozen=True, slots=True)
class Fair:
    """The exhibition: booths as one walks along them, guests in the order of the rule."""

    released_at: datetime | None
    place: str
    booths: tuple[BoothLine, ...]
    guests: tuple[GuestLine, ...]
    entrance: Side = Side.NONE
    stage: Side = Side.NONE

    def booth_of(self, guest: GuestLine) -> BoothLine | None:
        """Return where a guest stands."""
        return next((one for one in self.booths if one.spot.id == guest.booth_id), None)


def public_fair(fair: Fair, names: PublicNames) -> Fair:
    """Return the exhibition as visitors see it: nobody is named who did not agree to be."""

    def told(one: GuestLine) -> GuestLine:
        if one.team_id is None:
            return one
        if not one.here:  # also when its team waits for a consent
            return replace(one, name="–", title="")
        code = one.guest.code
        return replace(one, name=names.told(code, one.name), title=names.told(code, one.title))

    booths = tuple(replace(one, guest=told(one.guest) if one.guest else None) for one in fair.booths)
    return replace(fair, booths=booths, guests=tuple(map(told, fair.guests)))


def fair_of(edition_id: int) -> Fair:
    """Return the exhibition of an edition, in five queries."""
    head = db.session.get(Exhibition, edition_id)
    guests = guests_of(edition_id)
    at = {one.booth_id: one for one in guests if one.booth_id is not None}
    rows = db.session.scalars(select(Booth).where(Booth.edition_id == edition_id))
    booths = [
        BoothLine(Spot(row.id, row.number, row.zone, row.power), row.public_id, row.size, row.note, at.get(row.id))
        for row in rows
    ]
    return Fair(
        released_at=head.released_at if head else None,
        place=head.place if head else "",
        booths=tuple(sorted(booths, key=lambda one: spot_key(one.spot))),
        guests=guests,
        entrance=head.entrance if head else Side.NONE,
        stage=head.stage if head else Side.NONE,
    )


def guests_of(edition_id: int) -> tuple[GuestLine, ...]:
    """Return everybody at the exhibition in the order of the rule, in three queries."""
    fields = list(db.session.scalars(select(Field).where(Field.edition_id == edition_id).order_by(Field.position)))
    places = {field.id: at for at, field in enumerate(fields)}
    names = {field.id: field.name_vi or field.name_en for field in fields}
    entries = _entries(edition_id)
    rows = db.session.execute(
        select(Exhibitor, Team.name.label("team"), Team.captain_id)
        .outerjoin(Team, Team.id == Exhibitor.team_id)
        .where(Exhibitor.edition_id == edition_id)
    ).all()
    lines = []
    for one, team, captain in rows:
        entry = entries.get(one.team_id) if one.team_id else None
        field = entry.field_id if entry else None
        code = entry.code if entry else team or one.name
        lines.append(
            GuestLine(
                guest=Guest(one.id, one.kind, code, places.get(field) if field else None, one.power),
                public_id=one.public_id,
                name=team or one.name,
                title=entry.title if entry else "",
                field=names.get(field, "") if field else "",
                note=one.note,
                booth_id=one.booth_id,
                by_hand=one.by_hand,
                team_id=one.team_id,
                captain_id=captain,
                here=one.team_id is None or entry is not None,
            )
        )
    return tuple(sorted(lines, key=lambda line: guest_key(line.guest)))


def _entries(edition_id: int) -> dict[int, Submission]:
    """Return the first submitted entry of each team."""
    rows = db.session.scalars(
        select(Submission)
        .where(Submission.edition_id == edition_id, Submission.status == SubmissionStatus.SUBMITTED)
        .order_by(Submission.id.desc())
    )
    return {row.team_id: row for row in rows}


def is_released(edition_id: int) -> bool:
    """Tell whether everybody may see the plan, in one query."""
    return bool(
        db.session.scalar(
            select(func.count()).where(Exhibition.edition_id == edition_id, Exhibition.released_at.is_not(None))
        )
    )


@dataclass(frozen=True, slots=True)
class Remark:
    """What is not right yet: a code, and whom it is about."""

    code: str
    item: str
    booth: str = ""


def remarks_of(fair: Fair) -> tuple[Remark, ...]:
    """Return what somebody should look at: "booth_missing", "booth_no_power", "booth_team_left"."""
    found = []
    for guest in fair.guests:
        booth = fair.booth_of(guest)
        if not guest.here:
            found.append(Remark("booth_team_left", guest.name, booth.spot.number if booth else ""))
        elif booth is None:
            found.append(Remark("booth_missing", guest.name))
        elif guest.guest.power and not booth.spot.power:
            found.append(Remark("booth_no_power", guest.name, booth.spot.number))
    return tuple(found)


def kinds_here(fair: Fair) -> tuple[Kind, ...]:
    """Return which kinds of guests the plan holds, for its key."""
    return tuple(kind for kind in Kind if any(one.guest and one.guest.guest.kind is kind for one in fair.booths))
