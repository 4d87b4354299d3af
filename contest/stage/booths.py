"""The plan of the exhibition: which booth is whose, by a rule that can be read aloud.

The rule, in this order: what was placed by hand stays. Sponsors stand at the ends of the rows. Then one goes along the
booths and gives them out: fields stay together in their order, inside a field the teams by code; companies follow, then
experts. Who needs power gets a booth that has it; a booth with power goes to somebody without need only while enough of
them are left for those who need one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from contest.letters import natural_key


class Kind(StrEnum):
    """Who stands at a booth."""

    TEAM = "team"
    COMPANY = "company"
    EXPERT = "expert"
    SPONSOR = "sponsor"


class Unplaced(StrEnum):
    """Why somebody has no booth."""

    NO_BOOTH = "no_booth"
    NO_POWER = "no_power"


@dataclass(frozen=True, slots=True)
class Spot:
    """A booth that can be given: its number, its zone (a row of booths), whether it has power."""

    id: int
    number: str
    zone: str = ""
    power: bool = False


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who needs a booth. `field`: the position of the field, None without one; `code` orders inside it."""

    id: int
    kind: Kind
    code: str
    field: int | None = None
    power: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Booth ids by guest id, and who could not be placed."""

    places: Mapping[int, int]
    unplaced: Mapping[int, Unplaced]


_TURN = {Kind.SPONSOR: 0, Kind.TEAM: 1, Kind.COMPANY: 2, Kind.EXPERT: 3}


def spot_key(spot: Spot) -> tuple[object, ...]:
    """Return by what booths are walked along: zone, then number, 2 before 10."""
    return natural_key(spot.zone), spot.zone, natural_key(spot.number), spot.number


def guest_key(guest: Guest) -> tuple[object, ...]:
    """Return the order in which guests are placed; a team without a field comes behind those with one."""
    return _TURN[guest.kind], guest.field is None, guest.field or 0, natural_key(guest.code)


def ends(spots: Sequence[Spot]) -> frozenset[int]:
    """Return the ids of the booths at the ends of the rows: the first and the last of each zone."""
    found: set[int] = set()
    for _zone, group in groupby(sorted(spots, key=spot_key), key=lambda spot: spot.zone):
        row = list(group)
        found |= {row[0].id, row[-1].id}
    return frozenset(found)


def placed(spots: Sequence[Spot], guests: Sequence[Guest], kept: Mapping[int, int]) -> Plan:
    """Give the free booths to the guests without one. `kept`: booth ids by guest id, placed by hand.

    As many are placed as the booths and the power allow.
    """
    taken = set(kept.values())
    free = [spot for spot in sorted(spots, key=spot_key) if spot.id not in taken]
    line = sorted((guest for guest in guests if guest.id not in kept), key=guest_key)
    places = dict(kept)
    corners = ends(spots)
    for sponsor in [guest for guest in line if guest.kind is Kind.SPONSOR]:
        corner = next((spot for spot in free if spot.id in corners and _fits(spot, sponsor, free, line)), None)
        if corner is not None:
            places[sponsor.id] = corner.id
            free.remove(corner)
            line.remove(sponsor)
    for spot in tuple(free):
        guest = next((one for one in line if _fits(spot, one, free, line)), None)
        if guest is not None:
            places[guest.id] = spot.id
            line.remove(guest)
        free.remove(spot)
    return Plan(places, {one.id: Unplaced.NO_POWER if one.power else Unplaced.NO_BOOTH for one in line})


def _fits(spot: Spot, guest: Guest, free: Sequence[Spot], line: Sequence[Guest]) -> bool:
    """Tell whether a guest may take a booth: power where it is needed, and none wasted while it is scarce."""
    if guest.power:
        return spot.power
    needed, there = sum(one.power for one in line), sum(one.power for one in free)
    return not spot.power or there > needed


@dataclass(frozen=True, slots=True)
class Square:
    """A booth on the map, in millimetres from the upper left corner."""

    id: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Row:
    """The name of a zone on the map, and where it stands."""

    name: str
    y: float
    x: float = 0.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """The map: its size in millimetres, its rows, its booths, the middles of its alleys, what stands at its sides."""

    width: float
    height: float
    rows: tuple[Row, ...]
    squares: tuple[Square, ...]
    alleys: tuple[float, ...] = ()
    marks: tuple[Mark, ...] = ()


class Side(StrEnum):
    """At which side of the map something is, as one sees it on paper."""

    NONE = "none"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Mark:
    """The "entrance" or the "stage" on the map: a box of millimetres at its side."""

    name: str
    side: Side
    x: float
    y: float
    width: float
    height: float


WIDTH, GAP, HEAD, AISLE = 277.0, 3.0, 8.0, 9.0
BAND = 14.0  # what the entrance or the stage takes of the width
MOST_IN_ROW = 10
TALL, LOW, ROOM = 46.0, 24.0, 150.0


def drawn(spots: Sequence[Spot], entrance: Side = Side.NONE, stage: Side = Side.NONE) -> Drawing:
    """Return the map of the booths: zone under zone, at most ten side by side, as wide as landscape A4 allows.

    Two rows face each other along an alley, the next two along the next one. `entrance` and `stage` stand at a side.
    """
    lines = _lines(spots)
    left, right = (BAND if side in (entrance, stage) else 0.0 for side in (Side.LEFT, Side.RIGHT))
    room = WIDTH - left - right
    heads = sum(HEAD for zone, _ in lines if zone)
    height = min(TALL, max(LOW, (ROOM - heads) / max(1, len(lines)) - AISLE))
    broad = (room - GAP * (MOST_IN_ROW - 1)) / MOST_IN_ROW
    broad = max(broad, min(60.0, *(room / len(row) - GAP for _, row in lines))) if lines else broad
    rows, squares, alleys, y = [], [], [], 0.0
    for place, (zone, row) in enumerate(lines):
        if place % 2:
            alleys.append(round(y - AISLE / 2, 2))
        if zone:
            rows.append(Row(zone, round(y + HEAD - 2.5, 2), left))
            y += HEAD
        for at, spot in enumerate(row):
            x = left + at * (broad + GAP)
            squares.append(Square(spot.id, round(x, 2), round(y, 2), round(broad, 2), round(height, 2)))
        y += height + AISLE
    tall = round(max(LOW, y - AISLE) if lines else LOW, 2)
    return Drawing(WIDTH, tall, tuple(rows), tuple(squares), tuple(alleys), _marks(entrance, stage, tall))


def _lines(spots: Sequence[Spot]) -> list[tuple[str | None, list[Spot]]]:
    """Return the booths line by line, each first line of a zone with its name."""
    zones = [(zone, list(group)) for zone, group in groupby(sorted(spots, key=spot_key), key=lambda spot: spot.zone)]
    return [
        (zone if not at else None, row[at : at + _wide(row)])
        for zone, row in zones
        for at in range(0, len(row), _wide(row))
    ]


def _marks(entrance: Side, stage: Side, tall: float) -> tuple[Mark, ...]:
    """Return the marks at their sides; at one side the stage stands above the entrance."""
    both = entrance is stage
    found = []
    for name, side, at in (("stage", stage, 0), ("entrance", entrance, 1)):
        if side is Side.NONE:
            continue
        height = tall / 2 - GAP / 2 if both else tall
        x = 0.0 if side is Side.LEFT else WIDTH - BAND + GAP
        y = at * (tall / 2 + GAP / 2) if both else 0.0
        found.append(Mark(name, side, x, round(y, 2), BAND - GAP, round(height, 2)))
    return tuple(found)


def _wide(row: Sequence[Spot]) -> int:
    """Return how many booths of a zone stand side by side: rows of equal length, none longer than the page is wide."""
    lines = -(-len(row) // MOST_IN_ROW)
    return -(-len(row) // lines)


def wrapped(text: str, width: int, lines: int) -> tuple[str, ...]:
    """Break a name into at most `lines` lines of `width` letters; what does not fit ends in an ellipsis."""
    found: list[str] = []
    rest = text.split()
    while rest and len(found) < lines:
        line = rest.pop(0)
        if len(line) > width:
            line, more = line[:width], line[width:]
            rest.insert(0, more)
        else:
            while rest and len(f"{line} {rest[0]}") <= width:
                line = f"{line} {rest.pop(0)}"
        found.append(line)
    if rest and found:
        found[-1] = found[-1][: width - 1].rstrip() + "…"
    return tuple(found)
