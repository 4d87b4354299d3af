"""Where a team stands on each criterion, told so that no other team's value can be read off. Pure.

The field is everybody who is ranked beside the team: those of its track with a result. Its quartiles are mixed of two
teams and more each, and rounded to a twentieth of the scale; below four teams nothing is said of the field.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contest.editions.rules import LocalText
from contest.results.report import Line, RoundReport

FEWEST_TEAMS = 4
PARTS = 20  # of the scale, to which the quartiles of the field are rounded
Quartiles = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Position:
    """A criterion of the rubric: the team's printed mean as text, and the field's quartiles, none when not shown."""

    code: str
    name: LocalText
    minimum: str
    maximum: str
    own: str | None
    field: Quartiles | None

    @property
    def low(self) -> float:
        """Return the lower end of the scale."""
        return float(self.minimum)

    @property
    def high(self) -> float:
        """Return the upper end of the scale."""
        return float(self.maximum)

    @property
    def share(self) -> float | None:
        """Return the own value as a share of the scale, from 0 to 1."""
        return None if self.own is None else self.share_of(float(self.own))

    @property
    def median_share(self) -> float | None:
        """Return the field's median as a share of the scale."""
        return None if self.field is None else self.share_of(self.field[1])

    def share_of(self, value: float) -> float:
        """Return a value as a share of the scale; one without width has everything at its lower end."""
        return (value - self.low) / (self.high - self.low) if self.high > self.low else 0.0


def line_of(report: RoundReport, code: str) -> Line | None:
    """Return the line of an entry, none when it is not in the round."""
    return next((line for line in report.lines if line.entrant.code == code), None)


def positions(report: RoundReport, line: Line) -> tuple[Position, ...]:
    """Return the team's place on every criterion, in the order of the rubric."""
    field = field_of(report, line)
    return tuple(
        Position(
            code=criterion.code,
            name=criterion.name,
            minimum=criterion.minimum,
            maximum=criterion.maximum,
            own=_value(line, place),
            field=_quartiles((_value(one, place) for one in field), float(criterion.minimum), float(criterion.maximum)),
        )
        for place, criterion in enumerate(report.rubric)
    )


def field_of(report: RoundReport, line: Line) -> tuple[Line, ...]:
    """Return those ranked beside the team, with itself when it is ranked."""
    return tuple(one for one in report.lines if one.entrant.track == line.entrant.track and one.rank is not None)


def _value(line: Line, place: int) -> str | None:
    return line.criteria[place] if place < len(line.criteria) else None


def _quartiles(texts: Iterable[str | None], low: float, high: float) -> Quartiles | None:
    values = sorted(float(text) for text in texts if text is not None)
    if len(values) < FEWEST_TEAMS:
        return None
    step = (high - low) / PARTS
    first, middle, last = (_rounded(mixed(values, share), low, step) for share in (0.25, 0.5, 0.75))
    return first, middle, last


def mixed(ordered: Sequence[float], share: float) -> float:
    """Return a quantile made of two teams and more: of a team on the very place, the mean with its neighbours."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    if math.isclose(place, below):
        around = ordered[max(0, below - 1) : below + 2]
        return math.fsum(around) / len(around)
    return ordered[below] + (ordered[below + 1] - ordered[below]) * (place - below)


def _rounded(value: float, low: float, step: float) -> float:
    return value if step <= 0 else low + math.floor((value - low) / step + 0.5) * step


def shuffled(seed: str, keys: Iterable[str]) -> tuple[str, ...]:
    """Return the keys in an order that the seed draws; another key moves none of the others past each other."""
    return tuple(sorted(keys, key=lambda key: hashlib.sha256(f"{seed}\x00{key}".encode()).hexdigest()))
