"""A judge's own marks in one view: the order they make, how much of each scale they use, and which totals are tied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from contest.editions.rules import CriterionSpec
from contest.judging.marks import running_total
from contest.judging.numbers import round_half_up
from contest.judging.papers import WITHOUT_MARKS, DeskRow, Sheet

PLACES = 2


@dataclass(frozen=True, slots=True)
class OwnPaper:
    """One of the judge's papers with its points in the order of the sheet; None is a blank."""

    row: DeskRow
    points: tuple[int | None, ...]

    @property
    def complete(self) -> bool:
        """Tell whether every mark is given on a paper that counts."""
        return None not in self.points and self.row.state not in WITHOUT_MARKS


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A paper with its total so far, and its rank among the complete ones (1-2-2-4); `tied` shares it with another."""

    paper: OwnPaper
    total: Decimal | None
    rank: int | None
    tied: bool


@dataclass(frozen=True, slots=True)
class OwnSpread:
    """How the judge uses one scale: how many marks, the lowest, the mean (two places, half up) and the highest."""

    criterion: CriterionSpec
    count: int
    low: Decimal | None
    mean: Decimal | None
    high: Decimal | None

    @property
    def flat(self) -> bool:
        """Tell whether several marks are all the same."""
        return self.count > 1 and self.low == self.high


@dataclass(frozen=True, slots=True)
class OwnMarks:
    """The whole view: ranked papers first, then those without a rank in reading order; `ties` as groups of codes."""

    lines: tuple[OwnLine, ...]
    spreads: tuple[OwnSpread, ...]
    ties: tuple[tuple[str, ...], ...]


def compare(sheet: Sheet, papers: Sequence[OwnPaper]) -> OwnMarks:
    """Compare the papers of one judge in one round, given in reading order."""
    totals = [running_total(sheet, paper.points) for paper in papers]
    ranked = [total for paper, total in zip(papers, totals, strict=True) if paper.complete and total is not None]
    counts = Counter(ranked)
    lines = [_line(paper, total, ranked, counts) for paper, total in zip(papers, totals, strict=True)]
    lines.sort(key=lambda line: (line.rank is None, line.rank or 0))
    counted = [paper for paper in papers if paper.row.state not in WITHOUT_MARKS]
    return OwnMarks(
        lines=tuple(lines),
        spreads=tuple(_spread(c, [p.points[at] for p in counted]) for at, c in enumerate(sheet.criteria)),
        ties=_ties(lines),
    )


def _line(paper: OwnPaper, total: Decimal | None, ranked: Sequence[Decimal], counts: Counter[Decimal]) -> OwnLine:
    if not paper.complete or total is None:
        return OwnLine(paper, total, None, tied=False)
    rank = 1 + sum(other > total for other in ranked)
    return OwnLine(paper, total, rank, tied=counts[total] > 1)


def _ties(lines: Sequence[OwnLine]) -> tuple[tuple[str, ...], ...]:
    ranks = sorted({line.rank for line in lines if line.tied and line.rank is not None})
    return tuple(tuple(line.paper.row.code for line in lines if line.rank == rank) for rank in ranks)


def _spread(criterion: CriterionSpec, points: Sequence[int | None]) -> OwnSpread:
    given = [criterion.value_of(one) for one in points if one is not None]
    if not given:
        return OwnSpread(criterion, 0, None, None, None)
    mean = round_half_up(Fraction(sum(given, Decimal(0))) / len(given), PLACES)
    return OwnSpread(criterion, len(given), min(given), mean, max(given))
