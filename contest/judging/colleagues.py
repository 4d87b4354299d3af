"""Judges of one school or firm on one submission: who they are in a plan, and which seats are barred to part them.

Submissions and judges are positions; pairs are (submission, judge), pairs of judges have the smaller position first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

Pair = tuple[int, int]


def together(pairs: Iterable[Pair], colleagues: Collection[Pair]) -> list[tuple[int, int, int]]:
    """Return every (submission, judge, judge) of a plan in which two colleagues sit on one submission, ascending."""
    if not colleagues:
        return []
    seated: dict[int, set[int]] = defaultdict(set)
    for submission, judge in pairs:
        seated[submission].add(judge)
    return sorted(
        (submission, one, other)
        for submission, judges in seated.items()
        for one, other in colleagues
        if one in judges and other in judges
    )


def barred(
    found: Iterable[tuple[int, int, int]],
    colleagues: Collection[Pair],
    *,
    stays: Callable[[Pair], bool],
    fits: Callable[[Pair], float],
) -> frozenset[Pair]:
    """Return the seats to bar so that of each two colleagues one goes; none where both stay whatever is planned.

    Who stays, else who fits better, keeps the seat; all colleagues of that judge are barred from the submission, so
    that planning again parts them for good.
    """
    friends = _friends(colleagues)
    seats: set[Pair] = set()
    for submission, one, other in found:
        keeps = max((one, other), key=lambda judge: (stays((submission, judge)), fits((submission, judge)), -judge))
        if (submission, keeps) not in seats:
            seats |= {(submission, friend) for friend in friends[keeps] if not stays((submission, friend))}
    return frozenset(seats)


def _friends(colleagues: Iterable[Pair]) -> Mapping[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for one, other in colleagues:
        found[one].add(other)
        found[other].add(one)
    return found
