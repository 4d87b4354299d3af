"""Which entries are linked by judges that they share."""

from __future__ import annotations

from collections.abc import Sequence


def components(totals: Sequence[Sequence[tuple[int, int]]]) -> tuple[int | None, ...]:
    """Return the number of the linked group of each submission, from (judge, …) pairs; None without a judge.

    Groups are numbered in the order of their first submission.
    """
    parent: dict[int, int] = {}

    def root(judge: int) -> int:
        while parent[judge] != judge:
            parent[judge] = parent[parent[judge]]
            judge = parent[judge]
        return judge

    for given in totals:
        for judge, _ in given:
            parent.setdefault(judge, judge)
            parent[root(judge)] = root(given[0][0])
    numbers: dict[int, int] = {}
    return tuple(numbers.setdefault(root(given[0][0]), len(numbers)) if given else None for given in totals)
