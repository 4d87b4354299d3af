"""Plots as numbers for SVG: places along the width in per cent, so that a phone shrinks no text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contest.web.formats import decimal_text

PAD, SPAN = 4.0, 92.0  # per cent of the width: what stands at the ends has room for its label
WANTED_TICKS = 5


@dataclass(frozen=True, slots=True)
class Bar:
    # One row as numbers: an interval, a dot in it, and a hollow ring for comparison.
    label: str
    words: str
    low: float
    high: float
    dot: float
    ring: float | None = None


@dataclass(frozen=True, slots=True)
class PlotRow:
    # One row as places along the width.
    label: str
    words: str
    low: str
    high: str
    dot: str
    ring: str


@dataclass(frozen=True, slots=True)
class Tick:
    # A line across the plot.
    at: str
    label: str
    zero: bool


@dataclass(frozen=True, slots=True)
class Plot:
    # What the macro `plot` draws.
    rows: list[PlotRow]
    ticks: list[Tick]


def plot(bars: Sequence[Bar], *, zero: bool = False, like: Sequence[Bar] = ()) -> Plot:
    """Return the bars on a scale that holds all of them and of `like`; with `zero` it holds 0 as well."""
    ends = [value for bar in (*bars, *like) for value in _values(bar)] + ([0.0] if zero else [])
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    scale = _Scale(low, (high - low) or 1.0)
    rows = [
        PlotRow(
            bar.label,
            bar.words,
            scale.at(bar.low),
            scale.at(bar.high),
            scale.at(bar.dot),
            "" if bar.ring is None else scale.at(bar.ring),
        )
        for bar in bars
    ]
    return Plot(rows, list(scale.ticks()))


def _values(bar: Bar) -> Iterable[float]:
    return (bar.low, bar.high, bar.dot) if bar.ring is None else (bar.low, bar.high, bar.dot, bar.ring)


class _Scale:
    """Values from `low` on, `width` of them, along the width of the plot."""

    def __init__(self, low: float, width: float) -> None:
        self.low, self.width = low, width

    def at(self, value: float) -> str:
        return f"{PAD + SPAN * (value - self.low) / self.width:.2f}%"

    def ticks(self) -> Iterable[Tick]:
        """Yield marks at round numbers: steps of 1, 2 or 5 times a power of ten."""
        rough = self.width / WANTED_TICKS
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(times * power for times in (1, 2, 5, 10) if times * power >= rough * (1 - 1e-9))
        places = max(0, -math.floor(math.log10(step) + 1e-9))
        for number in range(math.ceil(self.low / step - 1e-9), math.floor((self.low + self.width) / step + 1e-9) + 1):
            yield Tick(self.at(number * step), decimal_text(f"{number * step:.{places}f}"), zero=number == 0)
