"""How well a judge fits a submission: for now, whether the judge knows its field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from contest.lazy import lazy
from contest.letters import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = lazy("numpy")


def words_of(*names: str) -> frozenset[str]:
    """Return names as they are compared: folded, empty ones left out."""
    return frozenset(filter(None, map(fold, names)))


def field_affinity(
    subjects: Sequence[frozenset[str]], interests: Sequence[frozenset[str]]
) -> NDArray[np.floating[Any]]:
    """Return 1 for each (submission, judge) with a common word, else 0, as a matrix submissions x judges.

    `subjects` holds the folded names of each submission's field, `interests` those that each judge named. The work
    grows with the matches, not with submissions x judges.
    """
    knowing: dict[str, list[int]] = defaultdict(list)
    for judge, words in enumerate(interests):
        for word in words:
            knowing[word].append(judge)
    matrix = np.zeros((len(subjects), len(interests)))
    for submission, words in enumerate(subjects):
        for word in words:
            matrix[submission, knowing.get(word, [])] = 1.0
    return matrix
