"""Everything that makes a round's results, in positions: what `ranking.rank` and `explain.explain` work on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from contest.editions.rules import RoundRules, Rubric
from contest.judging.scoring import Scorecard
from contest.results.rulings import LedgerEntry, Ruling


@dataclass(frozen=True, slots=True)
class RoundInputs:
    """One round. Every position is the position of a submission, 0 … len(tracks) - 1.

    `tracks`: the track position of each submission, None for "no track". `cards`: one per judge and submission, in any
    order. `measured`: per submission the marks (on the criterion's scale) of the criteria that judges do not fill, by
    code; a code that is absent is not measured yet. `earlier`: the printed own results of earlier rounds by round code,
    in the order of the rounds, None for a submission without one. `ledger`: the points given and taken, per submission.
    `measured` and `ledger` may be empty, which says "nothing for anybody".
    """

    rules: RoundRules
    rubric: Rubric
    tracks: tuple[int | None, ...]
    cards: tuple[Scorecard, ...]
    measured: tuple[Mapping[str, Fraction], ...] = ()
    earlier: Mapping[str, tuple[Decimal | None, ...]] = field(default_factory=dict)
    ledger: tuple[tuple[LedgerEntry, ...], ...] = ()
    rulings: tuple[Ruling, ...] = ()
