"""Charts as SVG text: drawn once, shown on pages and set into papers.

Every function returns a whole SVG document. Its colours and fonts stand in attributes, so that a paper shows it without
any style sheet; its classes let a page recolour it for the dark theme.
"""

from __future__ import annotations

from contest.infra.charts.bars import BarRow, Column, Mark, bars, columns
from contest.infra.charts.ranges import IntervalRow, PositionRow, StripRow, intervals, positions, strips
from contest.infra.charts.stars import Spoke, radar

__all__ = [
    "BarRow",
    "Column",
    "IntervalRow",
    "Mark",
    "PositionRow",
    "Spoke",
    "StripRow",
    "bars",
    "columns",
    "intervals",
    "positions",
    "radar",
    "strips",
]
