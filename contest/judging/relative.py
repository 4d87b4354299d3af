"""Aggregates that compare the judges with each other over a whole round: severity, zscore and ranks.

Where a method may not be used, the plain mean takes its place and a note says why; that is never silent.
"""

from __future__ import annotations

import decimal
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from contest.editions.rules import Aggregate
from contest.judging.calibration import calibrate
from contest.judging.components import components
from contest.judging.numbers import round_half_up

FEWEST_JUDGES = 3
FEWEST_ENTRIES = 6
ROOT_DIGITS = 60
CLEAN_DIGITS = 40
SHOWN_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Panel:
    """The counted totals of a round: per submission (judge, total in 1 / `unit`); `tracks` by submission."""

    totals: tuple[tuple[tuple[int, int], ...], ...]
    unit: int
    tracks: tuple[int | None, ...]

    def by_judge(self) -> dict[int, list[int]]:
        """Return the totals that each judge gave."""
        found: dict[int, list[int]] = defaultdict(list)
        for given in self.totals:
            for judge, total in given:
                found[judge].append(total)
        return found

    def mean(self, position: int) -> Fraction | None:
        """Return the plain mean of one submission, None without a scorecard."""
        given = self.totals[position]
        return Fraction(sum(total for _, total in given), len(given) * self.unit) if given else None

    def means(self, note: str | None) -> Combined:
        """Return the plain means, with the note why."""
        values = tuple(self.mean(position) for position in range(len(self.totals)))
        return Combined(values, tuple(None if value is None else note for value in values))


@dataclass(frozen=True, slots=True)
class Combined:
    """One number per submission, None without a scorecard; `notes` name why the plain mean took the method's place."""

    values: tuple[Fraction | None, ...]
    notes: tuple[str | None, ...]


def combined(aggregate: Aggregate, panel: Panel, top: Fraction) -> Combined:
    """Return what the aggregate makes of the round; `top` is the share 1 of `ranks`. Plain means for the others."""
    if aggregate is Aggregate.RANKS:
        return by_ranks(panel, top)
    if aggregate is Aggregate.ZSCORE:
        return by_zscore(panel)
    return by_severity(panel) if aggregate is Aggregate.SEVERITY else panel.means(None)


def unusable(given: Iterable[Sequence[tuple[int, int]]]) -> str | None:
    """Return why the judges of these entries (each with a total) cannot be compared, None when they can."""
    entries = [{judge for judge, _ in totals} for totals in given if totals]
    judges = set().union(*entries)
    if len(judges) < FEWEST_JUDGES:
        return "too_few_judges_to_compare"
    if len(entries) < FEWEST_ENTRIES:
        return "too_few_entries_to_compare"
    return "all_judged_all" if all(len(seen) == len(judges) for seen in entries) else None


# Ranks


def shares_of(totals: Sequence[int]) -> dict[int, Fraction]:
    """Return the share, 0..1, that each distinct total of one judge is worth: 1 for the best, equal totals share."""
    if len(totals) == 1:
        return {totals[0]: Fraction(1, 2)}
    counts: dict[int, int] = defaultdict(int)
    for total in totals:
        counts[total] += 1
    shares, better = {}, 0
    for total in sorted(counts, reverse=True):
        place = better + Fraction(counts[total] + 1, 2)  # the mean place, from 1
        shares[total] = (len(totals) - place) / (len(totals) - 1)
        better += counts[total]
    return shares


def by_ranks(panel: Panel, top: Fraction) -> Combined:
    """Let each judge's totals only rank the entries this judge saw: the mean share times `top`, exactly."""
    shares = {judge: shares_of(totals) for judge, totals in panel.by_judge().items()}
    values = [
        sum((shares[judge][total] for judge, total in given), Fraction(0)) / len(given) * top if given else None
        for given in panel.totals
    ]
    return Combined(tuple(values), (None,) * len(values))


# Standard scores


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and population standard deviation, at 60 digits."""

    mean: Decimal
    deviation: Decimal

    def standard(self, value: Decimal) -> Decimal:
        """Return how many deviations a value lies above the mean; 0 where all values are equal."""
        return (value - self.mean) / self.deviation if self.deviation else Decimal(0)


def spread_of(totals: Sequence[int], unit: int) -> Spread:
    """Return the spread of totals given in 1 / `unit`."""
    with decimal.localcontext() as context:
        context.prec = ROOT_DIGITS
        count, whole = len(totals), sum(totals)
        squares = count * sum(total * total for total in totals) - whole * whole  # exact; 0 when all are equal
        return Spread(Decimal(whole) / (count * unit), Decimal(squares).sqrt() / (count * unit))


def by_zscore(panel: Panel) -> Combined:
    """Standardise each judge's totals over the entries this judge scored, average, map back to the round's scale."""
    note = unusable(panel.totals)
    if note is not None:
        return panel.means(note)
    judges = {judge: spread_of(totals, panel.unit) for judge, totals in panel.by_judge().items()}
    whole = spread_of([total for given in panel.totals for _, total in given], panel.unit)
    values = tuple(_mapped_back(given, panel.unit, judges, whole) if given else None for given in panel.totals)
    return Combined(values, (None,) * len(values))


def _mapped_back(given: Sequence[tuple[int, int]], unit: int, judges: Mapping[int, Spread], whole: Spread) -> Fraction:
    with decimal.localcontext() as context:
        context.prec = ROOT_DIGITS
        scores = [judges[judge].standard(Decimal(total) / unit) for judge, total in given]
        value = whole.mean + whole.deviation * (sum(scores, Decimal(0)) / len(scores))
    # The last of the 60 digits are noise: cut off, so that numbers equal by algebra are equal here and print alike.
    return Fraction(round_half_up(value, CLEAN_DIGITS))


# Severity


def by_severity(panel: Panel) -> Combined:
    """Take off how strict or kind each judge is, as `calibration.calibrate` estimates it.

    Judges can be compared where they are linked by entries that they share: each linked group is estimated on its own.
    A track whose entries lie in several groups, or in one that gives no estimate, keeps the plain mean.
    """
    group = components(panel.totals)
    answer = panel.means(None)
    values, notes = list(answer.values), list(answer.notes)
    for members in _groups(group).values():
        note = unusable(panel.totals[position] for position in members)
        for position, value in zip(members, () if note else _estimated(panel, members), strict=not note):
            values[position] = value
        for position in members:
            notes[position] = note
    for position in _apart(panel, group):
        values[position], notes[position] = panel.mean(position), "judges_not_linked"
    return Combined(tuple(values), tuple(notes))


def _groups(group: Sequence[int | None]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for position, number in enumerate(group):
        if number is not None:
            found[number].append(position)
    return found


def _apart(panel: Panel, group: Sequence[int | None]) -> list[int]:
    """Return the scored submissions of tracks that fall apart into several groups."""
    seen: dict[int | None, set[int]] = defaultdict(set)
    for track, number in zip(panel.tracks, group, strict=True):
        if number is not None:
            seen[track].add(number)
    return [
        position
        for position, (track, number) in enumerate(zip(panel.tracks, group, strict=True))
        if number is not None and len(seen[track]) > 1
    ]


def _estimated(panel: Panel, members: Sequence[int]) -> list[Fraction]:
    """Return the fair scores of one linked group.

    The estimate works in floats. Each fair score is written with nine digits after the point, which removes their
    noise, and read back as an exact decimal; from there on it is rounded like any other number.
    """
    rows = [
        (place, judge, total / panel.unit)
        for place, position in enumerate(members)
        for judge, total in panel.totals[position]
    ]
    seats = {judge: seat for seat, judge in enumerate(sorted({judge for _, judge, _ in rows}))}
    found = calibrate(
        [place for place, _, _ in rows],
        [seats[judge] for _, judge, _ in rows],
        [total for _, _, total in rows],
        n_submissions=len(members),
        n_judges=len(seats),
    )
    return [Fraction(Decimal(f"{float(shown):.{SHOWN_DIGITS}f}")) for shown in found.shown]
