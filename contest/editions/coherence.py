"""Settings of a round that are each sound and yet cannot go together: with its rubric, or with the rounds before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from contest.editions.rules import Aggregate, Combine, RoundRules, Rubric
from contest.errors import RuleBroken

BY_CRITERION = "criterion:"
BY_ROUND = "earlier_round:"
TIE_STEPS = ("judges_preferring", "highest_scorecard", "lower_spread", "earlier_round", "chair")
"""The steps of the ladder that name nothing further."""
OWN = "self"
FEWEST_TO_TRIM = 5
NEED_SCORECARDS = frozenset((Aggregate.SEVERITY, Aggregate.ZSCORE, Aggregate.RANKS))


@dataclass(frozen=True, slots=True)
class Clash:
    """What does not fit, with the setting (as the bundle spells it) that can be changed to mend it."""

    code: str
    setting: str
    facts: Mapping[str, str] = field(default_factory=dict)


def clashes(rules: RoundRules, rubric: Rubric, earlier: Sequence[str]) -> Iterator[Clash]:
    """Yield every contradiction; `earlier` holds the codes of the rounds before this one, in order."""
    if rules.combine is Combine.CRITERION and rules.aggregate in NEED_SCORECARDS:
        yield Clash("aggregate_needs_scorecards", "aggregate", {"aggregate": rules.aggregate.value})
    if rules.whole_marks:
        yield from _fractions(rubric)
    codes = [criterion.code for criterion in rubric.criteria]
    for step in rules.tie_breaks:
        if not is_tie_step(step, codes, earlier):
            yield Clash("tie_break_unknown", "tie_breaks", {"step": step})
    yield from _carried(rules, earlier)


def _fractions(rubric: Rubric) -> Iterator[Clash]:
    for criterion in rubric.judged:
        if criterion.step % 1 or criterion.minimum % 1:
            yield Clash("whole_marks_fraction", "whole_marks", {"criterion": criterion.code})


def _carried(rules: RoundRules, earlier: Sequence[str]) -> Iterator[Clash]:
    for code, _weight in rules.carry:
        if code != OWN and code not in earlier:
            yield Clash("carry_round_unknown", "carry", {"round": code})
    if rules.carry and not any(weight for _code, weight in rules.carry):
        yield Clash("carry_weights_zero", "carry")


def is_tie_step(step: str, criteria: Sequence[str], earlier: Sequence[str]) -> bool:
    """Tell whether a step of the ladder exists and names a criterion of the round or a round before it."""
    if step.startswith(BY_CRITERION):
        return step.removeprefix(BY_CRITERION) in criteria
    if step.startswith(BY_ROUND):
        return step.removeprefix(BY_ROUND) in earlier
    return step in TIE_STEPS


def check_coherent(rules: RoundRules, rubric: Rubric, earlier: Sequence[str]) -> None:
    """Raise the first of `clashes` as `RuleBroken`."""
    for clash in clashes(rules, rubric, earlier):
        raise RuleBroken(clash.code, **clash.facts)


def trims_too_few(rules: RoundRules) -> bool:
    """Tell whether a trim is set for fewer than five judges per submission without saying so on purpose.

    Dropping the highest and the lowest of fewer than five leaves chance; `trim_from` says that it is wanted.
    """
    panel = rules.judges_per_submission
    return (
        rules.aggregate is Aggregate.TRIMMED
        and rules.trim > 0
        and rules.trim_from is None
        and panel is not None
        and panel < FEWEST_TO_TRIM
    )
