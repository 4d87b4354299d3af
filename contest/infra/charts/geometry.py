"""The numbers behind the charts: scales, round ticks, quartiles, points on a circle. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

STEPS = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high` along a line from `start` to `end`; what lies outside is put at the end it passed."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the place of a value; a scale without width puts everything at its middle."""
        if self.high <= self.low:
            return (self.start + self.end) / 2
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + (self.end - self.start) * share


def ticks(low: float, high: float, wanted: int = 5, *, whole: bool = False) -> tuple[float, ...]:
    """Return round numbers from `low` to `high`: steps of 1, 2 or 5 times a power of ten; with `whole` at least 1."""
    if high <= low:
        return (low,)
    rough = (high - low) / max(1, wanted)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(times * power for times in STEPS if times * power >= rough * (1 - 1e-9))
    step = max(1.0, step) if whole else step
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(round(number * step, 10) for number in range(first, last + 1))


def ceiling(value: float) -> float:
    """Return the round number at which an axis that begins at 0 ends: the first tick that is not below the value."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(times * power for times in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if times * power >= value * (1 - 1e-9))


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the lower quartile, median and upper quartile, between neighbours in proportion (Hyndman and Fan's 7)."""
    ordered = sorted(values)

    def quantile(share: float) -> float:
        place = share * (len(ordered) - 1)
        below = math.floor(place)
        above = min(below + 1, len(ordered) - 1)
        # This way round, neighbours that are equal give exactly their own value.
        return ordered[below] + (ordered[above] - ordered[below]) * (place - below)

    return quantile(0.25), quantile(0.5), quantile(0.75)


def spoke(number: int, of: int, radius: float, centre: tuple[float, float]) -> tuple[float, float]:
    """Return a point on a spoke of a star, the first one straight up, the others clockwise."""
    angle = 2 * math.pi * number / of - math.pi / 2
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)


def piled(places: Sequence[float], apart: float, room: float) -> list[float]:
    """Return an offset for each place so that dots that would cover each other stand on both sides of the line.

    `apart`: the least distance of two dots; `room`: the largest offset, beyond which dots do cover each other.
    """
    piles: dict[int, int] = defaultdict(int)
    offsets = []
    for place in places:
        pile = round(place / apart)
        number = piles[pile]
        piles[pile] += 1
        offset = (number + 1) // 2 * apart * (1 if number % 2 else -1)
        offsets.append(min(max(offset, -room), room))
    return offsets
