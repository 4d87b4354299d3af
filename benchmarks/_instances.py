"""Invented rounds for `bench assignment`: submissions and judges of several tracks, conflicts, languages, bids.

The same size and seed give the same round on every machine. Affinity follows the tracks of a submission and what a
judge knows of them; a conflict is a shared organisation or a declaration; most write in the first of four languages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
BLOCK = 500
SEATS = 3
LANGUAGES = 4
BIDS, DISLIKES, DECLARED = 0.04, 0.97, 0.004  # how often: a judge wants one, rather not (from there up), has a conflict
TWO_TRACKS, TWO_HOMES, JUDGE_HOMES = 0.3, 0.2, 0.6
FIRST_LANGUAGE, JUDGES_READ_FIRST, JUDGES_READ_OTHER = 0.85, 0.97, 0.22


@dataclass(frozen=True)
class Size:
    """How large a round is; `nearest` is how many judges per submission the sparse list of pairs holds."""

    submissions: int
    judges: int
    least: int
    most: int
    tracks: int
    nearest: int


SIZES = {
    "S": Size(60, 12, 10, 20, 4, 8),
    "M": Size(500, 60, 18, 32, 8, 20),
    "L": Size(5_000, 400, 25, 50, 16, 40),
    "XL": Size(50_000, 3_000, 35, 65, 40, 50),
}


@dataclass(frozen=True)
class Round:
    """One invented round; rows are submissions or judges."""

    size: Size
    seed: int
    wants: Array
    knows: Array
    homes: Array
    judge_home: Array
    language: Array
    speaks: Array

    def block(self, start: int, end: int) -> tuple[Array, Array]:
        """Return affinity and eligibility of the submissions `start` to `end` with all judges; `start` in `BLOCK`s."""
        draw = np.random.default_rng([self.seed, 77, start])
        affinity = self.wants[start:end] @ self.knows.T
        affinity = affinity * (0.85 + 0.3 * draw.random(affinity.shape, dtype=np.float32))
        bid = draw.random(affinity.shape, dtype=np.float32)
        affinity += np.where(bid < BIDS, np.float32(0.15), np.float32(0))
        affinity -= np.where(bid > DISLIKES, np.float32(0.10), np.float32(0))
        homes = self.homes[start:end]
        conflict = (homes[:, :1] == self.judge_home) | (homes[:, 1:] == self.judge_home)
        conflict |= draw.random(affinity.shape, dtype=np.float32) < DECLARED
        reads = self.speaks[:, self.language[start:end]].T
        return np.clip(affinity, 0.01, 1.0), ~conflict & reads

    def blocks(self) -> Iterator[tuple[int, Array, Array]]:
        """Yield the first submission of each block with its affinity and eligibility."""
        for start in range(0, self.size.submissions, BLOCK):
            yield start, *self.block(start, min(self.size.submissions, start + BLOCK))


def invent(size: str, seed: int) -> Round:
    """Draw a round."""
    one = SIZES[size]
    draw = np.random.default_rng(seed)
    demand = 1 / np.arange(1, one.tracks + 1) ** 0.7
    demand /= demand.sum()
    first = draw.choice(one.tracks, one.submissions, p=demand)
    second = np.where(draw.random(one.submissions) < TWO_TRACKS, draw.integers(0, one.tracks, one.submissions), first)
    knows = 0.12 + 0.10 * draw.random((one.judges, one.tracks))
    rows = np.arange(one.judges)
    own = draw.choice(one.tracks, one.judges, p=(demand + 1 / one.tracks) / 2)  # judges are spread flatter than teams
    knows[rows, own] = 0.75 + 0.25 * draw.random(one.judges)
    for _ in range(2):
        other = draw.integers(0, one.tracks, one.judges)
        knows[rows, other] = np.maximum(knows[rows, other], 0.35 + 0.4 * draw.random(one.judges))
    wants = np.zeros((one.submissions, one.tracks), np.float32)
    wants[np.arange(one.submissions), first] += 0.65
    wants[np.arange(one.submissions), second] += 0.35
    return _with_ties(one, seed, draw, wants, knows.astype(np.float32))


def _with_ties(one: Size, seed: int, draw: np.random.Generator, wants: Array, knows: Array) -> Round:
    """Add organisations and languages; the small round has one language."""
    houses = max(6, one.submissions // 8)
    home = draw.integers(0, houses, one.submissions)
    second_home = np.where(draw.random(one.submissions) < TWO_HOMES, draw.integers(0, houses, one.submissions), -1)
    judge_home = np.where(draw.random(one.judges) < JUDGE_HOMES, draw.integers(0, houses, one.judges), -2)
    first = draw.random(one.submissions) < FIRST_LANGUAGE
    language = np.where(first, 0, draw.integers(1, LANGUAGES, one.submissions))
    speaks = draw.random((one.judges, LANGUAGES)) < JUDGES_READ_OTHER
    speaks[:, 0] = draw.random(one.judges) < JUDGES_READ_FIRST
    speaks[~speaks.any(1), 0] = True
    if one is SIZES["S"]:
        language[:], speaks[:, 0] = 0, True
    return Round(one, seed, wants, knows, np.column_stack([home, second_home]), judge_home, language, speaks)


def pairs(one: Round) -> tuple[Array, Array, Array]:
    """Return submission, judge and affinity of the pairs worth considering, sorted: the nearest on either side."""
    near_judge = int(1.6 * one.size.most)
    best = np.full((one.size.judges, near_judge), -1, np.float32)
    whose = np.zeros((one.size.judges, near_judge), np.int64)
    found = []
    for start, affinity, able in one.blocks():
        worth = np.where(able, affinity, -1)
        found.append(_nearest(start, worth, min(one.size.nearest, one.size.judges)))
        row = np.broadcast_to(np.arange(start, start + len(worth)), (one.size.judges, len(worth)))
        best, whose = _keep_best(np.concatenate([best, worth.T], 1), np.concatenate([whose, row], 1), near_judge)
    judge = np.repeat(np.arange(one.size.judges), near_judge)
    taken = best.ravel() > 0
    found.append((whose.ravel()[taken], judge[taken], best.ravel()[taken]))
    submission, judge, affinity = (np.concatenate(parts) for parts in zip(*found, strict=True))
    _, first = np.unique(submission * one.size.judges + judge, return_index=True)
    return submission[first], judge[first], affinity[first]


def _nearest(start: int, worth: Array, count: int) -> tuple[Array, Array, Array]:
    index = np.argpartition(-worth, count - 1, axis=1)[:, :count]
    value = np.take_along_axis(worth, index, 1).ravel()
    submission = np.repeat(np.arange(start, start + len(worth)), count)
    return submission[value > 0], index.ravel()[value > 0], value[value > 0]


def _keep_best(worth: Array, whose: Array, count: int) -> tuple[Array, Array]:
    index = np.argpartition(-worth, count - 1, axis=1)[:, :count]
    return np.take_along_axis(worth, index, 1), np.take_along_axis(whose, index, 1)


def all_pairs_of(one: Round, submissions: Array, most: int | None = None) -> tuple[Array, Array, Array]:
    """Return every eligible pair of some submissions, at most `most` of each, the best: submission, judge, affinity."""
    found = []
    for start in np.unique(submissions // BLOCK * BLOCK).tolist():
        affinity, able = one.block(start, min(one.size.submissions, start + BLOCK))
        wanted = submissions[(submissions >= start) & (submissions < start + BLOCK)]
        affinity, able = affinity[wanted - start], able[wanted - start]
        if most is not None and most < able.shape[1]:
            worth = np.where(able, affinity, -1)
            able &= worth >= np.partition(worth, -most, axis=1)[:, -most, None]
        row, judge = np.nonzero(able)
        found.append((wanted[row], judge, affinity[row, judge]))
    submission, judge, worth = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return submission, judge, worth


def looked_up(one: Round, submission: Array, judge: Array) -> tuple[Array, Array]:
    """Return affinity and eligibility of pairs, computed anew."""
    affinity, able = np.zeros(len(judge)), np.zeros(len(judge), dtype=bool)
    for start, worth, may in one.blocks():
        inside = np.flatnonzero((submission >= start) & (submission < start + BLOCK))
        affinity[inside] = worth[submission[inside] - start, judge[inside]]
        able[inside] = may[submission[inside] - start, judge[inside]]
    return affinity, able
