"""From what the organiser or the audience entered to marks on the scale of a criterion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from contest.editions.measures import Measure
from contest.editions.rules import CriterionSpec, Rubric

Entered = Mapping[str, Sequence[Decimal]]
"""Numbers by criterion."""


@dataclass(frozen=True, slots=True)
class Measurements:
    """What was entered for one submission, by criterion: marks as such, and raw numbers that are to be converted."""

    marks: Entered = field(default_factory=dict)
    raw: Entered = field(default_factory=dict)


def measured_marks(
    rubric: Rubric, tracks: Sequence[int | None], entered: Sequence[Measurements]
) -> tuple[Mapping[str, Fraction], ...]:
    """Return the exact mark of each criterion that judges do not fill, by position and code; absent: not measured.

    Several marks for one criterion are averaged. Raw numbers are converted as the criterion's measure declares, among
    the submissions of the same track.
    """
    found: list[dict[str, Fraction]] = [{} for _ in entered]
    for criterion in rubric.measured:
        for position, one in enumerate(entered):
            if one.marks.get(criterion.code):
                found[position][criterion.code] = _mean(one.marks[criterion.code])
        if criterion.measure is not None:
            for position, mark in _converted(criterion, criterion.measure, tracks, entered).items():
                found[position][criterion.code] = mark
    return tuple(found)


def _mean(numbers: Sequence[Decimal]) -> Fraction:
    return sum(map(Fraction, numbers), Fraction(0)) / len(numbers)


def _converted(
    criterion: CriterionSpec, measure: Measure, tracks: Sequence[int | None], entered: Sequence[Measurements]
) -> dict[int, Fraction]:
    groups: dict[int | None, list[int]] = defaultdict(list)
    for position, track in enumerate(tracks):
        groups[track].append(position)
    low, width = Fraction(criterion.minimum), Fraction(criterion.maximum - criterion.minimum)
    found = {}
    for group in groups.values():
        given = [entered[position].raw.get(criterion.code) for position in group]
        shares = measure.shares([_mean(numbers) if numbers else None for numbers in given])
        found.update({at: low + share * width for at, share in zip(group, shares, strict=True) if share is not None})
    return found
