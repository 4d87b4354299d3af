"""Who judges what in a rehearsal, and which marks are given: drawn, balanced, never outside of a scale."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from contest.editions.rules import CriterionSpec

MOST_TEAMS, MOST_JUDGES = 60, 60


class Fill(StrEnum):
    """How far a rehearsal has gone when it begins: teams only, the last round half scored, or all of it."""

    TEAMS = "teams"
    HALF = "half"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Wish:
    """What an organiser asks for: `teams` per track, `judges` in all, and how many rounds are scored, by `fill`."""

    teams: int = 8
    judges: int = 7
    rounds: int = 1
    fill: Fill = Fill.HALF
    seed: int = 0


class Paper(StrEnum):
    """How far one paper of a half-scored round is."""

    NOTHING = "nothing"
    BEGUN = "begun"
    HANDED_IN = "handed_in"


def deal(
    chance: random.Random, submissions: Sequence[int], judges: Sequence[int], each: int | None
) -> list[tuple[int, int]]:
    """Return (submission, judge) with `each` different judges per submission (None: all), loads one apart at most."""
    seats = len(judges) if each is None else min(each, len(judges))
    loads = dict.fromkeys(judges, 0)
    dealt = []
    for submission in submissions:
        # Whoever has least comes first; chance decides among equals.
        order = sorted(judges, key=lambda judge: (loads[judge], chance.random()))
        for judge in order[:seats]:
            loads[judge] += 1
            dealt.append((submission, judge))
    return dealt


def papers(chance: random.Random, count: int, fill: Fill) -> list[Paper]:
    """Return how far each of `count` papers is: all handed in, or half of them, with a few begun among the rest."""
    if fill is Fill.ALL:
        return [Paper.HANDED_IN] * count
    if fill is Fill.TEAMS:
        return [Paper.NOTHING] * count
    done, begun = (count + 1) // 2, count // 10
    fates = [Paper.HANDED_IN] * done + [Paper.BEGUN] * begun + [Paper.NOTHING] * (count - done - begun)
    chance.shuffle(fates)
    return fates


def points(chance: random.Random, criterion: CriterionSpec, level: int, lean: float, *, whole: bool) -> int:
    """Return a mark in points above the lowest: better teams get more, judges differ, whole marks where asked."""
    share = 0.45 + 0.11 * level + lean + chance.uniform(-0.12, 0.12)
    wanted = max(0, min(criterion.max_points, round(share * criterion.max_points)))
    if not whole:
        return wanted
    fitting = [one for one in range(criterion.max_points + 1) if criterion.value_of(one) % 1 == 0]
    return min(fitting, key=lambda one: (abs(one - wanted), one)) if fitting else wanted
