"""An edition without the marks of some rounds, for who must not see them. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from contest.exchange.bundle.model import Bundle


def without_marks(bundle: Bundle, rounds: Collection[str]) -> Bundle:
    """Return the bundle without whatever tells how these rounds went; who judges what stays in it.

    Awards follow from all rounds together, so no decision on them stays as soon as one round is silent.
    """
    if not rounds:
        return bundle
    return replace(
        bundle,
        scores=tuple(one for one in bundle.scores if one.round not in rounds),
        scorecards=tuple(one for one in bundle.scorecards if one.round not in rounds),
        adjustments=tuple(one for one in bundle.adjustments if one.round not in rounds),
        rulings=tuple(one for one in bundle.rulings if one.round not in rounds),
        advancements=tuple(one for one in bundle.advancements if one.round not in rounds),
        measured=tuple(one for one in bundle.measured if one.round not in rounds),
        choices=(),
    )
